"""How every act comes about: verb → a function that performs the acts before it and gives row, seat and inputs.

test_rights.py fails for an act that has no path here. An area's paths stand in a module of its own, loaded below.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace
from typing import Any

Step = tuple[Any, Any, dict[str, Any]]  # the row (unsaved for a creating act), the seat that acts, the act's inputs
PATHS: dict[str, Callable[[SimpleNamespace], Step]] = {}
MODULES = (
    "records",
    "affairs",
    "promises",
    "checks",
    "system",
    "officials",
    "signing",
    "sanctions",
    "agency_pledges",
    "supervising",
    "complaints",
    "sectors",
    "bidding",
    "clearing",
    "motions",
    "led",
    "trading",
    "inspection",
    "safeguards",
)

for _name in MODULES:
    for _verb, _path in import_module(f"tests.paths.{_name}").PATHS.items():
        if _verb in PATHS:
            raise ValueError(f"{_verb} has two paths")
        PATHS[_verb] = _path
