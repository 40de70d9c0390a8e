"""Credit checks, reports, watch lists and exports: who asked what, for what, and what was done with it (task 8)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from integrity.admin.base import ActedAdmin, address
from integrity.models import Check, CheckedSubject, Export, Report, Watch


@admin.register(Check)
class CheckAdmin(ActedAdmin):
    """Checks with their purpose; they are made on the desk."""

    section = "使用"
    columns = ("number", "matter", "purpose", "unit", "total", "made_at", "valid_until")
    list_filter = ("purpose", "source")
    search_fields = ("number__iexact",)
    search_help_text = "核查编号"
    ordering = ("-made_at", "-id")
    people = ("entered_by",)

    def links(self, row: Any, seat: Any) -> list[tuple[str, str]]:
        return [(f"{address(CheckedSubject, 'changelist')}?q={row.number}", "核查结果")]


@admin.register(CheckedSubject)
class CheckedSubjectAdmin(ActedAdmin):
    """Answers about one subject, with the decision fed back."""

    section = "使用"
    columns = ("asked_in", "subject", "given", "outcome", "decision", "decided_at")
    list_filter = ("outcome", "decision")
    search_fields = ("asked_in__number__iexact", "subject__code__iexact")
    search_help_text = "核查编号或者主体代码"
    ordering = ("-asked_in__made_at", "-id")
    sections = (("结果", ("asked_in", "subject", "given", "outcome", "decision", "reason", "decided_at")),)


@admin.register(Report)
class ReportAdmin(ActedAdmin):
    """Reports issued; each opens by its number and code on the site."""

    section = "使用"
    columns = ("number", "scope", "subject", "made_at", "valid_until")
    list_filter = ("scope",)
    search_fields = ("number__iexact", "subject__code__iexact")
    search_help_text = "报告编号或者主体代码"
    ordering = ("-made_at", "-id")
    sections = (("报告", ("number", "scope", "subject", "asked_in", "sha256", "made_at", "valid_until")),)
    people = ("entered_by",)


@admin.register(Watch)
class WatchAdmin(ActedAdmin):
    """Watch lists of a unit."""

    section = "使用"
    columns = ("name", "unit", "purpose", "state")
    list_filter = ("state", "purpose")
    search_fields = ("name",)
    ordering = ("name", "id")
    sections = (("名单", ("name", "unit", "purpose", "ground", "state")),)
    people = ("entered_by",)


@admin.register(Export)
class ExportAdmin(ActedAdmin):
    """Files that left the house, or are being made."""

    section = "使用"
    columns = ("resource", "format", "purpose", "state", "rows", "asked_at")
    list_filter = ("state",)
    ordering = ("-asked_at", "-id")
