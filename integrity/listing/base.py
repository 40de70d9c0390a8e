"""What a listing is, and how a page of rows becomes what a seat may read of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django_filters import FilterSet

from integrity.models import PUBLIC
from integrity.models.viewing import log_views
from integrity.public import Values

Shown = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Listing:
    """One resource: its rows for a seat, its public columns and shape, and what a seat inside sees besides."""

    name: str
    schema: str  # of its items, in members.py
    label: str
    about: str
    model: type[Model]
    columns: tuple[str, ...]
    show: Callable[[Values], Shown]
    order: tuple[str, ...]
    filters: type[FilterSet]
    key: str = "id"
    as_text: tuple[str, ...] = ()  # JSON columns that are read as text: parsing them costs more than all the rest
    rows: Callable[[Any], QuerySet] | None = None  # else model.objects.visible_to
    public_order: tuple[str, ...] = ()
    search: Callable[[QuerySet, str], QuerySet] | None = None
    more_columns: tuple[str, ...] = ()
    more: Callable[[Values], Shown] | None = None
    inside: Callable[[Any, list[Any]], set[Any]] | None = None  # of these row ids, those the seat sees from inside
    person: Callable[[Values], bool] = lambda v: False
    mask: Callable[[Shown, Values], Shown] = lambda item, v: item
    details: Callable[[Values, bool], Shown] | None = None  # what one row alone is shown with, inside; masked or not
    valid_on: Callable[[Any], Q] | None = None  # rows that stood on a day, for as_of
    unkept: frozenset[str] = frozenset()  # members that the ledger does not keep, left out of answers about the past
    by_right: bool = False  # nothing for the public

    def visible(self, seat: Any) -> QuerySet:
        if self.rows:
            return self.rows(seat)
        found = self.model.objects  # type: ignore[attr-defined]
        return found.public() if is_public(seat) and hasattr(found, "public") else found.visible_to(seat)

    def columns_for(self, seat: Any) -> tuple[str, ...]:
        return self.columns if is_public(seat) else tuple(dict.fromkeys([*self.columns, *self.more_columns]))

    def order_for(self, seat: Any) -> list[str]:
        return list((is_public(seat) and self.public_order) or self.order)


def is_public(seat: Any) -> bool:
    return bool(seat.role_code == "PUBLIC")


def bound(listing: Listing, given: Any) -> FilterSet | None:
    """The filters used in a query, with their errors; none when it uses none."""
    if not set(given) & listing.filters.base_filters.keys():
        return None
    return listing.filters(given, queryset=listing.model._default_manager.none())


def rows_of(listing: Listing, seat: Any, filters: Any, query: str = "", day: Any = None) -> QuerySet:
    """The rows of a listing that a seat may see, filtered, searched and, with a day, as they stood then."""
    rows = listing.visible(seat)
    if filters:
        rows = filters.filter_queryset(rows)
    if query and listing.search:
        rows = listing.search(rows, query)
    if day and listing.valid_on:
        rows = rows.filter(listing.valid_on(day))
    return rows


def values_of(listing: Listing, rows: QuerySet, names: Iterable[str]) -> QuerySet:
    """The rows as values under these columns; a JSON column as its text, under its name with _json."""
    texts = {f"{name}_json": Cast(name, TextField()) for name in listing.as_text}
    return rows.values(*[name for name in names if name not in listing.as_text], **texts)


_built: dict[str, tuple[Any, QuerySet]] = {}


def public_values(listing: Listing) -> QuerySet:
    """All public rows of a listing as values. Building the query costs as much as running it, so it is kept for a second.

    Only day and instant stand in it, never rows; a second late can but hide a record that long.
    """
    moment = (timezone.localdate(), timezone.now().replace(microsecond=0))
    kept = _built.get(listing.name)
    if kept is None or kept[0] != moment:
        kept = moment, values_of(listing, listing.visible(PUBLIC), listing.columns)
        _built[listing.name] = kept
    return kept[1]


def items(listing: Listing, values: Sequence[Values], seat: Any, *, past: bool = False) -> list[Shown]:
    """What the seat reads of these rows: the public whitelist, and from inside more, masked where its role is."""
    found = _items(listing, values, seat)
    return [{k: v for k, v in item.items() if k not in listing.unkept} for item in found] if past else found


def _items(listing: Listing, values: Sequence[Values], seat: Any) -> list[Shown]:
    if is_public(seat) or listing.inside is None:
        return [listing.show(v) for v in values]
    inside = listing.inside(seat, [v["id"] for v in values])
    return [_inside(listing, v, seat.role.masked) if v["id"] in inside else listing.show(v) for v in values]


def _inside(listing: Listing, v: Values, masked: bool) -> Shown:
    item = listing.show(v)
    if listing.more:
        item |= listing.more(v)
    return listing.mask(item, v) if masked else item


def details(listing: Listing, v: Values, seat: Any) -> Shown:
    """One row by itself: to a seat inside also what hangs on it."""
    item = items(listing, [v], seat)[0]
    if listing.details and not is_public(seat) and listing.inside and v["id"] in listing.inside(seat, [v["id"]]):
        item |= listing.details(v, seat.role.masked)
    return item


def log_personal(listing: Listing, values: Iterable[Values], seat: Any, purpose: str, query: str) -> int:
    """Log which rows about natural persons were read, by whom and why; returns how many."""
    if is_public(seat):
        return 0
    personal = [(v["id"], v["version"]) for v in values if listing.person(v)]
    if not personal:
        return 0
    return log_views(listing.model._meta.model_name or "", personal, by=seat, purpose=purpose, query=query)
