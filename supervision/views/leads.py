"""Complaints on the desk: registering what the media and the hotline report, the sealed identity, the body's account."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrity.acts import may
from integrity.portal.desk.opening import PurposeForm
from integrity.portal.doors import act_page, listed, staff, visible
from supervision.forms import EntryForm
from supervision.models import Complaint


@staff("matter.handle")
def new(request: HttpRequest) -> HttpResponse:
    """Register a media item or a single order of the hotline."""
    form = EntryForm(request.POST if request.method == "POST" else None)
    seat: Any = request.seat  # type: ignore[attr-defined]
    if form.is_bound and form.perform(seat):
        messages.success(request, f"已登记：{form.complaint}", extra_tags="ok")
        return redirect(f"/desk/matters/{form.complaint.matter_id}/")
    context = {"form": form, "refusal": form.refusal, "form_errors": form.status != 200}
    return render(request, "supervision/entry.html", context, status=form.status)


@staff("matter.handle")
def contact(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who filed it: to the handling unit alone, with a purpose; each look is in the ledger (brief S6)."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    row = visible(Complaint, seat, pk=pk)
    if refusal := may(Complaint.look.act, row, seat):  # type: ignore[attr-defined]
        raise PermissionDenied(str(refusal))
    if not row.named:
        raise Http404
    form = PurposeForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"complaint": row, "matter": row.matter, "form": form}
    if form.is_bound and form.is_valid():
        row.look(by=seat, purpose=form.words)
        context["name"], context["reach"] = row.contact()
    context["form_errors"] = bool(form.is_bound and form.errors)
    answer = render(request, "supervision/contact.html", context, status=422 if context["form_errors"] else 200)
    answer["Cache-Control"] = "no-store"
    return answer


@staff("matter.file")
def asked(request: HttpRequest) -> HttpResponse:
    """What this body was asked to account for."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    rows = Complaint.objects.visible_to(seat).filter(heard_on__isnull=False, matter__about_id=seat.org_id)
    page = listed(request, rows.select_related("matter", "matter__kind", "matter__unit"), ["-heard_on", "id"])
    return render(request, "supervision/asked.html", {"page": page})


def _asked(request: HttpRequest, pk: uuid.UUID) -> Complaint:
    seat: Any = request.seat  # type: ignore[attr-defined]
    rows = Complaint.objects.visible_to(seat).filter(pk=pk, heard_on__isnull=False, matter__about_id=seat.org_id)
    row = rows.select_related(*Complaint.lock_with).first()
    if row is None:
        raise Http404
    return row


@staff("matter.file")
def facts(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The facts, without who filed them and without the files he added; the body's account."""
    row = _asked(request, pk)
    seat: Any = request.seat  # type: ignore[attr-defined]
    open_ = may(Complaint.explain.act, row, seat) is None and not row.explanation  # type: ignore[attr-defined]
    return render(request, "supervision/facts.html", {"complaint": row, "matter": row.matter, "may_explain": open_})


@staff("matter.file")
def explain(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The body's account."""
    row = _asked(request, pk)
    return act_page(request, row, "explain", f"/desk/complaints/{row.pk}/")
