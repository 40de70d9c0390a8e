"""Objection and repair without an account, and the way to follow any matter by number and query code."""

from __future__ import annotations

import secrets
import unicodedata
from contextlib import suppress

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrity.codes import normalise_code
from integrity.models import CLOCK, PUBLIC, Attachment, Matter, Record
from integrity.portal.me.filing import FLOWS

TRIES, WINDOW = 5, 15 * 60  # guesses of a query code for one number, in seconds


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


def track(request: HttpRequest) -> HttpResponse:
    """The progress of a matter, to whoever holds its number and query code; wrong and unknown answer alike."""
    number, code = (
        normalise_number(request.POST.get("number", request.GET.get("n", ""))),
        normalise_code(request.POST.get("code", "")),
    )
    context: dict[str, object] = {"number": number}
    if request.method == "POST":
        if cache.get(f"track:{number}", 0) >= TRIES:
            context["error"] = "该编号查询次数过多，请 15 分钟后再试。"
            return render(request, "me/track.html", context, status=429)
        row = Matter.objects.visible_to(CLOCK).filter(number=number).select_related("kind", "unit").first()
        if row is None or not secrets.compare_digest(row.query_code.encode(), code.encode()):
            _missed(number)
            context |= {"error": "编号或者查询码不正确", "form_errors": True}
            return render(request, "me/track.html", context, status=422)
        context |= {"matter": row, "files": Attachment.objects.of(row).count()}
    return render(request, "me/track.html", context)


def _missed(number: str) -> None:
    key = f"track:{number}"
    cache.add(key, 0, WINDOW)
    with suppress(ValueError):  # it ran out between the two calls
        cache.incr(key)
