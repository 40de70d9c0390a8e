"""Objection and repair without an account."""

from __future__ import annotations

import unicodedata

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrity.models import PUBLIC, Record
from integrity.portal.me.filing import FLOWS


def start(request: HttpRequest, flow: str) -> HttpResponse:
    """What this flow is for, who may use it, and the record it is about."""
    number = normalise_number(request.GET.get("n", ""))
    record = Record.objects.public().filter(number=number).select_related("subject", "kind").first() if number else None
    given = (request.POST, request.FILES) if request.method == "POST" and record else ()
    form = FLOWS[flow](record, PUBLIC, *given) if record else None
    if form and form.is_bound and form.perform(PUBLIC):
        return render(request, "me/receipt.html", {"matter": form.matter})
    context = {
        "flow": FLOWS[flow],
        "path": request.path,
        "number": number,
        "record": record,
        "form": form,
        "refusal": form.refusal if form else None,
        "form_errors": bool(form and form.status == 422),
    }
    return render(request, "me/start.html", context, status=form.status if form else 200)


def normalise_number(text: str) -> str:
    """A number as typed, with its hyphens and in capitals."""
    return unicodedata.normalize("NFKC", text).strip().upper().replace(" ", "")[:40]
