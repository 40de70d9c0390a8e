"""What learning needs beside its nouns: who has to learn, the course a measure asks for, reminders, coverage by unit (task 5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone

from integrity.models import Subject, as_rule, remind
from officials.models import Course, Learning, Official, Session
from officials.models.training import TERM

SOON = timedelta(days=7)


def assign_many(course: Course, people: Iterable[Subject], due_on: date, *, by: Any) -> int:
    """Give a course to everybody who has not got it open already; returns how many got it."""
    ids = [p.pk for p in people]
    have = set(Learning.objects.open().filter(course=course, subject__in=ids).values_list("subject_id", flat=True))
    fresh = [p for p in Subject.objects.filter(pk__in=ids) if p.pk not in have]
    for person in fresh:
        Learning(subject=person, course=course, due_on=due_on).assign(by=by)
    return len(fresh)


def assign_compulsory(measure: Any, by: Any) -> None:
    """The compulsory course because of a measure, due in thirty days; refused where no such course is open."""
    course = Course.objects.open().filter(compulsory=True).order_by("title", "id").first()
    if course is None:
        raise ValidationError("没有开设可作为惩戒性必修的诚信课程，请先开设")
    if Learning.objects.open().filter(subject=measure.subject_id, course=course).exists():
        return
    due = timezone.localdate() + timedelta(days=TERM)
    Learning(subject=measure.subject, course=course, due_on=due, measure=measure).assign(by=by)


def report_done(rows: Iterable[Learning], by: Any) -> None:
    """Feed back to the measure behind a finished task."""
    for task in rows:
        measure = task.measure
        if task.state == "DONE" and measure and measure.state == "IN_FORCE":
            how = task.get_way_display()
            measure.report_execution(by=as_rule(by), result=f"{task.done_on} 完成“{task.course.title}”（{how}）")


def remind_learners(on: date | None = None) -> int:
    """One message when a task is due within a week, one when it is late; to those who have an account."""
    today = on or timezone.localdate()
    rows = Learning.objects.open().filter(due_on__lte=today + SOON).select_related("subject__account", "course")
    told = 0
    for task in rows:
        user = getattr(task.subject, "account", None)
        if user is None:
            continue
        late = task.due_on < today
        title = f"诚信学习{'已逾期' if late else '即将到期'}：{task.course.title}"
        key = f"learning:{task.pk.hex}:{'late' if late else 'soon'}"
        remind(user, title, f"{title}，期限 {task.due_on}", key=key, link=f"/me/learning/{task.pk}/")
        told += 1
    return told


def coverage(officials: Any, since: date) -> list[dict[str, Any]]:
    """Per unit: serving officials, those who finished a course since a day, those with a task overdue."""
    done = Learning.objects.filter(subject=OuterRef("subject"), state="DONE", done_on__gte=since)
    late = Learning.objects.overdue().filter(subject=OuterRef("subject"))
    rows = officials.filter(state=Official.State.ACTIVE).annotate(done=Exists(done), late=Exists(late))
    told = (
        rows.order_by()
        .values("subject__parent__name", "subject__parent__code")
        .annotate(
            people=Count("pk"), learned=Count("pk", filter=Q(done=True)), overdue=Count("pk", filter=Q(late=True))
        )
    )
    return list(told.order_by("subject__parent__name"))


def year_totals() -> dict[str, int]:
    """What is told to the public of the year: sessions, people present, tasks finished; no unit, no name."""
    start = timezone.localdate().replace(month=1, day=1)
    held = Session.objects.filter(state="HELD", held_on__gte=start)
    done = Learning.objects.filter(state="DONE", done_on__gte=start)
    return {"sessions": held.count(), "present": held.aggregate(n=Sum("present"))["n"] or 0, "done": done.count()}
