"""Motions on the desk and, once published, for everybody (task 12)."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrity.forms import EntryForm
from integrity.listing import bound
from integrity.models import PUBLIC
from integrity.portal.doors import act_page, listed, staff, visible
from integrity.portal.fresh import public
from supervision.horizontal.figures import by_unit, rate, sessions
from supervision.horizontal.listings import MOTIONS
from supervision.models import Motion

SEES = ("matter.assign", "matter.handle", "figures")
COLUMNS = (
    "channel", "sort", "reference", "session", "topic", "text", "proposer", "secret", "hard", "urgent", "assigned_on", "set_until", "main_unit",
)  # fmt: skip


def _asked(request: HttpRequest) -> tuple[Any, Any]:
    """The rows the address asks for, and the filters with their faults."""
    rows = Motion.objects.inside(request.seat).select_related("matter", "main_unit")  # type: ignore[attr-defined]
    filters = bound(MOTIONS, {k: v for k, v in request.GET.items() if v})
    return (filters.filter_queryset(rows) if filters and filters.is_valid() else rows), filters


@staff(*SEES)
def index(request: HttpRequest) -> HttpResponse:
    """Motions within reach, newest first; the address holds the whole filter."""
    rows, filters = _asked(request)
    seat = request.seat  # type: ignore[attr-defined]
    context = {
        "page": listed(request, rows, ["-assigned_on", "-id"]), "filters": filters, "channels": Motion.Channel.choices,
        "states": Motion.State.choices, "sessions": sessions(Motion.objects.inside(seat)),
        "may_assign": seat.role_code == "SUPERVISOR", "own": seat.org_id,
    }  # fmt: skip
    return render(request, "supervision/motions.html", context)


@staff("matter.file")
def new(request: HttpRequest) -> HttpResponse:
    """Assign one; what was typed stays when something is missing."""
    given = request.POST if request.method == "POST" else None
    form: Any = EntryForm(Motion, Motion.assign.act, COLUMNS, {}, given)  # type: ignore[attr-defined]
    if form.is_bound and form.perform(request.seat):  # type: ignore[attr-defined]
        messages.success(request, f"已交办：{form.row}", extra_tags="ok")
        return redirect(f"/desk/matters/{form.row.matter_id}/")
    context = {"form": form, "title": "交办议提案和监督意见", "button": "交办", "back": "/desk/motions/"}
    return render(request, "desk/form.html", context | {"form_errors": form.status == 422}, status=form.status)


@staff("matter.handle")
def assist(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The page of an assisting unit: what is asked, and its own part of the answer."""
    return act_page(
        request, visible(Motion, request.seat, pk=pk), "assist", "/desk/motions/", "supervision/assist.html"
    )  # type: ignore[attr-defined]


@staff(*SEES)
def board(request: HttpRequest) -> HttpResponse:
    """By unit and session: how many, answered, late, carried out, satisfied."""
    rows, filters = _asked(request)
    units = by_unit(rows.select_related(None))
    for u in units:
        u["answered_rate"], u["content_rate"] = rate(u["answered"], u["total"]), rate(u["content"], u["rated"])
    context = {
        "units": units, "filters": filters, "channels": Motion.Channel.choices,
        "sessions": sessions(Motion.objects.inside(request.seat)),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "supervision/motion_board.html", context)


@public
def answers(request: HttpRequest) -> HttpResponse:
    """Published answers, newest first."""
    rows = Motion.objects.visible_to(PUBLIC).select_related("matter", "main_unit")
    if channel := request.GET.get("channel", ""):
        rows = rows.filter(channel=channel)
    context = {"page": listed(request, rows, ["-published_at", "-id"]), "channels": Motion.Channel.choices}
    return render(request, "supervision/motion_answers.html", context)


@public
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """One published answer; a deputy who asked for secrecy is not named."""
    rows = Motion.objects.visible_to(PUBLIC).select_related("matter", "main_unit")
    row = rows.filter(matter__number=number.upper()).first()
    if row is None:
        raise Http404
    return render(request, "supervision/motion_answer.html", {"motion": row})
