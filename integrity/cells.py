"""Cells of files that a spreadsheet opens: what would run as a formula there is shown as text (trust.md 7)."""

from __future__ import annotations

import re
from typing import Any

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def harmless(value: Any) -> str:
    """The text of a cell; an apostrophe stands before anything a spreadsheet would compute, plain numbers are kept."""
    text = "" if value is None else "是" if value is True else "否" if value is False else str(value)
    return f"'{text}" if text.startswith(_STARTS) and not _NUMBER.fullmatch(text) else text
