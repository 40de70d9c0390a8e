"""The home page, in its standard and its simplified form (brief P1)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from integrity import public as whitelist
from integrity.catalogue import SECTORS
from integrity.ledger.position import log_head
from integrity.models import Commitment, Pledge, Record
from integrity.portal.context import is_elder, reachable
from integrity.portal.figures import FEW, Figures, figures
from integrity.portal.fresh import public
from integrity.portal.lists import Listing, listings, newest

ICONS = dict(zip(SECTORS, ("cart", "ppp", "trade", "gavel", "invest", "debt", "town"), strict=True))
ACTIONS = [  # address, icon, label, hint; the first six whose pages stand
    ("/complain/", "chat", "我要投诉", "反映失信行为"),
    ("/track/", "track", "查办理进度", "凭受理编号"),
    ("/object/", "scale", "提出异议", "更正有误记录"),
    ("/v/", "qr", "核验编号", "证书、记录编号"),
    ("/data/#feeds", "rss", "订阅公示", "Atom 订阅"),
    ("/data/", "down", "下载数据", "CSV、接口"),
    ("/search?t=agency", "town", "找机构", "按区县浏览"),
    ("/pledge/", "doc", "看承诺", "承诺与兑现"),
    ("/rules/", "scale", "查规则", "公示与修复"),
]
TABS = ("agencies", "honours", "double-publicity")


def everyday(tab: str) -> Listing | None:
    """The list behind a tab of the newest notices; the first tab leaves out the many licences and penalties."""
    return listings().get(tab) if tab in TABS else None


def latest(tab: str, size: int) -> list[dict[str, Any]]:
    """The newest notices of a tab, newest first, however old they are."""
    chosen = everyday(tab)
    if chosen:
        return newest(chosen.records(), size)
    kinds = set(listings()["all"].kinds) - set(listings()["double-publicity"].kinds)
    return newest(Record.objects.public().filter(kind__in=kinds), size)


def tabs(counted: Figures) -> list[tuple[str, str]]:
    """The tabs that have something behind them."""
    found = [(t, listings()[t].title) for t in TABS if counted.count(listings()[t].kinds)]
    return found + ([("pledges", "信用承诺")] if counted.pledges else [])


@public
def home(request: HttpRequest) -> HttpResponse:
    """Search first, then figures, actions, newest notices beside promises kept, sectors, districts, trust."""
    if is_elder(request):
        return elder_home(request)
    counted = figures(request.position)  # type: ignore[attr-defined]
    shown_tab = request.GET.get("show", "")
    context: dict[str, Any] = {
        "counted": counted,
        "figures": tiles(counted),
        "actions": [a for a in ACTIONS if reachable(a[0].partition("?")[0])][:6],
        "tabs": tabs(counted),
        "tab": shown_tab,
        "more": everyday(shown_tab) or listings()["all"],
        "kept": kept(),
        "rate_caption": rate_caption(counted),
        "sectors": [(listings()[s], ICONS[s], counted.count(listings()[s].kinds)) for s in SECTORS],
        "examples": examples(counted),
        "log": log_head(),
    }
    if shown_tab == "pledges":
        rows = Pledge.objects.public().order_by("-published_at", "-id")
        context["pledges"] = [whitelist.pledge(v) for v in rows.values(*whitelist.PLEDGE)[:5]]
    else:
        context["records"] = latest(shown_tab, 5)
    return render(request, "portal/home.html", context)


@public
def elder(request: HttpRequest) -> HttpResponse:
    """The simplified home at its own address."""
    return elder_home(request)


def elder_home(request: HttpRequest) -> HttpResponse:
    actions = [
        ACTIONS[0],
        ACTIONS[1],
        ("/list/all", "doc", "看最新公示", ""),
        ("/search?t=agency", "town", "找机构", ""),
    ]
    standing_ones = [a for a in actions if reachable(a[0].partition("?")[0])]
    return render(request, "portal/elder.html", {"actions": standing_ones, "records": latest("", 3)})


def kept() -> Any:
    """The newest promises kept: good news stands beside failures."""
    rows = Commitment.objects.public().filter(state="FULFILLED", fulfilled_on__isnull=False)
    return [whitelist.commitment(v) for v in rows.order_by("-fulfilled_on", "-id").values(*whitelist.COMMITMENT)[:4]]


def tiles(counted: Figures) -> list[dict[str, Any]]:
    """The figures, each with the list it counts; what is zero has no link."""
    lists, overall = listings(), counted.overall
    rate = f"按期兑现率 {overall.percent}%" if overall.due >= FEW else "公开承诺，接受监督"
    entries = [
        ("纳入登记的机构", counted.agencies, "家", "可按区县浏览", "/search?t=agency"),
        ("公开信用承诺", counted.pledges, "份", rate, "/pledge/"),
        (
            "公示中的机构失信记录",
            counted.count(lists["agencies"].kinds),
            "条",
            "期满或修复后不再公示",
            lists["agencies"].url,
        ),
        ("守信激励", counted.count(lists["honours"].kinds), "条", "表彰与示范", lists["honours"].url),
        (
            "双公示信息",
            counted.count(lists["double-publicity"].kinds),
            "条",
            "许可与处罚",
            lists["double-publicity"].url,
        ),
    ]
    return [{"k": k, "v": v, "unit": u, "n": n, "url": url if v else ""} for k, v, u, n, url in entries]


def examples(counted: Figures) -> list[tuple[str, str]]:
    """Three searches that lead somewhere: the newest notice's subject, a sector with entries, the pledges."""
    found = [(r["subject"]["name"], f"/s/{r['subject']['code']}") for r in latest("", 1) if r["subject"]["code"]]
    found += [(listings()[s].title, listings()[s].url) for s in SECTORS if counted.count(listings()[s].kinds)][:1]
    return found + ([("信用承诺", "/pledge/")] if counted.pledges else [])


def rate_caption(counted: Figures) -> str:
    """What the bars count, up to when, and what the line is."""
    if not counted.rates:
        return ""
    day, mean = timezone.localdate(counted.taken_at), counted.overall.percent
    return f"截至 {day} 已到期的承诺事项，单位：%。竖线为全市平均 {mean}，橙色低于平均；不足 {FEW} 项的不计算。"
