"""Many unknown subjects of an import or a batch at once: provisional, one event each, written set-wise (speed.md, rule 3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from integrity.acts import acted, may
from integrity.models.copying import copy_rows
from integrity.models.ledger import Event
from integrity.models.subject import Subject
from integrity.snapshot import columns


def provide_many(subjects: Sequence[Subject], *, by: Any, act: str = "provide") -> None:
    """Enter unsaved subjects as provisional ones in the caller's transaction, as Subject.provide() or receive() do with one."""
    if not subjects:
        return
    spec = getattr(Subject, act).act
    if refusal := may(spec, subjects[0], by):
        raise refusal
    for row in subjects:
        row.fill_registration(by=by)
        row.state, row.version = Subject.State.PROVISIONAL, 1
    notes = ((row.pk, 1, _note(row)) for row in subjects)
    events = Event.write_many(spec, "subject", notes, by, by.org.code if by.org_id else "")
    fields = [f for f in Subject._meta.concrete_fields if not f.generated]
    copy_rows(
        "integrity_subject", [f.column for f in fields], ([getattr(r, f.attname) for f in fields] for r in subjects)
    )
    acted.send(Subject, spec=spec, events=events, rows=list(subjects), by=by)


def _note(row: Subject) -> dict[str, Any]:
    return {k: v for k, v in columns(row).items() if v is not None and k not in ("id", "version")}
