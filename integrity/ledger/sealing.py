"""The sealer: numbers pending events without gaps, grows the tree, signs a checkpoint, all in one transaction (trust.md 2.3)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction

from integrity.ledger import cosigning, guard, merkle, nodes, publishing, signing
from integrity.ledger.nodes import root_at, stored_node
from integrity.models import Checkpoint, Event, LedgerHead
from integrity.models.copying import copy_rows

__all__ = ["root_at", "seal", "seal_all", "stored_node"]
BATCH = 10_000


@transaction.atomic
def seal(limit: int = BATCH) -> int:
    """Seal up to `limit` pending events; returns how many. Killed at any moment it leaves all of them or none."""
    head = LedgerHead.objects.select_for_update().get(pk=1)
    if not Event.objects.pending().exists():
        return 0
    guard.check_published(head.size)
    log = signing.open_log()
    pending = _batch(limit)
    known = nodes.read(merkle.frontier(head.size))
    made = merkle.grow(head.size, (merkle.leaf_hash(bytes(leaf)) for _, leaf, _ in pending), lambda *at: known[at])
    size = head.size + len(pending)
    number([i for i, _, _ in pending], range(head.size, size))
    copy_rows("integrity_ledgernode", ["level", "index", "hash"], made)
    known.update({(level, index): value for level, index, value in made})
    root = merkle.root(size, lambda *at: known[at])
    note = signing.sign(log, size, root, before=head.size)
    Checkpoint(size=size, root=root, note=note).save(force_insert=True)
    head.size = size
    head.save(update_fields=["size"])
    return len(pending)


def _batch(limit: int) -> list[tuple[int, memoryview, str]]:
    """The next pending events; a change of key ends a batch, so that the old key signs the entry that announces the new."""
    rows = list(Event.objects.pending().order_by("id").values_list("id", "leaf", "verb")[:limit])
    turns = [i for i, (_, _, verb) in enumerate(rows, 1) if verb == signing.TURN]
    return rows[: turns[0]] if turns else rows


def number(ids: list[int], seqs: Iterable[int]) -> None:
    """Give events their place in the log."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE integrity_event e SET seq = v.seq FROM unnest(%s::bigint[], %s::bigint[]) AS v(id, seq) WHERE e.id = v.id",
            [ids, list(seqs)],
        )


def seal_all() -> int:
    """Seal until nothing is pending, then publish what is sealed; returns how many were sealed."""
    total = 0
    if Event.objects.pending().exists():
        cosigning.check()
    while done := seal():
        total += done
    publishing.publish()
    return total
