"""What every page's template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

PUBLIC_NAV = [
    ("/", "首页"),
    ("/list/agencies", "公示公告"),
    ("/list/procurement", "重点领域"),
    ("/pledge/", "信用承诺"),
    ("/complain/", "监督投诉"),
    ("/data/", "数据开放"),
]
ME_NAV = [
    ("/me/", "我的首页"),
    ("/me/records/", "我的记录"),
    ("/me/matters/", "我的事项"),
    ("/letters/", "文书签收"),
    ("/me/looks/", "谁查看过"),
]
STAFF_NAV = [  # address, label, rights of which one suffices
    ("/desk/", "工作台", ()),
    ("/desk/records/new", "信息录入", ("record.enter",)),
    ("/desk/records/", "记录", ("record.read",)),
    ("/desk/review/", "复核审批", ("record.review", "record.accept", "record.confirm")),
    ("/desk/publish/", "公示管理", ("record.publish", "record.clear")),
    ("/desk/matters/", "事项办理", ("matter.handle", "matter.assign")),
    ("/desk/import/", "批量导入", ("import.submit", "import.confirm")),
    ("/desk/letters/", "文书", ("letter.draft", "letter.acknowledge")),
    ("/desk/checks/", "信用核查", ("subject.check",)),
    ("/desk/exchange/", "上报", ("exchange.operate",)),
    ("/desk/catalogue/", "目录", ("kind.nominate", "kind.approve")),
    ("/desk/subjects/", "主体", ("subject.manage",)),
    ("/desk/people/", "人员岗位", ("seat.grant",)),
    ("/desk/settings/", "参数", ("setting.change",)),
    ("/audit/", "审计监督", ("audit",)),
    ("/audit/tokens/", "接口令牌", ("token.hold",)),
]


def staff_nav(seat: Any) -> list[tuple[str, str]]:
    """The staff menu this seat can use."""
    return [(url, label) for url, label, rights in STAFF_NAV if not rights or set(rights) & seat.rights]


def _current(entries: list[tuple[str, str]], path: str) -> str:
    """The longest menu address the page stands under."""
    return max((url for url, _ in entries if path.startswith(url)), key=len, default="")


def site(request: HttpRequest) -> dict[str, Any]:
    seat = getattr(request, "seat", None)
    staff = staff_nav(seat) if seat is not None and seat.pk else []
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_ORGAN": settings.SITE_ORGAN,
        "DEMO": settings.DEMO,
        "PUBLIC_NAV": PUBLIC_NAV,
        "STAFF_NAV": staff,
        "ME_NAV": ME_NAV,
        "current_nav": _current([e for e in PUBLIC_NAV if e[0] != "/"], request.path)
        or ("/" if request.path == "/" else ""),
        "current_staff": _current(staff, request.path),
        "seat": seat,
        "seats": getattr(request, "seats", []),
        "elder": request.COOKIES.get("view") == "elder",
        "request_id": getattr(request, "id", ""),
    }
