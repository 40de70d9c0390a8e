"""The interface by hand: one page per address, made from its own description and answered by itself (brief A3)."""

from __future__ import annotations

import json
import shlex
from copy import copy
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import resolve

from integrity.portal.audit.overview import purposeful
from integrity.portal.doors import staff

BASE = "/api/v1/"
SINGLE = ("get_records", "get_subjects", "get_kinds")


@dataclass(frozen=True)
class Operation:
    """One readable address of the interface, as its description says."""

    name: str
    path: str
    summary: str
    about: str
    parameters: list[dict[str, Any]]
    errors: list[tuple[str, str]]


def inner(request: HttpRequest, path: str, params: dict[str, str]) -> HttpResponse:
    """The interface's own answer to this visitor: same seat, same rules, same log."""
    asked = copy(request)
    asked.method, asked.path, asked.path_info = "GET", path, path
    asked.META = request.META | {"QUERY_STRING": urlencode(params), "PATH_INFO": path}
    asked.GET = QueryDict(asked.META["QUERY_STRING"])
    view, args, kwargs = resolve(path)
    return view(asked, *args, **kwargs)


def operations(request: HttpRequest) -> dict[str, Operation]:
    """Every address that can be read, by its name in the description."""
    document = json.loads(inner(request, f"{BASE}openapi.json", {}).content)
    found = {}
    for path, methods in document["paths"].items():
        if (get := methods.get("get")) and path.startswith(BASE) and not path.endswith(("openapi.json", "/file")):
            errors = [(code, a["description"]) for code, a in get["responses"].items() if code != "200"]
            name = get["operationId"]
            found[name] = Operation(name, path, get["summary"], get["description"], get["parameters"], errors)
    return found


@staff("audit")
def index(request: HttpRequest) -> HttpResponse:
    """All addresses with what they give."""
    return render(request, "audit/explorer.html", {"operations": operations(request).values(), "base": BASE})


@staff("audit")
@purposeful
def one(request: HttpRequest, name: str) -> HttpResponse:
    """One address: its parameters as a form, its answer as a table and as it is."""
    operation = operations(request).get(name)
    if operation is None:
        raise Http404
    fields = [p | {"value": request.GET.get(p["name"], "")} for p in operation.parameters]
    given = {p["name"]: p["value"].strip() for p in fields if p["value"].strip()}
    context: dict[str, Any] = {"operation": operation, "fields": fields}
    if "send" in request.GET or not any(p["in"] == "path" for p in fields):
        context |= answered(request, operation, given)
    return render(request, "audit/operation.html", context)


def answered(request: HttpRequest, operation: Operation, given: dict[str, str]) -> dict[str, Any]:
    """What the interface answers, and how to ask the same from a shell."""
    key = given.pop("key", "")
    path = operation.path.replace("{key}", key or "-")
    if "/" in key:
        raise Http404
    given.setdefault("limit", "20") if any(p["name"] == "limit" for p in operation.parameters) else None
    response = inner(request, path, given)
    data = json.loads(response.content) if response.content else None
    query = f"?{urlencode(given)}" if given else ""
    url = f"{settings.SITE_SCHEME}://{settings.SITE_HOST}{path}{query}"
    items = (
        data.get("items")
        if isinstance(data, dict) and "items" in data
        else [data]
        if response.status_code == 200
        else []
    )
    following = data.get("next") if isinstance(data, dict) else None
    return {
        "status": response.status_code,
        "raw": json.dumps(data, ensure_ascii=False, indent=2),
        "curl": f'curl -H "Authorization: Bearer $TOKEN" {shlex.quote(url)}',
        "table": table(items, f"get_{operation.path.removeprefix(BASE)}" if operation.name.startswith("list_") else ""),
        "next": {"after": following} if operation.name == "list_events" else {"cursor": following} if following else {},
        "export": export_address(operation, given),
    }


def export_address(operation: Operation, given: dict[str, str]) -> str:
    """Where the same rows can be asked for as a file."""
    resource = operation.path.removeprefix(BASE)
    if not operation.name.startswith("list_") or resource in ("events", "exports"):
        return ""
    kept = {k: v for k, v in given.items() if k not in ("limit", "cursor", "count", "as_of", "recorded_as_of")}
    return f"/audit/exports/new?{urlencode({'resource': resource, **kept})}"


def table(items: list[dict[str, Any]], single: str) -> dict[str, Any]:
    """Items as rows of texts under the members they have; each leads to its own page where there is one."""
    names = list(dict.fromkeys(name for item in items for name in item))
    linked = "" if single not in SINGLE else "code" if single == "get_kinds" else "uid"
    rows = [[cell(item, name, single if name == linked else "") for name in names] for item in items]
    return {"names": names, "rows": rows}


def cell(item: dict[str, Any], name: str, single: str) -> Any:
    if not single:
        return brief(item.get(name))
    return {"key": str(item[name])[:8], "url": f"/audit/api/{single}?{urlencode({'send': 1, 'key': item[name]})}"}


def brief(value: Any) -> str:
    """A value in one cell: a unit by its name, what is larger by its size; the whole stands below."""
    if isinstance(value, dict) and "name" in value:
        return " ".join(filter(None, (value["name"], value.get("code", ""))))
    if isinstance(value, (dict, list)):
        return f"{len(value)} 项"
    if isinstance(value, bool):
        return "是" if value else "否"
    text = "" if value is None else str(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
