"""Projects and duties as tables: found, read and acted on as on the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from integrity.admin.base import ActedAdmin
from integrity.admin.shown import labelled
from sectors.models import (
    Agent,
    Breach,
    Duty,
    Evaluation,
    Grade,
    LookBack,
    MonthlyReport,
    Notice,
    Officer,
    PointsRule,
    Project,
    Provider,
    ReportUse,
    Scheme,
)


@admin.register(Project)
class ProjectAdmin(ActedAdmin):
    """Projects of the sectors within this seat's reach; they are entered on the desk, where each kind has its form."""

    section = "重点领域"
    columns = ("number", "name", "sector", "unit_name", "partner_name", "stage_shown", "stage_on", "state")
    list_filter = ("sector", "state")
    search_fields = ("number__iexact", "name", "reference__iexact")
    search_help_text = "编号、项目编号或者名称"
    ordering = ("-stage_on", "-id")
    people = ("entered_by", "released_by")

    @labelled("阶段")
    def stage_shown(self, row: Project, seat: Any) -> str:
        return row.stage_name

    def links(self, row: Any, seat: Any) -> list[tuple[str, str]]:
        return [(row.get_absolute_url(), "项目页面")]


@admin.register(Duty)
class DutyAdmin(ActedAdmin):
    """What is owed within projects, with the clock that explains itself."""

    section = "重点领域"
    columns = ("text", "project", "owner", "due_on", "state", "done_on")
    list_filter = ("state",)
    search_fields = ("project__number__iexact", "code__iexact")
    search_help_text = "项目编号或者事项代码"
    ordering = ("due_on", "id")
    people = ("entered_by",)


@admin.register(Scheme)
class SchemeAdmin(ActedAdmin):
    """Versions of how sectors grade."""

    section = "重点领域"
    columns = ("name", "edition", "sector", "state", "doc_no", "valid_from")
    list_filter = ("sector", "state")
    ordering = ("code", "-edition")
    people = ("entered_by", "approved_by")


@admin.register(Grade)
class GradeAdmin(ActedAdmin):
    """Grades of organisations with the cases counted."""

    section = "重点领域"
    columns = ("subject", "scheme", "since", "until", "letter", "score", "state")
    list_filter = ("state",)
    search_fields = ("subject__code__iexact", "subject__name")
    search_help_text = "单位名称或者统一社会信用代码"
    ordering = ("-until", "-id")
    people = ("entered_by", "confirmed_by")


class BelongingAdmin(ActedAdmin):
    """What belongs to a project; entered on its desk page."""

    section = "重点领域"
    search_fields = ("project__number__iexact",)
    search_help_text = "项目编号"
    people = ("entered_by",)

    def links(self, row: Any, seat: Any) -> list[tuple[str, str]]:
        return [(row.get_absolute_url(), "办理页面")]


@admin.register(Officer)
class OfficerAdmin(BelongingAdmin):
    """Responsible officials of projects, in their posts of that time."""

    columns = ("person", "project", "post", "from_on", "until_on", "state")
    list_filter = ("state",)
    ordering = ("-from_on", "-id")


@admin.register(Breach)
class BreachAdmin(BelongingAdmin):
    """Broken promises of the public side."""

    columns = ("promise", "project", "cause", "happened_on", "state")
    list_filter = ("state", "cause")
    ordering = ("-happened_on", "-id")


@admin.register(LookBack)
class LookBackAdmin(BelongingAdmin):
    """Looks back at who was responsible."""

    columns = ("officer", "project", "outcome", "state")
    list_filter = ("state", "outcome")
    ordering = ("state", "-id")


class RegisterAdmin(ActedAdmin):
    """A register kept by one person and released by another."""

    section = "重点领域"
    list_filter = ("state",)
    creating = "enter"
    people = ("entered_by", "released_by")


@admin.register(PointsRule)
class PointsRuleAdmin(RegisterAdmin):
    """Points rules as data."""

    columns = ("code", "whom", "behaviour", "points", "basis", "valid_from", "valid_until", "state")
    search_fields = ("code__iexact",)
    ordering = ("code", "id")
    entry = ("code", "whom", "behaviour", "points", "basis", "valid_from", "valid_until")


@admin.register(Provider)
class ProviderAdmin(RegisterAdmin):
    """Filed report providers."""

    columns = ("subject", "filed_no", "valid_from", "valid_until", "state")
    search_fields = ("filed_no__iexact",)
    ordering = ("-valid_until", "-id")
    entry = ("subject", "filed_no", "valid_from", "valid_until")


@admin.register(Agent)
class AgentAdmin(RegisterAdmin):
    """Bidding agencies."""

    columns = ("subject", "registered_no", "scope", "staff", "state")
    search_fields = ("registered_no__iexact", "subject__name")
    ordering = ("-registered_on", "-id")
    entry = ("subject", "registered_no", "registered_on", "scope", "staff")


@admin.register(MonthlyReport)
class MonthlyReportAdmin(RegisterAdmin):
    """Monthly reports to the city's platform."""

    columns = ("month", "source_unit", "state", "sent_at")
    ordering = ("-month", "-id")
    creating = "compile"
    entry = ("month",)


@admin.register(ReportUse)
class ReportUseAdmin(ActedAdmin):
    """Third-party reports as they were checked."""

    section = "重点领域"
    columns = ("report_no", "provider", "subject", "used_on", "valid", "found")
    list_filter = ("valid",)
    search_fields = ("report_no__iexact",)
    ordering = ("-made_at", "-id")
    people = ("entered_by",)


@admin.register(Evaluation)
class EvaluationAdmin(BelongingAdmin):
    """Evaluations of projects."""

    columns = ("period", "project", "grade", "evaluated_on", "state")
    list_filter = ("state", "grade")
    ordering = ("-evaluated_on", "-id")
    people = ("entered_by", "released_by")


@admin.register(Notice)
class NoticeAdmin(BelongingAdmin):
    """Notices of public resource trading, with what the city's column answered."""

    columns = ("title", "kind", "project", "published_on", "due_on", "pushed_at", "state")
    list_filter = ("state", "kind")
    search_fields = ("number__iexact", "project__number__iexact", "project__reference__iexact")
    search_help_text = "公告编号、项目编号或者交易编号"
    ordering = ("-published_on", "-id")
