"""The figures of the portal: one summary, taken from the base itself when something has changed (speed.md, rule 5)."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from integrity.models import PUBLIC, Commitment, Pledge, Record, Subject
from integrity.statistics import FEW, place_of, places

CHEAP = 0.05  # seconds a summary may take to be taken anew at every change
REST = 20  # a dearer one rests this many times as long as it took, so that it never costs more than a twentieth


@dataclass(frozen=True)
class District:
    """A district or zone of the city, or the city's own units, with how many agencies it has."""

    code: str
    name: str
    path: str
    agencies: int = 0


@dataclass(frozen=True)
class Rate:
    """Kept in time of what was due, in one district."""

    name: str
    kept: int
    due: int

    @property
    def percent(self) -> float:
        return round(100 * self.kept / self.due, 1)


@dataclass(frozen=True)
class Figures:
    """What the home page, the lists and the filters count."""

    agencies: int
    pledges: int
    by_kind: dict[str, int]
    districts: tuple[District, ...]
    rates: tuple[Rate, ...]
    overall: Rate
    taken_at: datetime

    def count(self, kinds: Iterable[str]) -> int:
        """Public records of some kinds."""
        return sum(self.by_kind.get(k, 0) for k in kinds)


_kept: dict[str, Any] = {"position": None, "at": 0.0, "took": 0.0, "figures": None}


def figures(position: str) -> Figures:
    """The summary at a ledger position; one that is dear to take is shown a little late, with its time."""
    key, now = (position, timezone.localdate()), time.monotonic()
    dear = _kept["took"] > CHEAP and now - _kept["at"] < REST * _kept["took"]
    if _kept["figures"] is None or (not dear and (not position or _kept["position"] != key)):
        found = take()
        _kept.update(position=key, at=time.monotonic(), took=time.monotonic() - now, figures=found)
    return _kept["figures"]


def take() -> Figures:
    """Count: five queries."""
    districts = {p.code: District(p.code, p.name, p.path) for p in places().values()}
    public = Record.objects.public().values_list("kind").annotate(n=Count("pk"))
    agencies = Subject.objects.visible_to(PUBLIC).filter(form="AGENCY")
    by_path = agencies.values_list("area__path").annotate(n=Count("pk"))
    seats = Counter[str]()
    for path, n in by_path:
        seats[place_of(path, districts)] += n
    rates, overall = _rates(districts)
    return Figures(
        agencies=sum(seats.values()),
        pledges=Pledge.objects.public().count(),
        by_kind=dict(public),
        districts=tuple(District(d.code, d.name, d.path, seats[c]) for c, d in districts.items() if seats[c]),
        rates=rates,
        overall=overall,
        taken_at=timezone.now(),
    )


def _rates(districts: dict[str, District]) -> tuple[tuple[Rate, ...], Rate]:
    """Commitments kept in time, of those due by today, by the district of the unit that made them."""
    in_time = Q(state="FULFILLED", fulfilled_on__lte=F("due_on"))
    due = Commitment.objects.public().filter(due_on__lte=timezone.localdate())
    rows = due.values_list("pledge__unit__area__path").annotate(kept=Count("pk", filter=in_time), due=Count("pk"))
    kept, total = Counter[str](), Counter[str]()
    for path, k, n in rows:
        code = place_of(path, districts)
        kept[code] += k
        total[code] += n
    rates = [Rate(districts[c].name, kept[c], total[c]) for c in districts if total[c] >= FEW]
    rates.sort(key=lambda r: -r.percent)
    return tuple(rates), Rate("全市", sum(kept.values()), sum(total.values()))
