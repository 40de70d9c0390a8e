"""Deciding on many: confirm, return, publish, expire."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from integrity import catalogue
from integrity.acts import NotAllowed
from integrity.models.batch import ImportBatch
from integrity.models.record import Record
from integrity.models.record.many.rows import apply, chunks, locked_values, spec_of
from integrity.models.record.queues import as_one
from integrity.models.record.spec import obstacle


def confirmable(batch: ImportBatch, by: Any = None) -> Any:
    """Records of a batch that may be confirmed as one, less those about a subject the seat has to avoid."""
    rows = Record.objects.filter(as_one(), batch=batch)
    return rows.exclude(subject_id__in=by.avoided()) if by is not None else rows


@transaction.atomic
def confirm_many(batch: ImportBatch, *, by: Any, publish: bool | None = None, ground: str = "") -> int:
    """A second person reviews and confirms the adopted records of a batch as one act; returns how many."""
    batch.confirm(by=by, publish=publish, ground=ground)
    return Record.objects.filter(batch=batch, confirmed_by=by.user_id, state="CONFIRMED").count()


def confirm_records(batch: ImportBatch, *, by: Any, publish: bool | None, ground: str) -> int:
    """The records' part of a batch's confirmation, in its transaction.

    The publicity decision is taken for the whole batch; rows the law never shows stay unpublished with their ground.
    """
    spec, now, done = spec_of("confirm"), timezone.now(), 0
    rows = confirmable(batch, by)
    for part in chunks(list(rows.order_by("pk").values_list("pk", flat=True))):
        values = locked_values(rows, part)
        why = [_obstacle(r) for r in values]
        _decided(values, why, publish, ground)
        changes = {
            "state": "CONFIRMED",
            "reviewed_by_id": by.user_id,
            "accepted_by_id": batch.accepted_by_id,
            "confirmed_by_id": by.user_id,
            "confirmed_at": now,
            "updated_at": now,
        }
        each = {
            "publicity": ["SCHEDULED" if publish and not w else "NOT_PUBLIC" for w in why],
            "publish_decided": [bool(publish) and not w for w in why],
            "publish_ground": [w or ground for w in why],
        }
        apply(spec, values, changes, each, by, by.org.code, {"batch": str(batch.pk)})
        done += len(values)
    return done


def _obstacle(r: dict[str, Any]) -> str:
    spec = catalogue.load().kinds[r["kind_id"]]
    return obstacle(spec, r["tier"], r["subject__form"] != "PERSON", r["facts"], bool(r["consent_on"]))


def _decided(rows: list[dict[str, Any]], why: list[str], publish: bool | None, ground: str) -> None:
    """The publicity decision must be there where the law leaves one, and its ground where the law wants one."""
    if all(why):
        return
    if publish is None:
        raise ValidationError({"publish": "请作出是否公示的决定"})
    kinds = catalogue.load().kinds
    on_decision = any(not w and kinds[r["kind_id"]].publish == "on_decision" for r, w in zip(rows, why, strict=True))
    if not ground.strip() and (not publish or on_decision):
        raise ValidationError({"ground": "决定不公示或者经决定方可公示的，请写明理由"})


def return_many(batch: ImportBatch, *, by: Any, reason: str) -> int:
    """Send the submitted records of a refused batch back to the clerk, in the batch's transaction; returns how many."""
    spec, done = spec_of("return_"), 0
    if spec.right not in by.rights:
        raise NotAllowed("您的岗位没有退回记录的权限")
    rows = Record.objects.filter(batch=batch, state="SUBMITTED")
    for part in chunks(list(rows.order_by("pk").values_list("pk", flat=True))):
        values = locked_values(rows, part)
        changes = {"state": "RETURNED", "updated_at": timezone.now()}
        apply(spec, values, changes, {}, by, by.org.code, {"reason": reason, "batch": str(batch.pk)})
        done += len(values)
    return done


@transaction.atomic
def publish_many(ids: Sequence[uuid.UUID], *, by: Any) -> int:
    """Publish scheduled records as one act of a person who confirmed none of them; returns how many."""
    spec, today, done = spec_of("publish"), timezone.localdate(), 0
    if spec.right not in by.rights:
        raise NotAllowed("您的岗位没有公示的权限")
    rows = Record.objects.filter(pk__in=ids, publicity="SCHEDULED", state="CONFIRMED", suspended=False)
    if rows.filter(Q(confirmed_by_id=by.user_id) | Q(entered_by_id=by.user_id)).exists():
        raise NotAllowed("录入、入库与公示须由不同的人办理")
    ready = rows.exclude(needs_clearance=True, cleared_by__isnull=True).exclude(until__lte=today)
    ready = ready.exclude(subject_id__in=by.avoided())
    for part in chunks(list(ready.values_list("pk", flat=True))):
        values = locked_values(ready, part)
        changes = {
            "publicity": "PUBLIC",
            "published_by_id": by.user_id,
            "published_at": timezone.now(),
            "public_from": today,
        }
        apply(spec, values, changes, {}, by, by.org.code, {})
        done += len(values)
    return done


@transaction.atomic
def expire_many(on: date | None = None, *, by: Any) -> int:
    """Write down for every record whose end has come what time has already done; returns how many (山东条例 38)."""
    spec, done = spec_of("expire"), 0
    if spec.right not in by.rights:
        raise NotAllowed("到期处理只由系统时钟办理")
    rows = Record.objects.run_out(on)
    for part in chunks(list(rows.order_by("pk").values_list("pk", flat=True))):
        values = locked_values(rows, part)
        each = {
            "publicity": ["ENDED_MAX" if r["publicity"] in ("PUBLIC", "SCHEDULED") else r["publicity"] for r in values]
        }
        changes = {"state": "EXPIRED", "ended_reason": "期满终止", "updated_at": timezone.now()}
        apply(spec, values, changes, each, by, "", {"basis": "expiry"})
        done += len(values)
    return done


@transaction.atomic
def seal_many(ended_before: datetime, *, by: Any) -> int:
    """Put records whose end lies before a moment into the archive, where no query reaches them (个人信息保护法 47)."""
    spec, done = spec_of("seal"), 0
    if spec.right not in by.rights:
        raise NotAllowed("封存只由系统时钟办理")
    ended = Record.objects.filter(state__in=spec.source, updated_at__lt=ended_before)
    for part in chunks(list(ended.order_by("pk").values_list("pk", flat=True))):
        values = locked_values(ended, part)
        apply(spec, values, {"state": "SEALED"}, {}, by, "", {})
        done += len(values)
    return done
