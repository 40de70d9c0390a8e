"""Supervision's part of the demonstration city."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from integrity.simulation import Story
from supervision.demo import social


def stories(city: Any, staff: Any, rng: Random, start: date, days: int, share: float) -> list[Story]:
    """What the public, the hotline and the media reported in a year."""
    return social.stories(city, staff, rng, start, days, share)
