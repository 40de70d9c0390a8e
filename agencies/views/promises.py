"""Agencies' pledges and the lists they rest on, on the desk and before the public (task 7)."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from agencies.listings import DUTIES, PROMISES
from agencies.models import AgencyPledge, DutyItem
from agencies.models.promises import SEAL
from agencies.promising import quarter_start
from integrity.acts import possible
from integrity.codes import normalise_code
from integrity.forms import EntryForm
from integrity.listing import Listing, bound
from integrity.models import PUBLIC, Attachment, Commitment, Event, Subject
from integrity.portal.desk import words
from integrity.portal.desk.files import add_files
from integrity.portal.doors import act_page, listed, staff
from integrity.portal.fresh import public

RIGHTS = ("pledge.issue", "pledge.check", "pledge.sign")
ACTS = ("add_item", "drop_item", "submit", "approve", "give_back", "sign", "withdraw", "renew", "find")
ITEM_ACTS = ("check_progress", "fulfil")
ENTRY = {"promises": ("agency", "year", "channel", "valid_until"), "duties": ("agency", "kind", "code", "name", "basis", "link")}  # fmt: skip
EVIDENCE = "履行证据"


def _filtered(listing: Listing, request: HttpRequest) -> tuple[Any, QuerySet]:
    rows = listing.model.objects.visible_to(request.seat).select_related("agency")  # type: ignore[attr-defined]
    filters = bound(listing, {k: v for k, v in request.GET.items() if v})
    return filters, filters.filter_queryset(rows) if filters and filters.is_valid() else rows


@staff(*RIGHTS)
def index(request: HttpRequest) -> HttpResponse:
    """Pledges of the agencies in reach, with how many items were kept and which wait for this quarter's check."""
    filters, rows = _filtered(PROMISES, request)
    today = timezone.localdate()
    late = Q(pledge__commitments__state="ON_TRACK", pledge__commitments__due_on__lt=today)
    quarter = Q(pledge__commitments__checked_on=None) | Q(pledge__commitments__checked_on__lt=quarter_start(today))
    rows = rows.annotate(
        kept=Count("pledge__commitments", filter=Q(pledge__commitments__state="FULFILLED")),
        late=Count("pledge__commitments", filter=late),
        unchecked=Count("pledge__commitments", filter=Q(pledge__commitments__state="ON_TRACK") & quarter),
    )
    if request.GET.get("show") in ("late", "unchecked"):
        rows = rows.filter(**{f"{request.GET['show']}__gt": 0}, state="SIGNED")
    context = {
        "page": listed(request, rows.select_related("agency", "pledge"), ["-year", "-id"]), "filters": filters,
        "states": AgencyPledge.State.choices, "may_draft": "pledge.issue" in request.seat.rights,  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "agencies/promises.html", context)


def _entry(request: HttpRequest, model: Any, act: Any, names: tuple[str, ...], back: str) -> HttpResponse:
    seat = request.seat  # type: ignore[attr-defined]
    mine = {"agency": seat.org.code if seat.org_id else "", "year": timezone.localdate().year}
    form: Any = EntryForm(model, act, names, {}, request.POST if request.method == "POST" else None, initial=mine)
    if form.is_bound and form.perform(seat):
        messages.success(request, f"已{act.label}：{form.row}", extra_tags="ok")
        return redirect(form.row.get_absolute_url() if model is AgencyPledge else back)
    context = {"form": form, "title": act.label, "button": act.label, "back": back}
    return render(request, "desk/form.html", context | {"form_errors": form.status == 422}, status=form.status)


@staff("pledge.issue")
def new(request: HttpRequest) -> HttpResponse:
    """Begin a pledge of the year."""
    return _entry(request, AgencyPledge, AgencyPledge.draft.act, ENTRY["promises"], "/desk/promises/")  # type: ignore[attr-defined]


def found(request: HttpRequest, pk: uuid.UUID) -> AgencyPledge:
    rows = AgencyPledge.objects.visible_to(request.seat).select_related(*AgencyPledge.lock_with)  # type: ignore[attr-defined]
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@staff(*RIGHTS)
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One pledge: its draft or its commitments, papers, acts, history."""
    row, seat = found(request, pk), request.seat  # type: ignore[attr-defined]
    now = {spec.name: spec for spec in possible(row, seat)}
    items = list(row.pledge.commitments.order_by("order").select_related(*Commitment.lock_with)) if row.pledge else []
    for item in items:
        can = {spec.name: spec for spec in possible(item, seat)}
        item.buttons = [can[name] for name in ITEM_ACTS if name in can] if row.state == "SIGNED" else []
    context = {
        "row": row, "buttons": [now[name] for name in ACTS if name in now], "items": items, "heads": row.items,
        "files": Attachment.objects.of(row), "history": words.history(Event.objects.of(row).select_related("payload")),
        "roles": (SEAL, EVIDENCE) if row.state != "DRAFT" else (),
    }  # fmt: skip
    return render(request, "agencies/promise.html", context)


@staff(*RIGHTS)
def act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    row = found(request, pk)
    if name not in ACTS:
        raise Http404
    return act_page(request, row, name, row.get_absolute_url())


@staff("pledge.check")
def item_act(request: HttpRequest, pk: uuid.UUID, order: int, name: str) -> HttpResponse:
    """The quarterly check of one item, or that it was kept."""
    row = found(request, pk)
    item = row.pledge and row.pledge.commitments.filter(order=order).select_related(*Commitment.lock_with).first()
    if not item or name not in ITEM_ACTS:
        raise Http404
    return act_page(request, item, name, row.get_absolute_url())


@staff(*RIGHTS)
def attach(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The signed and sealed scan, or evidence of what was done."""
    row = found(request, pk)
    role = request.POST.get("role", "")
    if request.method != "POST" or role not in (SEAL, EVIDENCE):
        raise Http404
    return add_files(request, row, role, row.get_absolute_url())


@staff("pledge.issue", "pledge.check")
def duties(request: HttpRequest) -> HttpResponse:
    """The lists of the agencies in reach."""
    filters, rows = _filtered(DUTIES, request)
    context = {
        "page": listed(request, rows, ["agency_id", "kind", "code", "id"], 50), "filters": filters, "lists": DutyItem.List.choices,
        "may_enter": "pledge.issue" in request.seat.rights,  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "agencies/duties.html", context)


@staff("pledge.issue")
def new_duty(request: HttpRequest) -> HttpResponse:
    return _entry(request, DutyItem, DutyItem.enter.act, ENTRY["duties"], "/desk/duties/")  # type: ignore[attr-defined]


@staff("pledge.issue")
def end_duty(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = DutyItem.objects.visible_to(request.seat).select_related("agency").filter(pk=pk).first()  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    return act_page(request, row, "end", "/desk/duties/")


@public
def lists(request: HttpRequest, code: str) -> HttpResponse:
    """An agency's lists of duties, powers and services, with the way to each thing done online."""
    agency = Subject.objects.visible_to(PUBLIC).filter(code=normalise_code(code), form="AGENCY").first()
    if agency is None:
        raise Http404
    rows = DutyItem.objects.public().filter(agency=agency)
    kind = request.GET.get("kind", "")
    if kind in DutyItem.List.values:
        rows = rows.filter(kind=kind)
    context = {"agency": agency, "page": listed(request, rows, ["kind", "code", "id"], 50), "lists": DutyItem.List.choices, "kind": kind}  # fmt: skip
    return render(request, "agencies/lists.html", context)
