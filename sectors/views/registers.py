"""Registers of bidding: points rules, report providers and reports, agencies, monthly reports; on the desk and in public (task 17)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from integrity.acts import Acted, acts_of, may, possible
from integrity.forms import EntryForm
from integrity.models import Record, Subject
from integrity.portal import exports
from integrity.portal.doors import act_page, listed, staff
from integrity.portal.fresh import public
from sectors.bidding import POINTS, counting, thresholds
from sectors.models import Agent, MonthlyReport, PointsRule, Provider, ReportUse
from sectors.views.desk import SEES

HERE = "/desk/sector/bidding/registers/"


@dataclass(frozen=True)
class Register:
    """One register: its model, the act and columns of a new line, and what its lines show."""

    model: type[Acted]
    creating: str
    entry: tuple[str, ...]
    headings: tuple[str, ...]
    cells: Callable[[Any], tuple[Any, ...]]
    order: tuple[str, ...]
    related: tuple[str, ...] = ("source_unit",)

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def spec(self) -> Any:
        return next(s for s in acts_of(self.model) if s.name == self.creating)


REGISTERS = {
    "points": Register(
        PointsRule, "enter", ("code", "whom", "behaviour", "points", "basis", "valid_from", "valid_until"),
        ("编号", "适用对象", "不良行为", "记分", "依据", "施行"),
        lambda r: (r.code, r.get_whom_display(), r.behaviour, r.points, r.basis, r.valid_from), ("-valid_from", "-id"),
    ),
    "providers": Register(
        Provider, "enter", ("subject", "filed_no", "valid_from", "valid_until"), ("机构", "备案编号", "有效期"),
        lambda r: (r.subject.name, r.filed_no, f"{r.valid_from} 至 {r.valid_until}"), ("-valid_until", "-id"), ("subject", "source_unit"),
    ),
    "reports": Register(
        ReportUse, "verify", ("provider", "report_no", "subject", "issued_on", "valid_until", "used_on", "matter"),
        ("报告编号", "报告机构", "单位", "项目", "结果"),
        lambda r: (r.report_no, r.provider.subject.name, r.subject.name, r.matter, ("有效" if r.valid else "无效") + "：" + r.found),
        ("-made_at", "-id"), ("provider__subject", "subject"),
    ),
    "agents": Register(
        Agent, "enter", ("subject", "registered_no", "registered_on", "scope", "staff"), ("代理机构", "登记编号", "业务范围", "人员", "检查"),
        lambda r: (r.subject.name, r.registered_no, r.scope, r.staff, f"{len(r.inspections)} 次"), ("-registered_on", "-id"),
        ("subject", "source_unit"),
    ),
    "monthly": Register(
        MonthlyReport, "compile", ("month",), ("月份", "单位", "统计"),
        lambda r: (f"{r.month:%Y-%m}", r.source_unit.name, "；".join(f"{n} {c}" for n, c in r.figures)), ("-month", "-id"),
    ),
}  # fmt: skip


def _named(name: str) -> Register:
    if name not in REGISTERS:
        raise Http404
    return REGISTERS[name]


@staff(*SEES)
def index(request: HttpRequest, name: str = "points") -> HttpResponse:
    """One register with its lines and buttons."""
    kept, seat = _named(name), request.seat  # type: ignore[attr-defined]
    rows = kept.model.objects.inside(seat).select_related(*kept.related)  # type: ignore[attr-defined]
    page = listed(request, rows, list(kept.order))
    context = {
        "tabs": [(n, r.label) for n, r in REGISTERS.items()],
        "name": name,
        "register": kept,
        "page": page,
        "rows": [(r, kept.cells(r), possible(r, seat)) for r in page.rows],
        "may_enter": may(kept.spec, kept.model(), seat) is None,
        "totals": _totals(seat) if name == "points" else [],
        "thresholds": thresholds(),
    }
    return render(request, "sectors/desk_register.html", context)


def _totals(seat: Any) -> list[tuple[Any, int]]:
    """Subjects with points that count today, as far as the seat sees their records."""
    seen = counting(timezone.localdate()).filter(pk__in=Record.objects.inside(seat).filter(kind="SE07").values("pk"))
    found = list(seen.order_by().values_list("subject").annotate(sum=POINTS).order_by("-sum", "subject")[:50])
    rows = {s.pk: s for s in Subject.objects.visible_to(seat).filter(pk__in=[pk for pk, _ in found])}
    return [(rows[pk], points) for pk, points in found if pk in rows]


def _provider(seat: Any) -> forms.Field:
    return forms.ModelChoiceField(
        Provider.objects.visible_to(seat).filter(state="LISTED"), label="报告机构", empty_label="请选择",
        widget=forms.Select(attrs={"class": "in"}),
    )  # fmt: skip


@staff("sector.enter")
def new(request: HttpRequest, name: str) -> HttpResponse:
    """A new line of a register."""
    kept, seat = _named(name), request.seat  # type: ignore[attr-defined]
    makers = {"provider": lambda: _provider(seat)}
    form = EntryForm(kept.model, kept.spec, kept.entry, makers, request.POST if request.method == "POST" else None)
    back = f"{HERE}{name}"
    if form.is_bound and form.perform(seat):
        messages.success(request, f"已保存：{form.row}", extra_tags="ok")
        return redirect(back)
    context = {
        "form": form,
        "title": kept.spec.label,
        "button": "保存",
        "back": back,
        "form_errors": form.status != 200,
    }
    return render(request, "desk/form.html", context, status=form.status)


def _found(request: HttpRequest, name: str, pk: uuid.UUID) -> Any:
    kept = _named(name)
    rows = kept.model.objects.inside(request.seat).select_related(*kept.model.lock_with)  # type: ignore[attr-defined]
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@staff("sector.enter", "sector.release")
def act(request: HttpRequest, name: str, pk: uuid.UUID, act: str) -> HttpResponse:
    """Release, inspect, end, send."""
    return act_page(request, _found(request, name, pk), act, f"{HERE}{name}")


@staff(*SEES)
def monthly_file(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A monthly report as CSV: its figures, then the numbers of its records."""
    row = _found(request, "monthly", pk)
    lines = [*row.figures, *([number, "记录"] for number in row.records)]
    return exports.csv_response(f"bidding-{row.month:%Y-%m}.csv", ("项目", "数量"), lines)


# ---- in public ----


@public
def agents(request: HttpRequest) -> HttpResponse:
    """Bidding agencies: registration, people, what supervision found, and their public records."""
    rows = Agent.objects.public().select_related("subject")
    page = listed(request, rows, ["-registered_on", "-id"])
    ids = [r.subject_id for r in page.rows]
    counted = Record.objects.public().filter(subject__in=ids).order_by().values_list("subject").annotate(n=Count("pk"))
    counts = dict(counted)
    context = {"page": page, "rows": [(r, counts.get(r.subject_id, 0)) for r in page.rows]}
    return render(request, "sectors/agents.html", context)


@public
def rules(request: HttpRequest) -> HttpResponse:
    """The points rules in force and the filed report providers."""
    today = timezone.localdate()
    context = {
        "rules": PointsRule.objects.public().in_force(today).order_by("whom", "code"),
        "providers": Provider.objects.public().select_related("subject").order_by("filed_no"),
        "thresholds": thresholds(),
    }
    return render(request, "sectors/points.html", context)
