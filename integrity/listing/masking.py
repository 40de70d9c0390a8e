"""The masked view of domain.md 6, for roles that may know of a matter but not of the person."""

from __future__ import annotations

from typing import Any

from integrity.codes import mask_name, mask_text
from integrity.public import Values
from integrity.roles import ROLES, SELF

_SELF = tuple(role.label for role in ROLES.values() if role.scope == SELF)


def mask_person(item: dict[str, Any], v: Values) -> dict[str, Any]:
    """An item for a masked role: numbers in texts lose their middle; a person's name everywhere."""
    name = v["subject__name"] if v["subject__form"] == "PERSON" else ""
    return {key: masked(value, name) for key, value in item.items()}


def masked(value: Any, name: str = "") -> Any:
    """A value, however nested, without whole numbers and without this name."""
    if isinstance(value, str):
        text = mask_text(value)
        return text.replace(name, mask_name(name)) if name else text
    if isinstance(value, dict):
        return {k: masked(v, name) for k, v in value.items()}
    if isinstance(value, list):
        return [masked(v, name) for v in value]
    return value


def actor(name: str, seat: str, *, masks: bool) -> str:
    """Who acted, as name and seat; whoever acts for himself is masked as a person is, officers in office are not."""
    if masks and any(seat.endswith(label) for label in _SELF):
        name = mask_name(name)
    return f"{name}（{seat}）" if name else seat
