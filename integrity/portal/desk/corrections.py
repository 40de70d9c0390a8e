"""Corrections: proposed on the same form, reviewed with old and new side by side, adopted as a new version."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrity.acts import may, possible
from integrity.forms import CorrectionForm
from integrity.models import Event, Version
from integrity.portal.desk import words
from integrity.portal.desk.opening import gate
from integrity.portal.doors import act_page, staff, visible, visible_inside


@staff("record.correct")
def propose(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Propose a correction of a confirmed record."""
    seat, record = request.seat, visible_inside(request, pk)  # type: ignore[attr-defined]
    if closed := gate(request, record):
        return closed
    form = CorrectionForm(record, seat, request.POST if request.method == "POST" else None)
    form.refusal = may(Version.propose.act, Version(record=record), seat)
    if form.is_bound and form.perform(seat):
        messages.success(request, f"已提出更正，待他人复核：{record}", extra_tags="ok")
        return redirect(f"/desk/corrections/{form.row.pk}/")
    context = {"record": record, "form": form, "form_errors": form.status == 422}
    return render(request, "desk/correct.html", context, status=form.status)


def _about(row: Version) -> dict[str, Any]:
    def one(values: dict[str, Any]) -> dict[str, Any]:
        return values | (values.get("facts") or {})

    before, after = one(row.before), one(row.changes)
    spec = row.record.spec
    names = {n for n in after if n != "facts"}
    compared = [line for line in words.lines(spec, after, before) if line.name in names]
    return {"correction": row, "record": row.record, "lines": compared, "compared": True}


@staff("record.read")
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One correction: what was, what is to be, who proposes it and why."""
    seat = request.seat  # type: ignore[attr-defined]
    row = visible(Version, seat, pk=pk)
    if closed := gate(request, row.record):
        return closed
    events = Event.objects.of(row).select_related("payload")
    context = _about(row) | {
        "buttons": possible(row, seat),
        "own": row.entered_by_id == seat.user_id and row.state in ("PROPOSED", "REVIEWED"),
        "history": words.history(events, names=row.record.within(seat)),
    }
    return render(request, "desk/correction.html", context)


@staff("record.review", "record.confirm")
def act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Review, refuse or adopt a correction."""
    row = visible(Version, request.seat, pk=pk)  # type: ignore[attr-defined]
    if closed := gate(request, row.record):
        return closed
    return act_page(request, row, name, f"/desk/corrections/{row.pk}/", "desk/correction_act.html", **_about(row))
