"""Records and their corrections in the admin (task 1, 6-20)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from integrity import catalogue
from integrity.acts import Act
from integrity.admin.base import ActedAdmin, address
from integrity.admin.filters import KindFilter
from integrity.admin.shown import chip, labelled, lines, plainly
from integrity.forms import ActingForm, CorrectionForm, RecordForm
from integrity.models import Event, Kind, Record, Version
from integrity.models.record.entry import EDITABLE
from integrity.models.record.spec import base_facts


@admin.register(Record)
class RecordAdmin(ActedAdmin):
    """Every kind of record, through the form of its specification."""

    section = "信用信息"
    columns = ("number", "kind_shown", "subject", "title", "state", "publicity", "decided_on")
    list_filter = (KindFilter, "state", "publicity", "tier")
    search_fields = ("number",)
    search_help_text = "记录编号、文书号、主体名称或者代码"
    ordering = ("-entered_at", "-id")
    creating = "enter"
    attaching = ("record.enter", ("证据", "文书扫描件"))
    sections = (
        ("事项", ("number", "kind_shown", "subject", "source_unit", "title", "fact_shown", "tier_shown", "marks")),
        ("文书与依据", ("doc_type", "doc_no", "deciding_name", "deciding_code", "decided_on", "effective_on", "served_on",
                   "act_ended_on", "legal_basis", "duplicate_note")),
        ("具体内容", ("facts_shown",)),
        ("状态与公示", ("state", "publicity", "publish_decided", "publish_ground", "public_from", "until", "repair_from",
                   "hidden_until", "ended_reason", "send_up", "kind_edition", "origin")),
        ("告知与陈述申辩", ("notified_on", "statement_due", "statement", "heard_on", "heard_outcome")),
    )  # fmt: skip
    people = (
        "entered_by", "amended_by", "reviewed_by", "accepted_by", "confirmed_by", "cleared_by", "published_by",
    )  # fmt: skip

    @labelled("类目")
    def kind_shown(self, row: Record, seat: Any) -> str:
        return f"{row.kind_id} {row.spec.name}"

    @labelled("摘要")
    def fact_shown(self, row: Record, seat: Any) -> list[tuple[str, str]]:
        """The summary under the word that this kind's form has for it."""
        return [(fact.label, plainly(row.fact)) for fact in base_facts(row.kind_id) if fact.name == "fact"]

    @labelled("失信等级")
    def tier_shown(self, row: Record, seat: Any) -> str:
        return "" if row.tier == "none" else chip(row, "tier")

    @labelled("标记")
    def marks(self, row: Record, seat: Any) -> str:
        names = ("objection_open", "rectifying", "mitigated", "exempted", "suspended", "needs_clearance")
        return "、".join(str(row._meta.get_field(n).verbose_name) for n in names if getattr(row, n))

    @labelled("具体内容")
    def facts_shown(self, row: Record, seat: Any) -> list[tuple[str, str]]:
        return [(fact.label, plainly(row.facts.get(fact.name))) for fact in row.spec.facts]

    def shown(self, row: Any, seat: Any) -> list[tuple[str, list[tuple[str, Any]]]]:
        groups = super().shown(row, seat)
        if self.sees_people(row, seat) and row.scan:
            labels = {f.name: f.label for f in (*base_facts(row.kind_id), *row.spec.facts)}
            found = [(labels.get(hit["field"], hit["field"]), f"疑似含{hit['found']}") for hit in row.scan]
            groups.append(("隐私扫描提示", found))
        return groups

    def gate(self, request: HttpRequest, row: Any) -> HttpResponse | None:
        """Who reads a restricted or personal record says why first, and an auditor's reading is logged (山东条例 37)."""
        seat = request.seat  # type: ignore[attr-defined]
        own_draft = row.state in EDITABLE and seat.user_id in (row.entered_by_id, row.amended_by_id)
        if row.is_personal and not own_draft and not _opened(row, seat):
            return redirect(f"/desk/records/{row.pk}/open?{urlencode({'next': request.get_full_path()})}")
        if seat.role.code == "AUDITOR" and not row.is_personal:
            row.view(by=seat, purpose="审计查阅")
        return None

    def links(self, row: Any, seat: Any) -> list[tuple[str, str]]:
        correcting = row.state == "CONFIRMED" and "record.correct" in seat.rights and row.within(seat)
        found = [(f"{address(Version, 'add')}?record={row.number}", "提出更正")] if correcting else []
        return [
            *found,
            (f"{address(Version, 'changelist')}?q={row.number}", "历次更正"),
            (f"/desk/records/{row.pk}/", "工作台"),
        ]

    # ---- entering and amending ----

    def kinds(self, seat: Any) -> list[Kind]:
        """The approved kinds this seat's role enters."""
        return [k for k in Kind.objects.inside(seat).in_force("record") if k.code[:2] in seat.role.families]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and bool(request.seat.role.families)  # type: ignore[attr-defined]

    def entry_form(self, request: HttpRequest, data: Any) -> ActingForm:
        return self._handed_on(RecordForm(request.GET["kind"], request.seat, data), data)  # type: ignore[attr-defined]

    def act_form(self, request: HttpRequest, row: Any, spec: Act, data: Any) -> ActingForm:
        if spec.name == "amend":
            seat = request.seat  # type: ignore[attr-defined]
            return self._handed_on(RecordForm(row.kind_id, seat, data=data, record=row), data)
        return super().act_form(request, row, spec, data)

    @staticmethod
    def _handed_on(form: RecordForm, data: Any) -> RecordForm:
        form.then_submit = bool(data) and "_submit" in data
        return form

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """First the kind, then the form of that kind."""
        if not self.has_add_permission(request):
            raise PermissionDenied("您当前的岗位不能录入记录，请联系本单位管理员或者切换岗位。")
        kinds = self.kinds(request.seat)  # type: ignore[attr-defined]
        code = request.GET.get("kind", "")
        if not code:
            return self.page(request, "kinds", title="录入记录：选择类目", groups=_grouped(kinds))
        if code not in {k.code for k in kinds}:
            raise Http404
        return super().add_view(request, form_url, extra_context)


def _grouped(kinds: list[Kind]) -> list[tuple[str, list[Kind]]]:
    """Kinds under the words of their subject area, in the order of the catalogue."""
    words = {"AG": "政府机构", "OF": "公务人员", "SV": "监督", "DP": "双公示", "LS": "企业名单"}
    groups: dict[str, list[Kind]] = {}
    for kind in kinds:
        heading = catalogue.SECTORS.get(kind.spec.sector) or words.get(kind.code[:2], "其他")
        groups.setdefault(heading, []).append(kind)
    return list(groups.items())


def _opened(row: Record, seat: Any) -> bool:
    """Whether this person said within half an hour why he reads the record; the ledger knows."""
    since = timezone.now() - timedelta(minutes=30)
    return Event.objects.of(row).filter(verb="record.viewed", user_id=seat.user_id, at__gte=since).exists()


@admin.register(Version)
class VersionAdmin(ActedAdmin):
    """Corrections: proposed by one, reviewed by a second, adopted by the credit office."""

    section = "信用信息"
    columns = ("record_shown", "number", "state", "reason", "made_at")
    list_filter = ("state",)
    search_fields = ("record__number__iexact",)
    search_help_text = "记录编号"
    ordering = ("-made_at", "-id")
    creating = "propose"
    sections = (
        ("更正", ("record", "number", "state", "reason", "made_at", "adopted_at")),
        ("改动", ("difference",)),
    )
    people = ("entered_by", "reviewed_by", "adopted_by")

    @labelled("记录")
    def record_shown(self, row: Version, seat: Any) -> str:
        return str(row.record)

    @labelled("改动")
    def difference(self, row: Version, seat: Any) -> list[tuple[str, str]]:
        """Old and new side by side, field by field."""
        labels = {f.name: f.label for f in (*base_facts(row.record.kind_id), *row.record.spec.facts)}
        new = {k: v for k, v in row.changes.items() if k != "facts"} | row.changes.get("facts", {})
        old = {k: v for k, v in row.before.items() if k != "facts"} | row.before.get("facts", {})
        return [
            (labels.get(name, name), lines([f"原：{plainly(old.get(name))}", f"改为：{plainly(value)}"]))
            for name, value in new.items()
        ]

    def links(self, row: Any, seat: Any) -> list[tuple[str, str]]:
        return [(address(Record, "change", row.record_id), "查看记录")]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A correction starts from its record."""
        return super().has_add_permission(request) and "record" in request.GET

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        number = request.GET.get("record", "")
        if not Record.objects.inside(request.seat).filter(number=number).exists():  # type: ignore[attr-defined]
            raise Http404
        return super().add_view(request, form_url, extra_context)

    def entry_form(self, request: HttpRequest, data: Any) -> ActingForm:
        seat = request.seat  # type: ignore[attr-defined]
        rows = Record.objects.inside(seat).select_related(*Record.lock_with)
        return CorrectionForm(rows.get(number=request.GET["record"]), seat, data=data)
