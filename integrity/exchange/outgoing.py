"""What goes up: all leaves of a range, and the openings the law and the catalogue let go (domain.md 7.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from integrity.exchange import wire
from integrity.ledger import nodes, note
from integrity.models import Checkpoint
from integrity.models.record.going import kinds_going_up

ROOM = wire.MAX_BODY - 2**18  # bytes for entries and openings; the rest is for head and proof


@dataclass(frozen=True)
class Load:
    """A batch ready to be sent."""

    start: int
    until: int
    body: bytes
    head: Checkpoint
    uids: dict[int, Any]  # index -> record, of the entries that are opened

    @property
    def records(self) -> int:
        return len(self.uids)


def sealed_size() -> int:
    """How long the sealed log is."""
    last = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first()
    return last or 0


_ENTRIES = """
SELECT e.seq, e.leaf, e.leaf LIKE %(rotation)s, r.id, p.fields::text
FROM integrity_event e
LEFT JOIN integrity_record r ON e.full AND e.target_type = 'record' AND r.id = e.target
  AND (r.confirmed_at IS NOT NULL OR r.origin <> '')
  AND (r.kind = ANY(%(yes)s) OR (r.kind = ANY(%(by_mgmt)s) AND r.send_up))
LEFT JOIN integrity_payload p ON r.id IS NOT NULL AND p.event_id = e.id AND p.removed_at IS NULL
WHERE e.seq >= %(start)s AND e.seq < %(until)s ORDER BY e.seq
"""


def load(start: int, limit: int) -> Load | None:
    """The next batch from `start`, at most up to `limit`; None when nothing sealed lies there."""
    until = min(start + wire.MAX_ENTRIES, limit)
    if until <= start:
        return None
    yes, by_mgmt = kinds_going_up()
    entries, payloads, uids, size = [], [], {}, 0
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, {"start": start, "until": until, "yes": yes, "by_mgmt": by_mgmt, "rotation": KEY_LEAF})
        for seq, leaf, turns, uid, text in cursor.fetchall():
            size += len(leaf) * 4 // 3 + len((text or "").encode()) + 40
            if size > ROOM and entries:
                break
            entries.append(bytes(leaf))
            if text:
                payloads.append((seq, text))
                uids[seq] = uid
            if turns:
                break  # the next entries stand under the next key
    return _under_head(start, entries, payloads, uids)


KEY_LEAF = b'%"type":"log.key"%'


def _under_head(start: int, entries: list[bytes], payloads: list[tuple[int, str]], uids: dict[int, Any]) -> Load | None:
    until = start + len(entries)
    head = Checkpoint.objects.filter(size__gte=until).order_by("size").first()
    if head is None or not entries:
        return None
    proof = nodes.consistency_at(until, head.size)
    body = wire.pack(note.origin(), start, head.note, proof, entries, payloads)
    return Load(start, until, body, head, uids)


def head_only(size: int, at: int) -> bytes | None:
    """An empty batch at `at` that shows our signed head of `size`, as evidence; None when we signed none."""
    head = Checkpoint.objects.filter(size=size).first()
    if head is None or at > size:
        return None
    return wire.pack(note.origin(), at, head.note, nodes.consistency_at(at, size), [], [])
