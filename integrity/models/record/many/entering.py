"""Entering many: checked rows become submitted records, one event a record."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from integrity.acts import WrongState, acted
from integrity.codes import normalise_doc_no, random_token
from integrity.models.batch import ImportBatch
from integrity.models.copying import copy_rows
from integrity.models.ledger import Event
from integrity.models.record import Record
from integrity.models.record.many.rows import Rows, allowed, chunks
from integrity.models.record.spec import window
from integrity.snapshot import plain


@dataclass(slots=True)
class Entered:
    """One checked row: clean columns and facts as check_values() returns them, its subject, its place in the file."""

    subject_id: uuid.UUID
    columns: dict[str, Any]
    facts: dict[str, Any]
    serial: int
    id: uuid.UUID = field(default_factory=uuid.uuid4)


def _blank() -> dict[str, Any]:
    row = Record()
    return {f.attname: getattr(row, f.attname) for f in Record._meta.concrete_fields}


def enter_many(kind: Any, entries: Sequence[Entered], *, by: Any, batch: ImportBatch) -> list[uuid.UUID]:
    """Enter checked rows of one kind as submitted records; one event a record, all in the caller's transaction.

    The rows must come from check_values(); subjects must fit the kind. Returns the new ids in order.
    """
    probe = Record(kind=kind)
    spec = allowed("enter", probe, by)
    if kind.state != "APPROVED":
        raise WrongState(f"目录类目“{kind.name}”尚未批准，不能录入（E12）")
    now, year = timezone.now(), timezone.localdate().year
    blank = _blank() | {
        "kind_id": kind.code,
        "kind_edition": kind.edition,
        "source_unit_id": by.org_id,
        "state": "SUBMITTED",
        "version": 1,
        "batch_id": batch.pk,
        "entered_by_id": by.user_id,
        "entered_at": now,
        "submitted_at": now,
        "updated_at": now,
    }
    shared = {n: plain(blank[n]) for n in ("kind_id", "source_unit_id", "state", "batch_id", "entered_by_id")}
    catalogue_spec, stem = kind.spec, f"RZ-{kind.code}-{year}-"
    ids: list[uuid.UUID] = []
    for part in chunks(entries):
        rows = [_columns(catalogue_spec, entry, stem) for entry in part]
        notes = ((r["id"], 1, _note(r) | shared) for r in rows)
        events = Event.write_many(spec, "record", notes, by, by.org.code)
        own = list(rows[0])
        alike = {_column(n): v for n, v in blank.items() if n not in rows[0]}
        copy_rows("integrity_record", [_column(n) for n in own], (r.values() for r in rows), alike)
        made = [r["id"] for r in rows]
        acted.send(Record, spec=spec, events=events, rows=Rows(made), by=by)
        ids += made
    return ids


def _column(attname: str) -> str:
    return Record._meta.get_field(attname).column


def _note(row: dict[str, Any]) -> dict[str, Any]:
    return {
        k: v if type(v) is str or k == "facts" else plain(v) for k, v in row.items() if v and k not in ("id", "doc_key")
    }


def _columns(spec: Any, entry: Entered, stem: str) -> dict[str, Any]:
    c = entry.columns
    shown = window(spec, c["tier"], c["decided_on"], c.get("act_ended_on"), entry.facts)
    return {
        "id": entry.id,
        "number": stem + random_token(),
        "subject_id": entry.subject_id,
        "title": c["title"],
        "fact": c.get("fact") or "",
        "doc_type": c["doc_type"],
        "doc_no": c["doc_no"],
        "doc_key": normalise_doc_no(c["doc_no"]),
        "deciding_unit_id": c.get("deciding_unit_id"),
        "deciding_name": c.get("deciding_name") or "",
        "deciding_code": c.get("deciding_code") or "",
        "decided_on": c["decided_on"],
        "effective_on": c.get("effective_on"),
        "served_on": c.get("served_on"),
        "act_ended_on": c.get("act_ended_on"),
        "legal_basis": c["legal_basis"],
        "tier": c["tier"],
        "facts": entry.facts,
        "serial": entry.serial,
        "until": shown.until,
        "repair_from": shown.repair_from,
    }
