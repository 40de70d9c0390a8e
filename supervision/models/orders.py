"""Orders of the 12345 hotline by the thousand: matters and complaints written set-wise, one event a row (house.md 2.2)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time
from functools import cache
from typing import Any

from django.utils import timezone

from integrity.acts import Act, Acted, acted, may
from integrity.clocks import Due
from integrity.codes import public_number, random_token
from integrity.models import Kind, Matter, deadline
from integrity.models.copying import copy_rows
from integrity.models.ledger import Event
from integrity.snapshot import columns
from supervision.models.complaint import Complaint

CLOCK = "D27"


def enter_many(batch: Any, rows: Sequence[dict[str, Any]], *, by: Any) -> dict[int, uuid.UUID | None]:
    """Enter checked orders in the caller's transaction: ids of the complaints by row number; those known stay out."""
    spec = Complaint.take.act  # type: ignore[attr-defined]
    if refusal := may(spec, Complaint(), by):
        raise refusal
    kind = Kind.objects.get(code="GD01")
    given = {row["serial"]: row["values"]["columns"] for row in rows}
    numbers = [c["order_no"] for c in given.values()]
    known = set(Complaint.objects.filter(order_no__in=numbers).values_list("order_no", flat=True))
    fresh = {serial: c for serial, c in given.items() if c["order_no"] not in known}
    due = cache(lambda day: deadline(CLOCK, day))
    matters = [_matter(kind, c, by, due) for c in fresh.values()]
    orders = [_order(m, c, by) for m, c in zip(matters, fresh.values(), strict=True)]
    _write(Matter.receive.act, matters, by)  # type: ignore[attr-defined]
    _write(spec, orders, by)
    return dict.fromkeys(given) | {serial: order.pk for serial, order in zip(fresh, orders, strict=True)}


def _matter(kind: Kind, c: dict[str, Any], by: Any, due: Any) -> Matter:
    received, replied = date.fromisoformat(c["received_on"]), c.get("replied_on")
    start = date.fromisoformat(c.get("dispatched_on") or c["received_on"])
    end: Due = due(start)
    rating = c.get("rating") or ""
    return Matter(
        version=1, number=public_number("GD", received.year), query_code=random_token(8), kind=kind,
        title=(c.get("title") or c["text"])[:60], text=c["text"], about_id=c.get("about"), unit_id=c["unit"],
        received_unit_id=by.org_id, clock=CLOCK, started_on=start, due_on=end.on, due_explain=end.explain,
        state=("CLOSED" if rating else "REPLIED") if replied else "ASSIGNED", outcome=c.get("outcome") or "",
        reply=c.get("reply") or "", rating=rating, received_at=_at(received), entered_by=by.user,
        replied_at=_at(date.fromisoformat(replied)) if replied else None,
        closed_at=_at(date.fromisoformat(replied)) if replied and rating else None,
    )  # fmt: skip


def _at(day: date) -> datetime:
    """Files give days: the working day's begin."""
    return timezone.make_aware(datetime.combine(day, time(8, 30)))


def _order(matter: Matter, c: dict[str, Any], by: Any) -> Complaint:
    same = {name: c[name] for name in ("order_no", "order_kind", "harm", "sphere", "category") if c.get(name)}
    return Complaint(
        version=1, matter=matter, channel="HOTLINE", caller_hash=c.get("caller_hash", ""), entered_by=by.user, **same
    )


def _write(spec: Act, rows: Sequence[Acted], by: Any) -> None:
    """One event a row, then the rows, both by COPY; rules hear of all at once."""
    if not rows:
        return
    model = type(rows[0])
    fields = [f for f in model._meta.concrete_fields if not f.generated]
    values = (
        (r.pk, 1, {k: v for k, v in columns(r).items() if v is not None and k not in ("id", "version")}) for r in rows
    )
    events = Event.write_many(spec, model._meta.model_name, values, by, by.org.code)
    copy_rows(model._meta.db_table, [f.column for f in fields], ([getattr(r, f.attname) for f in fields] for r in rows))
    acted.send(model, spec=spec, events=events, rows=list(rows), by=by)
