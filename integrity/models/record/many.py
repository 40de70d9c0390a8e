"""Many records at once is also an act: the same rules, rows and events written set-wise (house.md 2.2, speed.md)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from integrity.acts import Act, NotAllowed, WrongState, acted, may
from integrity.codes import normalise_doc_no, random_token
from integrity.models.batch import ImportBatch
from integrity.models.copying import copy_rows
from integrity.models.ledger import Event
from integrity.models.record import Record
from integrity.models.record.fields import OPENING_COLUMNS, as_opening
from integrity.models.record.spec import obstacle, window
from integrity.snapshot import plain

CHUNK = 2000


@dataclass(slots=True)
class Entered:
    """One checked row: clean columns and facts as check_values() returns them, its subject, its place in the file."""

    subject_id: uuid.UUID
    columns: dict[str, Any]
    facts: dict[str, Any]
    serial: int
    id: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass(frozen=True)
class Rows(Sequence[Record]):
    """The records of a set-wise act, read only if a rule asks for them."""

    ids: list[uuid.UUID]

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, index: Any) -> Any:
        return Record.objects.get(pk=self.ids[index])

    def __iter__(self) -> Iterator[Record]:
        for part in chunks(self.ids):
            yield from Record.objects.filter(pk__in=part).select_related(
                "subject", "source_unit", "source_unit__area", "kind"
            )


def chunks(items: Sequence[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _spec(name: str) -> Act:
    return getattr(Record, name).act


def _allowed(name: str, probe: Record, by: Any) -> Act:
    """The act's spec, after the same check of right, state and reach that one row gets."""
    spec = _spec(name)
    if refusal := may(spec, probe, by):
        raise refusal
    return spec


# ---- entering ----


def _blank() -> dict[str, Any]:
    row = Record()
    return {f.attname: getattr(row, f.attname) for f in Record._meta.concrete_fields}


def enter_many(kind: Any, entries: Sequence[Entered], *, by: Any, batch: ImportBatch) -> list[uuid.UUID]:
    """Enter checked rows of one kind as submitted records; one event a record, all in the caller's transaction.

    The rows must come from check_values(); subjects must fit the kind. Returns the new ids in order.
    """
    probe = Record(kind=kind)
    spec = _allowed("enter", probe, by)
    if kind.state != "APPROVED":
        raise WrongState(f"目录类目“{kind.name}”尚未批准，不能录入（E12）")
    now, year = timezone.now(), timezone.localdate().year
    blank = _blank() | {
        "kind_id": kind.code,
        "kind_edition": kind.edition,
        "source_unit_id": by.org_id,
        "state": "SUBMITTED",
        "version": 1,
        "batch_id": batch.pk,
        "entered_by_id": by.user_id,
        "entered_at": now,
        "submitted_at": now,
        "updated_at": now,
    }
    catalogue_spec, stem = kind.spec, f"RZ-{kind.code}-{year}-"
    ids: list[uuid.UUID] = []
    for part in chunks(entries):
        rows = [_columns(catalogue_spec, entry, stem) for entry in part]
        notes = ((r["id"], 1, _note(r) | {"batch": str(batch.pk)}) for r in rows)
        events = Event.write_many(spec, "record", notes, by, by.org.code)
        own = list(rows[0])
        alike = {_column(n): v for n, v in blank.items() if n not in rows[0]}
        copy_rows("integrity_record", [_column(n) for n in own], (r.values() for r in rows), alike)
        made = [r["id"] for r in rows]
        acted.send(Record, spec=spec, events=events, rows=Rows(made), by=by)
        ids += made
    return ids


def _column(attname: str) -> str:
    return Record._meta.get_field(attname).column


def _note(row: dict[str, Any]) -> dict[str, Any]:
    return {
        k: v if type(v) is str or k == "facts" else plain(v) for k, v in row.items() if v and k not in ("id", "doc_key")
    }


def _columns(spec: Any, entry: Entered, stem: str) -> dict[str, Any]:
    c = entry.columns
    shown = window(spec, c["tier"], c["decided_on"], c.get("act_ended_on"), entry.facts)
    return {
        "id": entry.id,
        "number": stem + random_token(),
        "subject_id": entry.subject_id,
        "title": c["title"],
        "fact": c.get("fact") or "",
        "doc_type": c["doc_type"],
        "doc_no": c["doc_no"],
        "doc_key": normalise_doc_no(c["doc_no"]),
        "deciding_unit_id": c.get("deciding_unit_id"),
        "deciding_name": c.get("deciding_name") or "",
        "deciding_code": c.get("deciding_code") or "",
        "decided_on": c["decided_on"],
        "effective_on": c.get("effective_on"),
        "served_on": c.get("served_on"),
        "act_ended_on": c.get("act_ended_on"),
        "legal_basis": c["legal_basis"],
        "tier": c["tier"],
        "facts": entry.facts,
        "serial": entry.serial,
        "until": shown.until,
        "repair_from": shown.repair_from,
    }


# ---- later acts on many ----


def _values(ids: Sequence[uuid.UUID]) -> list[dict[str, Any]]:
    """The rows under lock, as their openings need them, in the order of their ids."""
    locked = Record.objects.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk")
    return list(locked.values(*OPENING_COLUMNS, "consent_on", "serial"))


def _apply(
    spec: Act,
    rows: list[dict[str, Any]],
    changes: dict[str, Any],
    each: dict[str, list[Any]],
    by: Any,
    unit: str,
    notes: dict[str, Any],
) -> None:
    """Write events and then rows: `changes` alike for all, `each` one value a row."""
    if not rows:
        return
    for i, row in enumerate(rows):
        row.update(changes | {k: v[i] for k, v in each.items()}, version=row["version"] + 1)
    items = ((r["id"], r["version"], as_opening(r) | notes) for r in rows)
    events = Event.write_many(spec, "record", items, by, unit)
    sets = ["version = r.version + 1", *[f'"{Record._meta.get_field(k).column}" = %s' for k in changes]]
    sets += [f'"{Record._meta.get_field(k).column}" = v.{k}' for k in each]
    types = [Record._meta.get_field(k).db_type(connection) for k in each]
    arrays = ", ".join(["%s::uuid[]", *[f"%s::{t}[]" for t in types]])
    names = ", ".join(["id", *each])
    sql = f"UPDATE integrity_record r SET {', '.join(sets)} FROM unnest({arrays}) AS v({names}) WHERE r.id = v.id"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [*changes.values(), [r["id"] for r in rows], *each.values()])
    acted.send(Record, spec=spec, events=events, rows=Rows([r["id"] for r in rows]), by=by)


def confirmable(batch: ImportBatch) -> Any:
    """Records of a batch that may be confirmed as one: adopted, not flagged, not serious where tiers vary by row."""
    rows = Record.objects.filter(batch=batch, state="SUBMITTED", needs_clearance=False)
    return rows.exclude(tier="serious") if batch.kind.spec.tier in ("by_penalty", "by_finding") else rows


@transaction.atomic
def confirm_many(batch: ImportBatch, *, by: Any, publish: bool | None = None, ground: str = "") -> int:
    """A second person reviews and confirms the adopted records of a batch as one; returns how many.

    The publicity decision is taken for the whole batch; rows the law never shows stay unpublished with their ground.
    """
    spec = batch.kind.spec
    if spec.notice == "own":
        raise NotAllowed("本地认定的记录须逐条复核，不能按批次确认")
    batch.confirm(by=by, publish=publish, ground=ground)
    now, done = timezone.now(), 0
    ids = list(confirmable(batch).order_by("pk").values_list("pk", flat=True))
    for part in chunks(ids):
        rows = _values(part)
        why = [
            obstacle(spec, r["tier"], r["subject__form"] != "PERSON", r["facts"], bool(r["consent_on"])) for r in rows
        ]
        if publish is None and not all(why):
            from django.core.exceptions import ValidationError

            raise ValidationError({"publish": "请作出是否公示的决定"})
        changes = {
            "state": "CONFIRMED",
            "reviewed_by_id": by.user_id,
            "confirmed_by_id": by.user_id,
            "confirmed_at": now,
            "updated_at": now,
        }
        each = {
            "publicity": ["SCHEDULED" if publish and not w else "NOT_PUBLIC" for w in why],
            "publish_decided": [bool(publish) and not w for w in why],
            "publish_ground": [w or ground for w in why],
        }
        _apply(_spec("confirm"), rows, changes, each, by, by.org.code, {"batch": str(batch.pk)})
        done += len(rows)
    return done


@transaction.atomic
def publish_many(ids: Sequence[uuid.UUID], *, by: Any) -> int:
    """Publish scheduled records as one act of a person who confirmed none of them; returns how many."""
    spec, today, done = _spec("publish"), timezone.localdate(), 0
    if spec.right not in by.rights:
        raise NotAllowed("您的岗位没有公示的权限")
    rows = Record.objects.filter(pk__in=ids, publicity="SCHEDULED", state="CONFIRMED", suspended=False)
    if rows.filter(confirmed_by_id=by.user_id).exists() or rows.filter(entered_by_id=by.user_id).exists():
        raise NotAllowed("录入、入库与公示须由不同的人办理")
    ready = rows.exclude(needs_clearance=True, cleared_by__isnull=True).exclude(until__lte=today)
    ready = ready.exclude(subject_id__in=by.avoided())
    for part in chunks(list(ready.values_list("pk", flat=True))):
        values = _values(part)
        changes = {
            "publicity": "PUBLIC",
            "published_by_id": by.user_id,
            "published_at": timezone.now(),
            "public_from": today,
        }
        _apply(spec, values, changes, {}, by, by.org.code, {})
        done += len(values)
    return done


@transaction.atomic
def expire_many(on: date | None = None, *, by: Any) -> int:
    """Write down for every record whose end has come what time has already done; returns how many (山东条例 38)."""
    spec, done = _spec("expire"), 0
    if spec.right not in by.rights:
        raise NotAllowed("到期处理只由系统时钟办理")
    ids = list(Record.objects.run_out(on).order_by("pk").values_list("pk", flat=True))
    for part in chunks(ids):
        rows = _values(part)
        each = {
            "publicity": ["ENDED_MAX" if r["publicity"] in ("PUBLIC", "SCHEDULED") else r["publicity"] for r in rows]
        }
        changes = {"state": "EXPIRED", "ended_reason": "期满终止", "updated_at": timezone.now()}
        _apply(spec, rows, changes, each, by, "", {"basis": "expiry"})
        done += len(rows)
    return done


@transaction.atomic
def seal_many(ended_before: datetime, *, by: Any) -> int:
    """Put records whose end lies before a moment into the archive, where no query reaches them (个人信息保护法 47)."""
    spec, done = _spec("seal"), 0
    if spec.right not in by.rights:
        raise NotAllowed("封存只由系统时钟办理")
    ended = Record.objects.filter(state__in=spec.source, updated_at__lt=ended_before)
    for part in chunks(list(ended.order_by("pk").values_list("pk", flat=True))):
        rows = _values(part)
        _apply(spec, rows, {"state": "SEALED"}, {}, by, "", {})
        done += len(rows)
    return done
