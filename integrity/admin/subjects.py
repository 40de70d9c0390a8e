"""Subjects and areas (domain.md 1, 4.2-4.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from integrity.acts import Act
from integrity.admin.base import ActedAdmin, PlainAdmin, address
from integrity.admin.shown import labelled
from integrity.forms import ActingForm
from integrity.forms.subject import REGISTERED, amend_form, organisation_fields
from integrity.models import Area, Record, Subject


@admin.register(Subject)
class SubjectAdmin(ActedAdmin):
    """Organisations, and the persons whose registration is this seat's duty."""

    section = "主体"
    columns = ("name_shown", "code", "form", "state", "area", "parent", "valid_until")
    list_filter = ("form", "state", "agency_kind")
    search_fields = ("code",)
    search_help_text = "名称、拼音首字母或者代码"
    ordering = ("sort_key", "id")
    creating = "register"
    entry = ("form", *REGISTERED)
    sections = (
        ("主体", ("name_shown", "form", "agency_kind", "code", "old_code", "id_shown", "is_official", "state")),
        ("隶属", ("area", "parent", "managed_by", "registered_by_unit", "succeeded_by", "valid_from", "valid_until")),
        ("登记", ("head", "address", "public_service", "updated_at")),
    )
    people = ("entered_by",)

    @labelled("名称")
    def name_shown(self, row: Subject, seat: Any) -> str:
        return row.name_for(seat)

    @labelled("公民身份号码")
    def id_shown(self, row: Subject, seat: Any) -> str:
        return row.id_masked

    def makers(self, request: HttpRequest) -> dict[str, Callable[[], forms.Field]]:
        return organisation_fields()

    def act_form(self, request: HttpRequest, row: Any, spec: Act, data: Any) -> ActingForm:
        return amend_form(row, data) if spec.name == "amend" else super().act_form(request, row, spec, data)

    def links(self, row: Any, seat: Any) -> list[tuple[str, str]]:
        return [(f"{address(Record, 'changelist')}?q={row.code}", "信用记录")] if row.code else []


@admin.register(Area)
class AreaAdmin(PlainAdmin):
    """Divisions and zones; a code and a place in the tree are given once."""

    section = "主体"
    right = "setting.change"
    reading = frozenset({"export", "subject.manage"})
    columns = ("code", "name", "kind", "parent", "valid_from", "valid_until")
    list_filter = ("kind",)
    search_fields = ("code__startswith", "name__icontains")
    ordering = ("path",)
    fields = ("code", "name", "kind", "parent", "gb_code", "valid_from", "valid_until")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code", "kind", "parent") if obj else ()
