"""Rules of the officials' area: when X has happened, then one act (house.md 2.10)."""

from __future__ import annotations

from typing import Any

from integrity.acts import rule
from integrity.models import Record, as_rule
from integrity.models.record.many.rows import of_kinds
from officials.models import Official
from officials.sanctions import STOOD, TIMED, combined_ends
from officials.signing import rules as signing  # noqa: F401  (rules of pledges register themselves)
from officials.training import assign_compulsory, report_done


def _combine(rows: Any, by: Any, why: str) -> None:
    """Sanctions of a person end by one another: those whose end has moved are computed anew."""
    for subject in {r.subject_id for r in of_kinds(rows, *TIMED)}:
        stood = list(Record.objects.filter(subject_id=subject, kind__in=TIMED, state__in=STOOD))
        ends = combined_ends(stood)
        for row in stood:
            if row.state == "CONFIRMED" and ends[row.pk].until != row.until:
                row.reckon_anew(by=as_rule(by), why=why)


@rule("record.confirmed", then="record.reckoned")
def combine_on_confirmation(rows: Any, events: Any, by: Any) -> None:
    """A sanction that took effect earlier but was entered later moves the end of those after it (政务处分法 15)."""
    _combine(rows, by, "处分期合并计算")


@rule("record.revoked", then="record.reckoned")
def part_on_revocation(rows: Any, events: Any, by: Any) -> None:
    """A revoked sanction never ran: those after it end by themselves (政务处分法 60)."""
    _combine(rows, by, "原处分撤销，处分期重新计算")


@rule("record.corrected", then="record.reckoned")
def combine_on_correction(rows: Any, events: Any, by: Any) -> None:
    """A corrected period moves the end of those after it."""
    _combine(rows, by, "原处分更正，处分期重新计算")


def _listed(batch: Any) -> Any:
    ids = batch.rows.filter(status="ENTERED", record_id__isnull=False).values("record_id")
    return Official.objects.filter(pk__in=ids, state="PENDING").select_related(*Official.lock_with)


@rule("batch.confirmed", then="official.released")
def release_files(rows: Any, events: Any, by: Any) -> None:
    """Who confirms a roll has compared it with the personnel files: its files are open from then on (task 1)."""
    for batch in rows:
        if batch.profile == "officials":
            for file in _listed(batch):
                file.release(by=by)


@rule("batch.refused", then="official.sealed")
def seal_files(rows: Any, events: Any, by: Any) -> None:
    """Files of a refused roll never count."""
    for batch in rows:
        if batch.profile == "officials":
            for file in _listed(batch):
                file.seal(by=by, reason=batch.failure)


@rule("measure.imposed", then="learning.assigned")
def assign_training(rows: Any, events: Any, by: Any) -> None:
    """The measure of integrity training is carried out as a task: the compulsory course, within a month (tasks 3, 5)."""
    for measure in rows:
        if measure.kind_id == "P08":
            assign_compulsory(measure, as_rule(by))


@rule("learning.attended", then="measure.executed")
def report_attendance(rows: Any, events: Any, by: Any) -> None:
    """Training done is fed back to the measure that asked for it."""
    report_done(rows, by)


@rule("learning.tested", then="measure.executed")
def report_test(rows: Any, events: Any, by: Any) -> None:
    """A passed self-test counts as well."""
    report_done(rows, by)
