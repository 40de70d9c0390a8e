"""Entry and exit: may this organisation take part on this day, and on what ground not (tasks 14, 17).

Only a statutory decision in force forbids; a low grade, points and reference measures are told besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from integrity.models import Measure
from sectors.models import Grade

ACTIVITIES = {  # measure that forbids, label, purpose of the check, sector of the grades told
    "supplier": ("E01", "作为供应商参加政府采购", "PROCUREMENT", "procurement"),
    "agency": ("E02", "代理政府采购业务", "PROCUREMENT", "procurement"),
    "expert": ("E03", "参加评审", "PROCUREMENT", "procurement"),
    "bidder": ("E04", "参加依法必须招标项目的投标", "BIDDING", "bidding"),
}


@dataclass(frozen=True)
class Answer:
    """Whether somebody may take part on a day, what forbids it, and what is worth knowing besides."""

    label: str
    on: date
    bars: list[Any]
    hints: list[Any]
    grades: list[Any]

    @property
    def may(self) -> bool:
        return not self.bars


def answer(subject: Any, activity: str, on: date, *, public_only: bool) -> Answer:
    """Ask for one subject; visitors are told by what is public today only."""
    code, label, _, sector = ACTIVITIES[activity]
    rows = Measure.objects.in_force(on).filter(subject=subject, record__state="CONFIRMED")
    if public_only:
        rows = rows.filter(pk__in=Measure.objects.public().values("pk"))
    rows = rows.select_related("kind", "record", "decided_unit").order_by("starts_on", "id")
    bars = [m for m in rows if m.kind_id == code and m.effect == "mandatory"]
    hints = [m for m in rows if m not in bars and m.kind_id[0] == "E"]
    grades = list(
        Grade.objects.public().newest().filter(subject=subject, scheme__sector=sector).select_related("scheme")
    )
    return Answer(label, on, bars, hints, grades)
