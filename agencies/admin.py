"""The agencies' flows as tables: found, read and acted on as on the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from agencies import admin_open  # noqa: F401  (they register themselves)
from agencies.admin_flow import FlowAdmin
from agencies.models import AgencyPledge, BreachLead, ClearingCase, CourtEntry, DutyItem, SanctionCase
from integrity.admin.base import ActedAdmin


@admin.register(SanctionCase)
class SanctionCaseAdmin(FlowAdmin):
    """Sanctions cases on agencies (task 9)."""

    creating = "open"
    entry = ("record", "government", "loss_wan", "effect")


@admin.register(BreachLead)
class BreachLeadAdmin(FlowAdmin):
    """Leads of broken promises (发改财金〔2023〕1103号)."""

    creating = "file"
    entry = ("agency", "source", "field", "contract", "counterparty", "breach", "amount_wan", "payable_on")


@admin.register(ClearingCase)
class ClearingCaseAdmin(FlowAdmin):
    """Agencies on the courts' lists on their way off (task 10)."""

    columns = ("matter", "agency", "court", "case_no", "state", "listed_on")
    search_fields = ("matter__number__iexact", "agency__code__iexact", "case_no__iexact")
    search_help_text = "事项编号、执行案号或者统一社会信用代码"
    creating = "warn"
    entry = ("agency", "case_no", "court", "creditor", "amount_wan", "duty", "told_on")


@admin.register(CourtEntry)
class CourtEntryAdmin(ActedAdmin):
    """Lines of courts' lists, for a person to say who is meant."""

    section = "政府机构"
    columns = ("name", "code", "case_no", "court", "state", "subject", "made_at")
    list_filter = ("state",)
    search_fields = ("name", "case_no__iexact", "code__iexact")
    search_help_text = "名称、执行案号或者代码"
    ordering = ("-made_at", "-id")
    people = ("entered_by", "decided_by")


@admin.register(AgencyPledge)
class AgencyPledgeAdmin(ActedAdmin):
    """Agencies' pledges of a year (task 7)."""

    section = "政府机构"
    columns = ("agency", "year", "state", "pledge", "valid_until")
    list_filter = ("state", "year")
    search_fields = ("agency__code__iexact", "pledge__number__iexact")
    search_help_text = "统一社会信用代码或者承诺书编号"
    ordering = ("-year", "-id")
    creating = "draft"
    entry = ("agency", "year", "channel", "valid_until")
    people = ("entered_by", "approved_by")

    def links(self, row: Any, seat: Any) -> list[tuple[str, str]]:
        return [(row.get_absolute_url(), "办理页面")]


@admin.register(DutyItem)
class DutyItemAdmin(ActedAdmin):
    """Lists of duties, powers and public services (task 7)."""

    section = "政府机构"
    columns = ("agency", "kind", "code", "name", "state")
    list_filter = ("kind", "state")
    search_fields = ("agency__code__iexact", "code__iexact", "name")
    search_help_text = "单位代码、事项编码或者名称"
    ordering = ("code", "id")
    creating = "enter"
    entry = ("agency", "kind", "code", "name", "basis", "link")
    people = ("entered_by",)
