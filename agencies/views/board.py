"""The board of electronic supervision: every clock that runs, is near or is over, by agency, with its cards (task 6)."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.supervising import STANDS, board, rows_of, standing, units
from integrity.models import Area, Subject
from integrity.portal.doors import listed, staff
from integrity.statistics.running import CLOCKS

RIGHTS = ("matter.handle", "matter.assign", "figures", "audit")
MOST = 100  # agencies on one page; the furthest behind come first


@staff(*RIGHTS)
def index(request: HttpRequest) -> HttpResponse:
    """All agencies within reach, those furthest behind first."""
    area = Area.objects.filter(code=request.GET.get("area", "")).first()
    lines = board(request.seat, area.path if area else "")  # type: ignore[attr-defined]
    totals = {name: sum(getattr(line, name) for line in lines) for name in (*STANDS, "yellow", "red", "unanswered")}
    areas = Area.objects.filter(kind__in=("CITY", "COUNTY", "FUNCTIONAL_ZONE")).order_by("code")
    context = {"lines": lines[:MOST], "more": len(lines) - MOST, "totals": totals, "areas": areas}
    return render(request, "agencies/supervising.html", context)


@staff(*RIGHTS)
def agency(request: HttpRequest, pk: uuid.UUID, stand: str) -> HttpResponse:
    """The clocks of one agency that stand so: one list a kind of clock, nearest due first."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    row = Subject.objects.visible_to(seat).filter(pk=pk, form="AGENCY").first()
    if row is None or stand not in STANDS:
        raise Http404
    lists = []
    for clocks in CLOCKS:
        rows = rows_of(clocks, seat).filter(standing(clocks, stand), **{f"{clocks.unit}__in": units(row)})
        page = listed(request, rows, [clocks.due, "id"], size=50)
        told = [
            (clocks.told(r), clocks.url(r), getattr(r, clocks.due), getattr(r, "due_explain", [])) for r in page.rows
        ]
        lists += [(clocks.label, told)] if told else []
    return render(request, "agencies/supervising_agency.html", {"agency": row, "word": STANDS[stand], "lists": lists})
