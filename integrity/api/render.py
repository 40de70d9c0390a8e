"""JSON by orjson, and the answer to a read: fresh, or not modified since the caller's copy (speed.md, rule 4)."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from rest_framework.renderers import BaseRenderer

OPTIONS = orjson.OPT_NON_STR_KEYS
JSON = "application/json"


def dump(data: Any) -> bytes:
    """Compact JSON; UUIDs, dates and instants as text."""
    return orjson.dumps(data, option=OPTIONS, default=str)


class Json(BaseRenderer):
    """The only format of the interface."""

    media_type = JSON
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        return b"" if data is None else dump(data)


def reply(request: HttpRequest, body: bytes, *, open_to_all: bool, content_type: str = JSON) -> HttpResponse:
    """The body with its digest as ETag, or 304 when the caller has it. Nothing is used unasked: records end at once."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    known = {t.strip().removeprefix("W/") for t in request.headers.get("If-None-Match", "").split(",")}
    response = HttpResponse(status=304) if tag in known else HttpResponse(body, content_type=content_type)
    response["ETag"] = tag
    response["Cache-Control"] = "no-cache" if open_to_all else "private, no-store"
    response["Vary"] = "Authorization, Cookie"
    return response
