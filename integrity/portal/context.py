"""What every page's template knows."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from integrity.catalogue import SECTORS

_SECTORS = tuple(f"/list/{name}" for name in SECTORS)
_LISTS = tuple(f"/list/{name}" for name in ("agencies", "double-publicity", "court", "serious", "honours"))
PUBLIC_NAV = [  # address, label, further addresses that stand under it
    ("/", "首页", ("/elder/",)),
    ("/list/all", "公示公告", ("/n/", "/s/", "/search", *_LISTS)),
    ("/list/", "重点领域", ("/sector/", *_SECTORS)),
    ("/pledge/", "信用承诺", ("/v/",)),
    ("/complain/", "监督投诉", ("/object/", "/repair/", "/track/", "/answers/")),
    ("/rules/", "政策规则", ("/policy/", "/news/", "/cases/")),
    ("/data/", "数据开放", ("/feeds/", "/log/")),
]
ME_NAV = [  # address, label, roles that have it (all when none is named)
    ("/me/", "我的首页", ()),
    ("/me/pledges/", "我的承诺", ("OFFICIAL",)),
    ("/me/records/", "我的记录", ()),
    ("/me/matters/", "我的事项", ()),
    ("/letters/", "文书签收", ()),
    ("/me/learning/", "我的学习", ("OFFICIAL",)),
    ("/me/looks/", "谁查看过", ()),
]
FOOTER = [
    ("帮助", [("/about/", "关于我们"), ("/rules/", "规则说明"), ("/news/", "信用动态"), ("/policy/", "政策文件"), ("/cases/", "典型案例"), ("/learn/", "诚信手册"), ("/about/#access", "无障碍声明"), ("/sitemap/", "网站地图")]),
    ("政务", [("/service/", "政务服务一站通"), ("/openness/", "依法行政和政务公开"), ("/pledge/", "信用承诺")]),
    ("监督", [("/complain/", "我要投诉"), ("/object/", "提出异议"), ("/repair/", "申请信用修复"), ("/track/", "查办理进度"), ("/answers/", "建议提案答复"), ("/v/", "核验编号"), ("/privacy/", "隐私与个人信息保护")]),
    ("数据", [("/data/", "开放数据下载"), ("/data/#api", "接口说明"), ("/data/#feeds", "Atom 订阅"), ("/log/", "存证日志核验")]),
]  # fmt: skip
NEEDS = {"/data/#api": "/api/v1/records"}  # links into a page whose part stands only with something else
STAFF_NAV = [  # address, label, rights of which one suffices
    ("/desk/", "工作台", ()),
    ("/desk/records/new", "信息录入", ("record.enter",)),
    ("/desk/records/", "记录", ("record.read",)),
    ("/desk/review/", "复核审批", ("record.review", "record.accept", "record.confirm")),
    ("/desk/publish/", "公示管理", ("record.publish", "record.clear")),
    ("/desk/matters/", "事项办理", ("matter.handle", "matter.assign")),
    ("/desk/promises/", "政务承诺", ("pledge.issue", "pledge.check")),
    ("/desk/cases/", "失信惩戒", ("matter.assign",)),
    ("/desk/clearing/", "清零治理", ("matter.assign",)),
    ("/desk/complaints/new", "登记线索", ("matter.handle",)),
    ("/desk/complaints/", "要求说明", ("matter.file",)),
    ("/desk/inspections/", "督察", ("matter.assign",)),
    ("/desk/safeguards/", "二十项任务", ("matter.assign", "matter.handle", "figures")),
    ("/desk/articles/", "文章", ("article.write", "article.release")),
    ("/desk/assessments/", "考核", ()),
    ("/desk/motions/", "议提案督办", ("matter.assign", "matter.handle")),
    ("/desk/board/", "电子监察", ("matter.handle", "matter.assign", "figures", "audit")),
    ("/desk/cards/", "红黄牌", ("matter.handle", "matter.assign")),
    ("/desk/services/", "政务服务", ("service.enter", "service.release")),
    ("/desk/disclosures/", "政务公开", ("service.enter", "service.release")),
    ("/desk/import/", "批量导入", ("import.submit", "import.confirm")),
    ("/desk/letters/", "文书", ("letter.draft", "letter.acknowledge")),
    ("/desk/checks/", "信用核查", ("subject.check",)),
    ("/desk/officials/", "公务人员", ("official.manage",)),
    ("/desk/sector/lookbacks/", "责任回溯", ("official.manage",)),
    ("/desk/learning/", "诚信教育", ("learning.manage",)),
    ("/desk/sector/", "重点领域", ("sector.enter", "sector.release", "figures", "audit")),
    ("/desk/pledges/", "个人承诺", ("official.manage",)),
    ("/desk/templates/", "承诺书模板", ("pledge.template",)),
    ("/desk/exchange/", "上报", ("exchange.operate",)),
    ("/desk/catalogue/", "目录", ("kind.nominate", "kind.approve")),
    ("/desk/subjects/", "主体", ("subject.manage",)),
    ("/desk/people/", "人员岗位", ("seat.grant",)),
    ("/desk/settings/", "参数", ("setting.change",)),
    ("/lead/", "统计", ("figures",)),
    ("/audit/", "审计监督", ("audit",)),
    ("/audit/tokens/", "接口令牌", ("token.hold",)),
]


@cache
def reachable(address: str) -> bool:
    """Whether a page stands at this address: nothing links to what is not built (brief 0.8)."""
    try:
        resolve(address.partition("#")[0])
    except Resolver404:
        return False
    return True


class Pages:
    """`pages.complain` in a template: the page's address if it stands, else nothing."""

    def __getitem__(self, name: str) -> str:
        return f"/{name}/" if reachable(f"/{name}/") else ""


@cache
def public_nav() -> list[tuple[str, str]]:
    return [(url, label) for url, label, _ in PUBLIC_NAV if reachable(url)]


@cache
def footer() -> list[tuple[str, list[tuple[str, str]]]]:
    return [(title, [link for link in links if reachable(NEEDS.get(link[0], link[0]))]) for title, links in FOOTER]


def staff_nav(seat: Any) -> list[tuple[str, str]]:
    """The staff menu this seat can use."""
    return [(url, label) for url, label, rights in STAFF_NAV if not rights or set(rights) & seat.rights]


def me_nav(seat: Any) -> list[tuple[str, str]]:
    """The menu of the own file, as this seat's role has it."""
    role = getattr(seat, "role_code", "")
    return [(url, label) for url, label, roles in ME_NAV if reachable(url) and (not roles or role in roles)]


def current_public(path: str) -> str:
    """The menu entry a public page stands under: the longest address that its own begins with."""
    if path == "/":
        return "/"
    starts = [(start, url) for url, _, more in PUBLIC_NAV for start in (url, *more) if start != "/"]
    return max(((len(start), url) for start, url in starts if path.startswith(start)), default=(0, ""))[1]


def is_elder(request: HttpRequest) -> bool:
    """The simplified view, chosen by cookie or by its own address."""
    return request.COOKIES.get("view") == "elder" or request.path == "/elder/"


def site(request: HttpRequest) -> dict[str, Any]:
    seat = getattr(request, "seat", None)
    staff = staff_nav(seat) if seat is not None and seat.pk else []
    under = [url for url, _ in staff if request.path.startswith(url)]
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_ORGAN": settings.SITE_ORGAN,
        "DEMO": settings.DEMO,
        "PUBLIC_NAV": public_nav(),
        "FOOTER": footer(),
        "STAFF_NAV": staff,
        "ME_NAV": me_nav(seat),
        "current_nav": current_public(request.path),
        "current_me": max(
            (u for u, _, _ in ME_NAV if request.path == u or (u != "/me/" and request.path.startswith(u))),
            key=len,
            default="",
        ),
        "current_staff": max(under, key=len, default=""),
        "pages": Pages(),
        "seat": seat,
        "seats": getattr(request, "seats", []),
        "elder": is_elder(request),
        "request_id": getattr(request, "id", ""),
    }
