"""How a row's values stand on the admin's pages: Chinese words, chips, links, masked names."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from integrity.acts import acts_of
from integrity.models import Subject, User
from integrity.snapshot import state_label
from integrity.status import TONES, tone

EMPTY = "—"
NOTES = {
    "reason": "理由",
    "note": "说明",
    "ground": "依据",
    "waived": "书面放弃陈述申辩",
    "purpose": "用途",
    "correction": "版本号",
}


def called(row: models.Model, seat: Any) -> str:
    """What a row is called on a page of this seat; a person's name is masked where the role must not read it."""
    return row.name_for(seat) if hasattr(row, "name_for") else str(row)


def chip(row: models.Model, axis: str = "state") -> str:
    """A state in shape, word and colour."""
    shade = tone(row._meta.model_name or "", axis, getattr(row, axis))
    return format_html('<span class="chip {}">{}</span>', shade, state_label(row, axis))


def plainly(value: Any) -> str:
    """A value in words: 是 and 否, dates without a time zone, lists on lines."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return "；".join(f"{k}：{plainly(v)}" for k, v in value.items()) or EMPTY
    if isinstance(value, (list, tuple)):
        return "；".join(plainly(v) for v in value) or EMPTY
    return str(value)


def linked(target: models.Model, text: str) -> str:
    """The text as a link to the target's page, where it has one."""
    try:
        url = reverse(f"admin:{target._meta.app_label}_{target._meta.model_name}_change", args=[target.pk])
    except NoReverseMatch:
        return text
    return format_html('<a href="{}">{}</a>', url, text)


def value_of(row: models.Model, name: str, seat: Any, *, link: bool = True) -> Any:
    """One column of a row as a seat may read it."""
    if (row._meta.model_name, name) in TONES:
        return chip(row, name)
    column = row._meta.get_field(name)
    value = getattr(row, name)
    if isinstance(value, Subject):
        text = value.name_for(seat)
        return linked(value, text) if link and value.is_organisation else text
    if isinstance(value, models.Model):
        return linked(value, str(value)) if link and not isinstance(value, User) else str(value)
    if getattr(column, "choices", None):
        return state_label(row, name) or EMPTY
    return plainly(value)


def _own(admin: Any, name: str) -> Callable[..., Any] | None:
    """A column that the admin class makes itself (see labelled)."""
    method = getattr(admin, name, None)
    return method if hasattr(method, "short_description") else None


class Column:
    """A list's column, read by the seat of the request."""

    def __init__(self, admin: Any, name: str, seat: Any) -> None:
        own = _own(admin, name)
        self.__name__ = name
        self.short_description = own.short_description if own else admin.opts.get_field(name).verbose_name
        self._read: Callable[[Any], Any] = lambda row: own(row, seat) if own else value_of(row, name, seat, link=False)

    def __call__(self, row: Any) -> Any:
        return self._read(row)


def pairs(row: models.Model, names: tuple[str, ...], seat: Any, admin: Any = None) -> list[tuple[str, Any]]:
    """Label and value of the columns that are filled; a name of the admin's own gives its own pairs or value."""
    found: list[tuple[str, Any]] = []
    for name in names:
        own = _own(admin, name)
        if own is not None:
            made = own(row, seat)
            found += made if isinstance(made, list) else [(own.short_description, made)]
        else:
            found.append((row._meta.get_field(name).verbose_name, value_of(row, name, seat)))
    return [(label, value) for label, value in found if value not in (EMPTY, "", None)]


def labelled(label: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Name an own column of an admin class."""

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        method.short_description = label  # type: ignore[attr-defined]
        return method

    return decorate


def lines(items: list[str]) -> str:
    """Short texts under each other."""
    return format_html_join("", "<div>{}</div>", ((i,) for i in items)) if items else EMPTY


def act_label(model: type[models.Model], verb: str) -> str:
    """The Chinese word of a verb in a row's history."""
    return next((spec.label for spec in acts_of(model) if spec.verb == verb), verb)


def changes(model: type[models.Model], values: dict[str, Any]) -> list[tuple[str, str]]:
    """What an event kept, as label and text: columns and notes that have a word, without internal ids."""
    labels = {f.attname: f.verbose_name for f in model._meta.concrete_fields if not f.is_relation} | NOTES
    return [
        (str(labels[name]), plainly(value))
        for name, value in values.items()
        if name in labels and name != "id" and value not in (None, "", [], {}) and not _is_id(value)
    ]


def _is_id(value: Any) -> bool:
    try:
        return bool(uuid.UUID(value)) if isinstance(value, str) and len(value) == 36 else False
    except ValueError:
        return False
