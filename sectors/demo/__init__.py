"""The sectors' part of the demonstration city: each sector tells its own stories in a module of this package."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from integrity.simulation import Story
from sectors.demo import bidding, led, procurement, public_money

TELLERS = (procurement, bidding, public_money)


def stories(city: Any, staff: Any, rng: Random, start: date, days: int, share: float) -> list[Story]:
    """What every sector tells; all choices come from one seed."""
    found = [story for teller in TELLERS for story in teller.stories(city, staff, rng, start, days, share)]
    return found + led.stories(city, staff, rng, start)
