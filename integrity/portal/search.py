"""Search: organisations, pledges and notices; never the records of persons (brief P2)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrity import public as whitelist
from integrity.codes import normalise_code, uscc_problem
from integrity.models import PUBLIC, Pledge, Record, Subject
from integrity.paging import BadCursor, capped_count, page
from integrity.portal import errors
from integrity.portal.figures import Figures, figures
from integrity.portal.fresh import public
from integrity.portal.lists import ORDER, in_district, negative, shown
from integrity.portal.notices import clean_number
from integrity.portal.pledges import ORDER as PLEDGE_ORDER
from integrity.portal.throttle import wait
from integrity.search import MIN_QUERY, normalise

SCOPES = [("", "全部"), ("agency", "机构"), ("pledge", "信用承诺"), ("notice", "公示公告"), ("cert", "证书编号")]
ELDER = ("长辈版", "关怀版", "适老版", "亲情版")
NUMBER = re.compile(r"[A-Z]{2}(-[A-Z]{2}\d{2})?-\d{4}-[0-9A-HJKMNP-TV-Z]{8}")
FIRST = 5  # of each group on the page of all groups
SIZE = 20


@public
def search(request: HttpRequest) -> HttpResponse:
    """Exact code, number or unique name lead straight to the page; otherwise groups, or one group by pages."""
    q = unicodedata.normalize("NFKC", request.GET.get("q", "")).replace("\x00", "").strip()[:80]
    scope = request.GET.get("t", "") if request.GET.get("t", "") in dict(SCOPES) else ""
    context: dict[str, Any] = {"q": q, "t": scope, "scopes": SCOPES, "a": request.GET.get("a", "")}
    if q and (seconds := wait(request, "search")):
        return errors.too_often(request, seconds)
    if q and (address := straight(q, scope)):
        return redirect(address)
    if q and len(normalise(q)) < MIN_QUERY:
        return render(request, "portal/search.html", context | {"problem": f"请至少输入 {MIN_QUERY} 个字"})
    counted = figures(request.position)  # type: ignore[attr-defined]
    context["districts"] = counted.districts
    if len(code := normalise_code(q)) == 18 and code.isascii():
        context["problem"] = uscc_problem(code) or ""
    if q or scope == "agency":
        try:
            context |= found(request, q, scope, context["a"], counted)
        except BadCursor as fault:
            return errors.page(request, 400, "400", reason=str(fault))
    return render(request, "portal/search.html", context)


def straight(q: str, scope: str) -> str:
    """The page that this query can only mean; empty when it may mean several."""
    if scope == "cert":
        return f"/v/{clean_number(q)}"
    if q in ELDER:
        return "/view/elder"
    if NUMBER.fullmatch(number := clean_number(q)):
        if Record.objects.public().filter(number=number).exists():
            return f"/n/{number}"
        if Pledge.objects.public().filter(number=number).exists():
            return f"/pledge/{number}"
    if scope in ("", "agency"):
        code, rows = normalise_code(q), Subject.objects.visible_to(PUBLIC).exclude(code="")
        rows = rows.filter(name__in=spellings(q)) if uscc_problem(code) else rows.filter(code=code)
        codes = list(rows.values_list("code", flat=True)[:2])
        return f"/s/{codes[0]}" if len(codes) == 1 else ""
    return ""


def spellings(q: str) -> set[str]:
    """A name as typed and with full-width brackets, as names are registered."""
    return {q, q.replace("(", "（").replace(")", "）")}


def organisations(q: str) -> QuerySet:
    """Organisations by name, code or pinyin; without a query the agencies, to browse by district."""
    rows = Subject.objects.visible_to(PUBLIC).exclude(code="")
    return rows.organisations().search(q) if q else rows.filter(form="AGENCY")


def found(request: HttpRequest, q: str, scope: str, district: str, counted: Figures) -> dict[str, Any]:
    """The groups of one search, each with its rows and count; a single group has pages."""
    sources: dict[str, tuple[Any, tuple[str, ...], list[str], str]] = {
        "agency": (organisations(q), (*whitelist.SUBJECT, "sort_key"), ["sort_key", "id"], "area"),
    }
    if q:
        sources["pledge"] = (Pledge.objects.public().search_public(q), whitelist.PLEDGE, PLEDGE_ORDER, "unit__area")
        sources["notice"] = (
            Record.objects.public().search_public(q),
            (*whitelist.RECORD, "updated_at"),
            ORDER,
            "subject__area",
        )
    groups: dict[str, Any] = {}
    for name, (rows, columns, order, area) in sources.items():
        if scope in ("", name):
            if district:
                rows = rows.filter(in_district(district, counted, area))
            groups[name] = _group(request, rows, columns, order, paged=scope == name)
    if notices := groups.get("notice"):
        notices["rows"] = [shown(v) for v in notices["rows"]]
    if pledges := groups.get("pledge"):
        pledges["rows"] = [whitelist.pledge(v) for v in pledges["rows"]]
    if agencies := groups.get("agency"):
        bad = _bad([v["id"] for v in agencies["rows"]])
        agencies["rows"] = [whitelist.subject(v) | {"bad": bad[v["id"]]} for v in agencies["rows"]]
    return {"groups": groups, "nothing": not any(g["rows"] for g in groups.values())}


def _group(request: HttpRequest, rows: Any, columns: Any, order: list[str], *, paged: bool) -> dict[str, Any]:
    cursor = {n: request.GET.get(n, "") for n in ("after", "before")} if paged else {}
    count, more = capped_count(rows)
    part = page(rows.values(*columns), order, size=SIZE if paged else FIRST, **cursor)
    return {"rows": part.rows, "page": part if paged else None, "count": f"{count}+" if more else count}


def _bad(ids: list[Any]) -> Counter[Any]:
    """How many negative records of each subject are public."""
    rows = Record.objects.public().filter(subject__in=ids, kind__in=negative()).order_by()
    return Counter(dict(rows.values_list("subject").annotate(n=Count("pk"))))
