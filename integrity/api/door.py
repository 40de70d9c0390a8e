"""The door of the interface: who calls, from which seat, and in which words he is refused."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.views import APIView

from integrity.api import problems
from integrity.api.auth import purpose_of, seat_of
from integrity.api.render import dump, reply
from integrity.api.schema import Described
from integrity.listing.base import is_public

VERSION = "1"


class OneFormat(BaseContentNegotiation):
    """There is one format; what a caller would rather have is not asked."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class Door(APIView):
    """Base of every view of the interface."""

    scope = "read"
    content_negotiation_class = OneFormat
    schema = Described()
    http_method_names = ["get", "head"]

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.seat = seat_of(request, self.scope)
        self.purpose = purpose_of(request)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["API-Version"] = VERSION
        return response

    @property
    def asked(self) -> str:
        """Path and query, for the log of who read what."""
        return str(self.request.get_full_path())

    def reply(self, data: Any) -> HttpResponse:
        """The data as JSON, or 304."""
        return reply(self.request, dump(data), open_to_all=is_public(self.seat))

    def body(self, *known: str) -> dict[str, Any]:
        """The JSON object that was sent, with known members only (trust.md 7, mass assignment)."""
        raw = self.request._request.body
        try:
            data = orjson.loads(raw or b"{}")
        except orjson.JSONDecodeError as fault:
            raise ParseError from fault
        if not isinstance(data, dict):
            raise problems.Problem("invalid", "请求体应为 JSON 对象")
        if unknown := sorted(set(data) - set(known)):
            errors = {name: ["不认识的字段"] for name in unknown}
            raise problems.Problem("invalid", f"不认识的字段：{'、'.join(unknown)}", errors=errors, known=sorted(known))
        return data


@method_decorator(csrf_exempt, name="dispatch")
class Nothing(APIView):
    """Every other address below /api/v1."""

    schema = None
    authentication_classes = ()
    content_negotiation_class = OneFormat

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return problems.answer("not-found", headers={"API-Version": VERSION})
