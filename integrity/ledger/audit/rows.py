"""Rows: the columns of every acted row are those its events left; a row changed past its acts is named."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models

from integrity.crypto import leaf as leaves
from integrity.crypto.algorithms import CryptoError
from integrity.guards import acted_models
from integrity.ledger.audit import Fault, Progress
from integrity.models import Event, Subject
from integrity.snapshot import columns, plain

CHUNK = 1000


def check(progress: Progress) -> Iterator[Fault]:
    """Faults of the rows of every acted model."""
    for model in acted_models():
        yield from _lost(model)
        last: uuid.UUID | None = None
        done = 0
        while part := _next(model, last):
            left = _left_by_events([row.pk for row in part])
            for row in part:
                yield from compare(row, *left.get(row.pk, ({}, 0)))
            last, done = part[-1].pk, done + len(part)
            progress(str(model._meta.verbose_name), done)


def _next(model: type[models.Model], last: uuid.UUID | None) -> list[Any]:
    rows = model._base_manager.order_by("pk")
    return list((rows.filter(pk__gt=last) if last else rows)[:CHUNK])


def _left_by_events(ids: list[uuid.UUID]) -> dict[uuid.UUID, tuple[dict[str, Any], int]]:
    """By row: the value each column was last given by an act, and the last version."""
    found: dict[uuid.UUID, tuple[dict[str, Any], int]] = {}
    events = Event.objects.filter(target__in=ids, changes=True).select_related("payload").order_by("id")
    for event in events.iterator(chunk_size=CHUNK):
        values, _ = found.get(event.target, ({}, 0))
        payload = getattr(event, "payload", None)
        if payload and payload.inside:
            values |= payload.inside[leaves.WHOLE][1]
        elif payload and not event.full and leaves.WHOLE in payload.fields:
            values |= payload.fields[leaves.WHOLE][1]
        found[event.target] = (values, event.version)
    return found


def compare(row: Any, left: dict[str, Any], version: int) -> Iterator[Fault]:
    """What of a row is not as its events left it."""
    where = f"{row._meta.verbose_name} {getattr(row, 'number', '') or row.pk}（{row._meta.db_table}）"
    if version == 0:
        yield Fault(where, "没有台账")
        return
    if row.version != version:
        yield Fault(where, f"版本为 {row.version}，台账最后为 {version}")
    now = columns(row)
    fields = {f.attname: f for f in row._meta.concrete_fields}
    wrong = [fields[n].verbose_name for n, v in left.items() if n in now and not _same(fields[n], v, now[n])]
    if wrong:
        yield Fault(where, f"{'、'.join(map(str, wrong))}与台账不一致")
    if isinstance(row, Subject) and not _opens(row):
        yield Fault(where, "密封的证件号码无法打开：密钥缺失、被移到其他行或者被改动")


def _same(field: Any, kept: Any, now: Any) -> bool:
    return kept == now or _python(field, kept) == _python(field, now)


def _python(field: Any, value: Any) -> Any:
    """A kept value as the column's own type, so that 5 and 5.00, or one instant in two zones, are the same."""
    target = field.target_field if field.is_relation else field
    try:
        found = value if isinstance(field, models.JSONField) else target.to_python(value)
    except (ValidationError, TypeError, ValueError):
        return value
    return plain(found) if isinstance(found, (dict, list)) else found


def _opens(subject: Subject) -> bool:
    try:
        return subject.id_masked is not None
    except (CryptoError, LookupError):
        return False


def _lost(model: type[models.Model]) -> Iterator[Fault]:
    """Rows that acts made and that are no longer there."""
    table, kind = model._meta.db_table, model._meta.model_name
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT e.target FROM integrity_event e WHERE e.target_type = %s AND e.changes "  # noqa: S608
            f'AND NOT EXISTS (SELECT FROM "{table}" t WHERE t."{model._meta.pk.column}" = e.target) LIMIT 1000',
            [kind],
        )
        for (target,) in cursor.fetchall():
            yield Fault(f"{model._meta.verbose_name} {target}（{table}）", "行已不存在，而台账中没有删除这回事")
