"""Hashes of complete subtrees, our own log's and the mirrors', read in one query whatever the proof."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TypeVar

from django.db import connection

from integrity.ledger.merkle import EMPTY_ROOT, Node, consistency, grow, root
from integrity.models import LedgerNode, MirrorNode
from integrity.models.copying import copy_rows

T = TypeVar("T")


class Tree:
    """A stored Merkle tree: our own log (no peer) or the mirror of a peer's."""

    def __init__(self, peer: uuid.UUID | None = None) -> None:
        self.peer = peer
        self.table = (MirrorNode if peer else LedgerNode)._meta.db_table

    def _fetch(self, places: set[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
        whose, values = ("AND n.peer_id = %s", [self.peer]) if self.peer else ("", [])
        sql = (
            f'SELECT n.level, n."index", n.hash FROM {self.table} n '  # noqa: S608
            f"JOIN unnest(%s::int[], %s::bigint[]) AS v(level, place) ON n.level = v.level AND n.index = v.place {whose}"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [[p[0] for p in places], [p[1] for p in places], *values])
            return {(level, index): bytes(value) for level, index, value in cursor.fetchall()}

    def _with_nodes(self, work: Callable[[Node], T]) -> T:
        """Do the work twice: first to learn which nodes it reads, then with all of them fetched at once."""
        wanted: set[tuple[int, int]] = set()

        def learn(level: int, index: int) -> bytes:
            wanted.add((level, index))
            return EMPTY_ROOT

        work(learn)
        found = self._fetch(wanted) if wanted else {}
        return work(lambda level, index: found[level, index])

    def root(self, size: int) -> bytes:
        """Root of the first `size` leaves."""
        return self._with_nodes(lambda node: root(size, node))

    def consistency(self, old: int, size: int) -> list[bytes]:
        """Proof that the first `old` leaves are a prefix of the first `size`."""
        return self._with_nodes(lambda node: consistency(old, size, node))

    def leaf_hashes(self, start: int, until: int) -> list[bytes]:
        """Hashes of the leaves [start, until)."""
        rows = MirrorNode.objects.filter(peer=self.peer) if self.peer else LedgerNode.objects.all()
        rows = rows.filter(level=0, index__gte=start, index__lt=until).order_by("index")
        return [bytes(h) for h in rows.values_list("hash", flat=True)]

    def grown(self, size: int, leaf_hashes: list[bytes]) -> tuple[list[tuple[int, int, bytes]], bytes]:
        """The new nodes that arise when leaves are appended to a tree of `size`, and the root after them."""
        frontier: set[tuple[int, int]] = set()

        def learn(level: int, index: int) -> bytes:
            frontier.add((level, index))
            return EMPTY_ROOT

        root(size, learn)
        known = self._fetch(frontier) if frontier else {}
        made = grow(size, leaf_hashes, lambda level, index: known[level, index])
        known.update({(level, index): value for level, index, value in made})
        return made, root(size + len(leaf_hashes), lambda level, index: known[level, index])

    def append(self, nodes: list[tuple[int, int, bytes]]) -> None:
        """Keep the new nodes of a mirror."""
        copy_rows(self.table, ["level", "index", "hash"], nodes, {"peer_id": self.peer})
