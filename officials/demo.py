"""The officials' part of the demonstration city."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from integrity.simulation import Story
from officials.signing import demo as signing


def stories(city: Any, staff: Any, rng: Random, start: date, days: int, share: float) -> list[Story]:
    """Pledges of the officials who have accounts."""
    return signing.stories(city, staff, rng, start, days)
