"""Proofs of inclusion as text that verifies without us (C2SP tlog-proof@v1), and what a page may honestly say of a row."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Count

from integrity import public
from integrity.crypto import leaf as leaves
from integrity.ledger import merkle, nodes, note, policy
from integrity.models import Checkpoint, Cosignature, Event, Kind, Pledge, Record, Report

HEAD = "c2sp.org/tlog-proof@v1"
PENDING, SEALED, MISMATCH, REMOVED = "pending", "sealed", "mismatch", "removed"


class NotSealed(LookupError):
    """No checkpoint covers the entry yet."""


def write(index: int, path: list[bytes], checkpoint: str, extra: bytes = b"") -> str:
    """The proof file of one entry."""
    lines = [HEAD, *([f"extra {base64.b64encode(extra).decode()}"] if extra else []), f"index {index}"]
    return "\n".join([*lines, *(base64.b64encode(h).decode() for h in path), "", checkpoint])


def checkpoint_over(seq: int | None) -> Checkpoint:
    """The newest checkpoint with its quorum of witnesses, if it covers the entry; NotSealed otherwise."""
    rows = Checkpoint.objects.filter(size__gt=seq) if seq is not None else Checkpoint.objects.none()
    if settings.WITNESS_QUORUM:
        witnesses = [w.verifier.vkey for w in policy.witnesses()]
        signed = Cosignature.objects.filter(witness__in=witnesses).values("size").annotate(n=Count("id"))
        rows = rows.filter(size__in=signed.filter(n__gte=settings.WITNESS_QUORUM).values("size"))
    last = rows.last()
    if last is None:
        raise NotSealed(f"entry {seq} is not under a checkpoint yet")
    return last


def inclusion(seq: int | None, leaf: bytes, extra: dict[str, Any] | None = None) -> str:
    """The proof file of a leaf, checked before it leaves the house; `extra` travels with the leaf."""
    over = checkpoint_over(seq)
    path = nodes.inclusion_at(seq, over.size)
    if not merkle.verify_inclusion(merkle.leaf_hash(leaf), seq, over.size, path, bytes(over.root)):
        raise note.NoteError(f"entry {seq} does not fit the signed tree")
    signed = over.note + "".join(Cosignature.objects.filter(size=over.size).values_list("line", flat=True))
    return write(seq, path, signed, leaves.canonical({"v": 1, "leaf": leaf.decode(), **(extra or {})}))


@dataclass(frozen=True)
class Standing:
    """What the log says of one row: its last opened entry, and whether row and entry still agree."""

    row: Any
    event: Event | None
    newest: Event | None  # the newest full snapshot, opened or not

    @cached_property
    def checkpoint(self) -> Checkpoint | None:
        try:
            return checkpoint_over(self.event.seq if self.event else None)
        except NotSealed:
            return None

    @cached_property
    def state(self) -> str:
        """pending, sealed, mismatch or removed; empty when the row has nothing in the public log."""
        if self.event is None or self.newest is None:
            return ""
        if any(getattr(e, "payload", None) is None or e.payload.removed_at for e in (self.event, self.newest)):
            return REMOVED
        if not (fits(self.event) and fits(self.newest) and self.agrees()):
            return MISMATCH
        return SEALED if self.checkpoint else PENDING

    def agrees(self) -> bool:
        """Whether the row's columns are those of its newest snapshot."""
        return not differing(self.newest.values, self.row.opening())

    def proof(self) -> str:
        """The proof file with everything of the row that is public; NotSealed while it waits."""
        view = leaves.masked(self.event.payload.fields, self.event.commit, shown(self.row))
        return inclusion(self.event.seq, bytes(self.event.leaf), view)


def shown(row: Any) -> frozenset[str]:
    """Committed values that anybody may see while the row is public."""
    if isinstance(row, Record):
        return public.opened_names(row.kind_id, row.subject.form)
    return OPENED[type(row)]


OPENED = {
    Pledge: public.OPENED_PLEDGE,
    Kind: public.OPENED_KIND,
    Report: frozenset({"number", "scope", "sha256", "valid_until"}),
}


def differing(kept: dict[str, Any], opening: dict[str, Any]) -> list[str]:
    """Names of a row's own values that are not as its snapshot kept them; other rows' names may have changed since."""
    now = json.loads(leaves.canonical(opening))
    for linked in ("subject", "source_unit", "unit"):
        if linked in now:
            now[linked], kept = now[linked].get("id"), kept | {linked: kept.get(linked, {}).get("id")}
    return [name for name, value in now.items() if name != "version" and kept.get(name) != value]


def fits(event: Event) -> bool:
    """Whether the kept content of an event is what its leaf committed to."""
    return leaves.opens(event.payload.fields, event.commit)


def standings(rows: Iterable[Any]) -> dict[Any, Standing]:
    """The places of many rows in the log by their ids, in one query."""
    by_id = {row.pk: row for row in rows}
    events: dict[Any, list[Event]] = {pk: [] for pk in by_id}
    for event in Event.objects.filter(target__in=by_id, full=True).select_related("payload").order_by("-id"):
        events[event.target].append(event)
    return {
        pk: Standing(by_id[pk], next((e for e in found if e.opened), None), found[0] if found else None)
        for pk, found in events.items()
    }


def standing(row: Any) -> Standing:
    """The row's place in the log."""
    return standings([row])[row.pk]
