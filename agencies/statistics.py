"""Figures of sanctions and clearing for leadership: each with its definition and the list it counts (tasks 9, 10)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.db.models import Count, DateField, ExpressionWrapper, F, Q

from agencies import figures_open  # noqa: F401  (they register themselves)
from agencies.models import BreachLead, ClearingCase, SanctionCase
from agencies.models.clearing.case import STANDING
from integrity.models import Matter
from integrity.statistics.places import by_place
from integrity.statistics.registry import Figure, Part, Row, Scope, Share, Table, block

TERM = 30


def _address(scope: Scope, name: str, **params: str) -> str:
    return f"/desk/{name}/?{urlencode({**params, 'area': scope.path.rstrip('/').rpartition('/')[2]})}"


@block("sanctions", "机构失信惩戒", order=60)
def sanctions(scope: Scope) -> Iterator[Part]:
    """Cases on agencies and leads of broken promises: running, late, mended in time."""
    rows = SanctionCase.objects.visible_to(scope.seat).filter(agency__area__path__startswith=scope.path)
    running = rows.exclude(state="CLOSED")
    late = running.filter(matter__in=Matter.objects.overdue())
    yield Figure(
        "办理中案件",
        "已立案、未结案的政府机构失信惩戒案件",
        running.count(),
        "件",
        _address(scope, "cases", open="true"),
        good="less",
    )
    yield Figure(
        "逾期环节",
        "上一项中书面说明、整改或者验收期限已过的",
        late.count(),
        "件",
        _address(scope, "cases", late="true"),
        good="less",
    )
    done = rows.filter(inspected_on__range=scope.days, state__in=["PASSED", "CLOSED"])
    days = F("term") * TERM + TERM + F("extension")  # thirty days, or sixty, and what they were prolonged by (D16)
    in_time = Count("pk", filter=Q(submitted_on__lte=ExpressionWrapper(F("ordered_on") + days, DateField())))
    yield Figure(
        "按期完成整改", "统计期内验收通过的案件中，在整改期限（含延长）内提交验收的", Share(**done.aggregate(part=in_time, whole=Count("pk"))),
        "件", _address(scope, "cases", state="CLOSED"), flow=True,
    )  # fmt: skip
    leads = BreachLead.objects.visible_to(scope.seat).filter(agency__area__path__startswith=scope.path)
    open_leads = leads.filter(state__in=["RECEIVED", "HANDED", "ORDERED"])
    yield Figure(
        "核查中违约线索",
        "已收到、未作出结论的违约失信线索；线索未经认定不是失信记录",
        open_leads.count(),
        "件",
        _address(scope, "leads", open="true"),
        good="",
    )


@block("clearing", "失信被执行人清零", order=61)
def clearing(scope: Scope) -> Iterator[Part]:
    """Agencies on courts' lists: warned, still there, taken off; by district."""
    rows = ClearingCase.objects.visible_to(scope.seat).filter(agency__area__path__startswith=scope.path)
    standing, off = Count("pk", filter=Q(state__in=STANDING)), Count("pk", filter=Q(state="REMOVED"))
    counted = rows.aggregate(listed=standing, off=off, warned=Count("pk", filter=Q(state="WARNED")))
    yield Figure(
        "在列",
        "法院尚未移出失信被执行人名单的政府机构执行案件，目标为 0",
        counted["listed"],
        "件",
        _address(scope, "clearing", open="true"),
        good="less",
    )
    yield Figure(
        "预警",
        "法院已告知将要列入、尚未列入的",
        counted["warned"],
        "件",
        _address(scope, "clearing", state="WARNED"),
        good="less",
    )
    yield Figure(
        "退出率",
        "曾列入的案件中，法院已移出名单的",
        Share(counted["off"], counted["off"] + counted["listed"]),
        "件",
        _address(scope, "clearing", state="REMOVED"),
    )
    told = by_place(rows, "agency__area__path", listed=standing, off=off)
    lines = [Row(place.name, (c["listed"], Share(c["off"], c["off"] + c["listed"]))) for place, c in told.items()]
    yield Table("各区县清零进度", "区县", ("在列", "退出率"), lines, "按机构所在区划统计，口径同上", "退出率")
