"""Keyset pages: a cursor over indexed, unique sort keys; never an offset, never a COUNT (speed.md, rule 1)."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import F, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

CAP = 1000


class BadCursor(ValueError):
    """A cursor that this program did not make."""


def encode(values: list[Any]) -> str:
    """The cursor of a row: its sort keys."""
    plain = [v.isoformat() if isinstance(v, (date, datetime)) else str(v) if isinstance(v, UUID) else v for v in values]
    return base64.urlsafe_b64encode(json.dumps(plain, ensure_ascii=False).encode()).decode().rstrip("=")


def decode(cursor: str, count: int) -> list[Any]:
    """The sort keys of a cursor; raises BadCursor."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as fault:
        raise BadCursor("翻页参数无效，请从第一页重新开始") from fault
    if (
        not isinstance(values, list)
        or len(values) != count
        or any(v is None or isinstance(v, (list, dict)) for v in values)
    ):
        raise BadCursor("翻页参数无效，请从第一页重新开始")
    return values


def _beyond(order: list[str], values: list[Any], *, backwards: bool) -> Any:
    """Rows after (or before) the cursor in lexicographic order over all sort keys.

    Keys of one direction are compared as a row, which an index scan can start at; only mixed ones need the long form.
    """
    names = [key.lstrip("-") for key in order]
    down = [key.startswith("-") != backwards for key in order]
    if len(set(down)) == 1:
        return (TupleLessThan if down[0] else TupleGreaterThan)(Tuple(*map(F, names)), tuple(values))
    condition = Q()
    for i in range(len(order)):
        part = Q(**{names[j]: values[j] for j in range(i)})
        condition |= part & Q(**{f"{names[i]}__{'lt' if down[i] else 'gt'}": values[i]})
    return condition


@dataclass(frozen=True)
class Page:
    """One page of rows with the cursors of its neighbours; empty when there is none."""

    rows: list[Any]
    before: str = ""
    after: str = ""


def page(rows: QuerySet, order: list[str], *, after: str = "", before: str = "", size: int = 20) -> Page:
    """One page of a queryset (of instances or values()) sorted by unique, non-null keys; raises BadCursor."""
    backwards = bool(before)
    cursor = before or after
    if cursor:
        values = decode(cursor, len(order))
        try:
            rows = rows.filter(_beyond(order, values, backwards=backwards))
        except (ValueError, TypeError, ValidationError) as fault:
            raise BadCursor("翻页参数无效，请从第一页重新开始") from fault
    turned = [k[1:] if k.startswith("-") else f"-{k}" for k in order] if backwards else order
    try:
        found = list(rows.order_by(*turned)[: size + 1])
    except (DataError, ValueError, ValidationError) as fault:
        raise BadCursor("翻页参数无效，请从第一页重新开始") from fault
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()

    def keys(row: Any) -> str:
        return encode([row[k.lstrip("-")] if isinstance(row, dict) else getattr(row, k.lstrip("-")) for k in order])

    has_before = bool(found) and (more if backwards else bool(after))
    has_after = bool(found) and (True if backwards else more)
    return Page(found, keys(found[0]) if has_before else "", keys(found[-1]) if has_after else "")


def capped_count(rows: QuerySet, cap: int = CAP) -> tuple[int, bool]:
    """How many rows, counted no further than the cap; the flag says that there are more."""
    counted = rows.order_by().values("pk")[: cap + 1].count()
    return min(counted, cap), counted > cap
