"""How far the work on a batch is, kept in the cache so that every process sees it, and who works on it now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache import cache
from django.db import connection

from integrity.models import ImportBatch

Tell = Callable[[ImportBatch, int, int], None]
_KEEP = 24 * 3600


def say(batch: ImportBatch, done: int, total: int) -> None:
    """Note how many rows are done of how many (0: not known yet)."""
    cache.set(f"import:{batch.pk.hex}", (done, total), _KEEP)


def heard(batch: ImportBatch) -> dict[str, Any]:
    """Rows done and in all, and the share in percent where the whole is known."""
    done, total = cache.get(f"import:{batch.pk.hex}") or (0, 0)
    return {"done": done, "total": total, "percent": min(100, done * 100 // total) if total else 0}


def attempt(batch: ImportBatch) -> int:
    """Count the attempts at this batch since it last moved: a file that kills its worker must not do so for ever."""
    key = f"import:{batch.pk.hex}:{batch.version}:{batch.rows.filter(status='ENTERED').count()}"
    cache.add(key, 0, _KEEP)
    return cache.incr(key)


@contextmanager
def alone(batch: ImportBatch) -> Iterator[bool]:
    """Whether this session may work on the batch: one at a time; a killed worker's lock falls with its connection."""
    key = batch.pk.int >> 65  # a positive bigint
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
