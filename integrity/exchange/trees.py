"""The mirror of a peer's tree: the hashes of complete subtrees, each step in one query."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from integrity.ledger.merkle import frontier, grow, root
from integrity.models import MirrorNode, Peer
from integrity.models.copying import copy_rows

Place = tuple[int, int]  # level, index


class Tree:
    """What is held of one peer's log."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer.pk

    def _read(self, places: Iterable[Place]) -> dict[Place, bytes]:
        wanted = list(places)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT n.level, n.index, n.hash FROM integrity_mirrornode n JOIN unnest(%s::int[], %s::bigint[]) "
                "AS w(level, index) ON n.level = w.level AND n.index = w.index WHERE n.peer_id = %s",
                [[p[0] for p in wanted], [p[1] for p in wanted], self.peer],
            )
            return {(level, index): bytes(value) for level, index, value in cursor.fetchall()}

    def root(self, size: int) -> bytes:
        """Root of the first `size` leaves."""
        known = self._read(frontier(size))
        return root(size, lambda *at: known[at])

    def leaf_hashes(self, start: int, until: int) -> list[bytes]:
        """Hashes of the leaves [start, until)."""
        rows = MirrorNode.objects.filter(peer=self.peer, level=0, index__gte=start, index__lt=until)
        return [bytes(h) for h in rows.order_by("index").values_list("hash", flat=True)]

    def grown(self, size: int, leaf_hashes: list[bytes]) -> tuple[list[tuple[int, int, bytes]], bytes]:
        """The new nodes that arise when leaves are appended to a tree of `size`, and the root after them."""
        known = self._read(frontier(size))
        made = grow(size, leaf_hashes, lambda *at: known[at])
        known.update({(level, index): value for level, index, value in made})
        return made, root(size + len(leaf_hashes), lambda *at: known[at])

    def append(self, nodes: list[tuple[int, int, bytes]]) -> None:
        """Keep new nodes."""
        copy_rows("integrity_mirrornode", ["level", "index", "hash"], nodes, {"peer_id": self.peer})
