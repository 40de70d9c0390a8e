"""Learning of an official himself, and the handbook for everybody (brief O7; task 5)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header

from integrity.acts import Refused
from integrity.models import Subject
from integrity.portal.doors import listed
from integrity.portal.fresh import public
from integrity.portal.me.views import mine
from integrity.portal.me.waiting import Waiting, waiting
from integrity.reports.pdf import render as render_pdf
from officials.models import Handbook, Learning
from officials.models.learning import PASS, questions_of
from officials.training import year_totals


def current() -> Handbook:
    """The edition in force, or 404."""
    row = Handbook.objects.public().order_by("-edition").first()
    if row is None:
        raise Http404
    return row


@public
def handbook(request: HttpRequest, number: int = 0) -> HttpResponse:
    """The handbook: contents, or one chapter with its neighbours."""
    if not number and not Handbook.objects.public().exists():
        return render(request, "officials/no_handbook.html")
    book = current()
    chapters = book.chapters
    if number > len(chapters):
        raise Http404
    context: dict[str, Any] = {"book": book, "chapters": list(enumerate(chapters, 1)), "number": number}
    if number:
        heading, paragraphs = chapters[number - 1]
        context |= {"heading": heading, "paragraphs": [_points(p) for p in paragraphs]}
        context |= {"before": number - 1, "after": number + 1 if number < len(chapters) else 0}
    else:
        context["totals"] = year_totals()
    return render(request, "officials/handbook.html", context)


def _points(paragraph: str) -> tuple[str, list[str]]:
    """A paragraph as text, or as its points."""
    lines = paragraph.splitlines()
    if all(line.startswith("- ") for line in lines):
        return "", [line[2:] for line in lines]
    return paragraph, []


@public
def handbook_pdf(request: HttpRequest) -> HttpResponse:
    """The same edition on paper."""
    book = current()
    data = {
        "title": book.title,
        "edition": f"第 {book.edition} 版　{book.released_on:%Y-%m-%d}",
        "chapters": [
            {"title": h, "parts": [{"text": t, "points": p} for t, p in map(_points, ps)]} for h, ps in book.chapters
        ],
    }
    moment = timezone.make_aware(datetime.combine(book.released_on, time()))
    content = render_pdf("book", data, moment, folder=Path(__file__).parent.parent / "handbook")
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, f"{book.title}-{book.edition}.pdf")
    return answer


@waiting
def to_learn(subject: Subject, seat: Any) -> Iterator[Waiting]:
    """Open tasks, those due first."""
    rows = Learning.objects.visible_to(seat).open().filter(subject=subject).select_related("course")
    for task in rows.order_by("due_on", "id")[:20]:
        yield Waiting(
            f"学习：{task.course.title}", f"{task.course.hours} 学时", f"/me/learning/{task.pk}/", task.due_on
        )


@mine
def index(request: HttpRequest, subject: Subject) -> HttpResponse:
    """My tasks, those due first."""
    rows = Learning.objects.visible_to(request.seat).filter(subject=subject).select_related("course", "session")  # type: ignore[attr-defined]
    context = {"subject": subject, "page": listed(request, rows, ["state", "due_on", "id"])}
    return render(request, "officials/my_learning.html", context)


@mine
def study(request: HttpRequest, subject: Subject, pk: uuid.UUID) -> HttpResponse:
    """One task: what to read, and the self-test."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    rows = Learning.objects.visible_to(seat).filter(subject=subject).select_related(*Learning.lock_with)
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    asked = questions_of(row.course.questions)
    given = [request.POST.get(f"q{i}", "") for i in range(len(asked))]
    wrong = ""
    if request.method == "POST":
        try:
            row.take_test(by=seat, answers=[int(g) if g.isdigit() else None for g in given])
            return redirect(f"/me/learning/{row.pk}/")
        except Refused as fault:
            wrong = str(fault)
        except ValidationError as fault:
            wrong = "；".join(fault.messages)
    context = {
        "task": row, "wrong": wrong, "pass_mark": PASS, "form_errors": bool(wrong),
        "questions": [(i, q, [(str(n), o) for n, o in enumerate(q["options"])], given[i]) for i, q in enumerate(asked)],
    }  # fmt: skip
    return render(request, "officials/study.html", context, status=422 if wrong else 200)
