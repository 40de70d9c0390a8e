"""Pages of the public lists, with the same rows as a file (brief P4)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from integrity.catalogue import SECTORS
from integrity.paging import BadCursor, capped_count, page
from integrity.portal import errors, exports
from integrity.portal.figures import figures
from integrity.portal.fresh import public
from integrity.portal.lists import (
    ORDER,
    Filter,
    Listing,
    kind_choices,
    listings,
    read,
    shown,
    streamed,
    tier_choices,
)
from integrity.portal.throttle import wait

SIZE = 10


def named(name: str) -> Listing:
    """The list of this name, or 404."""
    if name not in listings():
        raise Http404
    return listings()[name]


@public
def index(request: HttpRequest) -> HttpResponse:
    """Every list with what it counts; empty ones are named but not linked (brief 0.8)."""
    counted = figures(request.position)  # type: ignore[attr-defined]
    entries = [(x, counted.count(x.kinds)) for x in listings().values()]
    context = {
        "lists": [e for e in entries if not e[0].is_sector],
        "sectors": [e for e in entries if e[0].is_sector],
    }
    return render(request, "portal/lists.html", context)


@public
def listing(request: HttpRequest, name: str) -> HttpResponse:
    """One list: filter, count, rows, neighbours."""
    chosen, asked = named(name), Filter.of(request.GET)
    counted = figures(request.position)  # type: ignore[attr-defined]
    rows = asked.apply(chosen.records(), counted)
    try:
        found = page(
            read(rows), ORDER, after=request.GET.get("after", ""), before=request.GET.get("before", ""), size=SIZE
        )
    except BadCursor as fault:
        return errors.page(request, 400, "400", reason=str(fault))
    count, more = capped_count(rows)
    records = [shown(v) for v in found.rows]
    context: dict[str, Any] = {
        "listing": chosen,
        "asked": asked,
        "records": records,
        "page": found,
        "count": f"{count}+" if more else count,
        "updated_at": max((r["updated_at"] for r in records), default=None),
        "districts": counted.districts,
        "kinds": kind_choices(chosen, counted),
        "tiers": tier_choices(chosen),
        "menu": [(x, counted.count(x.kinds)) for x in listings().values() if x.is_sector == chosen.is_sector],
        "sectors": SECTORS,
    }
    return render(request, "portal/list.html", context)


@public
def download(request: HttpRequest, name: str) -> HttpResponse:
    """The list as CSV, with exactly the filter of the page."""
    chosen, asked = named(name), Filter.of(request.GET)
    if seconds := wait(request, "export"):
        return errors.too_often(request, seconds)
    rows = asked.apply(chosen.records(), figures(request.position))  # type: ignore[attr-defined]
    return exports.csv_response(f"{name}.csv", exports.RECORD_HEADINGS, map(exports.record_cells, streamed(rows)))
