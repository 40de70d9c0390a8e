"""The sealer: numbers pending events without gaps, grows the tree, signs a checkpoint, all in one transaction (trust.md 2.3)."""

from __future__ import annotations

from django.db import connection, transaction

from integrity.ledger import merkle, note
from integrity.models import Checkpoint, Event, LedgerHead, LedgerNode
from integrity.models.copying import copy_rows

BATCH = 10_000


def stored_node(level: int, index: int) -> bytes:
    """Hash of a stored complete subtree."""
    return bytes(LedgerNode.objects.values_list("hash", flat=True).get(level=level, index=index))


def root_at(size: int) -> bytes:
    """Root of the first `size` leaves, from stored nodes."""
    return merkle.root(size, stored_node)


@transaction.atomic
def seal(limit: int = BATCH) -> int:
    """Seal up to `limit` pending events; returns how many. Killed at any moment it leaves all of them or none."""
    head = LedgerHead.objects.select_for_update().get(pk=1)
    pending = list(Event.objects.pending().order_by("id").values_list("id", "leaf")[:limit])
    if not pending:
        return 0
    nodes = merkle.grow(head.size, (merkle.leaf_hash(bytes(leaf)) for _, leaf in pending), stored_node)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE integrity_event e SET seq = v.seq FROM unnest(%s::bigint[], %s::bigint[]) AS v(id, seq) WHERE e.id = v.id",
            [[i for i, _ in pending], list(range(head.size, head.size + len(pending)))],
        )
    copy_rows("integrity_ledgernode", ["level", "index", "hash"], nodes)
    size = head.size + len(pending)
    root = root_at(size)
    verifier, key = note.signer()
    text = note.checkpoint_text(verifier.name, size, root)
    Checkpoint(size=size, root=root, note=note.sign(text, verifier, key)).save(force_insert=True)
    head.size = size
    head.save(update_fields=["size"])
    return len(pending)


def seal_all() -> int:
    """Seal until nothing is pending."""
    total = 0
    while done := seal():
        total += done
    return total
