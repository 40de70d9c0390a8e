"""What the public may see of each noun: the one whitelist behind pages, API, feeds and exports (house.md 2.8, domain.md 6).

Each noun has its columns, as values() paths, and a function from such a row to what is shown. Nothing that is not named
here leaves the house; whether a row may be seen at all is decided before, by its queryset.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import orjson
from django.utils import timezone

from integrity import catalogue

Values = Mapping[str, Any]

RECORD = (
    "id", "version", "number", "kind_id", "subject__form", "subject__name", "subject__code",
    "source_unit__name", "source_unit__code", "title", "fact", "doc_type", "doc_no", "deciding_name", "deciding_code",
    "decided_on", "effective_on", "act_ended_on", "legal_basis", "tier", "facts", "public_from", "until", "repair_from",
    "objection_open", "rectifying", "mitigated", "exempted",
)  # fmt: skip
SUBJECT = (
    "id", "version", "code", "name", "form", "agency_kind", "public_service", "state", "area_id", "area__name",
    "parent__code", "parent__name", "succeeded_by__code", "head", "address", "valid_from", "valid_until",
)  # fmt: skip
MEASURE = (
    "id", "version", "number", "kind_id", "subject__form", "subject__name", "subject__code", "record_id", "record__number",
    "basis", "effect", "decided_unit__name", "decided_unit__code", "decided_on", "doc_no", "starts_on", "until", "state",
)  # fmt: skip
PLEDGE = (
    "id", "version", "number", "kind_id", "subject__form", "subject__name", "subject__code", "unit__name", "unit__code",
    "occasion", "post", "template", "title", "text", "sha256", "level", "thumbprint", "signer", "signed_at", "published_at", "valid_until", "state", "public",
)  # fmt: skip
COMMITMENT = (
    "id", "version", "order", "head", "text", "target", "basis", "due_on", "state", "progress", "checked_on",
    "fulfilled_on",     "pledge__number", "pledge__unit__name", "pledge__unit__code",
)  # fmt: skip
KIND = ("code", "name", "shape", "edition", "state", "doc_no", "valid_from", "valid_until", "text", "text_hash")
AREA = ("code", "name", "kind", "parent_id", "gb_code", "valid_from", "valid_until")
FLAGS = ("objection_open", "rectifying", "mitigated", "exempted")
OPERATOR = frozenset({"legal_person"})  # facts that name the operator of a sole trader (house.md 2.8)
OPENED = (  # fields of a record's opening that may go out with their salts, besides its public facts
    "uid", "version", "number", "kind", "kind_edition", "subject.form", "subject.name", "subject.code", "source_unit.name",
    "source_unit.code", "title", "fact", "doc_type", "doc_no", "deciding_unit.name", "deciding_unit.code", "decided_on",
    "effective_on", "act_ended_on", "legal_basis", "tier", "publicity", "public_from", "until", "repair_from",
    *[f"flags.{name}" for name in FLAGS],
)  # fmt: skip


OPENED_PLEDGE = frozenset(
    {
        "uid",
        "version",
        "number",
        "kind",
        "sha256",
        "level",
        "thumbprint",
        "state",
        "post",
        "template",
        "title",
        "text",
        "public",
    }
    | {f"{who}.{part}" for who in ("subject", "unit") for part in ("form", "name", "code")}
)
OPENED_KIND = frozenset({"code", "edition", "state", "sha256", "doc_no"})


@cache
def fact_names(kind: str, form: str = "") -> frozenset[str]:
    """The facts of a kind that may stand in public output; a sole trader's never name its operator."""
    names = frozenset(f.name for f in catalogue.load().kinds[kind].facts if f.public)
    return names - OPERATOR if form == "SOLE_TRADER" else names


def opened_names(kind: str, form: str) -> frozenset[str]:
    """The fields of a record's opening that the public may see."""
    return frozenset(OPENED) | {f"facts.{name}" for name in fact_names(kind, form)}


def kind_name(code: str) -> str:
    spec = catalogue.load().kinds.get(code)
    return spec.name if spec else code


@cache
def all_public(kind: str, form: str) -> bool:
    """Whether every fact of a kind is public, so that they go out as the database wrote them."""
    return len(fact_names(kind, form)) == len(catalogue.load().kinds[kind].facts)


def facts(v: Values) -> Any:
    """The public ones among a record's facts: from the column, or from its JSON text on the way of many rows."""
    kind, form, text = v["kind_id"], v["subject__form"], v.get("facts_json")
    if text is not None and all_public(kind, form):
        return orjson.Fragment(text)
    names = fact_names(kind, form)
    return {
        name: value for name, value in (orjson.loads(text) if text is not None else v["facts"]).items() if name in names
    }


def opened(opening: Mapping[str, Any]) -> dict[str, Any]:
    """A record's or pledge's opening (as its event keeps it) by the names of columns, so that it is shown by the same rules."""
    columns: dict[str, Any] = {}
    for name, value in opening.items():
        if name == "flags":
            columns |= value
        elif name == "deciding_unit":
            columns |= {f"deciding_{part}": inner for part, inner in value.items()}
        elif isinstance(value, Mapping) and name != "facts":
            columns |= {f"{name}__{part}": inner for part, inner in value.items() if part != "id"}
        else:
            columns[{"kind": "kind_id", "uid": "id"}.get(name, name)] = value
    return columns


def local(at: datetime | None) -> datetime | None:
    """An instant on the city's clock, to the second, as it is written outside."""
    return timezone.localtime(at).replace(microsecond=0) if at else None


def record(v: Values) -> dict[str, Any]:
    """A public record. Of its subject name and code are shown; who entered, reviewed or published it is not."""
    return {
        "uid": v["id"],
        "version": v["version"],
        "number": v["number"],
        "kind": v["kind_id"],
        "kind_name": kind_name(v["kind_id"]),
        "subject": {"form": v["subject__form"], "name": v["subject__name"], "code": v["subject__code"]},
        "source_unit": {"name": v["source_unit__name"], "code": v["source_unit__code"]},
        "title": v["title"],
        "fact": v["fact"],
        "doc_type": v["doc_type"],
        "doc_no": v["doc_no"],
        "deciding_unit": {"name": v["deciding_name"], "code": v["deciding_code"]},
        "decided_on": v["decided_on"],
        "effective_on": v["effective_on"],
        "act_ended_on": v["act_ended_on"],
        "legal_basis": v["legal_basis"],
        "tier": v["tier"],
        "facts": facts(v),
        "public_from": v["public_from"],
        "until": v["until"],
        "repair_from": v["repair_from"],
        "flags": {
            "objection_open": v["objection_open"],
            "rectifying": v["rectifying"],
            "mitigated": v["mitigated"],
            "exempted": v["exempted"],
        },
    }


def subject(v: Values) -> dict[str, Any]:
    """An organisation: registered data; a sole trader's operator and address are a person's and stay inside."""
    trader = v["form"] in ("SOLE_TRADER", "PERSON")
    return {
        "uid": v["id"],
        "version": v["version"],
        "code": v["code"],
        "name": v["name"],
        "form": v["form"],
        "agency_kind": v["agency_kind"],
        "public_service": v["public_service"],
        "state": v["state"],
        "area": {"code": v["area_id"], "name": v["area__name"]} if v["area_id"] else None,
        "parent": {"code": v["parent__code"], "name": v["parent__name"]} if v["parent__name"] else None,
        "succeeded_by": v["succeeded_by__code"] or "",
        "head": "" if trader else v["head"],
        "address": "" if trader else v["address"],
        "valid_from": v["valid_from"],
        "valid_until": v["valid_until"],
    }


def measure(v: Values) -> dict[str, Any]:
    """A measure in force on an organisation, with the record it rests on."""
    return {
        "uid": v["id"],
        "version": v["version"],
        "number": v["number"],
        "kind": v["kind_id"],
        "kind_name": kind_name(v["kind_id"]),
        "subject": {"form": v["subject__form"], "name": v["subject__name"], "code": v["subject__code"]},
        "record": {"uid": v["record_id"], "number": v["record__number"]},
        "basis": v["basis"],
        "effect": v["effect"],
        "decided_unit": {"name": v["decided_unit__name"], "code": v["decided_unit__code"]},
        "decided_on": v["decided_on"],
        "doc_no": v["doc_no"],
        "starts_on": v["starts_on"],
        "until": v["until"],
        "state": v["state"],
    }


def pledge(v: Values) -> dict[str, Any]:
    """A published pledge with its exact text; the signer of a person's pledge is its subject."""
    return {
        "uid": v["id"],
        "version": v["version"],
        "number": v["number"],
        "kind": v["kind_id"],
        "kind_name": kind_name(v["kind_id"]),
        "subject": {"form": v["subject__form"], "name": v["subject__name"], "code": v["subject__code"]},
        "unit": {"name": v["unit__name"], "code": v["unit__code"]},
        "occasion": v["occasion"],
        "post": v["post"],
        "template": v["template"],
        "title": v["title"],
        "text": v["text"],
        "sha256": v["sha256"],
        "level": v["level"],
        "thumbprint": v["thumbprint"],
        "signer": v["signer"],
        "signed_at": local(v["signed_at"]),
        "published_at": local(v["published_at"]),
        "valid_until": v["valid_until"],
        "state": v["state"],
    }


def commitment(v: Values) -> dict[str, Any]:
    """One item of a published pledge and how far it was kept."""
    own = ("order", "head", "text", "target", "basis", "due_on", "state", "progress", "checked_on", "fulfilled_on")
    return {
        "uid": v["id"],
        "version": v["version"],
        "pledge": v["pledge__number"],
        "unit": {"name": v["pledge__unit__name"], "code": v["pledge__unit__code"]},
    } | {name: v[name] for name in own}


def kind(v: Values) -> dict[str, Any]:
    """A catalogue entry with its full text and its approval (山东条例 10)."""
    return {name: v[name] for name in KIND}


def area(v: Values) -> dict[str, Any]:
    """A division or zone."""
    return {"parent": v["parent_id"]} | {name: v[name] for name in AREA if name != "parent_id"}
