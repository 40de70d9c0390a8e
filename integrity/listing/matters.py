"""Matters as machines read them: by right only; who filed one is never told (domain.md 6)."""

from __future__ import annotations

from typing import Any

import django_filters as f

from integrity import public
from integrity.listing import fields
from integrity.listing.base import Listing, Shown
from integrity.listing.masking import masked
from integrity.models import Matter

COLUMNS = (
    "id", "version", "number", "kind_id", "title", "about__form", "about__name", "about__code", "record_id", "unit__name",
    "unit__code", "state", "outcome", "rating", "clock", "started_on", "due_on", "paused_on", "extension", "urged",
    "received_at", "replied_at", "closed_at",
)  # fmt: skip


class MatterFilters(f.FilterSet):
    """Filters of the list of matters."""

    kind = fields.codes("事项类型", "kind")
    about = fields.one_code("涉及主体", "about__code")
    unit = fields.one_code("承办单位", "unit__code")
    number = fields.number("编号")
    state = fields.choice("状态", Matter.State.choices)
    due_since = fields.since("办理期限不早于", "due_on")
    due_until = fields.until("办理期限不晚于", "due_on")


def show(v: public.Values) -> Shown:
    """The handling of a matter: unit, state, clock, outcome. Its texts stay with those who handle it."""
    about = {"form": v["about__form"], "name": v["about__name"], "code": v["about__code"]} if v["about__form"] else None
    plain = (
        "number",
        "title",
        "state",
        "outcome",
        "rating",
        "clock",
        "started_on",
        "due_on",
        "paused_on",
        "extension",
        "urged",
    )
    return {
        "uid": v["id"],
        "version": v["version"],
        "kind": v["kind_id"],
        "kind_name": public.kind_name(v["kind_id"]),
        "about": about,
        "record": v["record_id"],
        "unit": {"name": v["unit__name"], "code": v["unit__code"]} if v["unit__name"] else None,
        **{name: v[name] for name in plain},
        **{name: public.local(v[name]) for name in ("received_at", "replied_at", "closed_at")},
    }


def mask(item: Shown, v: public.Values) -> Shown:
    name = v["about__name"] if v["about__form"] == "PERSON" else ""
    return {key: masked(value, name) for key, value in item.items()}


def inside(seat: Any, ids: list[Any]) -> set[Any]:
    return set(ids)


MATTERS = Listing(
    name="matters",
    schema="Matter",
    label="办理事项",
    about="异议、修复申请、投诉、督办等事项的办理情况，须带令牌；不含申请人、投诉人的身份和材料原文。",
    model=Matter,
    columns=COLUMNS,
    show=show,
    order=("id",),
    filters=MatterFilters,
    inside=inside,
    person=lambda v: bool(v["about__form"] == "PERSON"),
    mask=mask,
    by_right=True,
)
