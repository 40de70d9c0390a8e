"""Subjects on the desk: found, registered, amended, confirmed, merged into their successor (domain.md 1, task 7)."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrity.acts import may, possible
from integrity.forms.subject import amend_form, registration_form
from integrity.models import Event, Subject
from integrity.portal.desk import words
from integrity.portal.doors import act_page, listed, staff, visible

RIGHT = "subject.manage"


@staff(RIGHT, "export")
def index(request: HttpRequest) -> HttpResponse:
    """Subjects by name, code or state."""
    params = request.GET
    rows = Subject.objects.inside(request.seat).select_related("area", "parent")  # type: ignore[attr-defined]
    if query := params.get("q", "").strip():
        rows = rows.search(query)
    if params.get("state") in Subject.State.values:
        rows = rows.filter(state=params["state"])
    if params.get("form") in Subject.Form.values:
        rows = rows.filter(form=params["form"])
    context = {
        "page": listed(request, rows, ["sort_key", "id"], 50),
        "states": Subject.State.choices,
        "forms": Subject.Form.choices,
    }
    return render(request, "desk/subjects.html", context)


@staff(RIGHT)
def new(request: HttpRequest) -> HttpResponse:
    """Register an organisation; persons by those who manage them."""
    form = registration_form(request.POST if request.method == "POST" else None)
    if form.is_bound and form.perform(request.seat):  # type: ignore[attr-defined]
        messages.success(request, f"已登记：{form.row}", extra_tags="ok")
        return redirect(f"/desk/subjects/{form.row.pk}/")
    context = {"form": form, "title": "登记主体", "button": "登记", "back": "/desk/subjects/"}
    return render(request, "desk/form.html", context | {"form_errors": form.status == 422}, status=form.status)


@staff(RIGHT, "export")
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One subject with its place in the tree, its successor, its history."""
    seat = request.seat  # type: ignore[attr-defined]
    row = visible(Subject, seat, pk=pk)
    context = {
        "subject": row,
        "buttons": [b for b in possible(row, seat) if b.name != "amend"],
        "may_amend": may(Subject.amend.act, row, seat) is None,
        "heir": row.successor if row.succeeded_by_id else None,
        "history": words.history(Event.objects.of(row).select_related("payload")),
    }
    return render(request, "desk/subject.html", context)


@staff(RIGHT)
def amend(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change registered data."""
    row = visible(Subject, request.seat, pk=pk)  # type: ignore[attr-defined]
    form = amend_form(row, request.POST if request.method == "POST" else None)
    form.refusal = may(Subject.amend.act, row, request.seat)  # type: ignore[attr-defined]
    if form.is_bound and form.perform(request.seat):  # type: ignore[attr-defined]
        messages.success(request, f"已变更登记：{row}", extra_tags="ok")
        return redirect(f"/desk/subjects/{row.pk}/")
    context = {"form": form, "title": f"变更登记：{row}", "button": "变更登记", "back": f"/desk/subjects/{row.pk}/"}
    return render(request, "desk/form.html", context | {"form_errors": form.status == 422}, status=form.status)


@staff(RIGHT)
def act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Confirm a provisional subject, or merge one into its successor."""
    row = visible(Subject, request.seat, pk=pk)  # type: ignore[attr-defined]
    return act_page(request, row, name, f"/desk/subjects/{row.pk}/")
