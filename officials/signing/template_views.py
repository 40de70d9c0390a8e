"""Templates on the desk: written by one of the credit office, approved by another (task 2)."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrity.acts import Act, possible
from integrity.forms import EntryForm
from integrity.models import Event
from integrity.portal.desk.words import history
from integrity.portal.doors import act_page, staff, visible
from officials.models import PledgeTemplate

RIGHT = "pledge.template"
DRAFT: Act = PledgeTemplate.draft.act  # type: ignore[attr-defined]
COLUMNS = ("code", "occasion", "title", "discipline", "duty", "honesty", "oversight", "breach_clause", "consent_text")


@staff(RIGHT, "official.manage", "audit")
def index(request: HttpRequest) -> HttpResponse:
    """All versions of all templates this seat may read."""
    rows = PledgeTemplate.objects.visible_to(request.seat).order_by("occasion", "-edition")  # type: ignore[attr-defined]
    return render(request, "officials/templates.html", {"templates": rows})


@staff(RIGHT)
def new(request: HttpRequest) -> HttpResponse:
    """Write a text, beginning with the version before it."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    form = EntryForm(PledgeTemplate, DRAFT, COLUMNS, {}, request.POST if request.method == "POST" else None)
    if old := PledgeTemplate.objects.visible_to(seat).filter(pk=_asked(request)).first():
        form.initial = {name: getattr(old, name) for name in COLUMNS}
    if form.is_bound and form.perform(seat):
        messages.success(request, f"已拟定：{form.row}", extra_tags="ok")
        return redirect(f"/desk/templates/{form.row.pk}/")
    context = {
        "form": form,
        "title": "拟定承诺书模板",
        "button": "保存",
        "back": "/desk/templates/",
        "form_errors": form.status == 422,
    }
    return render(request, "desk/form.html", context, status=form.status)


def _asked(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.GET.get("from", ""))
    except ValueError:
        return None


@staff(RIGHT, "official.manage", "audit")
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One version: its text as it is signed, the consent text apart, its acts."""
    row = visible(PledgeTemplate, request.seat, pk=pk)  # type: ignore[attr-defined]
    events = Event.objects.of(row).select_related("payload", "user")
    context = {"template": row, "buttons": possible(row, request.seat), "history": history(events)}  # type: ignore[attr-defined]
    return render(request, "officials/template.html", context)


@staff(RIGHT)
def act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Nominate, approve, return, retire."""
    return act_page(request, visible(PledgeTemplate, request.seat, pk=pk), name, f"/desk/templates/{pk}/")  # type: ignore[attr-defined]
