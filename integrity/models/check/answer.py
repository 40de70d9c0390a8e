"""What a credit check answers: by measure, mandatory or for reference, and incentives; never a score (tasks 3, 8)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q

from integrity import catalogue
from integrity.models.measure import Measure
from integrity.models.record import Record
from integrity.models.record.query import restricted_codes

MANDATORY, REFERENCE, CLEAR, UNKNOWN = "MANDATORY", "REFERENCE", "CLEAR", "UNKNOWN"
RECORD_COLUMNS = (
    "subject_id", "number", "kind_id", "title", "tier", "decided_on", "until", "deciding_name", "doc_no", "objection_open", "rectifying",
)  # fmt: skip
MEASURE_COLUMNS = (
    "subject_id", "number", "kind_id", "effect", "basis", "starts_on", "until", "decided_unit__name", "record__kind", "record__number",
)  # fmt: skip


def answers(
    subjects: Sequence[uuid.UUID], on: date, *, restricted: bool, public_only: bool = False
) -> dict[uuid.UUID, dict[str, Any]]:
    """The answer for each subject on a day, set-wise: only unexpired, unrepaired records; objected ones with their mark.

    `restricted` says whether the asker is a named reader of restricted kinds; others learn only that one exists.
    """
    found: dict[uuid.UUID, dict[str, Any]] = {
        s: {"outcome": CLEAR, "mandatory": [], "reference": [], "incentives": [], "records": [], "restricted": False}
        for s in subjects
    }
    for row in _records(subjects, on, public_only).values(*RECORD_COLUMNS).order_by("-decided_on", "id"):
        _put_record(found[row.pop("subject_id")], row, restricted)
    for row in _measures(subjects, on, public_only).values(*MEASURE_COLUMNS).order_by("effect", "starts_on", "id"):
        _put_measure(found[row.pop("subject_id")], row, restricted)
    return found


def _records(subjects: Sequence[uuid.UUID], on: date, public_only: bool) -> Any:
    rows = Record.objects.public(on) if public_only else Record.objects.in_use(on)
    return rows.filter(subject_id__in=subjects)


def _measures(subjects: Sequence[uuid.UUID], on: date, public_only: bool) -> Any:
    rows = Measure.objects.public(on) if public_only else Measure.objects.in_force(on)
    return rows.filter(Q(record__state="CONFIRMED"), subject_id__in=subjects)


def _put_record(answer: dict[str, Any], row: dict[str, Any], restricted: bool) -> None:
    spec = catalogue.load().kinds[row["kind_id"]]
    if spec.disclosure == "restricted" and not restricted:
        answer["restricted"] = True
    else:
        row = {k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()}
        answer["records"].append(row | {"kind": row.pop("kind_id"), "kind_name": spec.name, "polarity": spec.polarity})
    if spec.polarity == "negative" and answer["outcome"] == CLEAR:
        answer["outcome"] = REFERENCE


def _put_measure(answer: dict[str, Any], row: dict[str, Any], restricted: bool) -> None:
    spec = catalogue.load().kinds[row["kind_id"]]
    if row["record__kind"] in restricted_codes() and not restricted:
        row["record__number"] = row["record__kind"] = ""
    line = {
        "number": row["number"], "measure": row["kind_id"], "name": spec.name, "stage": spec.extra.get("stage", ""), "basis": row["basis"],
        "from": row["starts_on"].isoformat(), "until": row["until"].isoformat() if row["until"] else None,
        "decided_by": row["decided_unit__name"], "record": row["record__number"], "record_kind": row["record__kind"],
    }  # fmt: skip
    if spec.extra.get("incentive"):
        answer["incentives"].append(line)
    else:
        answer[row["effect"]].append(line)
        answer["outcome"] = MANDATORY if row["effect"] == "mandatory" else answer["outcome"]
