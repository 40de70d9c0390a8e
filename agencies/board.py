"""The campaign's board: how many of the agencies on courts' lists are still there, by area and kind (task 10)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, Sum

from agencies.models import ClearingCase
from agencies.models.clearing.case import FOUR_KINDS, STANDING
from integrity.models import Area
from integrity.statistics.registry import Share


@dataclass
class Line:
    """One area or kind: warned, still listed, taken off, and what is still owed; with the address of its cases."""

    label: str
    query: str = ""
    warned: int = 0
    listed: int = 0
    removed: int = 0
    owed_wan: Any = 0

    @property
    def share(self) -> Share:
        """Of those ever listed, how many are off; the rate only from five on (small numbers)."""
        return Share(self.removed, self.removed + self.listed)


@dataclass
class Board:
    """All of it, and the two breakdowns."""

    whole: Line
    areas: list[Line] = field(default_factory=list)
    kinds: list[Line] = field(default_factory=list)

    @property
    def tables(self) -> list[tuple[str, list[Line]]]:
        return [("区划", self.areas), ("主体类别", self.kinds)]


def _count(rows: Any, *by: str) -> Any:
    counted = {
        "warned": Count("pk", filter=Q(state="WARNED")), "listed": Count("pk", filter=Q(state__in=STANDING)),
        "removed": Count("pk", filter=Q(state="REMOVED")),
        "owed": Sum("amount_wan", filter=Q(state__in=["LISTED", "NEGOTIATING"])),
    }  # fmt: skip
    return rows.order_by().values(*by).annotate(**counted) if by else rows.aggregate(**counted)


def _put(line: Line, row: dict[str, Any]) -> None:
    line.warned, line.listed = line.warned + row["warned"], line.listed + row["listed"]
    line.removed, line.owed_wan = line.removed + row["removed"], line.owed_wan + (row["owed"] or 0)


def board(seat: Any) -> Board:
    """What the seat may see of it, counted by two queries."""
    rows = ClearingCase.objects.visible_to(seat)
    whole = Line("全部")
    _put(whole, _count(rows))
    areas, kinds = {}, {name: Line(name) for name in FOUR_KINDS}
    known = {a.path: a for a in Area.objects.filter(kind__in=("CITY", "COUNTY", "FUNCTIONAL_ZONE"))}
    of_kind = {kind: name for name, among in FOUR_KINDS.items() for kind in among}
    for row in _count(rows, "agency__area__path", "agency__agency_kind"):
        area = _district(row["agency__area__path"] or "", known)
        if area is not None:
            _put(areas.setdefault(area.path, Line(area.name, f"?area={area.code}")), row)
        _put(kinds[of_kind.get(row["agency__agency_kind"], "地方政府部门")], row)
    for name, line in kinds.items():
        line.query = f"?kind={','.join(filter(None, FOUR_KINDS[name]))}"
    return Board(whole, [areas[path] for path in sorted(areas)], list(kinds.values()))


def _district(path: str, known: dict[str, Area]) -> Area | None:
    """The district, zone or city itself in which an area lies: the longest known path it begins with."""
    return max((a for p, a in known.items() if path.startswith(p)), key=lambda a: len(a.path), default=None)
