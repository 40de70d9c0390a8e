"""Filter fields that listings share, each with the sentence that the interface's description shows."""

from __future__ import annotations

from typing import Any

import django_filters as f
from django.db.models import QuerySet

from integrity.codes import normalise_code
from integrity.models import Area


class Codes(f.BaseInFilter, f.CharFilter):
    """One code or several, separated by commas."""


def codes(label: str, field: str) -> f.Filter:
    return Codes(field_name=field, lookup_expr="in", label=label, help_text=f"{label}；多个以英文逗号分隔")


def one_code(label: str, field: str) -> f.Filter:
    """A unified social credit code, compared as machines do."""

    def narrow(rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(**{field: normalise_code(value)})

    return f.CharFilter(method=narrow, label=label, help_text=f"{label}的统一社会信用代码", max_length=40)


def number(label: str, field: str = "number") -> f.Filter:
    """A number shown outside; letters in either case."""

    def narrow(rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(**{field: value.strip().upper()})

    return f.CharFilter(method=narrow, label=label, help_text=label, max_length=40)


def choice(label: str, choices: Any, field: str = "") -> f.Filter:
    words = "，".join(f"{code} {word}" for code, word in choices)
    return f.ChoiceFilter(field_name=field or None, choices=choices, label=label, help_text=f"{label}：{words}")


def since(label: str, field: str) -> f.Filter:
    return f.DateFilter(field_name=field, lookup_expr="gte", label=label, help_text=f"{label}，含当日，如 2026-01-31")


def until(label: str, field: str) -> f.Filter:
    return f.DateFilter(field_name=field, lookup_expr="lte", label=label, help_text=f"{label}，含当日，如 2026-12-31")


def yes_no(label: str, field: str) -> f.Filter:
    return f.BooleanFilter(field_name=field, label=label, help_text=f"{label}：true 或者 false")


def in_area(path: str) -> f.Filter:
    """Rows in an area or any below it."""

    def narrow(rows: QuerySet, name: str, value: str) -> QuerySet:
        area = Area.objects.filter(code=value).first()
        return rows.filter(**{f"{path}__path__startswith": area.path}) if area else rows.none()

    return f.CharFilter(method=narrow, label="区划", help_text="区划代码，含其下级", max_length=12)
