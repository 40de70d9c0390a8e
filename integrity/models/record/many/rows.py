"""The rows of a set-wise act: read only when asked for, locked and changed by one statement a chunk."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection

from integrity.acts import Act, acted, may
from integrity.models.ledger import Event
from integrity.models.record import Record
from integrity.models.record.fields import OPENING_COLUMNS, as_opening
from integrity.models.record.query import RecordQuerySet
from integrity.snapshot import plain

CHUNK = 2000


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

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds among them, asked once for all rules."""
        return frozenset(Record.objects.filter(pk__in=self.ids).order_by().values_list("kind", flat=True).distinct())


def of_kinds(rows: Sequence[Record], *codes: str) -> list[Record]:
    """Those of an act's records that are of some kinds: what a rule about them looks at, however many there are."""
    if isinstance(rows, Rows) and not rows.kinds & set(codes):
        return []
    return [r for r in rows if r.kind_id in codes]


def chunks(items: Sequence[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def spec_of(name: str) -> Act:
    return getattr(Record, name).act


def allowed(name: str, probe: Record, by: Any) -> Act:
    """The act's spec, after the same check of right, state and reach that one row gets."""
    spec = spec_of(name)
    if refusal := may(spec, probe, by):
        raise refusal
    return spec


def locked_values(rows: RecordQuerySet, ids: Sequence[uuid.UUID]) -> list[dict[str, Any]]:
    """Those of the ids that still are among the rows, under lock, as their openings need them, in the order of ids."""
    locked = rows.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk")
    return list(locked.values(*OPENING_COLUMNS, "consent_on", "serial"))


def _item(spec: Act, row: dict[str, Any], names: list[str], notes: dict[str, Any]) -> tuple[Any, ...]:
    """What the event of one row is written from: its snapshot with the changed columns behind it, or these alone."""
    changed = {n: plain(row[n]) for n in names}
    if spec.full:
        return row["id"], row["version"], as_opening(row) | notes, changed
    return row["id"], row["version"], changed | notes


def apply(
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
    events = Event.write_many(spec, "record", (_item(spec, r, [*changes, *each], notes) for r in rows), by, unit)
    sets = ["version = r.version + 1", *[f'"{Record._meta.get_field(k).column}" = %s' for k in changes]]
    sets += [f'"{Record._meta.get_field(k).column}" = v.{k}' for k in each]
    types = [Record._meta.get_field(k).db_type(connection) for k in each]
    arrays = ", ".join(["%s::uuid[]", *[f"%s::{t}[]" for t in types]])
    sql = (
        f"UPDATE integrity_record r SET {', '.join(sets)} "  # noqa: S608
        f"FROM unnest({arrays}) AS v({', '.join(['id', *each])}) WHERE r.id = v.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*changes.values(), [r["id"] for r in rows], *each.values()])
    acted.send(Record, spec=spec, events=events, rows=Rows([r["id"] for r in rows]), by=by)
