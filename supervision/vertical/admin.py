"""Inspection and assessment as tables: found, read and acted on as on the desk."""

from __future__ import annotations

from django.contrib import admin

from supervision.horizontal.admin import SupervisionAdmin
from supervision.models import Assessment, ConfirmedNumber, InspectionFinding, InspectionRound, Score


@admin.register(InspectionRound)
class RoundAdmin(SupervisionAdmin):
    """Rounds of inspection."""

    columns = ("name", "year", "unit", "starts_on", "ends_on", "state")
    list_filter = ("state",)
    search_fields = ("name",)
    search_help_text = "督察轮次"
    ordering = ("-starts_on", "-id")


@admin.register(InspectionFinding)
class FindingAdmin(SupervisionAdmin):
    """What was found."""

    columns = ("round", "target", "problem", "state", "rectify_by")
    list_filter = ("state",)
    search_fields = ("matter__number__iexact", "target__code__iexact")
    search_help_text = "事项编号或者被督察单位代码"
    ordering = ("-matter__received_at", "-id")


@admin.register(Assessment)
class AssessmentAdmin(SupervisionAdmin):
    """Schemes of assessment."""

    columns = ("year", "name", "doc_no", "state", "published_at")
    list_filter = ("state",)
    ordering = ("-year", "-id")
    people = ("entered_by", "approved_by")


@admin.register(Score)
class ScoreAdmin(SupervisionAdmin):
    """Scores of units."""

    columns = ("assessment", "unit", "total", "state")
    list_filter = ("state",)
    search_fields = ("unit__code__iexact",)
    search_help_text = "单位代码"
    ordering = ("-assessment__year", "-id")


@admin.register(ConfirmedNumber)
class NumberAdmin(SupervisionAdmin):
    """Numbers confirmed by the personnel or discipline authority."""

    columns = ("unit", "year", "number", "doc_no")
    ordering = ("-year", "-id")
    creating = "enter"
    entry = ("unit", "year", "number", "doc_no")
