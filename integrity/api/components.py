"""The named schemas of the description, from the words of the interface (listing/members.py)."""

from __future__ import annotations

from typing import Any

from integrity.api.problems import CATALOGUE
from integrity.listing.members import MEMBERS

Schema = dict[str, Any]

TYPES: dict[str, Schema] = {
    "text": {"type": "string"},
    "uuid": {"type": "string", "format": "uuid"},
    "day": {"type": "string", "format": "date"},
    "instant": {"type": "string", "format": "date-time"},
    "int": {"type": "integer"},
    "bool": {"type": "boolean"},
    "amount": {"type": "string", "description": "小数，单位见含义"},
    "object": {"type": "object"},
    "list": {"type": "array", "items": {}},
    "texts": {"type": "array", "items": {"type": "string"}},
    "unit": {"$ref": "#/components/schemas/Unit"},
    "subject": {"$ref": "#/components/schemas/SubjectName"},
    "place": {"$ref": "#/components/schemas/Place"},
}
OPTIONAL = {
    "EventItem": {"type", "verb", "at", "version", "by", "actor", "changed", "values", "proof"},
    "Problem": {"errors", "known", "unknown"},
}


def _member(line: str) -> tuple[str, Schema, bool]:
    name, kind, meaning = line.lstrip("*").split(" ", 2)
    schema = dict(TYPES[kind.rstrip("?")])
    if "$ref" in schema:
        schema = {"allOf": [schema]}
    if kind.endswith("?"):
        schema["nullable"] = True
    return name, schema | {"description": meaning + ("（仅有权的岗位）" if line[0] == "*" else "")}, line[0] != "*"


def schemas() -> dict[str, Schema]:
    """Every named schema of the description."""
    found: dict[str, Schema] = {}
    for name, lines in MEMBERS.items():
        members = [_member(line) for line in lines]
        found[name] = {
            "type": "object",
            "properties": {member: schema for member, schema, _ in members},
            "required": [m for m, _, always in members if always and m not in OPTIONAL.get(name, ())],
            "additionalProperties": False,
        }
    return found


def problem(code: str) -> Schema:
    """The answer of one error code."""
    status, title, when = CATALOGUE[code]
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {str(status): {"description": f"{title}：{when}", "content": content}}
