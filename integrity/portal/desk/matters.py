"""Matters on the desk: every channel's in one list with its clock; one matter with its flow, its acts and its history."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from integrity import catalogue
from integrity.codes import normalise_code
from integrity.models import Attachment, Event, Kind, Matter, work_calendar
from integrity.models.matter import OPEN
from integrity.models.matter.fields import AWAITING
from integrity.paging import capped_count
from integrity.portal.desk.files import add_files
from integrity.portal.desk.records import within
from integrity.portal.desk.words import history
from integrity.portal.doors import act_page, listed, staff, visible
from integrity.portal.exports import csv_response
from integrity.portal.me.views import acts_on

RIGHTS = ("matter.handle", "matter.assign", "figures", "record.repair")


FAR = date(9999, 12, 31)
COLOURS = (("overdue", "已逾期"), ("soon", "三个工作日内到期"), ("paused", "已暂停"), ("escalated", "提级督办"))


def coloured(rows: Any, colour: str) -> Any:
    """The rows of one tile of the board."""
    today = timezone.localdate()
    if colour == "overdue":
        return rows.overdue()
    if colour == "soon":
        near = work_calendar().add_workdays(today, 3)
        return rows.filter(state__in=AWAITING, due_on__gte=today, due_on__lte=near, paused_on__isnull=True)
    if colour == "paused":
        return rows.filter(state__in=AWAITING, paused_on__isnull=False)
    return rows.filter(state__in=AWAITING, alert="ESCALATED") if colour == "escalated" else rows


def filtered(rows: Any, params: Any) -> Any:
    """What the address asks for: state (else all open), kind, unit, number."""
    if params.get("state") in Matter.State.values:
        rows = rows.filter(state=params["state"])
    elif not params.get("all"):
        rows = rows.filter(state__in=OPEN)
    if params.get("kind"):
        rows = rows.filter(kind=params["kind"])
    rows = within(params, rows, "unit__area", "closed_at__date")
    if unit := params.get("unit", "").strip():
        rows = rows.filter(Q(unit__code=normalise_code(unit)) | Q(unit__name__contains=unit))
    if number := params.get("q", "").strip().upper():
        rows = rows.filter(number=number)
    return rows


@staff(*RIGHTS)
def index(request: HttpRequest) -> HttpResponse:
    """Every channel's matters on one board, the most urgent first; the address holds the whole filter (issue 6.4)."""
    seat, params = request.seat, request.GET  # type: ignore[attr-defined]
    rows = filtered(Matter.objects.visible_to(seat), params)
    tiles = [(name, word, capped_count(coloured(rows, name))) for name, word in COLOURS]
    shown = coloured(rows, params.get("due", "overdue" if params.get("overdue") else ""))
    shown = shown.annotate(due_sort=Coalesce("due_on", Value(FAR))).select_related("kind", "unit", "about")
    order = ["-received_at", "id"] if params.get("order") == "received" else ["due_sort", "id"]
    kinds = Kind.objects.visible_to(seat).filter(shape="matter").order_by("code")
    context = {
        "page": listed(request, shown, order),
        "kinds": kinds,
        "states": Matter.State.choices,
        "tiles": tiles,
        "query": request.GET.urlencode(),
    }
    return render(request, "desk/matters.html", context)


@staff(*RIGHTS)
def download(request: HttpRequest) -> HttpResponseBase:
    """The board's filter as CSV, at most ten thousand rows; logged as an export."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    if "export" not in seat.rights:
        raise PermissionDenied("您当前的岗位没有导出数据的权限")
    rows = coloured(filtered(Matter.objects.visible_to(seat), request.GET), request.GET.get("due", ""))
    found = list(rows.select_related("kind", "unit", "about").order_by("due_on", "id")[:10_000])
    seat.export(by=seat, what="事项台账", purpose="事项督办台账", rows=len(found))
    head = [
        "编号",
        "类型",
        "标题",
        "涉及主体",
        "承办单位",
        "状态",
        "下一步",
        "办理期限",
        "提醒",
        "催办次数",
        "收到",
        "答复",
        "评价",
    ]
    return csv_response("matters.csv", head, (_line(m, seat) for m in found))


def _line(m: Matter, seat: Any) -> list[Any]:
    about = m.about.name_for(seat) if m.about else ""
    times = [timezone.localtime(t).strftime("%Y-%m-%d %H:%M") if t else "" for t in (m.received_at, m.replied_at)]
    return [
        m.number, m.kind.name, m.title, about, m.unit.name if m.unit else "", m.get_state_display(), m.next_step, m.due_on or "",
        m.get_alert_display() if m.alert else "", m.urged, *times, m.rating,
    ]  # fmt: skip


def letters_to_draft(row: Matter, seat: Any) -> list[tuple[str, str]]:
    """The letters that follow from a matter of this flow, where there is somebody to write to."""
    if "letter.draft" not in seat.rights or not seat.org_id:
        return []
    flows = {"matter", row.detail._meta.model_name if row.detail else ""}
    letters = [(c, e) for c, e in catalogue.load().letters.items() if flows & set(e.get("follows", ()))]
    return [(c, e["name"]) for c, e in letters if getattr(row, f"{e.get('to', 'applicant')}_id")]


@staff(*RIGHTS)
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One matter: what was filed, the clock, the answer, and what this seat may do."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    row = visible(Matter, seat, pk=pk)
    told = Event.objects.exclude(verb="matter.stepped")  # the flow's own act says it
    events = told.filter(target__in=[row.pk, *([row.detail.pk] if row.detail else [])]).order_by("id")
    context = {
        "matter": row,
        "detail": row.detail,
        "sections": row.detail.sections(seat) if hasattr(row.detail, "sections") else [],
        "files": Attachment.objects.of(row),
        "may_attach": may_attach(row, seat),
        "buttons": acts_on(row, seat),
        "letters_to_draft": letters_to_draft(row, seat),
        "history": history(events.select_related("payload", "user")),
    }
    return render(request, "desk/matter.html", context)


def may_attach(row: Matter, seat: Any) -> bool:
    """Whether this seat adds papers to an open matter: the unit whose turn it is, or the one that took it in."""
    return row.state in OPEN and seat.org_id in (row.unit_id, row.received_unit_id)


@staff(*RIGHTS)
@require_POST
def attach(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add papers to a matter."""
    row, back = visible(Matter, request.seat, pk=pk), f"/desk/matters/{pk}/"  # type: ignore[attr-defined]
    if not may_attach(row, request.seat):  # type: ignore[attr-defined]
        messages.error(request, "该事项当前不能由您的岗位添加附件。", extra_tags="bad")
        return redirect(back)
    return add_files(request, row, "证据", back)


@staff(*RIGHTS)
def act(request: HttpRequest, pk: uuid.UUID, name: str, flow: bool = False) -> HttpResponse:
    """An act on the matter, or on the flow behind it."""
    row = visible(Matter, request.seat, pk=pk)  # type: ignore[attr-defined]
    target = row.detail if flow else row
    allowed = getattr(row.detail, "matter_acts", None)
    if target is None or (not flow and allowed is not None and name not in allowed):
        raise Http404
    return act_page(request, target, name, f"/desk/matters/{row.pk}/")
