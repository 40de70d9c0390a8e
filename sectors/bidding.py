"""Arithmetic of bidding points: cycles, totals, thresholds, and what a month brought (task 17)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import IntegerField, QuerySet, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from integrity.catalogue import load
from integrity.clocks import add_months
from integrity.models import Record, setting

COUNTED = ("SE07", "SE08", "SE03", "SE04")
STANDS = ("CONFIRMED", "EXPIRED")  # points run their cycle, longer than the record may be shown (domain.md, task 17)


def cycle_until(decided_on: date) -> date:
    """The day from which points given on a day no longer count: rolling months, or the next new year."""
    if setting("points_cycle", decided_on) == "calendar":
        return date(decided_on.year + 1, 1, 1)
    return add_months(decided_on, int(setting("points_months", decided_on)))


def counting(on: date) -> QuerySet:
    """The points records that count on a day: registered, neither revoked nor repaired, their cycle not over."""
    rows = Record.objects.filter(kind="SE07", state__in=STANDS, decided_on__lte=on)
    return rows.filter(facts__cycle_until__gt=on.isoformat())


POINTS = Sum(Cast(KT("facts__points"), IntegerField()))


def total(subject: Any, on: date) -> int:
    """The points of a subject that count on a day."""
    return counting(on).filter(subject=subject).aggregate(sum=POINTS)["sum"] or 0


def thresholds() -> list[tuple[int, str]]:
    """What reaching so many points suggests; a person decides, and only a statutory decision debars."""
    return [
        (int(setting("points_talk")), "约谈并书面告知"),
        (int(setting("points_limit")), "提请有关行政监督部门依法研究是否作出决定"),
    ]


def month_end(first: date) -> date:
    """The first day after a month."""
    return add_months(first.replace(day=1), 1)


def monthly_figures(unit: Any, first: date) -> tuple[list[list[Any]], list[str]]:
    """Counts by kind of the bidding records a unit provided in a month, and the numbers of those on organisations."""
    rows = Record.objects.filter(source_unit=unit, kind__in=COUNTED, state__in=("CONFIRMED", "REPAIRED", "EXPIRED"))
    rows = rows.filter(decided_on__gte=first, decided_on__lt=month_end(first))
    kinds = load().kinds
    figures = [[kinds[code].name, rows.filter(kind=code).count()] for code in COUNTED]
    figures.append(["记分合计（分）", rows.filter(kind="SE07").aggregate(sum=POINTS)["sum"] or 0])
    return figures, list(rows.exclude(subject__form="PERSON").order_by("number").values_list("number", flat=True))
