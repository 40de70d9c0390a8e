"""Matters on the desk: every channel's in one list with its clock; one matter with its flow, its acts and its history."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from integrity import catalogue
from integrity.models import Attachment, Event, Kind, Matter
from integrity.models.matter import OPEN
from integrity.portal.desk.files import add_files
from integrity.portal.desk.records import within
from integrity.portal.desk.words import history
from integrity.portal.doors import act_page, listed, staff, visible
from integrity.portal.me.views import acts_on

RIGHTS = ("matter.handle", "matter.assign", "figures", "record.repair")


@staff(*RIGHTS)
def index(request: HttpRequest) -> HttpResponse:
    """Open matters of this seat, newest first; the address holds the whole filter."""
    seat, params = request.seat, request.GET  # type: ignore[attr-defined]
    rows = Matter.objects.visible_to(seat).select_related("kind", "unit", "about")
    if params.get("state") in Matter.State.values:
        rows = rows.filter(state=params["state"])
    elif not params.get("all"):
        rows = rows.filter(state__in=OPEN)
    if params.get("kind"):
        rows = rows.filter(kind=params["kind"])
    rows = within(params, rows, "unit__area", "closed_at__date")
    if params.get("overdue"):
        rows = rows.overdue()
    if number := params.get("q", "").strip().upper():
        rows = rows.filter(number=number)
    kinds = Kind.objects.visible_to(seat).filter(shape="matter").order_by("code")
    context = {"page": listed(request, rows, ["-received_at", "id"]), "kinds": kinds, "states": Matter.State.choices}
    return render(request, "desk/matters.html", context)


def letters_to_draft(row: Matter, seat: Any) -> list[tuple[str, str]]:
    """The letters that follow from a matter of this flow, where there is somebody to write to."""
    if "letter.draft" not in seat.rights or not seat.org_id:
        return []
    flows = {"matter", row.detail._meta.model_name if row.detail else ""}
    letters = [(c, e) for c, e in catalogue.load().letters.items() if flows & set(e.get("follows", ()))]
    return [(c, e["name"]) for c, e in letters if getattr(row, f"{e.get('to', 'applicant')}_id")]


@staff(*RIGHTS)
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One matter: what was filed, the clock, the answer, and what this seat may do."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    row = visible(Matter, seat, pk=pk)
    events = Event.objects.filter(target__in=[row.pk, *([row.detail.pk] if row.detail else [])]).order_by("id")
    context = {
        "matter": row,
        "detail": row.detail,
        "sections": row.detail.sections(seat) if hasattr(row.detail, "sections") else [],
        "files": Attachment.objects.of(row),
        "may_attach": may_attach(row, seat),
        "buttons": acts_on(row, seat),
        "letters_to_draft": letters_to_draft(row, seat),
        "history": history(events.select_related("payload", "user")),
    }
    return render(request, "desk/matter.html", context)


def may_attach(row: Matter, seat: Any) -> bool:
    """Whether this seat adds papers to an open matter: the unit whose turn it is, or the one that took it in."""
    return row.state in OPEN and seat.org_id in (row.unit_id, row.received_unit_id)


@staff(*RIGHTS)
@require_POST
def attach(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add papers to a matter."""
    row, back = visible(Matter, request.seat, pk=pk), f"/desk/matters/{pk}/"  # type: ignore[attr-defined]
    if not may_attach(row, request.seat):  # type: ignore[attr-defined]
        messages.error(request, "该事项当前不能由您的岗位添加附件。", extra_tags="bad")
        return redirect(back)
    return add_files(request, row, "证据", back)


@staff(*RIGHTS)
def act(request: HttpRequest, pk: uuid.UUID, name: str, flow: bool = False) -> HttpResponse:
    """An act on the matter, or on the flow behind it."""
    row = visible(Matter, request.seat, pk=pk)  # type: ignore[attr-defined]
    target = row.detail if flow else row
    allowed = getattr(row.detail, "matter_acts", None)
    if target is None or (not flow and allowed is not None and name not in allowed):
        raise Http404
    return act_page(request, target, name, f"/desk/matters/{row.pk}/")
