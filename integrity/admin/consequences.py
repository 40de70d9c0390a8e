"""The catalogue in force and the measures that follow from records (山东条例 10, 25-30)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from integrity.admin.base import ActedAdmin
from integrity.admin.filters import MeasureFilter
from integrity.admin.shown import labelled
from integrity.forms import OrganisationField, choice_input, kind_input
from integrity.models import Kind, Measure


@admin.register(Kind)
class KindAdmin(ActedAdmin):
    """Catalogue entries: their text comes from the program, their force from two people."""

    section = "目录与措施"
    columns = ("code", "name", "shape", "state", "edition", "doc_no", "valid_from")
    list_filter = ("shape", "state")
    search_fields = ("code__iexact", "name__icontains")
    search_help_text = "代码或者名称"
    ordering = ("code",)
    sections = (
        ("条目", ("code", "name", "shape", "state", "edition", "doc_no", "valid_from", "valid_until")),
        ("内容", ("said",)),
    )
    people = ("nominated_by", "approved_by")

    @labelled("内容")
    def said(self, row: Kind, seat: Any) -> list[tuple[str, str]]:
        """The seven statutory elements and the facts, in words (山东条例 10)."""
        spec = row.spec
        facts = "、".join(f.label for f in spec.facts)
        return [
            ("依据", "；".join(spec.basis)),
            ("提供单位", spec.provider),
            ("数据标准", spec.standard),
            ("字段", facts),
        ]


@admin.register(Measure)
class MeasureAdmin(ActedAdmin):
    """Measures of the public list, imposed because of a confirmed record."""

    section = "目录与措施"
    columns = ("number", "kind", "subject", "effect", "state", "starts_on", "until", "decided_unit")
    list_filter = (MeasureFilter, "state", "effect")
    search_fields = ("number__iexact", "record__number__iexact", "subject__code__iexact")
    search_help_text = "措施编号、记录编号或者主体代码"
    ordering = ("-decided_on", "-id")
    creating = "impose"
    entry = ("record", "kind", "effect", "basis", "decided_unit", "decided_on", "doc_no", "starts_on", "until")
    people = ("entered_by", "lenient_by")

    def makers(self, request: HttpRequest) -> dict[str, Callable[[], forms.Field]]:
        return {
            "kind": kind_input("measure", "措施"),
            "effect": lambda: choice_input("效力", Measure.Effect.choices),
            "decided_unit": lambda: OrganisationField("决定单位"),
        }
