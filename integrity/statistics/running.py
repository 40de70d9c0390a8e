"""Every kind of clock that binds an agency, in one registry: the board of electronic supervision counts them (task 6).

An area adds its own in statistics.py: CLOCKS.append(Clocks("duty", "责任事项", lambda seat: Duty.objects.inside(seat)…, unit="owner")).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from integrity.models import Commitment, Matter


@dataclass(frozen=True)
class Clocks:
    """One kind of clock: the rows that run for a seat, whose they are, when they end, how a row is called and where it stands."""

    name: str
    label: str
    rows: Callable[[Any], QuerySet]  # what is not done yet and not paused, within a seat's reach
    unit: str  # path to the agency that has to be ready
    told: Callable[[Any], str]
    url: Callable[[Any], str]
    due: str = "due_on"


def _matters(seat: Any) -> QuerySet:
    rows = (
        Matter.objects.visible_to(seat).open().filter(unit__form="AGENCY", due_on__isnull=False, paused_on__isnull=True)
    )
    return rows.exclude(state="REPLIED").exclude(record__subject__form="PERSON")


def _commitments(seat: Any) -> QuerySet:
    return Commitment.objects.public().filter(state="ON_TRACK", due_on__isnull=False, pledge__unit__form="AGENCY")


CLOCKS: list[Clocks] = [
    Clocks("matters", "办理事项", _matters, "unit", lambda row: f"事项 {row.number}", lambda row: f"/desk/matters/{row.pk}/"),
    Clocks(
        "commitments", "承诺事项", _commitments, "pledge__unit", lambda row: f"承诺“{row}”", lambda row: f"/pledge/{row.pledge.number}"
    ),
]  # fmt: skip
