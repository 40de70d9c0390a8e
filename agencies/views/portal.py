"""In public: the one-stop page of services, and openness and lawful administration by agency and year (task 6)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from agencies.indicators import INDICATORS
from agencies.listings_open import SERVICES
from agencies.measuring import kept, openness, years
from agencies.models import Service
from agencies.models.onestop import KINDS
from integrity.listing import bound
from integrity.models import Area
from integrity.paging import capped_count
from integrity.portal import errors, exports
from integrity.portal.doors import listed
from integrity.portal.fresh import public
from integrity.portal.throttle import wait

HEADINGS = (
    "事项编码", "事项名称", "事项类型", "服务对象", "单位", "统一社会信用代码", "法定办结时限（工作日）", "承诺办结时限（工作日）", "网上办理地址", "办理地点",
    "咨询电话", "依据",
)  # fmt: skip


def _asked(request: HttpRequest) -> tuple[Any, Any]:
    """The public services that the address asks for, and its filters."""
    rows = Service.objects.public().select_related("agency")
    filters = bound(SERVICES, {k: v for k, v in request.GET.items() if v})
    if filters:
        rows = filters.filter_queryset(rows) if filters.is_valid() else rows.none()
    if query := request.GET.get("q", "").replace("\x00", "").strip()[:80]:
        rows = rows.search(query)
    return rows, filters


@public
def services(request: HttpRequest) -> HttpResponse:
    """What can be done, where, in how many days."""
    rows, filters = _asked(request)
    count, more = capped_count(rows)
    context = {
        "page": listed(request, rows, ["name", "id"]), "filters": filters, "kinds": KINDS, "audiences": Service.Audience.choices,
        "count": f"{count}+" if more else count, "updated": rows.aggregate(last=Max("updated_at"))["last"],
        "asked": request.META["QUERY_STRING"],
    }  # fmt: skip
    return render(request, "agencies/services.html", context)


@public
def service(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One service: its times, where it is done, and how often the promise was kept this year."""
    row = Service.objects.public().select_related("agency", "agency__succeeded_by").filter(pk=pk).first()
    if row is None:
        raise Http404
    year = timezone.localdate().year
    return render(request, "agencies/service.html", {"row": row, "year": year, "kept": kept(row, year)})


@public
def services_csv(request: HttpRequest) -> HttpResponse:
    """The list as CSV, with exactly the filter of the page."""
    if seconds := wait(request, "export"):
        return errors.too_often(request, seconds)
    return exports.csv_response("services.csv", HEADINGS, _cells(_asked(request)[0].order_by("name", "id")))


def _cells(rows: Any) -> Iterator[list[Any]]:
    for s in rows.iterator(chunk_size=2000):
        yield [
            s.code, s.name, s.kind, s.get_audience_display(), s.agency.name, s.agency.code, s.statutory_days, s.promised_days, s.online_url,
            s.place, s.phone, s.basis,
        ]  # fmt: skip


@public
def services_feed(request: HttpRequest) -> HttpResponse:
    """Services lately released or changed."""
    site = f"{settings.SITE_SCHEME}://{settings.SITE_HOST}"
    made = Atom1Feed(
        title=f"政务服务事项 - {settings.SITE_NAME}", link=f"{site}/service/", description="新公开和变更的政务服务事项",
        feed_url=f"{site}{request.get_full_path()}", language="zh-CN", author_name=settings.SITE_ORGAN,
    )  # fmt: skip
    for row in _asked(request)[0].order_by("-updated_at", "-id")[:50]:
        made.add_item(
            title=f"{row.agency.name}：{row.name}", link=f"{site}/service/{row.pk}", pubdate=row.updated_at, updateddate=row.updated_at,
            description=f"法定 {row.statutory_days} 个工作日，承诺{row.promised}", categories=[row.kind],
            unique_id=f"tag:{settings.SITE_HOST.split(':')[0]},2026:service:{row.pk}",
        )  # fmt: skip
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _year(request: HttpRequest) -> int:
    known, asked = years(), request.GET.get("year", "")
    return int(asked) if asked.isdigit() and int(asked) in known else known[0]


def _area(request: HttpRequest) -> Area | None:
    return Area.objects.filter(code=request.GET.get("area", "")).first()


@public
def open_government(request: HttpRequest) -> HttpResponse:
    """Every agency's openness and lawful administration in one year, each figure with its definition."""
    year, area = _year(request), _area(request)
    lines = openness(year, area.path if area else "")
    areas = Area.objects.filter(kind__in=("CITY", "COUNTY", "FUNCTIONAL_ZONE")).order_by("code")
    context = {
        "year": year, "years": years(), "lines": lines[:200], "more": len(lines) - 200, "areas": areas, "area": area,
        "indicators": INDICATORS.values(), "asked": request.META["QUERY_STRING"],
    }  # fmt: skip
    return render(request, "agencies/openness.html", context)


@public
def open_government_csv(request: HttpRequest) -> HttpResponse:
    """The same table as CSV: parts and wholes, so that everybody can reckon for himself."""
    if seconds := wait(request, "export"):
        return errors.too_often(request, seconds)
    year, area = _year(request), _area(request)
    names = ("主动公开", "依申请公开", *(i.name for i in INDICATORS.values()))
    heads = [
        "单位",
        "统一社会信用代码",
        "年度",
        "年度报告公布日期",
        *(f"{n}：{w}" for n in names for w in ("其中", "总数")),
    ]
    rows = ([x.agency.name, x.agency.code, year, x.report or "", *(n for s in x.shares for n in (s.part, s.whole))]
            for x in openness(year, area.path if area else ""))  # fmt: skip
    return exports.csv_response(f"openness-{year}.csv", heads, rows)
