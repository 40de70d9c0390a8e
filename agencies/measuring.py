"""Openness and lawful administration by agency and year, counted from the rows behind them (task 6; 条例 26, 33, 49)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from agencies.indicators import INDICATORS
from agencies.models import Disclosure, Handling, Service, YearFigure
from integrity.models import Subject
from integrity.statistics import Share


@dataclass
class Line:
    """One agency in one year; what merged ones left counts with their successor."""

    agency: Subject
    counts: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    report: date | None = None
    report_due: date | None = None

    @property
    def report_late(self) -> bool:
        """The yearly report is out after its day, or its day has passed without one."""
        return bool(self.report_due and (self.report or timezone.localdate()) > self.report_due)

    @property
    def shares(self) -> list[Share]:
        """Published in time, answered in time, then the figures of lawful administration in their order."""
        return [Share(*self.counts[name]) for name in ("ACTIVE", "REQUEST", *INDICATORS)]

    @property
    def law(self) -> list[tuple[Any, Share]]:
        """Every indicator of lawful administration with its figure."""
        return list(zip(INDICATORS.values(), self.shares[2:], strict=True))


def years() -> list[int]:
    """The years with anything to show, the newest first; at least this one."""
    found = set(YearFigure.objects.public().values_list("year", flat=True).distinct())
    found |= {d.year for d in Disclosure.objects.dates("started_on", "year")}
    return sorted(found | {timezone.localdate().year}, reverse=True)


def openness(year: int, path: str = "") -> list[Line]:
    """Every agency with an item or a figure in a year, by name."""
    within = Q(agency__area__path__startswith=path) if path else Q()
    lines: dict[Any, Line] = {}
    items = Disclosure.objects.filter(within, started_on__year=year).fallen_due().exclude(kind="REPORT").order_by()
    in_time = Count("pk", filter=Q(state="DONE", done_on__lte=F("due_on")))
    told = [
        (r["agency"], r["kind"], r["part"], r["whole"])
        for r in items.values("agency", "kind").annotate(part=in_time, whole=Count("pk"))
    ]
    told += YearFigure.objects.public().filter(within, year=year).values_list("agency", "indicator", "part", "whole")
    reports = Disclosure.objects.filter(within, kind="REPORT", started_on__year=year).values_list(
        "agency", "done_on", "due_on"
    )
    agencies = {a.pk: a for a in _agencies({r[0] for r in (*told, *reports)})}
    for pk, name, part, whole in told:
        count = _line(lines, agencies[pk]).counts[name]
        count[0], count[1] = count[0] + part, count[1] + whole
    for pk, done, due in reports:
        line = _line(lines, agencies[pk])
        line.report, line.report_due = done, due
    return sorted(lines.values(), key=lambda x: x.agency.sort_key)


def kept(service: Service, year: int) -> Share:
    """Of a service's cases finished in a year, those within the promised time."""
    done = Handling.objects.filter(service=service, state="DONE", done_on__year=year)
    return Share(**done.aggregate(part=Count("pk", filter=Q(done_on__lte=F("due_on"))), whole=Count("pk")))


def _agencies(ids: set[Any]) -> Any:
    return Subject.objects.filter(pk__in=ids).select_related("succeeded_by", "succeeded_by__succeeded_by")


def _line(lines: dict[Any, Line], agency: Subject) -> Line:
    return lines.setdefault(agency.successor.pk, Line(agency.successor))
