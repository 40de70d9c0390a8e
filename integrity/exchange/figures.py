"""Quality of reporting upward by unit: what is owed, sent, taken, late, left out (domain.md 7.4)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, Count, DateField, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from integrity.clocks import due
from integrity.models import Batch, Event, Record, Side, Subject, Uplink, work_calendar

WITHIN = 7  # working days (domain.md 7.4; clock D01 for double publicity)
DOUBLE_PUBLICITY = ("DP01", "DP02")
TAKEN = ("ACCEPTED", "SUPERSEDED")

WORDS = {  # figure -> name and definition
    "due": ("应报", "本期入库、依目录应当上报的记录"),
    "sent": ("已报", "应报中已经发送上级平台的记录"),
    "accepted": ("上级入库", "应报中上级平台已回执且没有退回的记录"),
    "late": ("迟报", "已报中超过 7 个工作日才发送的记录；双公示自决定日期起算，其他自入库日期起算"),
    "missing": ("漏报", "应报中超过 7 个工作日仍未发送的记录"),
    "rejected": ("退回", "已报中被上级平台退回、尚未更正的记录"),
}
RATES = {
    "sent_rate": ("上报率", "已报 ÷ 应报"),
    "timely_rate": ("及时率", "7 个工作日内发送的 ÷ 已报"),
    "right_rate": ("合规率", "上级入库 ÷ 已报"),
    "taken_rate": ("入库率", "上级入库 ÷ 应报"),
}


@dataclass
class Figures:
    """One unit's figures; rates are None where nothing was owed or sent."""

    unit: Subject | None = None
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WORDS, 0))

    def _rate(self, part: int, whole: str) -> float | None:
        return part / self.counts[whole] if self.counts[whole] else None

    @property
    def sent_rate(self) -> float | None:
        return self._rate(self.counts["sent"], "due")

    @property
    def timely_rate(self) -> float | None:
        return self._rate(self.counts["sent"] - self.counts["late"], "sent")

    @property
    def right_rate(self) -> float | None:
        return self._rate(self.counts["accepted"], "sent")

    @property
    def taken_rate(self) -> float | None:
        return self._rate(self.counts["accepted"], "due")

    @property
    def rates(self) -> list[tuple[str, float | None]]:
        return [(RATES[name][0], getattr(self, name)) for name in RATES]


def owed(seat: Any, since: date, until: date) -> QuerySet:
    """Own records owed to the upper node, of those the seat sees: when the clock started, when it was sent, its state."""
    link = Uplink.current()
    first = Event.objects.filter(target=OuterRef("pk"), full=True).order_by("id").values("seq")[:1]
    batches = Batch.objects.filter(side=Side.OUT, receiver=link.receiver if link else "", start__lte=OuterRef("first"))
    sent = batches.filter(until__gt=OuterRef("first")).order_by("made_at").values("made_at")[:1]
    day = Case(
        When(kind__in=DOUBLE_PUBLICITY, then=F("decided_on")),
        default=TruncDate("confirmed_at"),
        output_field=DateField(),
    )
    rows = Record.objects.inside(seat).going_up().filter(origin="", confirmed_at__date__range=(since, until))
    return rows.with_exchange().annotate(first=Subquery(first), day=day).annotate(sent_on=TruncDate(Subquery(sent)))


class Clock:
    """Whether something was late; each start day is reckoned once."""

    def __init__(self) -> None:
        self.ends: dict[date, date] = {}
        self.today, self.calendar = timezone.localdate(), work_calendar()

    def end(self, start: date) -> date:
        if start not in self.ends:
            self.ends[start] = due(start, WITHIN, "WD", self.calendar).on
        return self.ends[start]

    def names(self, day: date, sent_on: date | None, state: str) -> list[str]:
        """The figures that a record with these marks counts in."""
        found = ["due"]
        if sent_on is None:
            return found + (["missing"] if self.end(day) < self.today else [])
        found += ["sent"] + (["late"] if self.end(day) < sent_on else [])
        return found + (["accepted"] if state in TAKEN else ["rejected"] if state == "REJECTED" else [])


def by_unit(seat: Any, since: date, until: date) -> list[Figures]:
    """Figures of every unit that owes something, and their sum at the end."""
    clock, total = Clock(), Figures()
    units: dict[Any, Figures] = defaultdict(Figures)
    groups = owed(seat, since, until).order_by().values_list("source_unit", "day", "sent_on", "exchange_state")
    for unit, day, sent_on, state, count in groups.annotate(n=Count("pk")):
        for name in clock.names(day, sent_on, state):
            units[unit].counts[name] += count
            total.counts[name] += count
    for row in Subject.objects.visible_to(seat).filter(pk__in=units):
        units[row.pk].unit = row
    shown = sorted((f for f in units.values() if f.unit), key=lambda f: f.unit.sort_key)
    return [*shown, total]


def counted(seat: Any, since: date, until: date, figure: str, unit: Any = None) -> QuerySet:
    """The records that a figure counts."""
    rows = owed(seat, since, until)
    if unit is not None:
        rows = rows.filter(source_unit=unit)
    clock = Clock()
    marks = rows.order_by().values_list("pk", "day", "sent_on", "exchange_state")
    return rows.filter(pk__in=[pk for pk, *mark in marks if figure in clock.names(*mark)])
