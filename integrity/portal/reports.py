"""Credit reports: an organisation's public one for everybody, one's own, and those of checks; by number and code (tasks 3, 4, 8)."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header

from integrity.codes import normalise_code
from integrity.models import PUBLIC, Report, Subject
from integrity.portal import errors
from integrity.portal.doors import listed
from integrity.portal.fresh import public
from integrity.portal.me.views import mine
from integrity.portal.throttle import wait
from integrity.reports.credit import content_of, pdf_of
from integrity.reports.pdf import Unprintable


def found(request: HttpRequest, number: str) -> Report:
    """The report of this number while it is valid, or 404."""
    row = Report.objects.public().select_related("subject").filter(number=number.upper()).first()
    if row is None:
        raise Http404
    return row


def may_read(request: HttpRequest, row: Report) -> bool:
    """Its content is read by whoever has the code on the paper, and by those whose report it is."""
    given = normalise_code(request.GET.get("c", ""))
    if given and secrets.compare_digest(given.encode(), row.token.encode()):
        return True
    return Report.objects.visible_to(request.seat).filter(pk=row.pk).exists()  # type: ignore[attr-defined]


def verify(request: HttpRequest, number: str) -> HttpResponse:
    """Whether a report is genuine and valid; its content only with its code."""
    row = found(request, number)
    if request.GET.get("c") and (seconds := wait(request, "track")):
        return errors.too_often(request, seconds)
    reads = may_read(request, row)
    context: dict[str, Any] = {"report": row, "reads": reads, "wrong": bool(request.GET.get("c")) and not reads}
    if reads:
        context["content"] = content_of(row)
    answer = render(request, "portal/report.html", context, status=422 if context["wrong"] else 200)
    answer["Cache-Control"] = "no-store" if row.scope != "PUBLIC" else "no-cache"
    return answer


def _readable(request: HttpRequest, number: str) -> Report:
    row = found(request, number)
    if not may_read(request, row):
        raise Http404
    return row


def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The report on paper, with its code, its QR and the bytes it rests on."""
    row = _readable(request, number)
    if seconds := wait(request, "export"):
        return errors.too_often(request, seconds)
    try:
        content = pdf_of(row, request.build_absolute_uri(f"{row.get_absolute_url()}?c={row.token}"))
    except Unprintable as fault:
        return render(request, "desk/unprintable.html", {"letter": row, "why": str(fault)}, status=422)
    return _file(content, "application/pdf", f"{row.number}.pdf")


def body(request: HttpRequest, number: str) -> HttpResponse:
    """The exact bytes whose SHA-256 stands in the log."""
    row = _readable(request, number)
    return _file(row.body.encode(), "application/json", f"{row.number}.json")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(False, name)
    answer["Cache-Control"] = "no-store"
    return answer


@public
def index(request: HttpRequest) -> HttpResponse:
    """Whose public report is wanted."""
    if code := normalise_code(request.GET.get("code", "")):
        return redirect("report", code)
    return render(request, "portal/report_start.html", {})


def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """An organisation's public credit report, free of charge for anybody: one a day unless something has changed."""
    subject = Subject.objects.visible_to(PUBLIC).filter(code=normalise_code(code)).first()
    if subject is None:
        raise Http404
    if request.method != "POST":
        return render(request, "portal/report_start.html", {"subject": subject})
    if seconds := wait(request, "export"):
        return errors.too_often(request, seconds)
    row = Report(scope="PUBLIC", subject=subject).issue_or_reuse(by=PUBLIC)
    return redirect(row.get_absolute_url())


@mine
def own(request: HttpRequest, subject: Subject) -> HttpResponse:
    """One's own report, free of charge, and those made before that are still valid."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    if request.method == "POST":
        return redirect(Report(scope="SELF", subject=subject).issue_or_reuse(by=seat).get_absolute_url())
    rows = Report.objects.visible_to(seat).valid().filter(subject=subject, scope="SELF")
    context = {"subject": subject, "page": listed(request, rows, ["-made_at", "-id"]), "today": timezone.localdate()}
    return render(request, "me/report.html", context)
