"""Supervision as tables: found, read and acted on as on the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from integrity.admin.base import ActedAdmin
from supervision.models import Motion


class SupervisionAdmin(ActedAdmin):
    """What all tables of supervision share."""

    section = "监督机制"
    people = ("entered_by",)


@admin.register(Motion)
class MotionAdmin(SupervisionAdmin):
    """Motions of every channel."""

    columns = ("channel", "reference", "topic", "main_unit", "due_on", "state")
    list_filter = ("channel", "state")
    search_fields = ("matter__number__iexact", "reference__iexact", "main_unit__code__iexact")
    search_help_text = "事项编号、文号或者主办单位代码"
    ordering = ("-assigned_on", "-id")

    def links(self, row: Any, seat: Any) -> list[tuple[str, str]]:
        return [(f"/desk/matters/{row.matter_id}/", "办理页面")]
