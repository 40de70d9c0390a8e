"""Grades of a sector: schemes put forward and approved, organisations graded, grades confirmed and shown (tasks 14, 17)."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrity.acts import possible
from integrity.catalogue import SECTORS
from integrity.forms import ActingForm, OrganisationField, date_input, text_input
from integrity.portal.doors import act_page, listed, staff
from integrity.portal.fresh import public
from sectors.evaluation import schemes
from sectors.models import Grade, Scheme
from sectors.views.desk import SEES

ORDER = ["-until", "-id"]


class SchemeForm(ActingForm):
    """Put a scheme's text forward as its next version."""

    def __init__(self, sector: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = [(code, s["name"]) for code, s in schemes().items() if s["sector"] == sector]
        self.fields["code"] = forms.ChoiceField(
            label="方案", choices=[("", "请选择"), *codes], widget=forms.Select(attrs={"class": "in"})
        )
        self.fields["doc_no"] = text_input("批准文号", max_length=100)
        self.fields["valid_from"] = date_input("施行日期")

    def act(self, by: Any) -> None:
        self.row = Scheme(**self.inputs(by)).propose(by=by)


class GradeForm(ActingForm):
    """Whom to grade, by which scheme, over which days."""

    def __init__(self, sector: str, seat: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Scheme.objects.visible_to(seat).in_force().filter(sector=sector)
        self.fields["scheme"] = forms.ModelChoiceField(
            rows, label="评价方案", empty_label="请选择", widget=forms.Select(attrs={"class": "in"})
        )
        self.fields["subject"] = OrganisationField("被评价单位")
        self.fields["since"] = date_input("评价期起")
        self.fields["until"] = date_input("评价期止")

    def act(self, by: Any) -> None:
        self.row = Grade(**self.inputs(by)).reckon(by=by)


def _sector(name: str) -> str:
    if not any(s["sector"] == name for s in schemes().values()):
        raise Http404
    return SECTORS[name]


@staff(*SEES)
def index(request: HttpRequest, name: str) -> HttpResponse:
    """Schemes and grades of a sector."""
    seat, title = request.seat, _sector(name)  # type: ignore[attr-defined]
    rows = Grade.objects.inside(seat).filter(scheme__sector=name).select_related(*Grade.lock_with)
    page = listed(request, rows, ORDER)
    plans = Scheme.objects.visible_to(seat).filter(sector=name).order_by("code", "-edition")
    context = {
        "sector": name,
        "title": title,
        "page": page,
        "rows": [(g, possible(g, seat)) for g in page.rows],
        "schemes": [(s, possible(s, seat)) for s in plans],
    }
    return render(request, "sectors/desk_grades.html", context)


@staff("sector.enter")
def new(request: HttpRequest, name: str, what: str) -> HttpResponse:
    """A new version of a scheme, or a new grade."""
    title, data = _sector(name), request.POST if request.method == "POST" else None
    form: ActingForm
    if what == "scheme":
        form, words = SchemeForm(name, data), f"提出{title}评价方案"
    else:
        form, words = GradeForm(name, request.seat, data), f"{title}信用评价"  # type: ignore[attr-defined]
    back = f"/desk/sector/{name}/grades/"
    if form.is_bound and form.perform(request.seat):  # type: ignore[attr-defined]
        messages.success(request, f"已保存：{form.row}", extra_tags="ok")  # type: ignore[attr-defined]
        return redirect(back)
    context = {
        "form": form,
        "title": words,
        "button": "保存，交他人确认",
        "back": back,
        "form_errors": form.status != 200,
    }
    return render(request, "desk/form.html", context, status=form.status)


@staff("sector.enter", "sector.release")
def act(request: HttpRequest, model: str, pk: uuid.UUID, name: str) -> HttpResponse:
    """Approve, end; confirm, withdraw."""
    seat = request.seat  # type: ignore[attr-defined]
    rows = Scheme.objects.visible_to(seat) if model == "scheme" else Grade.objects.inside(seat)
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return act_page(request, row, name, row.get_absolute_url())


@public
def shown(request: HttpRequest, name: str) -> HttpResponse:
    """The grades of a sector's organisations as they stand, and how they are reckoned."""
    rows = Grade.objects.public().newest().filter(scheme__sector=name).select_related("scheme", "subject")
    context = {
        "sector": name,
        "title": _sector(name),
        "page": listed(request, rows, ORDER),
        "schemes": Scheme.objects.public().in_force().filter(sector=name).order_by("code"),
    }
    return render(request, "sectors/grades.html", context)
