"""Electronic supervision: how many clocks of an agency run, are near, are over; cards sent by rule (task 6)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from agencies.models import Card
from agencies.models.clocked import near_day
from integrity.clocks import remaining
from integrity.models import CLOCK, Subject, setting
from integrity.models.calendar import work_calendar
from integrity.statistics.running import CLOCKS, Clocks

STANDS = {"running": "在办", "near": "临期", "over": "超期"}


def standing(clocks: Clocks, stand: str, on: date | None = None) -> Q:
    """The rows of one kind that run with time left, end within three working days, or are over."""
    today, due = on or timezone.localdate(), clocks.due
    near = near_day(today)
    return {
        "running": Q(**{f"{due}__gt": near}),
        "near": Q(**{f"{due}__range": (today, near)}),
        "over": Q(**{f"{due}__lt": today}),
    }[stand]


@dataclass
class Line:
    """One agency on the board."""

    agency: Subject
    running: int = 0
    near: int = 0
    over: int = 0
    yellow: int = 0
    red: int = 0
    unanswered: int = 0
    former: list[str] = field(default_factory=list)


def rows_of(clocks: Clocks, seat: Any, path: str = "") -> QuerySet:
    """The running rows of one kind that the board counts; a card's own clock is no reason for another card."""
    rows = clocks.rows(seat).exclude(**({"kind": "HP01"} if clocks.name == "matters" else {"pk": None}))
    return rows.filter(**{f"{clocks.unit}__area__path__startswith": path}) if path else rows


def board(seat: Any, path: str = "") -> list[Line]:
    """Every agency with a clock or a card, those furthest behind first; what a merged one left stands under its successor."""
    counts: dict[Any, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for clocks in CLOCKS:
        counted = {s: Count("pk", filter=standing(clocks, s)) for s in STANDS}
        for row in rows_of(clocks, seat, path).order_by().values(clocks.unit).annotate(**counted):
            for stand in STANDS:
                counts[row[clocks.unit]][stand] += row[stand]
    cards = Card.objects.inside(seat).exclude(state="WITHDRAWN").order_by()
    cards = cards.filter(agency__area__path__startswith=path) if path else cards
    counted = {
        "yellow": Count("pk", filter=Q(colour="YELLOW")), "red": Count("pk", filter=Q(colour="RED")),
        "unanswered": Count("pk", filter=Q(state="SENT")),
    }  # fmt: skip
    for row in cards.values("agency").annotate(**counted):
        for name in counted:
            counts[row["agency"]][name] += row[name]
    return _lines(counts)


def _lines(counts: dict[Any, dict[str, int]]) -> list[Line]:
    agencies = Subject.objects.filter(pk__in=counts).select_related("succeeded_by", "succeeded_by__succeeded_by")
    lines: dict[Any, Line] = {}
    for agency in agencies:
        line = lines.setdefault(agency.successor.pk, Line(agency.successor))
        if agency.pk != line.agency.pk:
            line.former.append(agency.name)
        for name, number in counts[agency.pk].items():
            setattr(line, name, getattr(line, name) + number)
    return sorted(lines.values(), key=lambda x: (-x.over, -x.near, -x.red, -x.running, x.agency.sort_key))


def units(agency: Subject) -> list[Any]:
    """An agency and those it took over from, three steps back."""
    found, last = [agency.pk], [agency.pk]
    for _ in range(3):
        last = list(Subject.objects.filter(succeeded_by__in=last).values_list("pk", flat=True))
        found += last
    return found


# ---- cards by rule ----


def colour_of(days: int, unanswered: bool) -> str:
    """The rule: yellow once a clock is over; red beyond the set number of working days, or when a yellow card stays unanswered."""
    return Card.Colour.RED if days > int(setting("card_red_after")) or unanswered else Card.Colour.YELLOW


def send_cards() -> int:
    """Send what the rule asks for today; each clock gets at most one card of a colour."""
    return sum(_send(clocks) for clocks in CLOCKS)


def _send(clocks: Clocks) -> int:
    today, cal, made = timezone.localdate(), work_calendar(), 0
    rows = (
        rows_of(clocks, CLOCK)
        .filter(standing(clocks, "over"))
        .select_related(*clocks.unit.split("__")[:1], clocks.unit)
    )
    had = _had(clocks.name, rows.values("pk"))
    for row in rows.iterator(chunk_size=500):
        due = getattr(row, clocks.due)
        days = -remaining(due, today, cal)
        sent = had.get((row.pk, due), {})
        colour = colour_of(days, sent.get(Card.Colour.YELLOW, False))
        if colour in sent or Card.Colour.RED in sent:
            continue
        unit = row
        for part in clocks.unit.split("__"):
            unit = getattr(unit, part)
        Card(
            agency=unit, colour=colour, source=clocks.name, target=row.pk, told=clocks.told(row)[:200], place=clocks.url(row)[:200],
            overdue_since=due, days_over=days,
        ).send(by=CLOCK)  # fmt: skip
        made += 1
    return made


def _had(source: str, targets: QuerySet) -> dict[tuple[Any, date], dict[str, bool]]:
    """Cards there are: by clock its colours, each with whether its answer is overdue."""
    today = timezone.localdate()
    found: dict[tuple[Any, date], dict[str, bool]] = defaultdict(dict)
    rows = Card.objects.filter(source=source, target__in=targets)
    for target, due, colour, state, until in rows.values_list(
        "target", "overdue_since", "colour", "state", "matter__due_on"
    ):
        found[target, due][colour] = state == "SENT" and bool(until) and until < today
    return found
