"""Matters that somebody must answer, and the letters that bind (tasks 4, 9, 12, 13; domain.md 2.22)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from integrity import catalogue
from integrity.admin.base import ActedAdmin
from integrity.admin.filters import MatterFilter
from integrity.admin.shown import labelled
from integrity.forms import OrganisationField, choice_input, kind_input
from integrity.models import HandlingComplaint, Leniency, Letter, Matter, Objection, RepairApplication, SelfReport


@admin.register(Matter)
class MatterAdmin(ActedAdmin):
    """Objections, repairs, complaints and orders, with the clock that explains itself."""

    section = "办理"
    columns = ("number", "title", "kind", "state", "unit", "due_on", "received_at")
    list_filter = (MatterFilter, "state")
    search_fields = ("number__iexact", "record__number__iexact")
    search_help_text = "事项编号或者记录编号"
    ordering = ("-received_at", "-id")
    creating = "receive"
    entry = ("kind", "title", "text", "about", "record", "applicant", "received_unit")
    sections = (
        ("事项", ("number", "kind", "title", "text", "about", "record", "applicant", "received_unit", "unit", "merged_into")),
        ("办理", ("state", "outcome", "reply", "rating", "received_at", "replied_at", "closed_at")),
        ("期限", ("due_on", "explained", "extension", "paused_on", "urged")),
    )  # fmt: skip
    people = ("entered_by", "replied_by")

    @labelled("期限说明")
    def explained(self, row: Matter, seat: Any) -> str:
        return "；".join(map(str, row.due_explain))

    def makers(self, request: HttpRequest) -> dict[str, Callable[[], forms.Field]]:
        org = request.seat.org  # type: ignore[attr-defined]

        def received() -> forms.Field:
            field = OrganisationField("接收单位")
            field.initial = org.code if org else ""
            return field

        return {"kind": kind_input("matter", "事项类型"), "received_unit": received}


@admin.register(Letter)
class LetterAdmin(ActedAdmin):
    """Numbered letters: drafted by one, issued by another, sealed, served."""

    section = "办理"
    columns = ("number", "title", "template_shown", "addressee", "state", "issued_on", "served_on")
    list_filter = ("state",)
    search_fields = ("number__iexact", "record__number__iexact")
    search_help_text = "文号或者记录编号"
    ordering = ("-issued_on", "-id")
    creating = "draft"
    entry = ("template", "title", "body", "addressee", "record", "matter")
    sections = (
        ("文书", ("number", "template_shown", "title", "body", "addressee", "unit", "record", "matter")),
        ("送达", ("state", "issued_on", "way", "served_on", "acknowledged_at")),
    )
    people = ("entered_by", "issued_by")

    @labelled("文书种类")
    def template_shown(self, row: Letter, seat: Any) -> str:
        return catalogue.load().letters.get(row.template, {}).get("name", row.template)

    def links(self, row: Any, seat: Any) -> list[tuple[str, str]]:
        return [(f"/desk/letters/{row.pk}/", "工作台：打印、扫描件")]

    def makers(self, request: HttpRequest) -> dict[str, Callable[[], forms.Field]]:
        kinds = [(code, entry.get("name", code)) for code, entry in catalogue.load().letters.items()]
        return {"template": lambda: choice_input("文书种类", kinds)}


class RedressAdmin(ActedAdmin):
    """A flow of redress: filed by the subject on the portal, decided here by the unit of its matter (task 4)."""

    section = "办理"
    columns = ("matter", "record")
    search_fields = ("matter__number__iexact", "record__number__iexact")
    search_help_text = "事项编号或者记录编号"
    ordering = ("-matter__received_at", "-id")
    people = ("entered_by",)


admin.site.register([Objection, RepairApplication, HandlingComplaint], RedressAdmin)


@admin.register(SelfReport)
class SelfReportAdmin(RedressAdmin):
    """Reports of one's own wrong."""

    columns = ("matter", "subject", "ground")
    search_fields = ("matter__number__iexact",)
    search_help_text = "事项编号"


@admin.register(Leniency)
class LeniencyAdmin(ActedAdmin):
    """Lighter measures or none, on the grounds of task 4."""

    section = "目录与措施"
    columns = ("measure", "outcome", "ground", "state")
    list_filter = ("state", "outcome")
    search_fields = ("measure__number__iexact",)
    search_help_text = "措施编号"
    ordering = ("-id",)
    creating = "propose"
    entry = ("measure", "ground", "outcome", "reason")
    people = ("entered_by", "decided_by")
