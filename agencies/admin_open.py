"""Services, openness and electronic supervision as tables (task 6)."""

from __future__ import annotations

from django.contrib import admin

from agencies.admin_flow import FlowAdmin
from agencies.models import Card, CorrectionOrder, Disclosure, Handling, Service, YearFigure
from integrity.admin.base import ActedAdmin


@admin.register(Card)
class CardAdmin(FlowAdmin):
    """Yellow and red cards (电子监察); the clock sends them."""

    columns = ("matter", "agency", "colour", "told", "days_over", "state")
    list_filter = ("colour", "state")


@admin.register(CorrectionOrder)
class CorrectionOrderAdmin(FlowAdmin):
    """Open-government correction orders (条例 46-47)."""

    creating = "order"
    entry = ("agency", "article", "problem", "served_on")


class OwnAdmin(ActedAdmin):
    """What agencies enter about themselves (task 6)."""

    section = "政府机构"
    search_fields: tuple[str, ...] = ("agency__code__iexact",)
    search_help_text = "统一社会信用代码"
    people = ("entered_by",)


@admin.register(Service)
class ServiceAdmin(OwnAdmin):
    """Services with their statutory and promised times."""

    columns = ("code", "name", "agency", "statutory_days", "promised_days", "state")
    list_filter = ("state", "kind")
    search_fields = ("code__iexact", "name", "agency__code__iexact")
    search_help_text = "事项编码、名称或者统一社会信用代码"
    ordering = ("name", "id")
    creating = "enter"
    entry = (
        "agency", "code", "name", "kind", "audience", "basis", "statutory_days", "promised_days", "online_url", "place", "phone",
    )  # fmt: skip


@admin.register(Handling)
class HandlingAdmin(OwnAdmin):
    """Cases of services, without applicants."""

    columns = ("number", "service", "agency", "started_on", "due_on", "done_on", "state")
    list_filter = ("state",)
    search_fields = ("number__iexact", "agency__code__iexact")
    search_help_text = "办件编号或者统一社会信用代码"
    ordering = ("-started_on", "id")


@admin.register(Disclosure)
class DisclosureAdmin(OwnAdmin):
    """What must be published, answered or reported by a day."""

    columns = ("title", "kind", "agency", "started_on", "due_on", "done_on", "state")
    list_filter = ("kind", "state")
    ordering = ("-started_on", "id")
    creating = "enter"
    entry = ("agency", "kind", "title", "started_on")


@admin.register(YearFigure)
class YearFigureAdmin(OwnAdmin):
    """Figures of lawful administration by agency and year."""

    columns = ("agency", "year", "indicator", "part", "whole", "state")
    list_filter = ("state", "indicator")
    ordering = ("-year", "id")
    creating = "enter"
    entry = ("agency", "year", "indicator", "part", "whole")
