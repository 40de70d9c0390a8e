"""Pledges and their commitments (tasks 2, 7, 20)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from integrity.admin.base import ActedAdmin, address
from integrity.forms import kind_input
from integrity.models import Commitment, Pledge


@admin.register(Pledge)
class PledgeAdmin(ActedAdmin):
    """Public promises; they are signed by the promiser in a ceremony of its own."""

    section = "承诺"
    columns = ("number", "title", "subject", "unit", "state", "due_on", "signed_at", "public")
    list_filter = ("state",)
    search_fields = ("number__iexact", "subject__code__iexact", "subject__name")
    search_help_text = "承诺书编号、主体名称或者代码"
    ordering = ("-due_on", "-id")
    creating = "issue"
    entry = ("kind", "subject", "unit", "occasion", "title", "text", "due_on", "valid_until")
    people = ("entered_by",)

    def makers(self, request: HttpRequest) -> dict[str, Callable[[], forms.Field]]:
        return {"kind": kind_input("pledge")}

    def links(self, row: Any, seat: Any) -> list[tuple[str, str]]:
        return [(f"{address(Commitment, 'changelist')}?q={row.number}", "承诺事项")]


@admin.register(Commitment)
class CommitmentAdmin(ActedAdmin):
    """The measurable items of pledges."""

    section = "承诺"
    columns = ("text", "pledge", "state", "due_on", "checked_on")
    list_filter = ("state",)
    search_fields = ("pledge__number__iexact",)
    search_help_text = "承诺书编号"
    ordering = ("due_on", "id")
    creating = "enter"
    entry = ("pledge", "order", "head", "text", "target", "due_on")
    people = ("entered_by",)
