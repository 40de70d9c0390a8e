"""openapi.json says what is there, and what is there is as it says."""

import re

import jsonschema
import pytest
from django.urls import get_resolver
from drf_spectacular.validation import validate_schema

from integrity.ledger.sealing import seal_all
from integrity.listing import LISTINGS
from tests import scenes
from tests.paths import sectors


@pytest.fixture
def document(cast, visitor):
    return visitor.get("openapi.json").json()


def test_the_description_is_valid_and_in_chinese(document):
    validate_schema(document)
    assert document["openapi"].startswith("3.0")
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert any("\u4e00" <= c <= "\u9fff" for c in operation["summary"]), path
            assert all(p["description"] for p in operation["parameters"])


def test_every_address_is_described_and_no_other(document):
    routes = set()
    for pattern in get_resolver("config.api").url_patterns:
        route = re.sub(r"<\w+:(\w+)>", r"{\1}", str(pattern.pattern))
        if route:
            routes.add(f"/api/v1/{route}")
    assert {p for p in document["paths"] if p.startswith("/api/v1/")} == routes
    ids = [o["operationId"] for operations in document["paths"].values() for o in operations.values()]
    assert len(ids) == len(set(ids))


def resolved(document, schema):
    """The schema by itself, with nullable as JSON Schema says it."""
    if isinstance(schema, list):
        return [resolved(document, s) for s in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return resolved(document, document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    found = {k: resolved(document, v) for k, v in schema.items() if k != "nullable"}
    return {"anyOf": [found, {"type": "null"}]} if schema.get("nullable") else found


@pytest.mark.parametrize("who", ["visitor", "auditor"])
def test_answers_are_as_described(cast, document, who, request):
    records = scenes.all_states(cast)
    seal_all()
    caller = request.getfixturevalue(who)
    one = {
        "records": records["official" if who == "auditor" else "public"].pk,
        "kinds": "AG11",
        "subjects": cast.orgs.company.code,
        "officials": cast.file.pk,
        "checks": cast.file.pk,
        "projects": sectors.released(cast).pk,
    }
    for path, operations in document["paths"].items():
        name = path.removeprefix("/api/v1/")
        if "get" not in operations or name in ("openapi.json",) or name.startswith("exports/"):
            continue
        answer = caller.get(name.replace("{key}", str(one.get(name.split("/")[0]))))
        code = str(answer.status_code)
        content = operations["get"]["responses"][code]["content"]
        schema = resolved(document, content[answer["Content-Type"]]["schema"])
        jsonschema.validate(answer.json(), schema)
        assert code in ("200", "401", "403"), name


def test_a_members_meaning_stands_for_every_listing(document):
    assert {listing.schema for listing in LISTINGS.values()} <= document["components"]["schemas"].keys()
