"""What a batch brings, written set-wise: the same acts, rows and events as one by one (house.md 2.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import orjson
from django.db import connection

from integrity.acts import acted
from integrity.models.copying import copy_rows
from integrity.models.ledger import Event
from integrity.models.record import Record
from integrity.models.record.fields import OPENING_COLUMNS, as_opening
from integrity.models.record.many.rows import Rows, allowed
from integrity.snapshot import plain

Row = dict[str, Any]
TABLE = Record._meta.db_table
KEPT = (*OPENING_COLUMNS, "via_id", "origin_version", "published_at", "source_unit_id", "deciding_unit_id", "doc_key")
STATUS = (
    "state", "publicity", "public_from", "until", "repair_from", "hidden_until", "suspended", "objection_open",
    "rectifying", "mitigated", "exempted", "ended_reason", "published_at", "origin_version", "updated_at",
)  # fmt: skip
TEXT = (
    "kind_edition", "subject_id", "source_unit_id", "title", "fact", "doc_type", "doc_no", "doc_key", "deciding_unit_id",
    "deciding_name", "deciding_code", "decided_on", "effective_on", "served_on", "act_ended_on", "legal_basis", "tier",
    "facts", "duplicate_note",
)  # fmt: skip
FIRST = ("id", "number", "kind_id", "origin", "via_id", "entered_at", "confirmed_at", *TEXT, *STATUS)


def locked(ids: Sequence[Any]) -> dict[Any, Row]:
    """The rows that are already here, under lock, as their openings need them."""
    rows = Record.objects.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk")
    return {row["id"]: row for row in rows.values(*KEPT)}


def receive_many(rows: Sequence[Row], notes: Sequence[Row], *, by: Any) -> None:
    """Records that were not here before, by the act `receive`; every row holds FIRST and what openings need."""
    fresh = Record()
    alike = {f.attname: getattr(fresh, f.attname) for f in Record._meta.concrete_fields if f.attname not in FIRST}
    blank = {_column(n): v for n, v in alike.items()} | {"version": 1}
    own = [_column(n) for n in FIRST]
    _perform(
        "receive",
        rows,
        notes,
        FIRST[1:],
        by,
        lambda: copy_rows(TABLE, own, ([r[n] for n in FIRST] for r in rows), blank),
    )


def renew_many(name: str, rows: Sequence[Row], notes: Sequence[Row], changed: Sequence[str], *, by: Any) -> None:
    """Records that were here: their columns `changed` and next version, by the act `name` (renew or relay)."""
    _perform(name, rows, notes, changed, by, lambda: _update(rows, changed))


def _perform(
    name: str, rows: Sequence[Row], notes: Sequence[Row], names: Sequence[str], by: Any, write: Callable[[], None]
) -> None:
    spec = allowed(name, Record(kind_id=rows[0]["kind_id"]), by)
    items = (
        (r["id"], r["version"], as_opening(r) | n, {c: plain(r[c]) for c in names})
        for r, n in zip(rows, notes, strict=True)
    )
    events = Event.write_many(spec, "record", items, by, "")
    write()
    acted.send(Record, spec=spec, events=events, rows=Rows([r["id"] for r in rows]), by=by)


def _column(name: str) -> str:
    return Record._meta.get_field(name).column


def _update(rows: Sequence[Row], changed: Sequence[str]) -> None:
    types = ", ".join(f'"{n}" {Record._meta.get_field(n).db_type(connection)}' for n in changed)
    sets = ", ".join(f'"{_column(n)}" = v."{n}"' for n in changed)
    sql = (
        f"UPDATE {TABLE} r SET version = r.version + 1, {sets} "  # noqa: S608
        f"FROM jsonb_to_recordset(%s::jsonb) AS v(id uuid, {types}) WHERE r.id = v.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [orjson.dumps([{n: r[n] for n in ("id", *changed)} for r in rows]).decode()])
