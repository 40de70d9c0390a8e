"""Which acts came about through a door: every request of a test, and of a browser, passes this middleware.

A plain record of what happened: an act counts when it was performed while a request was being answered. The last test
of a whole run (test_z_doors.py) compares it with all acts; when only a part of the suite runs, it says nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from integrity.acts import acted

WHOLE = pytest.StashKey[bool]()  # whether every test file runs and nothing was deselected
DONE: set[str] = set()  # verbs performed inside a request, over the whole session
_here = threading.local()


def is_whole(config: pytest.Config, items: Iterable[pytest.Item]) -> bool:
    """Whether a run holds every test file and was not narrowed by an option."""
    chosen = config.option
    narrowed = chosen.keyword or chosen.deselect or getattr(chosen, "lf", False) or "browser" in chosen.markexpr
    files = set(Path(__file__).parent.rglob("test_*.py"))
    return not narrowed and files <= {item.path for item in items}


class Door:
    """Marks the time of a request in its thread."""

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        _here.open = True
        try:
            return self.get_response(request)
        finally:
            _here.open = False


def _note(sender: Any, spec: Any, **_: Any) -> None:
    if getattr(_here, "open", False):
        DONE.add(spec.verb)


acted.connect(_note, dispatch_uid="doors")
