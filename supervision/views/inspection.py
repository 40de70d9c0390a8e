"""Rounds of inspection and what they find, on the desk (task 11)."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrity.acts import possible
from integrity.forms import EntryForm
from integrity.portal.doors import act_page, listed, staff, visible
from supervision.models import InspectionFinding, InspectionRound

SEES = ("matter.assign", "figures", "audit")


@staff(*SEES)
def index(request: HttpRequest) -> HttpResponse:
    """Rounds within reach, newest first."""
    rows = InspectionRound.objects.visible_to(request.seat).select_related("unit")  # type: ignore[attr-defined]
    may_open = request.seat.role_code == "SUPERVISOR"  # type: ignore[attr-defined]
    return render(
        request, "supervision/rounds.html", {"page": listed(request, rows, ["-starts_on", "-id"]), "may_open": may_open}
    )


def _entered(request: HttpRequest, form: Any, title: str, back: str, at: Any) -> HttpResponse:
    if form.is_bound and form.perform(request.seat):  # type: ignore[attr-defined]
        messages.success(request, f"已保存：{form.row}", extra_tags="ok")
        return redirect(at(form.row))
    context = {"form": form, "title": title, "button": title, "back": back, "form_errors": form.status == 422}
    return render(request, "desk/form.html", context, status=form.status)


@staff("matter.file")
def new(request: HttpRequest) -> HttpResponse:
    """Plan a round."""
    given = request.POST if request.method == "POST" else None
    names = ("name", "year", "plan", "team", "starts_on", "ends_on")
    form: Any = EntryForm(InspectionRound, InspectionRound.open.act, names, {}, given)  # type: ignore[attr-defined]
    return _entered(request, form, "建立督察轮次", "/desk/inspections/", lambda row: f"/desk/inspections/{row.pk}/")


@staff(*SEES)
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One round: plan, team, targets, findings with their clocks."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    row = visible(InspectionRound, seat, pk=pk)
    found = (
        InspectionFinding.objects.visible_to(seat)
        .filter(round=row)
        .select_related("matter", "target")
        .order_by("-matter__received_at")
    )
    context = {
        "round": row,
        "findings": found,
        "buttons": possible(row, seat),
        "may_find": seat.org_id == row.unit_id and row.state == "RUNNING",
    }
    return render(request, "supervision/round.html", context)


@staff("matter.assign")
def act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """End a round."""
    return act_page(request, visible(InspectionRound, request.seat, pk=pk), name, f"/desk/inspections/{pk}/")  # type: ignore[attr-defined]


class FindingForm(EntryForm):
    """A finding of one round."""

    def __init__(self, row: InspectionRound, *args: Any) -> None:
        super().__init__(
            InspectionFinding, InspectionFinding.enter.act, ("target", "problem", "basis", "harm"), {}, *args
        )  # type: ignore[attr-defined]
        self.round = row

    def act(self, by: Any) -> None:
        self.row = InspectionFinding(round=self.round, **self.inputs(by)).enter(by=by)


@staff("matter.file")
def find(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write down a problem."""
    row = visible(InspectionRound, request.seat, pk=pk)  # type: ignore[attr-defined]
    form = FindingForm(row, request.POST if request.method == "POST" else None)
    return _entered(
        request, form, "登记督察问题", f"/desk/inspections/{pk}/", lambda found: f"/desk/matters/{found.matter_id}/"
    )
