"""The twenty tasks as a board, goals, joint meetings and the yearly report on the desk (保障措施)."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from integrity.acts import Act, possible
from integrity.forms import EntryForm
from integrity.portal.doors import act_page, staff, visible
from supervision.models import JointMeeting, TaskDuty
from supervision.models.duties import TASKS
from supervision.safeguards.figures import goals, report

SEES = ("matter.assign", "matter.handle", "figures")


def _year(request: HttpRequest) -> int:
    text = request.GET.get("year", "")
    return int(text) if text.isdigit() and 2018 <= int(text) <= 2100 else timezone.localdate().year


@staff(*SEES)
def board(request: HttpRequest) -> HttpResponse:
    """Twenty tasks of a year with their units, dates and progress, and the goals they serve."""
    seat, year = request.seat, _year(request)  # type: ignore[attr-defined]
    rows = {t.task: t for t in TaskDuty.objects.visible_to(seat).filter(year=year).select_related("lead")}
    tasks = [(n, name, rows.get(n), possible(rows[n], seat) if n in rows else []) for n, name in enumerate(TASKS, 1)]
    meetings = JointMeeting.objects.visible_to(seat).filter(held_on__year=year).order_by("-held_on")
    context = {
        "year": year,
        "tasks": tasks,
        "goals": goals(seat, year),
        "meetings": meetings,
        "may_set": seat.role_code == "CREDIT_CITY",
    }
    return render(request, "supervision/safeguards.html", context)


@staff(*SEES)
def yearly(request: HttpRequest) -> HttpResponse:
    """The yearly report, counted from the ledger when it is opened."""
    seat, year = request.seat, _year(request)  # type: ignore[attr-defined]
    tasks = TaskDuty.objects.visible_to(seat).filter(year=year).select_related("lead").order_by("task")
    meetings = JointMeeting.objects.visible_to(seat).filter(held_on__year=year)
    return render(request, "supervision/yearly.html", {"year": year, "lines": report(seat, year, tasks, meetings)})


def _entry(request: HttpRequest, model: Any, spec: Act, names: tuple[str, ...]) -> HttpResponse:
    form: Any = EntryForm(
        model, spec, names, {}, request.POST if request.method == "POST" else None, initial=request.GET.dict()
    )
    if form.is_bound and form.perform(request.seat):  # type: ignore[attr-defined]
        messages.success(request, f"已保存：{form.row}", extra_tags="ok")
        return redirect("/desk/safeguards/")
    context = {"form": form, "title": spec.label, "button": spec.label, "back": "/desk/safeguards/"}
    return render(request, "desk/form.html", context | {"form_errors": form.status == 422}, status=form.status)


@staff("matter.assign")
def new_task(request: HttpRequest) -> HttpResponse:
    """Say who leads a task this year."""
    return _entry(request, TaskDuty, TaskDuty.set.act, ("task", "year", "lead", "assisting", "measures", "due_on"))  # type: ignore[attr-defined]


@staff("matter.assign")
def new_meeting(request: HttpRequest) -> HttpResponse:
    """Minutes of a joint meeting."""
    return _entry(
        request, JointMeeting, JointMeeting.record.act, ("held_on", "topic", "members", "minutes", "decisions")
    )  # type: ignore[attr-defined]


@staff(*SEES)
def task_act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Report progress, accept as done."""
    return act_page(request, visible(TaskDuty, request.seat, pk=pk), name, "/desk/safeguards/")  # type: ignore[attr-defined]
