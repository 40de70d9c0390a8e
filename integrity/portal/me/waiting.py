"""What waits for somebody besides the core's own: areas add theirs when their pages are loaded (brief O2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Waiting:
    """One thing to do: what, a word on it, where, by when."""

    title: str
    note: str
    url: str
    due_on: date | None = None


Source = Callable[[Any, Any], Iterable[Waiting]]
SOURCES: list[Source] = []


def waiting(source: Source) -> Source:
    """Register a source; it gets the subject and the seat."""
    SOURCES.append(source)
    return source


def waits_for(subject: Any, seat: Any) -> list[Waiting]:
    """Everything the areas have for this person."""
    return [item for source in SOURCES for item in source(subject, seat)]
