"""The change feed: the ledger in its own order, as far as the reader may see it, with every gap explained (contract.md).

A reader keeps the last `next` and asks on from there. An item without values says: what bears this uid is not (or no
longer) to be seen; whoever holds a copy removes it. With `leaves` a mirror gets every leaf of the page, opened or not,
and proves with state_root() that none was left out.
"""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from integrity import public
from integrity.crypto import leaf as leaves
from integrity.guards import acted_models
from integrity.ledger import note, sealing
from integrity.listing.base import Shown, is_public
from integrity.listing.masking import actor, masked
from integrity.models import Checkpoint, Event, Kind, LedgerHead, Pledge, Record
from integrity.models.record.query import restricted_codes

FIELDS = (
    "seq", "verb", "target_type", "target", "version", "opened", "full", "at", "user_name", "seat_name", "unit_code", "leaf",
    "payload__fields",
)  # fmt: skip
HIDING = timedelta(hours=24)


@dataclass
class Feed:
    """One page: what happened, up to which number it tells everything, how long the ledger is."""

    items: list[Shown]
    next: int
    size: int
    leaves: list[str] = field(default_factory=list)
    personal: dict[str, list[tuple[Any, int]]] = field(default_factory=lambda: defaultdict(list))


def feed(seat: Any, after: int, limit: int, *, proof: bool = False, with_leaves: bool = False) -> Feed:
    """Sealed events after a number (-1 for all), as far as the seat may see them now."""
    size = sealed_size()
    last = min(after + limit, size - 1) if with_leaves else size - 1
    rows = Event.objects.filter(seq__gt=after, seq__lte=last).order_by("seq")
    sparse = is_public(seat) and not with_leaves
    events = _public_events(rows, limit) if sparse else list(rows.values(*FIELDS)[:limit])
    page = Feed([], events[-1]["seq"] if len(events) == limit else max(after, last), size)
    if with_leaves:
        page.leaves = [base64.b64encode(bytes(e["leaf"])).decode() for e in events]
    page.items = list(_public_items(events, proof) if is_public(seat) else _seat_items(events, seat, page, proof))
    return page


def _public_events(rows: QuerySet, limit: int) -> list[Any]:
    """Opened events, and the hidings of the last day: while one lasts a copy outside has to go."""
    found = list(rows.filter(opened=True).values(*FIELDS)[:limit])
    found += rows.filter(verb="record.hidden", at__gt=timezone.now() - HIDING).values(*FIELDS)[:limit]
    return sorted(found, key=lambda e: e["seq"])[:limit]


def sealed_size() -> int:
    """How many events are numbered."""
    head = LedgerHead.objects.filter(pk=1).first()
    return head.size if head else 0


def state_root(size: int) -> Shown:
    """Root of the first `size` leaves, with the signed note where a checkpoint has exactly this size."""
    signed = Checkpoint.objects.filter(size=size).first()
    root = bytes(signed.root) if signed else sealing.root_at(size)
    return {"origin": note.origin(), "size": size, "root": root.hex(), "checkpoint": signed.note if signed else None}


# ---- the public ----


def _public_items(events: Sequence[Any], proof: bool) -> Iterator[Shown]:
    told = [e for e in events if e["opened"] or e["verb"] == "record.hidden"]
    shown = _public_now(told)
    gone = {e["target"] for e in told} - shown.keys()
    published = Event.objects.filter(target__in=gone, verb__in=("record.published", "pledge.published"))
    known = set(published.values_list("target", flat=True)) | shown.keys()
    for e in told:
        names, opening = shown.get(e["target"]), e["payload__fields"]
        if names is not None and opening and _was_public(e, leaves.values_of(opening)):
            yield _opened(e, opening, names, proof)
        elif e["target"] in known:
            yield {"seq": e["seq"], "uid": e["target"]}


def _public_now(events: Sequence[Any]) -> dict[Any, frozenset[str]]:
    """Of the events' targets, those that are public now, with the fields of their openings that are."""
    targets = {e["target"] for e in events}
    found = {
        pk: public.opened_names(kind, form)
        for pk, kind, form in Record.objects.public()
        .filter(pk__in=targets)
        .values_list("pk", "kind_id", "subject__form")
    }
    found |= dict.fromkeys(
        Pledge.objects.public().filter(pk__in=targets).values_list("pk", flat=True), public.OPENED_PLEDGE
    )
    kinds = [e["target"] for e in events if e["target_type"] == "kind"]
    return found | dict.fromkeys(Kind.objects.filter(pk__in=kinds).values_list("pk", flat=True), public.OPENED_KIND)


def _was_public(e: Any, kept: Shown) -> bool:
    """Whether the row stood before the public in the state that this event keeps."""
    if e["target_type"] == "record":
        return bool(kept.get("publicity") == "PUBLIC" and not kept.get("flags", {}).get("suspended"))
    return bool(e["target_type"] == "kind" or (kept.get("public") and kept.get("state") in ("IN_FORCE", "FULFILLED")))


def _opened(e: Any, opening: leaves.Opening, names: frozenset[str], proof: bool) -> Shown:
    item = _head(e)
    item["values"] = leaves.values_of({name: pair for name, pair in opening.items() if name in names})
    if proof:
        leaf = bytes(e["leaf"])
        view = leaves.masked(opening, json.loads(leaf)["commit"], names)
        item["proof"] = {"leaf": base64.b64encode(leaf).decode(), **view}
    return item


def _head(e: Any) -> Shown:
    return {
        "seq": e["seq"], "uid": e["target"], "type": e["target_type"], "verb": e["verb"], "at": minute(e["at"]),
        "version": e["version"],
    }  # fmt: skip


def minute(at: datetime) -> datetime:
    """An instant as precise as the leaf tells it."""
    found = public.local(at)
    assert found is not None
    return found.replace(second=0)


# ---- seats ----


def _seat_items(events: Sequence[Any], seat: Any, page: Feed, proof: bool) -> Iterator[Shown]:
    """Events of what the seat sees from inside; of the rest what the public is told."""
    inside = seen(seat, [(e["target_type"], e["target"]) for e in events])
    outside = [e for e in events if e["target"] not in inside]
    told = {item["seq"]: item for item in _public_items(outside, proof)}
    for gone in _sealed({e["target"] for e in outside}, seat):
        told |= {e["seq"]: {"seq": e["seq"], "uid": gone} for e in outside if e["target"] == gone}
    for e in events:
        if e["target"] in inside:
            yield _told(e, seat, page)
        elif e["seq"] in told:
            yield told[e["seq"]]


def seen(seat: Any, targets: Iterable[tuple[str, Any]]) -> set[Any]:
    """Of these rows (type, id), the ids of those this seat sees from inside; an event is seen as its target is."""
    by_type = defaultdict(set)
    for target_type, target in targets:
        by_type[target_type].add(target)
    found: set[Any] = set()
    for model in acted_models():
        if wanted := by_type.get(model._meta.model_name or ""):
            see = getattr(model.objects, "inside", model.objects.visible_to)
            found.update(see(seat).filter(pk__in=wanted).values_list("pk", flat=True))
    return found


def _sealed(targets: set[Any], seat: Any) -> list[Any]:
    """Records this seat saw until they were sealed: it is told that they are gone, and no more."""
    if seat.role.scope != "all" or "export" not in seat.rights:
        return []
    rows = Record.objects.filter(pk__in=targets, state="SEALED").exclude(kind__in=restricted_codes())
    return list(rows.values_list("pk", flat=True))


def _told(e: Any, seat: Any, page: Feed) -> Shown:
    item = _head(e) | {"by": e["unit_code"]}
    if seat.role.scope == "all":
        item["actor"] = actor(e["user_name"], e["seat_name"], masks=seat.role.masked)
    kept = leaves.values_of(e["payload__fields"]) if e["payload__fields"] else {}
    if not (e["full"] and e["target_type"] in ("record", "pledge") and kept):
        return item | {"changed": sorted(kept)}
    person = kept["subject"]["form"] == "PERSON"
    if person:
        page.personal[e["target_type"]].append((e["target"], e["version"]))
    return item | {"values": masked(kept, kept["subject"]["name"] if person else "") if seat.role.masked else kept}
