"""Signing by unit: posts due, signed, overdue; each figure with its definition and the list it counts (task 2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from integrity.models import Pledge
from officials.signing.issuing import KIND

SIGNED = ("SIGNED", "IN_FORCE", "FULFILLED", "BREACHED")
OWN = ("S", "A")  # levels that count as signed in person: a confirmation by login does not (trust.md 1.6)
FEW = 5  # fewer cases show the count and no rate


@dataclass(frozen=True)
class UnitRow:
    """One unit: how many posts owe a pledge, how many have signed, in person, late."""

    unit: str
    code: str
    due: int
    signed: int
    in_person: int
    overdue: int

    @property
    def rate(self) -> float | None:
        """Signed among due; None where there are too few to say."""
        return self.signed / self.due if self.due >= FEW else None

    @property
    def own_rate(self) -> float | None:
        return self.in_person / self.due if self.due >= FEW else None


def by_unit(rows: Any) -> list[UnitRow]:
    """Counts of the newest generation of personal pledges, by unit, largest first; superseded and ended ones are past."""
    today = timezone.localdate()
    owed = Q(state="ISSUED") | Q(state__in=SIGNED)
    found = (
        rows.filter(owed, kind=KIND)
        .order_by()
        .values("unit__name", "unit__code", "unit__sort_key")
        .annotate(
            due=Count("subject", distinct=True),
            signed=Count("subject", filter=Q(state__in=SIGNED), distinct=True),
            in_person=Count("subject", filter=Q(state__in=SIGNED, level__in=OWN), distinct=True),
            overdue=Count("subject", filter=Q(state="ISSUED", due_on__lt=today), distinct=True),
        )
        .order_by("-due", "unit__sort_key")
    )
    return [
        UnitRow(r["unit__name"], r["unit__code"], r["due"], r["signed"], r["in_person"], r["overdue"]) for r in found
    ]


def everywhere() -> list[UnitRow]:
    """The same for the public register: numbers of posts by unit, no names."""
    return by_unit(Pledge.objects.filter(kind=KIND))
