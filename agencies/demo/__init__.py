"""The agencies' part of the demonstration city."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from agencies.demo.sanctions import Sanctions
from agencies.demo.supervising import Supervision
from integrity.simulation import Story


def stories(city: Any, staff: Any, rng: Random, start: date, days: int, share: float) -> list[Story]:
    """Cases, leads and clearings in every state; services, openness and cards of a year."""
    return Sanctions(city, staff, rng).stories(start, days, share) + Supervision(city, staff, rng).stories(start, days)
