"""What a score counts: items of the ledger by indicator, and the points that follow from them (task 11).

Every item names its row and version, so a score is traced to what it rests on; officials stand in it only as a number
that the personnel or discipline authority confirmed, and there tracing stops.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils import timezone

from integrity import catalogue
from integrity.models import Commitment, Matter, Record
from supervision.models.motion import Motion
from supervision.models.numbers import ConfirmedNumber

CENT = Decimal("0.01")
LINE = re.compile(r"\s*[｜|]\s*")


@dataclass(frozen=True)
class Item:
    """One thing counted: its unit, the row it rests on, whether it was good, and how often it counts."""

    unit: Any
    type: str
    uid: str
    number: str
    version: int
    good: bool
    counts: int = 1


@dataclass(frozen=True)
class Source:
    """Where an indicator's items come from: a rate of good ones, or points off for each."""

    label: str
    rate: bool
    collect: Callable[[date, date], Iterable[Item]]


def _commitments(start: date, end: date) -> Iterator[Item]:
    """Promises of agencies that fell due in the year, kept in time or not."""
    rows = Commitment.objects.filter(due_on__range=(start, end), pledge__subject__form="AGENCY")
    for c in rows.select_related("pledge").order_by("pk"):
        good = bool(c.fulfilled_on) and c.fulfilled_on <= c.due_on and c.state == "FULFILLED"
        yield Item(c.pledge.subject_id, "commitment", str(c.pk), f"{c.pledge.number}-{c.order}", c.version, good)


def _motions(start: date, end: date) -> Iterator[Item]:
    """Motions due in the year, answered in time and not rated unsatisfied."""
    for m in Motion.objects.filter(due_on__range=(start, end)).select_related("matter").order_by("pk"):
        good = not m.is_late and m.result != "不满意"
        yield Item(m.main_unit_id, "motion", str(m.pk), m.matter.number, m.version, good)


def _complaints(start: date, end: date) -> Iterator[Item]:
    """Complaints, orders of the hotline and media items whose term ended in the year, answered in time by their unit."""
    late = Q(replied_at__date__gt=F("due_on")) | Q(replied_at__isnull=True)
    rows = Matter.objects.filter(kind__in=("TS01", "GD01", "MT01"), due_on__range=(start, end), unit__isnull=False)
    overdue = set(rows.filter(late).exclude(state__in=("REFUSED", "WITHDRAWN")).values_list("pk", flat=True))
    for m in rows.exclude(state="WITHDRAWN").order_by("pk"):
        yield Item(m.unit_id, "matter", str(m.pk), m.number, m.version, m.pk not in overdue)


def _records(start: date, end: date) -> Iterator[Item]:
    """Confirmed dishonesty of agencies decided in the year and standing; what was revoked or repaired no longer counts."""
    bad = [k.code for k in catalogue.load().kinds.values() if k.polarity == "negative" and "agency" in k.subject]
    rows = Record.objects.filter(
        kind__in=bad, state="CONFIRMED", subject__form="AGENCY", decided_on__range=(start, end)
    )
    for r in rows.order_by("pk"):
        yield Item(
            r.subject_id, "record", str(r.pk), r.number, r.version, False, {"serious": 3, "general": 2}.get(r.tier, 1)
        )


def _persons(start: date, end: date) -> Iterator[Item]:
    """How many officials of a unit were found wanting: a confirmed number with its document, nobody's name."""
    for n in ConfirmedNumber.objects.filter(year=end.year).order_by("pk"):
        yield Item(n.unit_id, "confirmed-number", str(n.pk), n.doc_no, n.version, False, n.number)


SOURCES = {
    "pledges": Source("承诺按期兑现率", True, _commitments),
    "motions": Source("议提案和监督意见按期办理率", True, _motions),
    "complaints": Source("投诉、工单按期答复率", True, _complaints),
    "records": Source("政府机构失信记录（严重计 3，一般计 2，轻微计 1）", False, _records),
    "persons": Source("公务人员失信和处分人数（由主管机关核定）", False, _persons),
}


def indicators_of(text: str) -> list[dict[str, str]]:
    """The scheme as typed: one indicator a line, name｜weight｜source｜points off for each (only for deductions)."""
    found, sources = [], {s.label: code for code, s in SOURCES.items()} | {code: code for code in SOURCES}
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), 1):
        name, weight, source, per, *_ = [*LINE.split(line), "", "", "", ""]
        code = sources.get(source)
        if not name or code is None or not re.fullmatch(r"\d{1,3}(\.\d)?", weight):
            raise ValidationError({"indicators_text": f"第 {number} 行请写成“名称｜权重｜来源｜每件扣分”"})
        if not SOURCES[code].rate and not re.fullmatch(r"\d{1,2}(\.\d)?", per):
            raise ValidationError({"indicators_text": f"第 {number} 行是扣分指标，请写每件扣几分"})
        found.append({"code": f"Z{number}", "name": name, "weight": weight, "source": code, "per": per})
    if sum(Decimal(i["weight"]) for i in found) != 100:
        raise ValidationError({"indicators_text": "各项权重合计须为 100"})
    return found


def points(indicator: dict[str, str], items: list[dict[str, Any]]) -> Decimal:
    """Points of one indicator: weight × good ÷ all, or weight less so much for each, never below zero; full without items."""
    weight = Decimal(indicator["weight"])
    if indicator["per"]:
        found = max(Decimal(0), weight - Decimal(indicator["per"]) * sum(i["counts"] for i in items))
    else:
        found = weight * sum(1 for i in items if i["good"]) / len(items) if items else weight
    return found.quantize(CENT, ROUND_HALF_UP)


def collect(indicators: list[dict[str, str]], year: int) -> dict[Any, list[dict[str, Any]]]:
    """Every unit's items of a year, each with its indicator; up to today while the year runs."""
    start, end = date(year, 1, 1), min(date(year, 12, 31), timezone.localdate())
    found: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for indicator in indicators:
        for item in SOURCES[indicator["source"]].collect(start, end):
            data = asdict(item)
            found[data.pop("unit")].append({"indicator": indicator["code"]} | data)
    return found


def total(indicators: list[dict[str, str]], items: list[dict[str, Any]]) -> tuple[Decimal, dict[str, str]]:
    """A unit's total, and its points by indicator."""
    parts = {i["code"]: points(i, [x for x in items if x["indicator"] == i["code"]]) for i in indicators}
    return sum(parts.values(), Decimal(0)), {code: str(p) for code, p in parts.items()}
