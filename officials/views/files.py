"""Credit files on the desk: found by unit, category, state or name; one file with its tabs; acts (task 1)."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrity.acts import Act, possible
from integrity.forms import EntryForm
from integrity.listing import bound
from integrity.models import CheckedSubject, Event, Measure, Pledge, Record
from integrity.portal.desk import words
from integrity.portal.desk.opening import ask_purpose, gate
from integrity.portal.doors import act_page, listed, staff
from officials.listings import OFFICIALS
from officials.models import Official

MANAGE = "official.manage"
ACTS = ("release", "promote", "transfer", "amend", "depart", "retire", "leave", "seal")
TABS = (
    ("records", "记录"),
    ("honours", "荣誉"),
    ("pledges", "承诺"),
    ("checks", "核查"),
    ("career", "任职经历"),
    ("history", "办理经过"),
)
APPOINT: Act = Official.appoint.act  # type: ignore[attr-defined]


@staff(MANAGE, "export")
def index(request: HttpRequest) -> HttpResponse:
    """Files in the seat's reach, by name; the address holds the whole state."""
    rows = Official.objects.inside(request.seat).select_related("subject", "subject__parent")  # type: ignore[attr-defined]
    if query := request.GET.get("q", "").strip():
        rows = rows.search(query)
    filters = bound(OFFICIALS, {k: v for k, v in request.GET.items() if v})
    if filters and filters.is_valid():
        rows = filters.filter_queryset(rows)
    context = {
        "page": listed(request, rows, ["subject__sort_key", "id"], 50),
        "filters": filters,
        "categories": Official.Category.choices,
        "states": Official.State.choices,
    }
    return render(request, "officials/files.html", context)


@staff(MANAGE)
def new(request: HttpRequest) -> HttpResponse:
    """Open a file by appointment."""
    names = ("category", "post", "rank", "leading", "appointed_on")
    form = EntryForm(Official, APPOINT, names, {}, request.POST if request.method == "POST" else None)
    form.order_fields(["full_name", "id_number", "workplace", *names, "document"])
    if form.is_bound and form.perform(request.seat):  # type: ignore[attr-defined]
        messages.success(request, f"已登记：{form.row}", extra_tags="ok")
        return redirect(form.row.get_absolute_url())
    context = {"form": form, "title": "任职登记", "button": "登记", "back": "/desk/officials/"}
    return render(request, "desk/form.html", context | {"form_errors": form.status == 422}, status=form.status)


def found(request: HttpRequest, pk: uuid.UUID) -> Official:
    rows = Official.objects.inside(request.seat).select_related(*Official.lock_with)  # type: ignore[attr-defined]
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@staff(MANAGE, "export")
def open_file(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The purpose page before a file."""
    row = found(request, pk)
    return ask_purpose(request, row, f"诚信档案：{row.subject.name_for(request.seat)}")  # type: ignore[attr-defined]


@staff(MANAGE, "export")
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One file, tab by tab; everything in it is seen as its own model says."""
    row, seat = found(request, pk), request.seat  # type: ignore[attr-defined]
    if closed := gate(request, row):
        return closed
    now = {spec.name: spec for spec in possible(row, seat)}
    tab = request.GET.get("tab", "records")
    if tab not in CONTENTS:
        raise Http404
    context = {
        "file": row,
        "called": row.subject.name_for(seat),
        "insider": row.within(seat),
        "buttons": [now[name] for name in ACTS if name in now],
        "bars": Measure.objects.in_force().filter(subject=row.subject_id, effect="mandatory")
        & Measure.objects.inside(seat),
        "tabs": TABS,
        "tab": tab,
        "rows": CONTENTS[tab](row, seat),
    }
    return render(request, "officials/file.html", context)


def _records(row: Official, seat: Any) -> Any:
    rows = Record.objects.inside(seat).filter(subject=row.subject_id).exclude(kind__in=HONOURS)
    return rows.select_related("kind").order_by("-decided_on", "id")


def _honours(row: Official, seat: Any) -> Any:
    rows = Record.objects.inside(seat).filter(subject=row.subject_id, kind__in=HONOURS)
    return rows.select_related("kind").prefetch_related("measures__kind").order_by("-decided_on", "id")


def _pledges(row: Official, seat: Any) -> Any:
    return Pledge.objects.inside(seat).filter(subject=row.subject_id).order_by("-signed_at", "-due_on", "id")


def _checks(row: Official, seat: Any) -> Any:
    rows = CheckedSubject.objects.visible_to(seat).filter(subject=row.subject_id)
    return rows.select_related("asked_in", "asked_in__unit").order_by("-asked_in__made_at")


def _history(row: Official, seat: Any) -> Any:
    return words.history(Event.objects.of(row).select_related("payload"), names=row.within(seat))


HONOURS = ("OF12",)
CONTENTS = {
    "records": _records,
    "honours": _honours,
    "pledges": _pledges,
    "checks": _checks,
    "career": lambda row, seat: row.appointments.select_related("unit"),
    "history": _history,
}


@staff(MANAGE)
def act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Promote, transfer, retire …; after a transfer away the file is no longer this seat's."""
    row = found(request, pk)
    if name not in ACTS:
        raise Http404
    answer = act_page(request, row, name, row.get_absolute_url())
    if answer.status_code == 302 and not Official.objects.inside(request.seat).filter(pk=pk).exists():  # type: ignore[attr-defined]
        return redirect("/desk/officials/")
    return answer
