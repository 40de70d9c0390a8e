"""Subjects and areas (domain.md 1, 4.2-4.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from integrity.acts import Act
from integrity.admin.base import ActedAdmin, PlainAdmin, address
from integrity.admin.shown import labelled
from integrity.forms import ActingForm, EntryForm, OrganisationField
from integrity.models import Area, Record, Subject

REGISTERED = (
    "name", "code", "old_code", "agency_kind", "area", "parent", "managed_by", "is_official", "head", "address",
    "public_service", "valid_from", "valid_until",
)  # fmt: skip


class AmendForm(EntryForm):
    """Registered data as they stand; what is changed is the act's input."""

    def act(self, by: Any) -> None:
        self.row.amend(by=by, **self.inputs(by))


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
        def organisation(name: str) -> Callable[[], forms.Field]:
            return lambda: OrganisationField(Subject._meta.get_field(name).verbose_name, required=False)

        return {name: organisation(name) for name in ("parent", "managed_by")}

    def act_form(self, request: HttpRequest, row: Any, spec: Act, data: Any) -> ActingForm:
        if spec.name != "amend":
            return super().act_form(request, row, spec, data)
        form = AmendForm(Subject, spec, REGISTERED, self.makers(request), data, initial=_initial(row))
        form.row = row
        return form

    def links(self, row: Any, seat: Any) -> list[tuple[str, str]]:
        return [(f"{address(Record, 'changelist')}?q={row.code}", "信用记录")] if row.code else []


def _initial(row: Subject) -> dict[str, Any]:
    """The registered data as the form shows them."""
    values: dict[str, Any] = {}
    for name in REGISTERED:
        value = getattr(row, name)
        values[name] = value.code or value.name if isinstance(value, Subject) else value
        if isinstance(value, date):
            values[name] = value.isoformat()
    return values


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
