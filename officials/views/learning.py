"""Learning on the desk: handbook editions, courses, sessions with attendance, tasks and coverage by unit (task 5)."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from integrity.acts import Refused, possible
from integrity.forms import ActingForm, EntryForm, OrganisationField, date_input
from integrity.portal.doors import act_page, listed, staff, visible
from officials.models import Course, Handbook, Learning, Official, Session
from officials.training import assign_many, coverage

MANAGE = "learning.manage"
NOUNS: dict[str, tuple[Any, str, tuple[str, ...]]] = {
    "handbook": (Handbook, "write", ("title", "text")),
    "course": (Course, "offer", ("title", "about", "hours", "compulsory", "questions")),
}


@staff(MANAGE, "export")
def index(request: HttpRequest) -> HttpResponse:
    """Coverage by unit this year, courses, coming sessions, editions of the handbook."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    start = timezone.localdate().replace(month=1, day=1)
    tasks = Learning.objects.visible_to(seat)
    context = {
        "units": coverage(Official.objects.inside(seat), start),
        "courses": [
            (r, possible(r, seat)) for r in Course.objects.visible_to(seat).order_by("state", "title", "id")[:50]
        ],
        "sessions": [
            (r, possible(r, seat))
            for r in Session.objects.visible_to(seat).select_related(*Session.lock_with).order_by("-held_on", "id")[:20]
        ],
        "books": [(r, possible(r, seat)) for r in Handbook.objects.visible_to(seat).order_by("-edition")],
        "open": tasks.open().count(),
        "late": tasks.overdue().count(),
        "may": MANAGE in seat.rights,
    }
    return render(request, "officials/learning.html", context)


@staff(MANAGE, "export")
def tasks(request: HttpRequest) -> HttpResponse:
    """Who has to learn what, by when; found by course and state."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    rows = Learning.objects.visible_to(seat).select_related("subject", "subject__parent", "course", "session")
    if request.GET.get("state") in Learning.State.values:
        rows = rows.filter(state=request.GET["state"])
    if request.GET.get("overdue"):
        rows = rows.overdue()
    context = {"page": listed(request, rows, ["due_on", "id"], 50), "states": Learning.State.choices}
    return render(request, "officials/learning_tasks.html", context)


@staff(MANAGE)
def new(request: HttpRequest, noun: str) -> HttpResponse:
    """Write an edition, open a course."""
    if noun not in NOUNS:
        raise Http404
    model, name, columns = NOUNS[noun]
    spec = getattr(model, name).act
    initial = {}
    if noun == "handbook" and (last := Handbook.objects.visible_to(request.seat).order_by("-edition").first()):  # type: ignore[attr-defined]
        initial = {"title": last.title, "text": last.text}
    form = EntryForm(model, spec, columns, {}, request.POST if request.method == "POST" else None, initial=initial)
    return _entered(request, form, spec.label)


@staff(MANAGE)
def plan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A session of a course: day and place."""
    course = visible(Course, request.seat, pk=pk)  # type: ignore[attr-defined]
    spec = Session.plan.act  # type: ignore[attr-defined]
    form = _Plan(Session, spec, ("held_on", "place"), {}, request.POST if request.method == "POST" else None)
    form.course = course
    return _entered(request, form, f"{spec.label}：{course.title}")


class _Plan(EntryForm):
    course: Any = None

    def inputs(self, by: Any) -> dict[str, Any]:
        return super().inputs(by) | {"course": self.course}


class AssignForm(ActingForm):
    """Who has to learn a course by when: one unit's officials, or all in the authority's hands."""

    due_on = date_input("完成期限")
    workplace = OrganisationField(
        "所在单位", required=False, help_text="留空为本单位管理的全部在职人员；可填写代码或者准确名称"
    )

    def __init__(self, course: Course, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.course = course

    def act(self, by: Any) -> None:
        data = self.inputs(by)
        rows = Official.objects.inside(by).serving().select_related("subject")
        if data["workplace"]:
            rows = rows.filter(subject__parent=data["workplace"])
        people = [row.subject for row in rows[:5000]]
        if not people:
            raise forms.ValidationError({"workplace": "该范围内没有在职的公务人员"})
        self.told = assign_many(self.course, people, data["due_on"], by=by)


@staff(MANAGE)
def assign(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give a course to everybody of a unit."""
    course = visible(Course, request.seat, pk=pk)  # type: ignore[attr-defined]
    form = AssignForm(course, request.POST if request.method == "POST" else None)
    return _entered(request, form, f"布置学习：{course.title}", "/desk/learning/tasks")


def _entered(request: HttpRequest, form: Any, title: str, back: str = "/desk/learning/") -> HttpResponse:
    if form.is_bound and form.perform(request.seat):  # type: ignore[attr-defined]
        words = f"已布置 {form.told} 人" if hasattr(form, "told") else f"已登记：{form.row}"
        messages.success(request, words, extra_tags="ok")
        return redirect(back)
    context = {"form": form, "title": title, "button": "保存", "back": back, "form_errors": form.status == 422}
    return render(request, "desk/form.html", context, status=form.status)


@staff(MANAGE)
def act(request: HttpRequest, noun: str, pk: uuid.UUID, name: str) -> HttpResponse:
    """Release or amend an edition, end a course, cancel a session."""
    model = {"handbook": Handbook, "course": Course, "session": Session}.get(noun)
    if model is None:
        raise Http404
    return act_page(request, visible(model, request.seat, pk=pk), name, "/desk/learning/")  # type: ignore[attr-defined]


@staff(MANAGE)
def hold(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Tick who was there; what is ticked is done."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    row = visible(Session, seat, pk=pk)
    waiting = Learning.objects.visible_to(seat).open().filter(course=row.course_id).select_related(*Learning.lock_with)
    waiting = waiting.order_by("subject__sort_key", "id")
    refusal = ""
    if request.method == "POST":
        ticked = set(request.POST.getlist("task"))
        try:
            row.hold(by=seat, attended=[t for t in waiting if str(t.pk) in ticked])
        except Refused as fault:
            refusal = str(fault)
        except forms.ValidationError as fault:
            refusal = "；".join(fault.messages)
        else:
            messages.success(request, f"已登记到课 {row.present} 人", extra_tags="ok")
            return redirect("/desk/learning/")
    context = {"session": row, "waiting": waiting, "refusal": refusal}
    return render(request, "officials/session.html", context, status=409 if refusal else 200)
