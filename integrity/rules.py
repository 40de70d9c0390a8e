"""Rules of the core: when X has happened, then one act (house.md 2.10)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from integrity.acts import rule
from integrity.models import ImportBatch, Kind, Matter, Measure, Record, Seat, as_rule, deadline
from integrity.models.calendar import calendar_year


@rule("record.confirmed", then="measure.imposed")
def impose_mandatory(rows: Any, events: Any, by: Any) -> None:
    """Measures a statute attaches to a decision come into force with its record (公务员法 64, 政府采购法 77-78)."""
    for record in rows:
        refs = [m for m in record.spec.measures if m.effect == "mandatory"]
        if not refs:
            continue
        approved = {k.code: k for k in Kind.objects.in_force("measure").filter(code__in=[m.code for m in refs])}
        for ref in refs:
            period = statutory_period(record, ref.code, ref.months)
            if ref.code in approved and period:
                start, until = period
                Measure(
                    kind=approved[ref.code], record=record, basis="；".join(approved[ref.code].spec.basis), effect="mandatory",
                    decided_unit=record.deciding_unit or record.source_unit, decided_on=record.decided_on, doc_no=record.doc_no,
                    starts_on=start, until=until,
                ).impose(by=as_rule(by))  # fmt: skip


def statutory_period(record: Record, code: str, months: str) -> tuple[date, date | None] | None:
    """From and until of a statutory measure as the decision sets them; None when the decision sets none."""
    facts = record.facts
    if facts.get("sanction") == "警告" and code == "P03":
        return None  # a warning does not bar the pay step (公务员法 64)
    if months:
        if facts.get("ban_from") and facts.get("ban_until"):
            return date.fromisoformat(facts["ban_from"]), date.fromisoformat(facts["ban_until"])
        return None
    return record.effective_on or record.decided_on, record.until


def lift_with_record(rows: Any, events: Any, by: Any, reason: str) -> None:
    ids = getattr(rows, "ids", None) or [r.pk for r in rows]
    for measure in Measure.objects.filter(record__in=ids, state="IN_FORCE").select_related("record"):
        measure.end_with_record(by=as_rule(by), reason=reason)


@rule("record.repaired", then="measure.ended")
def lift_on_repair(rows: Any, events: Any, by: Any) -> None:
    """Repair ends publication, sharing and measures together (国家发展改革委令第36号)."""
    lift_with_record(rows, events, by, "修复")


@rule("record.revoked", then="measure.ended")
def lift_on_revocation(rows: Any, events: Any, by: Any) -> None:
    """A void record supports no measure."""
    lift_with_record(rows, events, by, "撤销")


@rule("record.expired", then="measure.ended")
def lift_on_expiry(rows: Any, events: Any, by: Any) -> None:
    """A measure never outlives its record (domain.md 9)."""
    lift_with_record(rows, events, by, "到期")


@rule("record.released", then="measure.ended")
def lift_on_release(rows: Any, events: Any, by: Any) -> None:
    """The court took the subject off its list."""
    lift_with_record(rows, events, by, "法院移出名单")


def _retime(rows: Any, by: Any) -> None:
    for measure in Measure.objects.filter(record__in=[r.pk for r in rows], state="IN_FORCE").select_related("record"):
        if measure.end_by_record() != measure.until:
            measure.retime(by=as_rule(by))


@rule("record.reckoned", then="measure.retimed")
def retime_on_reckoning(rows: Any, events: Any, by: Any) -> None:
    """Measures last as long as their record, whose end was computed anew."""
    _retime(rows, by)


@rule("record.corrected", then="measure.retimed")
def retime_on_correction(rows: Any, events: Any, by: Any) -> None:
    """The same after a correction that moved the end."""
    _retime(rows, by)


def _lift_ended(rows: Any, events: Any, by: Any) -> None:
    ids = getattr(rows, "ids", None) or [r.pk for r in rows]
    over = Measure.objects.filter(record__in=ids, state="IN_FORCE").exclude(record__state="CONFIRMED")
    lift_with_record([m.record for m in over.select_related("record")], events, by, "下级平台终止记录")


@rule("record.renewed", then="measure.ended")
def lift_on_renewal(rows: Any, events: Any, by: Any) -> None:
    """What a lower node repaired, revoked or expired supports no measure here either (domain.md 7.2)."""
    _lift_ended(rows, events, by)


@rule("record.relayed", then="measure.ended")
def lift_on_relay(rows: Any, events: Any, by: Any) -> None:
    """The same for a record that was public."""
    _lift_ended(rows, events, by)


@rule("letter.served", then="record.notified")
def notice_served(rows: Any, events: Any, by: Any) -> None:
    """The statement period starts where the notice was served (clock D14)."""
    for letter in rows:
        if letter.template == "notice" and letter.record_id and letter.record.notified_on is None:
            try:
                letter.record.notify(by=by, served_on=letter.served_on)
            except ValidationError as fault:
                raise ValidationError(f"告知书已送达，但未能登记告知：{'；'.join(fault.messages)}") from fault


@rule("setting.approved", then="matter.recounted")
def recount_matters(rows: Any, events: Any, by: Any) -> None:
    """Open clocks follow a changed calendar or rule; what does not move keeps its version (house.md 2.4)."""
    for row in rows:
        running = Matter.objects.open().exclude(clock="").exclude(started_on=None)
        if not calendar_year(row.key):
            running = running.filter(Q(clock=row.key) | Q(clock__startswith=f"{row.key}."))
        for matter in running.select_related("unit", "about"):
            before = matter.due_on
            matter.recount()
            if matter.due_on != before:
                matter.recompute(by=as_rule(by), why=f"参数“{row.key}”变更")


@rule("setting.approved", then="record.recounted")
def recount_statements(rows: Any, events: Any, by: Any) -> None:
    """So do statement periods that still run."""
    for row in rows:
        if row.key != "D14" and not calendar_year(row.key):
            continue
        waiting = Record.objects.filter(state="SUBMITTED", notified_on__isnull=False, heard_on__isnull=True)
        for record in waiting.select_related("subject", "source_unit"):
            if deadline("D14", record.notified_on).on != record.statement_due:
                record.recount(by=as_rule(by), why=f"参数“{row.key}”变更")


@rule("subject.merged", then="matter.inherited")
def hand_matters_on(rows: Any, events: Any, by: Any) -> None:
    """What a merged unit had in hand goes on with its successor, under the clocks it had (新官要理旧账)."""
    for subject in rows:
        for matter in Matter.objects.open().filter(unit=subject):
            matter.inherit(by=as_rule(by), unit=subject.successor)


def _seats_of(batch: ImportBatch) -> Any:
    ids = batch.rows.filter(status="ENTERED", record_id__isnull=False).values("record_id")
    return Seat.objects.filter(pk__in=ids, state="PENDING")


@rule("batch.confirmed", then="seat.released")
def release_seats(rows: Any, events: Any, by: Any) -> None:
    """Who confirms a table of people releases the seats it granted: the second person (domain.md 5)."""
    for batch in rows:
        if batch.profile == "people":
            for seat in _seats_of(batch):
                seat.release(by=by)


@rule("batch.refused", then="seat.revoked")
def revoke_seats(rows: Any, events: Any, by: Any) -> None:
    """Seats of a refused table never come into force."""
    for batch in rows:
        if batch.profile == "people":
            for seat in _seats_of(batch):
                seat.revoke(by=by, reason=batch.failure)


@rule("pledge.published", then="pledge.superseded")
def supersede(rows: Any, events: Any, by: Any) -> None:
    """The pledge that a new one replaces ends when the new one is in force, not before: until then it may be withdrawn."""
    for pledge in rows:
        old = pledge.replaces
        if old is not None and old.state in ("SIGNED", "IN_FORCE", "FULFILLED"):
            old.replace(by=as_rule(by))
