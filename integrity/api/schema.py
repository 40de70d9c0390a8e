"""The description of the interface (OpenAPI 3.0), read from the views and listings themselves, in Chinese."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema

from integrity.api.components import Schema, problem, schemas

SECURITY = {
    "token": {"type": "http", "scheme": "bearer", "description": "接口令牌，在“审计监督”的令牌页申请；公开数据不需要"},
}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def listed(item: Schema) -> Schema:
    """A page of items."""
    properties = {
        "items": {"type": "array", "items": item},
        "next": {"type": "string", "nullable": True, "description": "下一页的 cursor；没有下一页时为 null"},
        "count": {"type": "integer", "description": "总数，仅在 count=true 时"},
        "count_is_capped": {"type": "boolean", "description": "true 表示实际总数更多"},
    }
    return {"type": "object", "properties": properties, "required": ["items", "next"], "additionalProperties": False}


def parameter(name: str, text: str, kind: str = "string", place: str = "query") -> Schema:
    return {"name": name, "in": place, "required": place == "path", "description": text, "schema": {"type": kind}}


def answer(schema: Schema, text: str = "成功", media: str = "application/json") -> Schema:
    return {"200": {"description": text, "content": {media: {"schema": schema}}}}


def operation(
    name: str,
    summary: str,
    about: str,
    parameters: list[Schema],
    responses: Schema,
    *codes: str,
    body: Schema | None = None,
) -> Schema:
    """One operation with the errors that any may answer and those of its own."""
    for code in ("unknown-parameter", "unauthenticated", "forbidden", "throttled", *codes):
        responses = responses | problem(code)
    made = {
        "operationId": name, "summary": summary, "description": about, "tags": [summary.split("：")[0]], "parameters": parameters,
        "responses": responses, "security": [{}, {"token": []}],
    }  # fmt: skip
    if body:
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return made


class Described(AutoSchema):
    """Takes each operation from its view, which knows best what it answers."""

    def get_operation(self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any) -> Schema | None:
        return self.view.described(method)


def complete(result: Schema, generator: Any, request: Any, public: bool) -> Schema:
    """Add the named schemas and the token to the generated document."""
    result["components"] = {"schemas": schemas(), "securitySchemes": SECURITY}
    return result


@cache
def document() -> Schema:
    """The whole description, made once a process."""
    return SchemaGenerator().get_schema(request=None, public=True)
