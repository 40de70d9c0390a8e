"""The sectors' part of the demonstration city."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from integrity.simulation import Story
from sectors import demo_led


def stories(city: Any, staff: Any, rng: Random, start: date, days: int, share: float) -> list[Story]:
    """Promises, partnerships and transactions in every state."""
    return demo_led.stories(city, staff, rng, start)
