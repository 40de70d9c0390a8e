"""Request log lines and the current seat of every request."""

from __future__ import annotations

import logging
import os
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from prometheus_client import Counter

from integrity.models import PUBLIC, Seat

log = logging.getLogger("request")
OPEN_PATHS = ("/accounts/", settings.STATIC_URL)
Next = Callable[[HttpRequest], HttpResponse]


DOORS = ("api", "desk", "admin", "audit", "me", "exchange", "log", "static")
REQUESTS = Counter(
    "http_requests",
    "Requests by door and status, of the process that answers",
    ["door", "status", "process"],
    registry=None,
)


def count(request: HttpRequest, response: HttpResponse) -> None:
    """One more request for /metrics; each web process counts for itself and says which it is."""
    first = request.path.lstrip("/").partition("/")[0]
    REQUESTS.labels(first if first in DOORS else "portal", response.status_code, os.getpid()).inc()


class RequestLog:
    """Gives each request an id (shown on error pages) and writes one line with path, status and time."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = uuid.uuid4().hex[:12]  # type: ignore[attr-defined]
        started = time.monotonic()
        response = self.get_response(request)
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        count(request, response)
        took = round((time.monotonic() - started) * 1000)
        log.info(
            "request",
            extra={
                "data": {
                    "id": request.id,
                    "method": request.method,
                    "path": request.path,
                    "status": response.status_code,
                    "ms": took,
                }
            },
        )  # type: ignore[attr-defined]
        return response


class CurrentSeat:
    """Sets request.seat: the chosen seat of the session, the only one, or the public's."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.seat = PUBLIC  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            rows = Seat.objects.in_force().filter(user=request.user).select_related("user", "org", "org__area")
            seats = list(rows.order_by("role_code"))
            chosen = request.session.get("seat")
            request.seats = seats  # type: ignore[attr-defined]
            request.seat = next((s for s in seats if str(s.pk) == chosen), seats[0] if seats else PUBLIC)  # type: ignore[attr-defined]
        return self.get_response(request)


class FreshPassword:
    """Whoever was given a password by somebody else chooses his own before anything else."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.must_change_password and not request.path.startswith(OPEN_PATHS):
            return redirect("account_change_password")
        return self.get_response(request)
