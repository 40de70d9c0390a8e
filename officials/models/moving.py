"""What a move of a person does to his seats: working seats end, the seat for his own file stays (task 1, access follows)."""

from __future__ import annotations

from typing import Any

from integrity.models import Seat, Subject, as_rule


def _seats(person: Subject) -> list[Seat]:
    account = getattr(person, "account", None)
    return list(Seat.objects.exclude(state="REVOKED").filter(user=account)) if account else []


def follow_seats(person: Subject, left: Subject, by: Any) -> None:
    """End his seats at the unit he left; his own seat goes with him."""
    for seat in _seats(person):
        if seat.org_id == left.pk:
            seat.move(by=as_rule(by), org=person.parent) if seat.role.scope == "self" else seat.lapse(by=as_rule(by))


def lapse_seats(person: Subject, by: Any) -> None:
    """End every working seat of somebody who leaves office; he still sees his own file."""
    for seat in _seats(person):
        if seat.role.scope != "self":
            seat.lapse(by=as_rule(by))
