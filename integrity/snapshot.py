"""A row as plain values: what an event keeps of it, and the words of its states."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models


def plain(value: Any) -> Any:
    """A column's value as canonical JSON can hold it."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, (date, uuid.UUID, Decimal)):
        return str(value)
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return str(value)


def columns(row: models.Model) -> dict[str, Any]:
    """Stored columns of a row, without generated ones and sealed values."""
    return {
        f.attname: plain(getattr(row, f.attname))
        for f in row._meta.concrete_fields
        if not getattr(f, "generated", False) and f.attname not in getattr(row, "unlogged", ())
    }


def state_label(row: models.Model, axis: str = "state") -> str:
    """The Chinese word for a row's state."""
    display = getattr(row, f"get_{axis}_display", None)
    return str(display()) if display else str(getattr(row, axis))
