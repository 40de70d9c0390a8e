"""The page that is asked for most: public rows under no filter. Its SQL is compiled once a second, not once a request.

The compiled query stands inside a plain SELECT that adds cursor, order and limit; PostgreSQL pulls it up, so that the
index scan still starts at the cursor. Measured: a third of the request's time (benchmarks/api.py).
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection

from integrity.listing import Listing, public_values
from integrity.paging import BadCursor, Page, decode, encode

_compiled: dict[str, tuple[Any, str, tuple[Any, ...], list[str]]] = {}


def _query(listing: Listing) -> tuple[str, tuple[Any, ...], list[str]]:
    """SQL, parameters and column names of all public rows."""
    rows = public_values(listing)
    kept = _compiled.get(listing.name)
    if kept is None or kept[0] is not rows:
        sql, params = rows.order_by().query.get_compiler(rows.db).as_sql()
        kept = rows, sql, params, [*rows.query.values_select, *rows.query.annotation_select]
        _compiled[listing.name] = kept
    return kept[1:]


def page(listing: Listing, after: str, size: int) -> Page:
    """As paging.page() over public_values(), for a listing whose sort keys run one way; raises BadCursor."""
    order = listing.public_order
    keys = [key.lstrip("-") for key in order]
    sql, params, names = _query(listing)
    columns, way = ", ".join(f'"{key}"' for key in keys), "DESC" if order[0].startswith("-") else "ASC"
    given = _native(listing, keys, decode(after, len(keys))) if after else []
    beyond = f"WHERE ({columns}) {'<' if way == 'DESC' else '>'} ({', '.join(['%s'] * len(keys))})" if after else ""
    turned = ", ".join(f'"{key}" {way}' for key in keys)
    whole = f"SELECT * FROM ({sql}) shown {beyond} ORDER BY {turned} LIMIT %s"  # noqa: S608 (names are our own)
    with connection.cursor() as cursor:
        cursor.execute(whole, [*params, *given, size + 1])
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    more, found = len(found) > size, found[:size]
    return Page(found, after=encode([found[-1][key] for key in keys]) if more else "")


def _native(listing: Listing, keys: list[str], values: list[Any]) -> list[Any]:
    """A cursor's values as the columns hold them."""
    try:
        return [listing.model._meta.get_field(key).to_python(value) for key, value in zip(keys, values, strict=True)]
    except ValidationError as fault:
        raise BadCursor("翻页参数无效，请从第一页重新开始") from fault
