"""Error pages: what failed, what was kept, what to do; the same 404 for none, hidden, expired and repaired."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def page(request: HttpRequest, status: int, name: str, **context: Any) -> HttpResponse:
    response = render(request, f"errors/{name}.html", context, status=status)
    response["Cache-Control"] = "no-cache"  # what is not there today may be there tomorrow
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404, "404")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 403, "403", reason=str(exception or ""))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 400, "400")


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        body = {"type": "urn:gov-integrity:problem:failed", "title": "系统内部错误", "status": 500}
        detail = f"请稍后再试；仍有问题的，请把请求编号 {getattr(request, 'id', '')} 告知运维人员"
        return JsonResponse(body | {"detail": detail}, status=500, content_type="application/problem+json")
    return page(request, 500, "500")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(request, 403, "csrf")


def too_often(request: HttpRequest, seconds: int) -> HttpResponse:
    """429 with the time to wait, in words and in the header."""
    response = page(request, 429, "429", seconds=seconds)
    response["Retry-After"] = str(seconds)
    return response
