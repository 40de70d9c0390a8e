"""The sectors in public: each with its figures, projects, files and feed; one page a project (brief P4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.clickjacking import xframe_options_exempt

from integrity.catalogue import SECTORS
from integrity.listing import bound
from integrity.models import Record
from integrity.portal import errors, exports
from integrity.portal.doors import listed
from integrity.portal.fresh import public
from integrity.portal.lists import ABOUT, listings
from integrity.portal.throttle import wait
from sectors import parts
from sectors.evaluation import schemes
from sectors.figures import figures
from sectors.listings import PROJECTS, show
from sectors.models import Duty, Project
from sectors.plan import of_sector, plans

ORDER = ["-stage_on", "-id"]
HEADINGS = (
    "编号", "类型", "项目编号", "项目名称", "政府方单位", "政府方单位代码", "相对方", "相对方代码", "代理机构", "金额（万元）", "阶段", "进入阶段日期", "状态",
    "信息提供单位", "数据项",
)  # fmt: skip


def _sector(name: str) -> str:
    if name not in SECTORS:
        raise Http404
    return SECTORS[name]


def _asked(request: HttpRequest, name: str) -> tuple[Any, Any]:
    """The public projects of a sector that the address asks for, and its filters."""
    rows = Project.objects.public().filter(sector=name)
    filters = bound(PROJECTS, {k: v for k, v in request.GET.items() if v})
    if filters:
        rows = filters.filter_queryset(rows) if filters.is_valid() else rows.none()
    if query := request.GET.get("q", "").replace("\x00", "").strip()[:80]:
        rows = rows.search(query)
    return rows, filters


@public
def index(request: HttpRequest) -> HttpResponse:
    """The seven sectors."""
    counted = {name: Project.objects.public().filter(sector=name).count() for name in SECTORS if of_sector(name)}
    entries = [(name, title, ABOUT[name], counted.get(name, 0)) for name, title in SECTORS.items()]
    return render(request, "sectors/index.html", {"sectors": entries})


@public
def sector(request: HttpRequest, name: str) -> HttpResponse:
    """One sector: what the figures say, and its projects."""
    title = _sector(name)
    rows, filters = _asked(request, name)
    projects = Project.objects.public().filter(sector=name)
    context = {
        "sector": name,
        "title": title,
        "about": ABOUT[name],
        "plans": of_sector(name),
        "page": listed(request, rows, ORDER),
        "filters": filters,
        "states": [c for c in Project.State.choices if c[0] in ("OPEN", "ENDED", "BROKEN_OFF")],
        "figures": figures(name, projects, Duty.objects.public().filter(project__sector=name), f"/sector/{name}/"),
        "records": Record.objects.public().filter(kind__in=listings()[name].kinds).count(),
        "graded": any(s["sector"] == name for s in schemes().values()),
        "parts": parts.parts(parts.PUBLIC_SECTOR, name),
        "asked": request.META["QUERY_STRING"],
    }
    return render(request, "sectors/sector.html", context)


@public
def project(request: HttpRequest, name: str, number: str) -> HttpResponse:
    """One project: parties, stages, what is owed and whether it was done."""
    title = _sector(name)
    rows = Project.objects.public().select_related("unit", "partner", "agent", "source_unit")
    row = rows.filter(sector=name, number=number.upper()).first()
    if row is None:
        raise Http404
    duties = list(row.duties.standing().select_related("owner").order_by("due_on", "id"))
    context = {"project": row, "title": title, "way": row.way(), "duties": duties}
    return render(request, "sectors/project.html", context | {"parts": parts.parts(parts.PUBLIC_PROJECT, name, row)})


@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[misc]
@xframe_options_exempt
@public
def embed(request: HttpRequest, name: str) -> HttpResponse:
    """A bare list that a department shows on its own site in a frame; the same filters as the page (task 18)."""
    title = _sector(name)
    context = {"page": listed(request, _asked(request, name)[0], ORDER), "title": title, "sector": name}
    return render(request, "sectors/embed.html", context)


@public
def download(request: HttpRequest, name: str) -> HttpResponse:
    """The list as CSV, with exactly the filter of the page."""
    _sector(name)
    if seconds := wait(request, "export"):
        return errors.too_often(request, seconds)
    return exports.csv_response(f"{name}-projects.csv", HEADINGS, _cells(_asked(request, name)[0].order_by(*ORDER)))


def _cells(rows: Any) -> Iterator[list[Any]]:
    for v in rows.values(*PROJECTS.columns).iterator(chunk_size=2000):
        item, known = show(v), plans()[v["kind"]].known
        facts = "；".join(f"{known[n].label}：{'是' if x is True else x}" for n, x in item["facts"].items() if x)
        unit, partner, agent = (item[n] or {"name": "", "code": ""} for n in ("unit", "partner", "agent"))
        yield [
            item["number"], item["kind_name"], item["reference"], item["name"], unit["name"], unit["code"], partner["name"], partner["code"],
            agent["name"], item["amount_wan"] or "", item["stage_name"], item["stage_on"], Project.State(item["state"]).label,
            item["source_unit"]["name"], facts,
        ]  # fmt: skip


@public
def feed(request: HttpRequest, name: str) -> HttpResponse:
    """The newest steps of a sector's projects."""
    title, site = _sector(name), f"{settings.SITE_SCHEME}://{settings.SITE_HOST}"
    made = Atom1Feed(
        title=f"{title}项目 - {settings.SITE_NAME}", link=f"{site}/sector/{name}/", description=ABOUT[name],
        feed_url=f"{site}{request.get_full_path()}", language="zh-CN", author_name=settings.SITE_ORGAN,
    )  # fmt: skip
    for row in _asked(request, name)[0].order_by("-updated_at", "-id")[:50]:
        made.add_item(
            title=f"{row.name}：{row.stage_name}", link=f"{site}{row.public_url}", pubdate=row.updated_at, updateddate=row.updated_at,
            description=f"{row.unit_name} · {row.stage_on} · {row.get_state_display()}", categories=[row.plan.name],
            unique_id=f"tag:{settings.SITE_HOST.split(':')[0]},2026:{row.number}",
        )  # fmt: skip
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
