"""Counts by district: the districts and zones of the city, and the city's own units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from integrity.models import Area


@dataclass(frozen=True)
class Place:
    """A district or zone, or the city's own units."""

    code: str
    name: str
    path: str


def places() -> dict[str, Place]:
    """Districts and zones by code, in the order of the table; last the city itself for its own units."""
    city = Area.objects.get(code=settings.CITY_AREA)
    below = Area.objects.filter(path__startswith=city.path, kind__in=("COUNTY", "FUNCTIONAL_ZONE")).order_by("path")
    return {a.code: Place(a.code, a.name, a.path) for a in below} | {city.code: Place(city.code, "市直", city.path)}


def place_of(path: str | None, known: Iterable[str]) -> str:
    """The district an area's path runs through; the city itself for its own units and those without area."""
    return next((p for p in reversed((path or "").split("/")) if p in known), settings.CITY_AREA)


def by_place(rows: QuerySet, field: str, **counts: Any) -> dict[Place, dict[str, int]]:
    """Aggregates of rows for each district that has any, `field` being the way to an area's path."""
    known = places()
    found: dict[str, Counter[str]] = {}
    for line in rows.order_by().values(field).annotate(**counts):
        path = line.pop(field)
        found.setdefault(place_of(path, known), Counter()).update(line)
    return {known[code]: dict(found[code]) for code in known if code in found}
