"""Public pages are asked for anew each time and answered with 304 while nothing has changed (speed.md, rule 4)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from integrity.ledger.position import position
from integrity.portal.context import is_elder

View = Callable[..., HttpResponse]


@functools.cache
def release() -> str:
    """Newest change of a template, so that a new version of the program makes every page new."""
    folder = settings.BASE_DIR / "templates"
    return format(int(max(p.stat().st_mtime for p in folder.rglob("*.html"))), "x")


def etag(request: HttpRequest) -> str:
    """Ledger position, day and view; empty for signed-in visitors, whose pages name them, and while much is pending."""
    request.position = position()  # type: ignore[attr-defined]
    if request.user.is_authenticated or not request.position:  # type: ignore[attr-defined]
        return ""
    view = "e" if is_elder(request) else "s"
    return f'W/"{request.position}.{timezone.localdate():%y%m%d}.{view}.{release()}"'  # type: ignore[attr-defined]


def public(view: View) -> View:
    """A public page: read only, never cached without asking, 304 before anything is looked up or rendered."""

    @functools.wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        tag = etag(request)
        response = get_conditional_response(request, etag=tag) if tag else None
        if response is None:
            response = view(request, *args, **kwargs)
        if tag and response.status_code in (200, 304):
            response["ETag"] = tag
        response["Cache-Control"] = "no-cache"
        response["X-Robots-Tag"] = "noarchive"  # copies elsewhere would outlive a record's end
        patch_vary_headers(response, ["Cookie"])
        return response

    return require_safe(enter)
