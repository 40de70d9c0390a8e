"""Complaints as tables: read and acted on as on the desk; the sealed identity is not among their columns."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from integrity.admin.base import ActedAdmin
from supervision.horizontal import admin as horizontal  # noqa: F401
from supervision.models import Complaint
from supervision.safeguards import admin as safeguards  # noqa: F401
from supervision.vertical import admin as vertical  # noqa: F401


@admin.register(Complaint)
class ComplaintAdmin(ActedAdmin):
    """Complaints, orders of the hotline, media items."""

    section = "办理"
    columns = ("matter", "channel", "category", "harm", "sphere")
    list_filter = ("channel", "harm", "sphere")
    search_fields = ("matter__number__iexact", "order_no__iexact")
    search_help_text = "事项编号或者工单编号"
    ordering = ("-matter__received_at", "-id")
    sections = (
        ("线索", ("matter", "channel", "category", "happened_on", "harm", "sphere", "order_no", "order_kind", "publish_reply")),
        ("媒体", ("programme", "aired_on", "promise", "promised_until", "promise_result", "link")),
        ("办理", ("heard_on", "explanation", "reviewing", "reviewed", "record")),
    )  # fmt: skip
    people = ("entered_by", "answered_by", "review_answered_by")

    def links(self, row: Any, seat: Any) -> list[tuple[str, str]]:
        return [(f"/desk/matters/{row.matter_id}/", "办理页面")]
