"""What a single sector adds to the shared pages: further sections of a project, of a sector's page, of its desk.

A part is a function that gives a template and its context, or None when there is nothing to show.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Part = Callable[..., tuple[str, dict[str, Any]] | None]
F = TypeVar("F", bound=Part)
PROJECT: dict[str, list[Part]] = {}  # by sector: (project, seat)
PUBLIC_PROJECT: dict[str, list[Part]] = {}  # by sector: (project)
PUBLIC_SECTOR: dict[str, list[Part]] = {}  # by sector: ()
DESK_LINKS: dict[str, list[tuple[str, str, str]]] = {}  # by sector: address, label, right


def part(place: dict[str, list[Part]], sector: str) -> Callable[[F], F]:
    """Register a section of a page."""

    def decorate(make: F) -> F:
        place.setdefault(sector, []).append(make)
        return make

    return decorate


def parts(place: dict[str, list[Part]], sector: str, *given: Any) -> list[tuple[str, dict[str, Any]]]:
    """The sections of a page that have something to show."""
    return [found for make in place.get(sector, []) if (found := make(*given)) is not None]
