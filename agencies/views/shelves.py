"""What an agency enters about itself on the desk: services, their cases, openness items, figures of lawful administration (task 6)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from agencies import listings_open as lists
from integrity.acts import Act, possible
from integrity.forms import EntryForm
from integrity.listing import Listing, bound
from integrity.models import Event
from integrity.portal.desk.words import history
from integrity.portal.doors import act_page, listed, staff

RIGHTS = ("service.enter", "service.release", "matter.assign", "figures", "audit")
CLOCK = (("起算日期", "started_on"), ("期限", "due_on"), ("办结日期", "done_on"))


@dataclass(frozen=True)
class Shelf:
    """One kind of row: its list, the act that enters one, what that asks for, what its pages show."""

    listing: Listing
    begin: str
    entry: tuple[str, ...]
    order: tuple[str, ...]
    shown: tuple[tuple[str, str], ...]
    about: str
    profile: str = ""

    @property
    def act(self) -> Act:
        return getattr(self.listing.model, self.begin).act


SERVICE = (
    ("事项编码", "code"), ("事项类型", "kind"), ("服务对象", "get_audience_display"), ("依据", "basis"), ("法定办结时限（工作日）", "statutory_days"),
    ("承诺办结时限", "promised"), ("网上办理地址", "online_url"), ("办理地点", "place"), ("咨询电话", "phone"), ("复核人", "released_by"),
)  # fmt: skip
SHELVES = {
    "services": Shelf(
        lists.SERVICES, "enter",
        ("agency", "code", "name", "kind", "audience", "basis", "statutory_days", "promised_days", "online_url", "place", "phone"),
        ("name", "id"), SERVICE, "事项、法定和承诺办结时限、在哪里网上办理；由他人复核后在“政务服务一站通”公开。", "services",
    ),
    "handlings": Shelf(
        lists.HANDLINGS, "accept", ("service", "number", "started_on"), ("-started_on", "id"),
        (("事项", "service"), *CLOCK, ("法定期限", "statutory_on"), ("办理结果", "result")),
        "只登记办件编号和时间，不登记申请人信息；从业务系统批量导入或者由接口报送。", "handlings",
    ),
    "disclosures": Shelf(
        lists.DISCLOSURES, "enter", ("agency", "kind", "title", "started_on"), ("-started_on", "id"),
        (("类型", "get_kind_display"), *CLOCK, ("延长（工作日）", "extended"), ("公开地址", "url")),
        "主动公开 20 个工作日，依申请公开 20 个工作日、可延长 20 个工作日，年度报告部门 1 月 31 日前、政府 3 月 31 日前。", "disclosures",
    ),
    "law": Shelf(
        lists.FIGURES, "enter", ("agency", "year", "indicator", "part", "whole"), ("-year", "id"),
        (("年度", "year"), ("指标", "get_indicator_display"), ("其中", "part"), ("总数", "whole"), ("复核人", "released_by")),
        "各单位按年度填报，由他人复核后公开；口径见“依法行政和政务公开”页。",
    ),
}  # fmt: skip


def _value(row: Any, name: str) -> Any:
    value = getattr(row, name)
    return value() if callable(value) else value


@staff(*RIGHTS)
def index(request: HttpRequest, name: str) -> HttpResponse:
    """The rows within reach; the address holds the whole filter."""
    shelf, seat = SHELVES[name], request.seat  # type: ignore[attr-defined]
    model: Any = shelf.listing.model
    rows = model.objects.inside(seat).select_related(*model.lock_with)
    filters = bound(shelf.listing, {k: v for k, v in request.GET.items() if v})
    if filters and filters.is_valid():
        rows = filters.filter_queryset(rows)
    context = {
        "shelf": shelf, "name": name, "page": listed(request, rows, list(shelf.order)), "filters": filters, "shelves": SHELVES,
        "states": model.State.choices, "clocked": hasattr(model, "due_on"), "may_begin": shelf.act.right in seat.rights,
    }  # fmt: skip
    return render(request, "agencies/shelf.html", context)


@staff("service.enter")
def new(request: HttpRequest, name: str) -> HttpResponse:
    """Enter one; what was typed stays when something is missing."""
    shelf, seat = SHELVES[name], request.seat  # type: ignore[attr-defined]
    given = request.POST if request.method == "POST" else None
    initial = {"agency": seat.org.code if seat.org_id else ""} | request.GET.dict()
    form: Any = EntryForm(shelf.listing.model, shelf.act, shelf.entry, {}, given, initial=initial)
    if form.is_bound and form.perform(seat):
        messages.success(request, f"已{shelf.act.label}：{form.row}", extra_tags="ok")
        return redirect(f"/desk/{name}/{form.row.pk}/")
    context = {"form": form, "title": shelf.act.label, "button": "保存", "back": f"/desk/{name}/"}
    return render(request, "desk/form.html", context | {"form_errors": form.status == 422}, status=form.status)


def _found(request: HttpRequest, name: str, pk: uuid.UUID) -> Any:
    model: Any = SHELVES[name].listing.model
    row = model.objects.inside(request.seat).select_related(*model.lock_with).filter(pk=pk).first()  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    return row


@staff(*RIGHTS)
def detail(request: HttpRequest, name: str, pk: uuid.UUID) -> HttpResponse:
    """One row with its clock, its acts and its history."""
    row, shelf = _found(request, name, pk), SHELVES[name]
    context = {
        "row": row, "name": name, "shelf": shelf, "lines": [(label, _value(row, field)) for label, field in shelf.shown],
        "buttons": possible(row, request.seat),  # type: ignore[attr-defined]
        "history": history(Event.objects.of(row).select_related("payload", "user")),
    }  # fmt: skip
    return render(request, "agencies/shelf_row.html", context)


@staff("service.enter", "service.release")
def act(request: HttpRequest, name: str, pk: uuid.UUID, verb: str) -> HttpResponse:
    """Release, change, finish, extend, end …"""
    return act_page(request, _found(request, name, pk), verb, f"/desk/{name}/{pk}/")
