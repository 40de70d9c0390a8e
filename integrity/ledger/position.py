"""Where the ledger stands: what pages say of it, and the key by which they are fresh or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from integrity.models import Checkpoint, Event, LedgerHead

BUSY = 5_000  # pending events beyond which they are no longer counted at every request


def position() -> str:
    """A key that changes with every committed act; empty while so much is pending that counting it would cost.

    Sealed plus pending events: ids alone would miss an act that took its id early and committed late.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT size FROM integrity_ledgerhead WHERE id = 1),"
            " (SELECT count(*) FROM (SELECT 1 FROM integrity_event WHERE seq IS NULL LIMIT %s) p),"
            " (SELECT max(id) FROM integrity_event)",
            [BUSY],
        )
        size, pending, last = cursor.fetchone()
    return "" if pending == BUSY else f"{size or 0}.{pending}.{last or 0}"


@dataclass(frozen=True)
class LogHead:
    """How much is sealed, how much waits, and the newest signed note."""

    size: int
    pending: bool
    checkpoint: Checkpoint | None

    @property
    def digest(self) -> str:
        """The root of the newest signed note, in hexadecimal."""
        return bytes(self.checkpoint.root).hex() if self.checkpoint else ""


def log_head() -> LogHead:
    """The log's state for the public."""
    head = LedgerHead.objects.filter(pk=1).first()
    return LogHead(
        head.size if head else 0, Event.objects.pending().exists(), Checkpoint.objects.order_by("-size").first()
    )


def places(targets: Iterable[UUID]) -> dict[Any, int | None]:
    """For each row the log index of its newest opened event; None while that event waits for the sealer."""
    rows = Event.objects.opened().filter(target__in=list(targets)).order_by("target", "-id").distinct("target")
    return dict(rows.values_list("target", "seq"))
