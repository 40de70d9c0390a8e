"""What leadership is shown: blocks of figures, each with its definition and the list it counts; never a name (brief 4.5).

An area registers its blocks in its own statistics.py, loaded at start:

    @block("officials", "公务人员", order=40)
    def officials(scope: Scope) -> Iterator[Figure | Table]:
        rows = Official.objects.serving().filter(subject__area__path__startswith=scope.path)
        yield Figure("在职公务人员", "档案状态为在职的人数", rows.count(), unit="人")
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

FEW = 5  # below so many cases the count is told and no rate


@dataclass(frozen=True)
class Share:
    """A part of a whole; of few cases no rate is told."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        """In per cent with one decimal; None for fewer than five cases."""
        return None if self.whole < FEW else round(100 * self.part / self.whole, 1)

    def __str__(self) -> str:
        if self.percent is None:
            return f"{self.part} / {self.whole}" if self.whole else "—"
        return f"{self.percent}%（{self.part} / {self.whole}）"


@dataclass(frozen=True)
class Scope:
    """What is asked for: by which seat, in which area, on which days."""

    seat: Any
    path: str  # of the area: filter rows by area__path__startswith
    since: date
    until: date  # the last day counted

    def year_before(self) -> Scope:
        """The same days of the year before."""
        return replace(self, since=_year_back(self.since), until=_year_back(self.until))

    @property
    def days(self) -> tuple[date, date]:
        """First and last day, for filters by __range."""
        return self.since, self.until


def _year_back(day: date) -> date:
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year - 1, day=last)


@dataclass(frozen=True)
class Figure:
    """One number: what it is called, how it is counted, and where the list behind it stands (for seats that may read it)."""

    label: str
    definition: str
    value: int | Share
    unit: str = "条"
    url: str = ""
    flow: bool = False  # counted over the days asked for, so that it can be compared with the year before
    good: str = "more"  # whether more or less of it is welcome; "" when neither


@dataclass(frozen=True)
class Row:
    """One line of a table: a place, a unit, a kind; never a person."""

    name: str
    cells: Sequence[int | Share]
    url: str = ""


@dataclass(frozen=True)
class Table:
    """A breakdown; the column named by `bars` is also drawn."""

    title: str
    head: str
    columns: Sequence[str]
    rows: Sequence[Row]
    definition: str
    bars: str = ""


Part = Figure | Table
Count = Callable[[Scope], Iterable[Part]]


@dataclass(frozen=True)
class Block:
    """A subject of the overview: its address, title, place, and how it is counted."""

    name: str
    title: str
    count: Count
    order: int


BLOCKS: dict[str, Block] = {}


def block(name: str, title: str, order: int = 100) -> Callable[[Count], Count]:
    """Register a block; it gets the scope and yields figures and tables."""

    def decorate(count: Count) -> Count:
        if name in BLOCKS:
            raise ValueError(f"there is already a block {name}")
        BLOCKS[name] = Block(name, title, count, order)
        return count

    return decorate


def blocks() -> list[Block]:
    """All blocks in their order."""
    return sorted(BLOCKS.values(), key=lambda b: (b.order, b.name))
