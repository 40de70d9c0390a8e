"""The public wall of pledges, with what was kept of them (tasks 2, 7, 20; brief P9)."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from integrity import public as whitelist
from integrity.codes import normalise_code
from integrity.models import Commitment, Pledge, Record
from integrity.models.pledge.fields import LEVELS
from integrity.paging import BadCursor, capped_count, page
from integrity.portal import errors
from integrity.portal.figures import figures
from integrity.portal.fresh import public
from integrity.portal.lists import in_district
from integrity.portal.notices import find_pledge, same_row
from integrity.status import tone

ORDER = ["-published_at", "-id"]


def kept_state(row: dict[str, Any], today: date, found: Container[str] = ()) -> dict[str, Any]:
    """A commitment with its word and tone; 违诺 is said only while the finding itself is public (domain.md, task 7)."""
    told = row["state"] != "BREACHED" or row["pledge"] in found
    if not told or (row["state"] == "ON_TRACK" and row["due_on"] and row["due_on"] < today):
        return row | {"word": "逾期" if row["due_on"] else "未兑现", "tone": "bad"}
    return row | {
        "word": str(Commitment.State(row["state"]).label),
        "tone": tone("commitment", "state", row["state"]),
        "late": bool(row["fulfilled_on"] and row["due_on"] and row["fulfilled_on"] > row["due_on"]),
    }


def commitments(rows: Any) -> list[dict[str, Any]]:
    """The whitelisted columns of commitments, each with its state in words."""
    shown = [whitelist.commitment(v) for v in rows.values(*whitelist.COMMITMENT)]
    broken = {row["pledge"] for row in shown if row["state"] == "BREACHED"}
    finding = Record.objects.public().filter(kind="AG06", facts__pledge_no__in=broken)
    found = set(finding.values_list("facts__pledge_no", flat=True)) if broken else set()
    return [kept_state(row, timezone.localdate(), found) for row in shown]


def progress(ids: Iterable[Any]) -> dict[Any, dict[str, int]]:
    """Per pledge: how many items, how many kept, how many overdue."""
    late = Q(state="ON_TRACK", due_on__lt=timezone.localdate())
    rows = Commitment.objects.public().filter(pledge__in=list(ids)).order_by().values("pledge")
    counted = rows.annotate(
        all=Count("pk"), kept=Count("pk", filter=Q(state="FULFILLED")), late=Count("pk", filter=late)
    )
    return {row.pop("pledge"): row for row in counted}


@public
def wall(request: HttpRequest) -> HttpResponse:
    """Pledges in public, newest first, by keyword, district, unit and whether something is overdue."""
    query = {n: request.GET.get(n, "").replace("\x00", "").strip()[:80] for n in ("k", "a", "s", "code")}
    counted = figures(request.position)  # type: ignore[attr-defined]
    rows = Pledge.objects.public()
    if query["k"]:
        rows = rows.search_public(query["k"])
    if query["a"]:
        rows = rows.filter(in_district(query["a"], counted, "unit__area"))
    if query["code"]:
        rows = rows.filter(unit__code=normalise_code(query["code"]))
    if query["s"] in Pledge.State.values:
        rows = rows.filter(state=query["s"])
    try:
        found = page(
            rows.values(*whitelist.PLEDGE),
            ORDER,
            after=request.GET.get("after", ""),
            before=request.GET.get("before", ""),
            size=10,
        )
    except BadCursor as fault:
        return errors.page(request, 400, "400", reason=str(fault))
    counts = progress(r["id"] for r in found.rows)
    count, more = capped_count(rows)
    context = {
        "pledges": [whitelist.pledge(v) | {"items": counts.get(v["id"])} for v in found.rows],
        "page": found,
        "count": f"{count}+" if more else count,
        "query": query,
        "filtered": any(query.values()),
        "districts": counted.districts,
        "states": [(s.value, s.label) for s in (Pledge.State.IN_FORCE, Pledge.State.FULFILLED)],
    }
    return render(request, "portal/pledges.html", context)


@public
def pledge(request: HttpRequest, number: str) -> HttpResponse:
    """One pledge: its exact text, its items, its signature and place in the log."""
    row = find_pledge(number)
    if row is None:
        raise Http404
    if row["number"] != number:
        return redirect("pledge", row["number"])
    level, shade = LEVELS.get(row["level"], ("", ""))
    context = {
        "pledge": row,
        "person": row["subject"]["form"] == "PERSON",
        "state": Pledge.State(row["state"]).label,
        "tone": tone("pledge", "state", row["state"]),
        "level": level,
        "shade": shade,
        "items": commitments(Commitment.objects.public().filter(pledge=row["uid"]).order_by("order")),
        "progress": progress([row["uid"]]).get(row["uid"]),
        "row": same_row(Pledge, row["uid"]),
    }
    return render(request, "portal/pledge.html", context)
