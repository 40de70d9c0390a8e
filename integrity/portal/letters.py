"""Letters of whoever is addressed: the person, the company, the agency; read, printed and acknowledged here."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from integrity.models import Letter
from integrity.portal.desk.letters import about
from integrity.portal.doors import act_page, listed


def _received(request: HttpRequest, pk: uuid.UUID) -> Letter:
    row = Letter.objects.received_by(request.seat).filter(pk=pk).first()  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    return row


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Served letters, newest first."""
    rows = Letter.objects.received_by(request.seat).select_related("unit")  # type: ignore[attr-defined]
    return render(request, "portal/letters.html", {"page": listed(request, rows, ["-made_at", "-id"])})


@login_required
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One letter as its addressee reads it."""
    return render(request, "portal/letter.html", about(_received(request, pk), request.seat))  # type: ignore[attr-defined]


@login_required
def acknowledge(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Confirm that it was received."""
    return act_page(request, _received(request, pk), "acknowledge", f"/letters/{pk}/", "portal/act.html")
