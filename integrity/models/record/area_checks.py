"""What an area knows about records of its kinds: further checks, and ends that depend on other records (house.md 2.10).

The core asks; areas register from their rules, and are never imported here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from integrity.models.record.spec import Problem, Window

Check = Callable[[Any], Iterable[Problem]]
End = Callable[[Any, Window], Window]
C = TypeVar("C", bound=Check)
E = TypeVar("E", bound=End)

CHECKS: dict[str, list[Check]] = defaultdict(list)
ENDS: dict[str, End] = {}


def record_check(*codes: str) -> Callable[[C], C]:
    """Register a check of records (saved or not) of some kinds; it runs when they are typed, submitted and confirmed."""

    def register(check: C) -> C:
        for code in codes:
            CHECKS[code].append(check)
        return check

    return register


def record_end(*codes: str) -> Callable[[E], E]:
    """Register how the end of records of some kinds follows from more than the record itself."""

    def register(end: E) -> E:
        ENDS.update(dict.fromkeys(codes, end))
        return end

    return register


def problems_of(record: Any) -> list[Problem]:
    """What the areas find wrong with a record."""
    return [problem for check in CHECKS.get(record.kind_id, ()) for problem in check(record)]


def window_of(record: Any, shown: Window) -> Window:
    """The record's end as its area knows it, else as its kind alone gives it."""
    end = ENDS.get(record.kind_id)
    return end(record, shown) if end else shown
