"""What the tables of the agencies' flows share."""

from __future__ import annotations

from typing import Any

from integrity.admin.base import ActedAdmin


class FlowAdmin(ActedAdmin):
    """A flow behind a matter, with its state and clock."""

    section = "政府机构"
    columns = ("matter", "agency", "state", "matter__due_on")
    list_filter = ("state",)
    search_fields = ("matter__number__iexact", "agency__code__iexact")
    search_help_text = "事项编号或者统一社会信用代码"
    ordering = ("-matter__received_at", "-id")
    people = ("entered_by",)

    def links(self, row: Any, seat: Any) -> list[tuple[str, str]]:
        return [(f"/desk/matters/{row.matter_id}/", "办理页面")]
