"""Pages about the site itself: open data, about, privacy, map, log, robots."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrity import public as whitelist
from integrity.models import PUBLIC, Kind, Subject
from integrity.portal import errors, exports
from integrity.portal.context import footer, public_nav, reachable
from integrity.portal.figures import figures
from integrity.portal.fresh import public
from integrity.portal.lists import listings
from integrity.portal.throttle import wait

API = [  # resource, what it holds
    ("records", "正在公示的信用信息"),
    ("subjects", "法人和非法人组织"),
    ("pledges", "公开的信用承诺"),
    ("measures", "执行中的奖惩措施"),
    ("kinds", "信用目录"),
    ("organisations", "机构"),
    ("areas", "区划"),
    ("events", "变更流"),
]
AGENCY_HEADINGS = (
    "名称",
    "统一社会信用代码",
    "机构类别",
    "所属区划",
    "上级单位",
    "负责人",
    "状态",
    "成立日期",
    "撤销日期",
)


@public
def data(request: HttpRequest) -> HttpResponse:
    """The open data: what there is, how much, and how to get it (brief P10)."""
    counted = figures(request.position)  # type: ignore[attr-defined]
    sets = [
        {"title": x.title, "about": x.about, "rows": counted.count(x.kinds), "csv": f"{x.url}.csv", "feed": f"/feeds/{x.name}.atom"}
        for x in listings().values()
    ]  # fmt: skip
    sets.append(
        {
            "title": "机构名录",
            "about": "登记的政府机构、事业单位和村居组织。",
            "rows": counted.agencies,
            "csv": "/data/agencies.csv",
        }
    )
    for name, title, about, shape in (
        ("catalogue", "公共信用信息目录", "每类信息的性质、等级、披露方式、公示期和依据。", "record"),
        ("measures", "失信惩戒和守信激励措施清单", "每项措施的对象、依据、期限和决定单位。", "measure"),
    ):
        rows = Kind.objects.visible_to(PUBLIC).filter(shape=shape).count()
        sets.append({"title": title, "about": about, "rows": rows, "csv": f"/rules/{name}.csv"})
    context: dict[str, Any] = {
        "sets": [s for s in sets if s["rows"]],
        "api": [(f"/api/v1/{n}", about) for n, about in API if reachable(f"/api/v1/{n}")],
        "openapi": reachable("/api/v1/openapi.json"),
        "districts": counted.districts,
        "fields": exports.RECORD_HEADINGS,
        "taken_at": counted.taken_at,
        "site": f"{settings.SITE_SCHEME}://{settings.SITE_HOST}",
    }
    return render(request, "portal/data.html", context)


@public
def agencies(request: HttpRequest) -> HttpResponse:
    """The agencies as CSV."""
    if seconds := wait(request, "export"):
        return errors.too_often(request, seconds)
    rows = (
        Subject.objects.visible_to(PUBLIC)
        .filter(form="AGENCY")
        .by_name()
        .values(*whitelist.SUBJECT)
        .iterator(chunk_size=2000)
    )
    kinds, states = dict(Subject.AgencyKind.choices), dict(Subject.State.choices)

    def cells(row: dict[str, Any]) -> list[Any]:
        s = whitelist.subject(row)
        own = [
            s["name"],
            s["code"],
            kinds.get(s["agency_kind"], ""),
            (s["area"] or {}).get("name"),
            (s["parent"] or {}).get("name"),
            s["head"],
        ]
        return [*own, states[s["state"]], s["valid_from"], s["valid_until"]]

    return exports.csv_response("agencies.csv", AGENCY_HEADINGS, map(cells, rows))


@public
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about.html")


@public
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html")


@public
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page that stands and has something to show."""
    counted = figures(request.position)  # type: ignore[attr-defined]
    lists = [x for x in listings().values() if counted.count(x.kinds)]
    return render(request, "portal/sitemap.html", {"nav": public_nav(), "footer": footer(), "lists": lists})


@public
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may read what is public, not wander through searches and files."""
    closed = ("/admin/", "/desk/", "/accounts/", "/search", "/view/", "/v/", "/feeds/", "/*.csv")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
