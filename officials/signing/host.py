"""The signing host: one page a ceremony, no login, no menu, nothing of the site beside it (trust.md 1.4).

Its full name is the RP ID of signing keys; every address of the site answers 404 here, and ceremonies answer only here.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from integrity.acts import Refused
from officials.models import Ceremony
from officials.signing.ceremonies import GONE, finish, options
from officials.signing.passkeys import NotSigned

POLICY = "publickey-credentials-get=(self), publickey-credentials-create=(self)"


class SigningHost:
    """Gives requests to the signing host its own few addresses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        here = request.get_host() == settings.SIGN_HOST
        if here:
            request.urlconf = "officials.signing.host_urls"  # type: ignore[attr-defined]
        response = self.get_response(request)
        if here:
            response["Permissions-Policy"] = POLICY
        return response


def site(path: str) -> str:
    """An address on the site proper."""
    return f"{settings.SITE_SCHEME}://{settings.SITE_HOST}{path}"


def back_of(ceremony: Ceremony) -> str:
    return site(f"/me/pledges/{ceremony.pledge.number}" if ceremony.pledge else "/me/keys/")


def page(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """A page of this host; the site's context stays out, its addresses do not exist here."""
    shared = {
        "SITE_NAME": settings.SITE_NAME,
        "DEMO": settings.DEMO,
        "home": site("/"),
        "csrf_token": get_token(request),
    }
    return HttpResponse(render_to_string(f"signing/{template}.html", shared | context), status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def ceremony(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is to be signed or registered; take the browser's answer once."""
    row = Ceremony.waiting(token)
    if row is None:
        return page(request, "failed", 410, reason=GONE, back=site("/me/"))
    if request.method == "POST":
        return _take(request, row)
    try:
        asked = options(row)
    except NotSigned as fault:
        return page(request, "failed", 409, reason=str(fault), back=site("/me/keys/"))
    document = bytes(row.document)
    context: dict[str, Any] = {"ceremony": row, "options": json.dumps(asked), "back": back_of(row)}
    if document:
        context |= {
            "document": json.loads(document),
            "bytes": base64.b64encode(document).decode(),
            "digest": bytes(row.challenge).hex(),
        }
    return page(request, "sign" if document else "register", **context)


def _take(request: HttpRequest, row: Ceremony) -> HttpResponse:
    try:
        done = finish(row, request.POST.get("credential", ""))
    except (NotSigned, Refused) as fault:
        return page(request, "failed", 403, reason=str(fault), back=back_of(row))
    except ValidationError as fault:
        return page(request, "failed", 422, reason="；".join(fault.messages), back=back_of(row))
    return page(request, "done", done=done, signed=row.pledge is not None, back=back_of(row))


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 of this host."""
    return page(request, "failed", 404, reason="此网站只用于签署，没有这个页面。", back=site("/"))


def broken(request: HttpRequest) -> HttpResponse:
    """500 of this host."""
    return page(
        request, "failed", 500, reason="系统暂时不能处理，内容没有提交。请稍后从原页面重新开始。", back=site("/")
    )
