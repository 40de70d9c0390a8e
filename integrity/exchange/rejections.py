"""What the upper node found wrong with ours: kept, told to the unit, settled by a later version (domain.md 7.2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from integrity.clocks import due
from integrity.exchange.checks import REJECTIONS
from integrity.exchange.outgoing import Load
from integrity.models import Batch, Finding, Record, Seat, Side, remind, work_calendar

CORRECT_WITHIN = 3  # working days (domain.md 7.2)
TRIES = 5  # times that a damaged opening is delivered again
REMARKS = {"E17"}  # codes that refuse nothing


def keep(batch: Batch, load: Load, found: Iterable[dict[str, Any]]) -> int:
    """Keep the findings on a batch, settle older ones whose record was now taken; returns how many entries failed."""
    rows = [_finding(batch, load, f) for f in found if _usable(f, load)]
    Finding.objects.ours().filter(batch=batch).delete()
    Finding.objects.bulk_create(rows)
    refused = {r.index for r in rows if r.blocks}
    last = {uid: index for index, uid in load.uids.items()}
    taken = [uid for uid, index in last.items() if index not in refused]
    older = Finding.objects.ours().open().filter(uid__in=taken, index__lt=load.until)
    older.filter(
        ~Q(code="E20") | Q(payload__tries__gte=TRIES)
    ).resolve()  # what arrived damaged is delivered again first
    _tell([r for r in rows if r.blocks and r.uid not in taken])
    return len(refused)


def _usable(f: Any, load: Load) -> bool:
    return isinstance(f, dict) and isinstance(f.get("index"), int) and load.start <= f["index"] < load.until


def _finding(batch: Batch, load: Load, f: dict[str, Any]) -> Finding:
    code = str(f.get("code", ""))[:3]
    blocks = code not in REMARKS
    on = due(timezone.localdate(), CORRECT_WITHIN, "WD", work_calendar(), label="更正后重报", basis="").on
    return Finding(
        side=Side.OUT, batch=batch, index=f["index"], uid=load.uids.get(f["index"]), code=code,
        field=str(f.get("field", ""))[:60], message=str(f.get("message", ""))[:500], blocks=blocks,
        due_on=on if blocks else None,
    )  # fmt: skip


def _tell(rows: list[Finding]) -> None:
    """A to-do for the people of the unit that provided the record."""
    records = {r.pk: r for r in Record.objects.filter(pk__in=[f.uid for f in rows if f.uid])}
    units = {r.source_unit_id for r in records.values()}
    seats = Seat.objects.in_force().filter(org__in=units, role_code__in=("UNIT_CLERK", "UNIT_REVIEWER", "CREDIT_CITY"))
    people: dict[Any, list[Any]] = {}
    for seat in seats.select_related("user"):
        people.setdefault(seat.org_id, []).append(seat.user)
    for f in rows:
        record = records.get(f.uid)
        for user in people.get(record.source_unit_id, []) if record else []:
            text = f"{record.number}：{f.code} {REJECTIONS.get(f.code, '')}。{f.message}。请于 {f.due_on} 前更正，更正后自动重报。"
            remind(
                user,
                "上报被退回，待更正",
                text,
                key=f"rejected:{record.pk}:{f.index}",
                link=f"/desk/records/{record.pk}",
            )


def alarm(code: str, text: str) -> None:
    """The link stands still: whoever runs the exchange hears of it once a day."""
    seats = Seat.objects.in_force().filter(role_code__in=("PLATFORM_OP", "CREDIT_CITY")).select_related("user")
    for seat in seats:
        remind(
            seat.user, "上报已停止", text, key=f"uplink:{code}:{timezone.localdate()}", link="/desk/exchange/",
            channels=("INBOX", "EMAIL"),
        )  # fmt: skip


def damaged(acked: int) -> list[Finding]:
    """Openings that arrived damaged and may be delivered once more."""
    rows = Finding.objects.ours().open().filter(code="E20", index__lt=acked).order_by("index")[:50]
    return [f for f in rows if (f.payload or {}).get("tries", 0) < TRIES]


def count_try(finding: Finding) -> None:
    finding.payload = {"tries": (finding.payload or {}).get("tries", 0) + 1}
    finding.save(update_fields=["payload"])


@transaction.atomic
def replace(finding: Finding, load: Load, found: list[dict[str, Any]]) -> None:
    """What the peer says after the repeated delivery stands in the place of what it said before."""
    rows = [_finding(finding.batch, load, f) for f in found if _usable(f, load)]
    if any(r.code == "E20" for r in rows):
        return
    finding.delete()
    Finding.objects.bulk_create(rows)
    _tell([r for r in rows if r.blocks])
