"""The log's static files, as nginx serves them in production: exact types and cache headers (tlog-tiles)."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from csp.decorators import csp_exempt
from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from integrity.ledger import tiles, verifier
from integrity.ledger.policy import policy_text

Answer = TypeVar("Answer", bound=HttpResponseBase)
FOR_EVER, NEVER = "public, max-age=31536000, immutable", "no-cache"
TEXT, BYTES = "text/plain; charset=utf-8", "application/octet-stream"


def _file(request: HttpRequest, name: str, kind: str, cache: str) -> HttpResponseBase:
    try:
        response = FileResponse((Path(settings.PUBLIC_LOG_DIR) / name).open("rb"), content_type=kind)
    except FileNotFoundError as fault:
        raise Http404 from fault
    return same_for_all(request, response, cache)


def same_for_all(request: HttpRequest, response: Answer, cache: str) -> Answer:
    """Give an answer its cache header; it depends on no cookie, so nothing may say that it varies."""
    response["Cache-Control"] = cache
    request.session.accessed = False
    return response


@require_safe
def tile(request: HttpRequest, address: str) -> HttpResponseBase:
    """One tile or entry bundle, whole or partial; it never changes."""
    if not tiles.ADDRESS.fullmatch(address):
        raise Http404
    return _file(request, f"tile/{address}", BYTES, FOR_EVER)


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponseBase:
    """The newest signed checkpoint."""
    return _file(request, "checkpoint", TEXT, NEVER)


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """Keys and witnesses that a verifier should ask for."""
    return same_for_all(request, HttpResponse(policy_text(), content_type=TEXT), NEVER)


@require_safe
def verifier_script(request: HttpRequest) -> HttpResponse:
    """The verifier as one Python file."""
    return same_for_all(request, HttpResponse(verifier.script(), content_type="text/x-python; charset=utf-8"), NEVER)


@csp_exempt()
@require_safe
def verifier_page(request: HttpRequest) -> HttpResponse:
    """The verifier as one page; its own, stricter content policy stands in its head."""
    return same_for_all(request, HttpResponse(verifier.page()), NEVER)
