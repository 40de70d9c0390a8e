"""What the log page counts in public: entries, and removals of public content by month and basis (trust.md 7)."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db import connection

REMOVALS = {  # verb of the event: basis of the removal as the public reads it
    "record.expired": "期满",
    "record.repaired": "信用修复",
    "record.withdrawn": "撤回公示",
    "record.vetoed": "撤回公示",
    "record.revoked": "撤销记录",
    "record.released": "法院移出",
    "record.erased": "法院或者本人依法要求删除",
}
BASES = tuple(dict.fromkeys(REMOVALS.values()))
MONTHS = 12
KEEP = 600  # seconds


def removals() -> list[dict[str, Any]]:
    """Per month, newest first: how many public contents ended, by basis; at most ten minutes old."""
    return cache.get_or_set("ledger.removals", _count_removals, KEEP)


def _count_removals() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_char(at, 'YYYY-MM'), verb, count(*) FROM integrity_event "
            "WHERE opened AND seq IS NOT NULL AND verb = ANY(%s) AND at >= date_trunc('month', now()) - %s * interval '1 month' "
            "GROUP BY 1, 2 ORDER BY 1 DESC",
            [list(REMOVALS), MONTHS - 1],
        )
        found: dict[str, dict[str, int]] = {}
        for month, verb, count in cursor.fetchall():
            counts = found.setdefault(month, dict.fromkeys(BASES, 0))
            counts[REMOVALS[verb]] += count
    return [{"month": m, "counts": list(c.values()), "total": sum(c.values())} for m, c in found.items()]
