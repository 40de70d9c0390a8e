"""Who looked at personal data, when and why, is itself in the ledger (山东条例 37, domain.md 5)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from integrity.acts import Act
from integrity.models.ledger import Event


@transaction.atomic
def log_views(
    target_type: str, rows: Iterable[tuple[uuid.UUID, int]], *, by: Any, purpose: str, query: str = ""
) -> int:
    """Write one viewing event per row (id, version), set-wise; returns how many. The reader's right was the queryset's."""
    spec = Act(f"{target_type}.viewed", "查看", "export", changes=False)
    notes = {"purpose": purpose, "query": query[:300]}
    if token := getattr(by, "token", None):
        notes["token"] = token.prefix
    unit = by.org.code if by.org_id else ""
    return len(Event.write_many(spec, target_type, ((pk, version, notes) for pk, version in rows), by, unit))
