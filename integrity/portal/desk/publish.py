"""The publish queue (brief S8): what goes public today, what waits for clearance, what ends soon, what is decided no."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from integrity.acts import Refused
from integrity.models import Record
from integrity.models.record.many import publish_many
from integrity.portal.doors import listed, staff

SOON = timedelta(days=7)
TABS = {  # name: label, rights of which one suffices
    "ready": ("今日可公示", ("record.publish",)),
    "clearance": ("待保密审查", ("record.publish", "record.clear")),
    "public": ("公示中", ("record.publish", "record.clear")),
    "ending": ("7 日内期满", ("record.publish", "export")),
    "stopped": ("暂缓和隐藏", ("record.publish",)),
    "declined": ("决定不公示", ("record.publish", "record.accept", "export")),
}


def rows_of(name: str, seat: Any) -> tuple[Any, list[str]]:
    """The rows of one tab and their order; keys are never null within it."""
    today, inside = timezone.localdate(), Record.objects.inside(seat).filter(state="CONFIRMED")
    shown = inside.filter(publicity="PUBLIC")
    if name == "ready":
        return Record.objects.to_publish(seat), ["confirmed_at", "id"]
    if name == "clearance":
        flagged = inside.filter(publicity="SCHEDULED", needs_clearance=True, cleared_by__isnull=True)
        return flagged, ["confirmed_at", "id"]
    if name == "ending":
        return shown.filter(until__gt=today, until__lte=today + SOON), ["until", "id"]
    if name == "stopped":
        hidden = Q(hidden_until__gt=timezone.now())
        return inside.filter(Q(suspended=True) | hidden, publicity__in=("PUBLIC", "SCHEDULED")), ["confirmed_at", "id"]
    if name == "declined":
        return inside.filter(publish_decided=False), ["-confirmed_at", "-id"]
    return shown, ["-public_from", "-id"]


@staff("record.publish", "record.clear", "record.accept", "export")
def index(request: HttpRequest) -> HttpResponse:
    """One tab of the queue."""
    seat = request.seat  # type: ignore[attr-defined]
    tabs = [(name, label) for name, (label, rights) in TABS.items() if set(rights) & seat.rights]
    first = "clearance" if "record.clear" in seat.rights else tabs[0][0]
    chosen = request.GET.get("tab", first)
    chosen = chosen if chosen in dict(tabs) else first
    rows, order = rows_of(chosen, seat)
    shown = listed(request, rows.select_related("subject", "kind", "source_unit", "confirmed_by"), order, 50)
    return render(request, "desk/publish.html", {"tabs": tabs, "chosen": chosen, "page": shown})


@staff("record.publish")
def batch(request: HttpRequest) -> HttpResponse:
    """Publish several: first the list to be confirmed, then the act."""
    seat = request.seat  # type: ignore[attr-defined]
    try:
        ids = [uuid.UUID(i) for i in request.POST.getlist("id")]
    except ValueError as fault:
        raise BadRequest("请求无法识别，请返回公示管理重新选择") from fault
    rows = Record.objects.to_publish(seat).filter(pk__in=ids)
    if request.method != "POST" or not ids:
        messages.warning(request, "请先选择要公示的记录。", extra_tags="warn")
        return redirect("/desk/publish/")
    if "confirmed" not in request.POST:
        return render(
            request, "desk/publish_batch.html", {"rows": rows.select_related("subject", "kind"), "asked": len(ids)}
        )
    try:
        done = publish_many(list(rows.values_list("pk", flat=True)), by=seat)
    except Refused as refused:
        messages.error(request, f"未能公示：{refused}。所选记录均保持待公示。", extra_tags="bad")
        return redirect("/desk/publish/")
    left = f"，另有 {len(ids) - done} 条已不在可公示之列，未公示" if done < len(ids) else ""
    messages.success(request, f"已公示 {done} 条{left}。", extra_tags="ok")
    return redirect("/desk/publish/")
