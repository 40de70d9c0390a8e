"""The auditor's first page, and the purpose that stands over everything he looks at."""

from __future__ import annotations

import functools
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from integrity.listing import LISTINGS
from integrity.models import ApiToken, Checkpoint, Event, Export, LedgerHead
from integrity.portal.desk.opening import PurposeForm
from integrity.portal.doors import View, staff


def purposeful(view: View) -> View:
    """A page that shows what is logged when looked at: who comes says what for, once a session (山东条例 37)."""

    @functools.wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.session.get("purpose"):
            return redirect(f"/audit/purpose?{urlencode({'next': request.get_full_path()})}")
        return view(request, *args, **kwargs)

    return enter


@staff("token.hold")
def purpose(request: HttpRequest) -> HttpResponse:
    """Name or change the purpose of this visit."""
    after = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(after, {request.get_host()}):
        after = "/audit/"
    form = PurposeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        request.session["purpose"] = form.words
        return redirect(after)
    wrong = form.is_bound and bool(form.errors)
    return render(request, "audit/purpose.html", {"form": form, "form_errors": wrong}, status=422 if wrong else 200)


@staff("audit")
def index(request: HttpRequest) -> HttpResponse:
    """Quick links, own tokens and exports, where the log stands."""
    seat = request.seat  # type: ignore[attr-defined]
    context = {
        "tokens": ApiToken.objects.visible_to(seat)
        .filter(seat__user_id=seat.user_id, state="ACTIVE")
        .order_by("valid_until")[:5],
        "labels": {name: listing.label for name, listing in LISTINGS.items()},
        "exports": Export.objects.visible_to(seat).order_by("-asked_at")[:5],
        "head": LedgerHead.objects.filter(pk=1).first(),
        "pending": Event.objects.pending().count(),
        "checkpoint": Checkpoint.objects.order_by("-size").first(),
    }
    return render(request, "audit/index.html", context)
