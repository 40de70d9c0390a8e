"""COPY into a table: the set-wise way of writing rows."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection

_NEEDS = re.compile(r"[\\\t\n\r\x00]")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": ""})


def _field(value: Any) -> str:
    kind = type(value)
    if kind is str:
        return value.translate(_ESCAPES) if _NEEDS.search(value) else value
    if value is None:
        return "\\N"
    if kind is uuid.UUID:
        return value.hex
    if kind is int:
        return str(value)
    if kind is bool:
        return "t" if value else "f"
    if kind in (date, datetime):
        return value.isoformat()
    if kind is bytes:
        return "\\\\x" + value.hex()
    if kind in (dict, list):
        return orjson.dumps(value).decode().translate(_ESCAPES)
    return str(value).translate(_ESCAPES)


class _Stream:
    """A file object over generated lines, so that memory stays flat in the number of rows."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines
        self.buffer = ""

    def read(self, size: int = -1) -> str:
        parts, length = [self.buffer], len(self.buffer)
        while size < 0 or length < size:
            line = next(self.lines, None)
            if line is None:
                break
            parts.append(line)
            length += len(line)
        text = "".join(parts)
        self.buffer = text[size:] if size >= 0 else ""
        return text[:size] if size >= 0 else text


def copy_rows(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], alike: dict[str, Any] | None = None
) -> None:
    """Write rows into table by COPY in the current transaction; triggers and constraints hold as for INSERT.

    `alike` holds columns with one value for all rows, which are encoded once.
    """
    names = ", ".join(f'"{c}"' for c in [*columns, *(alike or {})])
    tail = "".join("\t" + _field(v) for v in (alike or {}).values()) + "\n"
    lines = ("\t".join(map(_field, row)) + tail for row in rows)
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', _Stream(lines), 1 << 16)
