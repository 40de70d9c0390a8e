"""The stored tree: roots and proofs of any size, each from one query."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import connection

from integrity.ledger import merkle
from integrity.models import LedgerNode

T = TypeVar("T")
Place = tuple[int, int]  # level, index


def stored_node(level: int, index: int) -> bytes:
    """Hash of one stored complete subtree."""
    return bytes(LedgerNode.objects.values_list("hash", flat=True).get(level=level, index=index))


def read(places: Iterable[Place]) -> dict[Place, bytes]:
    """The hashes of many complete subtrees; those that are not stored are left out."""
    wanted = list(places)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.level, n.index, n.hash FROM integrity_ledgernode n "
            "JOIN unnest(%s::int[], %s::bigint[]) AS w(level, index) ON n.level = w.level AND n.index = w.index",
            [[p[0] for p in wanted], [p[1] for p in wanted]],
        )
        return {(level, index): bytes(value) for level, index, value in cursor.fetchall()}


def through(work: Callable[[merkle.Node], T]) -> T:
    """Run work over the stored tree: a first pass notes which hashes it asks for, one query reads them."""
    asked: list[Place] = []

    def note(level: int, index: int) -> bytes:
        asked.append((level, index))
        return b""

    work(note)
    found = read(asked)
    return work(lambda level, index: found[level, index])


def root_at(size: int) -> bytes:
    """Root of the first `size` leaves."""
    return through(lambda node: merkle.root(size, node))


def inclusion_at(index: int, size: int) -> list[bytes]:
    """Audit path of a leaf in the tree of `size`."""
    return through(lambda node: merkle.inclusion(index, size, node))


def consistency_at(old: int, size: int) -> list[bytes]:
    """Proof that the tree of `old` leaves is a prefix of the tree of `size`."""
    return through(lambda node: merkle.consistency(old, size, node))
