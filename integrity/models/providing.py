"""Many unknown subjects of an import at once: provisional, one event each, written set-wise (speed.md, rule 3)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from integrity.acts import acted, may
from integrity.models.copying import copy_rows
from integrity.models.ledger import Event
from integrity.models.subject import Subject
from integrity.search import search_keys, sort_key

NOTED = ("form", "name", "code", "old_code")
OWN = ("id", "form", "name", "code", "old_code", "path", "sort_key", "keys")


@dataclass(frozen=True)
class Provided(Sequence[Subject]):
    """The new subjects, read only if a rule asks for them."""

    ids: list[uuid.UUID]

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, index: Any) -> Any:
        return Subject.objects.get(pk=self.ids[index])

    def __iter__(self) -> Iterator[Subject]:
        return Subject.objects.filter(pk__in=self.ids).iterator()


def provide_many(given: Sequence[Mapping[str, str]], *, by: Any) -> list[uuid.UUID]:
    """Enter organisations (form, name, code, old_code; codes checked before) as Subject.provide() does with one.

    In the caller's transaction; returns their ids in order.
    """
    if not given:
        return []
    spec, probe = Subject.provide.act, Subject(form=given[0]["form"], name=given[0]["name"], code=given[0]["code"])
    if refusal := may(spec, probe, by):
        raise refusal
    probe.fill_registration(by=by)
    probe.state, probe.version = Subject.State.PROVISIONAL, 1
    rows = [_columns(g) for g in given]
    notes = ((r["id"], 1, {n: r[n] for n in NOTED} | {"state": probe.state.value}) for r in rows)
    events = Event.write_many(spec, "subject", notes, by, by.org.code)
    alike = {f.column: getattr(probe, f.attname) for f in Subject._meta.concrete_fields if not f.generated}
    copy_rows(
        "integrity_subject", OWN, (row.values() for row in rows), {k: v for k, v in alike.items() if k not in OWN}
    )
    ids = [row["id"] for row in rows]
    acted.send(Subject, spec=spec, events=events, rows=Provided(ids), by=by)
    return ids


def _columns(given: Mapping[str, str]) -> dict[str, Any]:
    pk, name = uuid.uuid4(), given["name"].strip()
    path, order, keys = f"/{pk.hex[:12]}", sort_key(name), search_keys(name)  # as Subject.prepare() makes them
    values = (pk, given["form"], name, given["code"], given["old_code"][:50], path, order, keys)
    return dict(zip(OWN, values, strict=True))
