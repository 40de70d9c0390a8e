"""Schemes and scores on the desk, for the units assessed, and once published for everybody (task 11)."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrity.acts import possible
from integrity.forms import EntryForm
from integrity.models import PUBLIC
from integrity.portal.doors import act_page, listed, staff, visible
from integrity.portal.fresh import public
from supervision.models import Assessment, ConfirmedNumber, Score
from supervision.vertical import papers
from supervision.vertical.scoring import SOURCES


@staff()
def index(request: HttpRequest) -> HttpResponse:
    """Schemes within reach."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    rows = Assessment.objects.visible_to(seat)
    return render(
        request,
        "supervision/assessments.html",
        {
            "page": listed(request, rows, ["-year", "-id"]),
            "may_propose": seat.role_code == "CREDIT_CITY",
            "may_confirm": seat.role.restricted,
        },
    )


def _entered(request: HttpRequest, form: Any, title: str, back: str, at: str) -> HttpResponse:
    if form.is_bound and form.perform(request.seat):  # type: ignore[attr-defined]
        messages.success(request, f"已保存：{form.row}", extra_tags="ok")
        return redirect(at.format(form.row.pk))
    context = {"form": form, "title": title, "button": title, "back": back, "form_errors": form.status == 422}
    return render(request, "desk/form.html", context, status=form.status)


@staff("setting.change")
def new(request: HttpRequest) -> HttpResponse:
    """Propose a scheme, which another person approves."""
    given = request.POST if request.method == "POST" else None
    form: Any = EntryForm(Assessment, Assessment.propose.act, ("year", "name", "doc_no"), {}, given)  # type: ignore[attr-defined]
    return _entered(request, form, "提出考核方案", "/desk/assessments/", "/desk/assessments/{}/")


@staff("record.confirm")
def number(request: HttpRequest) -> HttpResponse:
    """The personnel or discipline authority confirms a number of officials."""
    given = request.POST if request.method == "POST" else None
    form: Any = EntryForm(ConfirmedNumber, ConfirmedNumber.enter.act, ("unit", "year", "number", "doc_no"), {}, given)  # type: ignore[attr-defined]
    return _entered(request, form, "核定人数", "/desk/assessments/", "/desk/assessments/")


@staff()
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One scheme: indicators with definition, and the scores this seat may see."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    row = visible(Assessment, seat, pk=pk)
    scores = Score.objects.inside(seat).filter(assessment=row).select_related("unit").order_by("unit__code")
    context = {
        "assessment": row, "indicators": [(i, SOURCES[i["source"]].label) for i in row.indicators], "scores": scores,
        "buttons": possible(row, seat), "papers": row.state in ("RECKONED", "PUBLISHED") and "export" in seat.rights,
    }  # fmt: skip
    return render(request, "supervision/assessment.html", context)


@staff("setting.change")
def act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Approve, refuse, reckon, publish."""
    return act_page(request, visible(Assessment, request.seat, pk=pk), name, f"/desk/assessments/{pk}/")  # type: ignore[attr-defined]


@staff("export")
def file(request: HttpRequest, pk: uuid.UUID, form: str) -> HttpResponse:
    """The scores for the city's performance assessment, as XLSX or PDF."""
    row = visible(Assessment, request.seat, pk=pk)  # type: ignore[attr-defined]
    if row.state not in ("RECKONED", "PUBLISHED"):
        raise Http404
    scores = Score.objects.inside(request.seat).filter(assessment=row)  # type: ignore[attr-defined]
    kinds = {
        "xlsx": (papers.workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "pdf": (papers.paper, "application/pdf"),
    }
    make, kind = kinds[form]
    answer = HttpResponse(make(row, scores), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="assessment-{row.year}.{form}"'
    return answer


def _score(request: HttpRequest, pk: uuid.UUID) -> Any:
    row = Score.objects.inside(request.seat).select_related("unit", "assessment").filter(pk=pk).first()  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    return row


@staff()
def score(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One unit's score with every item it rests on."""
    row = _score(request, pk)
    return render(
        request,
        "supervision/score.html",
        {"score": row, "buttons": [s for s in possible(row, request.seat) if s.button]},
    )  # type: ignore[attr-defined]


@staff("matter.file", "setting.change")
def score_act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Object to a score, or answer the objection."""
    return act_page(request, _score(request, pk), name, f"/desk/scores/{pk}/")


@public
def summary(request: HttpRequest, year: int) -> HttpResponse:
    """The yearly summary for everybody: scheme and, where decided, totals of units."""
    row = Assessment.objects.visible_to(PUBLIC).filter(year=year, state="PUBLISHED").first()
    if row is None:
        raise Http404
    scores = Score.objects.visible_to(PUBLIC).filter(assessment=row).select_related("unit").order_by("unit__code")
    context = {
        "assessment": row,
        "indicators": [(i, SOURCES[i["source"]].label) for i in row.indicators],
        "scores": scores,
    }
    return render(request, "supervision/summary.html", context)
