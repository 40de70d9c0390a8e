"""Whether a row's history is what the log says: every kept snapshot against its leaf, every leaf against the signed root."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from integrity.acts import Acted
from integrity.crypto import leaf as leaves
from integrity.ledger import merkle, sealing
from integrity.models import Checkpoint, Event


@dataclass(frozen=True)
class Finding:
    """What was found at one event: its snapshot fits, was removed or does not fit; its leaf stands, waits or does not."""

    seq: int | None
    snapshot: str  # fits, removed, differs
    leaf: str  # stands, waits, differs

    @property
    def good(self) -> bool:
        return "differs" not in (self.snapshot, self.leaf)


@dataclass(frozen=True)
class Verdict:
    """Findings of a row's events, and whether its version is the last one that an event explains."""

    findings: list[Finding]
    version_fits: bool
    checkpoint: Checkpoint | None

    @property
    def good(self) -> bool:
        return self.version_fits and all(f.good for f in self.findings)


def check(row: Acted) -> Verdict:
    """Look at all of a row's events."""
    last = Checkpoint.objects.order_by("-size").first()
    events = list(Event.objects.of(row).select_related("payload"))
    versions = [e.version for e in events if e.changes]
    whole = versions == list(range(1, row.version + 1))
    return Verdict([Finding(e.seq, _snapshot(e), _leaf(e, last)) for e in events], whole, last)


def _snapshot(event: Event) -> str:
    payload: Any = getattr(event, "payload", None)
    if payload is None or payload.removed_at or not payload.fields:
        return "removed"
    return "fits" if leaves.opens(payload.fields, json.loads(bytes(event.leaf))["commit"]) else "differs"


def _leaf(event: Event, last: Checkpoint | None) -> str:
    if event.seq is None or last is None or event.seq >= last.size:
        return "waits"
    path = merkle.inclusion(event.seq, last.size, sealing.stored_node)
    hashed = merkle.leaf_hash(bytes(event.leaf))
    return "stands" if merkle.verify_inclusion(hashed, event.seq, last.size, path, bytes(last.root)) else "differs"
