"""As we knew it at an instant: a row's columns replayed from its events, never more than its reader may see now.

Two histories, two names: `as_of` asks how things stood on a day (a condition on the rows); `recorded_as_of` asks what the
register knew at an instant (the values come from the ledger). Only rows that are visible now are answered at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, CharField, DateField, DateTimeField, JSONField, TextField
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from integrity import public
from integrity.crypto import leaf as leaves
from integrity.listing.base import Listing, is_public
from integrity.listing.records import ENDED
from integrity.models import Event
from integrity.models.record.query import KNOWN_TO_SUBJECT, LEFT_DESK

Columns = dict[str, Any]
ENDINGS = frozenset(ENDED.values())
DATED = ("subjects", "organisations", "records", "measures", "pledges")  # the listings that know their history


def as_known(listing: Listing, values: Sequence[Columns], seat: Any, at: datetime, day: date | None) -> list[Columns]:
    """The rows of a page as they were known at an instant; rows not known then, or not to this reader, fall out."""
    events = _events([v["id"] for v in values], at)
    inside = set() if is_public(seat) or listing.inside is None else listing.inside(seat, [v["id"] for v in values])
    found = []
    for now in values:
        then = _replay(listing, now, events.get(now["id"], ()))
        if then and _readable(listing, then, seat, now["id"] in inside) and (day is None or _stood(listing, then, day)):
            found.append(then)
    return found


def _events(ids: list[Any], at: datetime) -> dict[Any, list[Any]]:
    rows = Event.objects.filter(target__in=ids, at__lte=at, changes=True).order_by("id")
    grouped: dict[Any, list[Any]] = {}
    for row in rows.values_list("target", "verb", "version", "full", "payload__fields", "at"):
        grouped.setdefault(row[0], []).append(row[1:])
    return grouped


def _replay(listing: Listing, now: Columns, events: Sequence[Any]) -> Columns | None:
    """Columns after these events: full snapshots replace, others change; None before the first or when one was removed."""
    if not events:
        return None
    then = {name: value for name, value in now.items() if "__" in name or name == "id"} | _blank(listing, now)
    for verb, version, full, fields, at in events:
        if not fields:
            return None
        kept = leaves.values_of(fields)
        then.update(_columns(listing, public.opened(kept) if full else kept))
        then["version"] = version
        if verb in ENDINGS:
            then.setdefault("ended_on", timezone.localdate(at))
    if listing.name == "records" and then["state"] is None:
        then["state"] = "SUBMITTED"  # rows entered by a batch begin as submitted
    if listing.name == "pledges" and then["state"] != "ISSUED":  # done once and never undone
        then |= {name: now[name] for name in ("signer", "signed_at")}
        then["published_at"] = now["published_at"] if then["state"] not in ("SIGNED", "WITHDRAWN") else None
    return then


def _blank(listing: Listing, now: Columns) -> Columns:
    """Own columns before the first event: empty of their kind."""
    own = [listing.model._meta.get_field(name.removesuffix("_id")) for name in now if "__" not in name and name != "id"]
    return {field.attname: _empty(field) for field in own}


def _empty(field: Any) -> Any:
    if isinstance(field, JSONField):
        return {}
    if isinstance(field, BooleanField) and not field.null:
        return False
    return "" if isinstance(field, (CharField, TextField)) and not field.choices else None


def _columns(listing: Listing, kept: dict[str, Any]) -> Columns:
    """Of what an event kept, the columns the listing shows, as the database would give them."""
    wanted = {*listing.columns, *listing.more_columns} - {"id"}
    return {name: _native(listing, name, value) for name, value in kept.items() if name in wanted}


def _native(listing: Listing, name: str, value: Any) -> Any:
    if not isinstance(value, str) or "__" in name:
        return value
    field = listing.model._meta.get_field(name.removesuffix("_id"))
    if isinstance(field, DateTimeField):
        return parse_datetime(value)
    return parse_date(value) if isinstance(field, DateField) else value


def _readable(listing: Listing, then: Columns, seat: Any, inside: bool) -> bool:
    """Whether the reader might have this earlier state: drafts are nobody's history, the public's begins when published."""
    if listing.name in ("subjects", "organisations"):
        return True
    if not inside:
        shown = {
            "records": then.get("publicity") == "PUBLIC" and not then.get("suspended"),
            "pledges": then.get("public"),
        }
        return bool(shown.get(listing.name, then["state"] == "IN_FORCE"))
    if listing.name != "records":
        return True
    wide = seat.role.scope in ("county", "all")
    return then["state"] in (LEFT_DESK if wide else KNOWN_TO_SUBJECT)


SPANS = {  # first day, last days (exclusive) of a row's validity, as columns
    "subjects": ("valid_from", ("valid_until",)),
    "organisations": ("valid_from", ("valid_until",)),
    "records": ("decided_on", ("until", "ended_on")),
    "measures": ("starts_on", ("until", "lifted_on")),
    "pledges": ("signed_at", ("valid_until",)),
}


def _stood(listing: Listing, then: Columns, day: date) -> bool:
    """The condition of `as_of`, on values of the past."""
    first, lasts = SPANS[listing.name]
    begun, ends = _day(then[first]), [_day(then.get(name)) for name in lasts]
    if begun is None and listing.name in ("measures", "pledges", "records"):
        return False
    return (begun is None or begun <= day) and all(end is None or end > day for end in ends)


def _day(value: Any) -> date | None:
    return timezone.localdate(value) if isinstance(value, datetime) else value
