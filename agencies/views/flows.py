"""The agencies' flows on the desk: each in one list with its clock, and the form that begins one (tasks 9, 10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from agencies.listings import CARDS, CASES, CLEARING, CORRECTIONS, LEADS
from agencies.models import SanctionCase
from integrity.acts import Act, may
from integrity.forms import EntryForm
from integrity.listing import Listing, bound
from integrity.models import Record
from integrity.portal.desk.records import FOLLOWING
from integrity.portal.doors import listed, staff


@dataclass(frozen=True)
class Desk:
    """One flow: its list, the act that begins one and what that asks for."""

    listing: Listing
    begin: str
    entry: tuple[str, ...]
    title: str
    about: str
    links: tuple[tuple[str, str], ...] = ()

    @property
    def act(self) -> Act | None:
        """How a person begins one; None where only a rule does."""
        return getattr(self.listing.model, self.begin).act if self.begin else None


DESKS = {
    "cases": Desk(
        CASES, "open", ("record", "government", "loss_wan", "effect"), "失信惩戒案件",
        "对已认定、造成损失或者不良社会影响的政府机构失信行为立案：书面说明、限期整改、验收，并依规通报、限制、追责。",
        (("/desk/leads/", "违约失信线索"),),
    ),
    "leads": Desk(
        LEADS, "file", ("agency", "source", "field", "contract", "counterparty", "breach", "amount_wan", "payable_on"), "违约失信线索",
        "线索未经认定不是失信记录。转上级或者主管部门核查，属实的责令整改，拒不整改的才提请认定。",
    ),
    "clearing": Desk(
        CLEARING, "warn", ("agency", "case_no", "court", "creditor", "amount_wan", "duty", "told_on"), "失信被执行人清零",
        "法院列入失信被执行人名单或者将要列入的政府机构，逐案化解，直至退出名单。确认退出在失信被执行人记录页登记“法院移出名单”。",
        (("/desk/clearing/board", "清零看板"), ("/desk/courtlist/", "法院名单比对")),
    ),
    "cards": Desk(
        CARDS, "", (), "红黄牌",
        "时限超期的，由系统依规则发黄牌；超期较久或者黄牌逾期未反馈的，发红牌。红黄牌是督促，不是失信记录。",
    ),
    "corrections": Desk(
        CORRECTIONS, "order", ("agency", "article", "problem", "served_on"), "政府信息公开督促整改",
        "依政府信息公开条例第四十六条、第四十七条督促整改；整改合格的不记入，确认的才提请记入并经告知、听取陈述申辩。",
    ),
}  # fmt: skip
RIGHTS = ("matter.handle", "matter.assign", "figures")


@staff(*RIGHTS, "matter.file")
def index(request: HttpRequest, name: str) -> HttpResponse:
    """A flow's rows within the seat's reach, newest first; the address holds the whole filter."""
    desk, seat = DESKS[name], request.seat  # type: ignore[attr-defined]
    rows = desk.listing.model.objects.visible_to(seat).select_related("matter", "matter__unit", "agency")  # type: ignore[attr-defined]
    filters = bound(desk.listing, {k: v for k, v in request.GET.items() if v})
    if filters and filters.is_valid():
        rows = filters.filter_queryset(rows)
    context = {
        "desk": desk, "name": name, "page": listed(request, rows, ["-id"]), "filters": filters,
        "states": desk.listing.model.State.choices, "may_begin": desk.act is not None and desk.act.right in seat.rights,  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "agencies/flows.html", context)


@staff("matter.assign", "matter.file")
def new(request: HttpRequest, name: str) -> HttpResponse:
    """Begin one; what was typed stays when something is missing."""
    desk, given = DESKS[name], request.POST if request.method == "POST" else None
    if desk.act is None:
        raise Http404
    form: Any = EntryForm(desk.listing.model, desk.act, desk.entry, {}, given, initial=request.GET.dict())
    if form.is_bound and form.perform(request.seat):  # type: ignore[attr-defined]
        messages.success(request, f"已{desk.act.label}：{form.row}", extra_tags="ok")
        return redirect(_place(name, form.row, request.seat))  # type: ignore[attr-defined]
    context = {"form": form, "title": desk.act.label, "button": desk.act.label, "back": f"/desk/{name}/"}
    return render(request, "desk/form.html", context | {"form_errors": form.status == 422}, status=form.status)


def _place(name: str, row: Any, seat: Any) -> str:
    """Where whoever began it follows it: staff on the desk, others among their own matters."""
    if not seat.role.staff:
        return f"/me/matters/{row.matter.number}/"
    return (
        f"/desk/matters/{row.matter_id}/"
        if set(RIGHTS) & seat.rights and row.matter.seen_by(seat)
        else f"/desk/{name}/"
    )


def to_open_a_case(record: Record, seat: Any) -> list[tuple[str, str]]:
    """The way from a registered dishonesty of an agency to a case on it, for its superiors."""
    if record.state != "CONFIRMED" or record.spec.polarity != "negative" or record.subject.form != "AGENCY":
        return []
    may_open = may(SanctionCase.open.act, SanctionCase(record=record), seat) is None  # type: ignore[attr-defined]
    return [(f"/desk/cases/new?record={record.number}", "惩戒立案")] if may_open else []


FOLLOWING.append(to_open_a_case)
