"""The core's own blocks: records of organisations, matters, promises, credit checks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q
from django.utils import timezone

from integrity import catalogue
from integrity.models import Check, CheckedSubject, Commitment, Event, Matter, Record
from integrity.statistics.places import by_place
from integrity.statistics.registry import Figure, Part, Row, Scope, Share, Table, block

IN_TIME = Q(state="FULFILLED", fulfilled_on__lte=F("due_on"))


def address(scope: Scope, base: str, **params: str) -> str:
    """A list of the desk, narrowed to the area asked for."""
    return f"{base}?{urlencode({**params, 'area': scope.path.rstrip('/').rpartition('/')[2]})}"


@block("records", "失信记录", order=10)
def records(scope: Scope) -> Iterator[Part]:
    """Negative records of organisations in the reader's reach: standing, public, new, repaired."""
    negative = [k.code for k in catalogue.load().of_shape("record") if k.polarity == "negative"]
    rows = Record.objects.inside(scope.seat).filter(kind__in=negative, subject__area__path__startswith=scope.path)
    rows = rows.exclude(subject__form="PERSON")
    standing, new = rows.in_use(), rows.filter(state="CONFIRMED", decided_on__range=scope.days)
    here = {"polarity": "negative", "form": "organisation"}
    yield Figure(
        "在用失信记录", "已入库、未到期、未修复、未撤销的机构和企业失信记录", standing.count(), good="less",
        url=address(scope, "/desk/records/", **here, state="CONFIRMED", in_use="1"),
    )  # fmt: skip
    yield Figure("公示中", "上一项中今天正在公示的", standing.public().count(), good="")
    yield Figure(
        "新认定", "认定日期在统计期内、目前仍在库的机构和企业失信记录", new.count(), flow=True, good="less",
        url=address(scope, "/desk/records/", **here, state="CONFIRMED", since=f"{scope.since}", until=f"{scope.until}"),
    )  # fmt: skip
    repaired = Event.objects.filter(verb="record.repaired", at__date__range=scope.days, target__in=rows.values("pk"))
    yield Figure("完成修复", "统计期内作出信用修复决定的机构和企业失信记录", repaired.count(), flow=True)
    told = by_place(
        standing, "subject__area__path", n=Count("pk"), public=Count("pk", filter=Record.objects.public_q())
    )
    lines = [Row(place.name, (c["n"], c["public"])) for place, c in told.items()]
    yield Table("各区县在用失信记录", "区县", ("在用", "公示中"), lines, "按主体所在区划统计，口径同上")


@block("matters", "事项办理", order=20)
def matters(scope: Scope) -> Iterator[Part]:
    """What people wait for: open, overdue, closed in time."""
    rows = Matter.objects.visible_to(scope.seat).filter(unit__area__path__startswith=scope.path)
    closed = rows.filter(state="CLOSED", closed_at__date__range=scope.days, due_on__isnull=False)
    in_time = Count("pk", filter=Q(closed_at__date__lte=F("due_on")))
    here = "/desk/matters/"
    yield Figure("办理中", "已收到而未办结的事项", rows.open().count(), "件", address(scope, here), good="")
    yield Figure(
        "逾期未办结", "办理期限已过、未暂停计时而未办结的事项", rows.overdue().count(), "件",
        address(scope, here, overdue="1"), good="less",
    )  # fmt: skip
    share = closed.aggregate(part=in_time, whole=Count("pk"))
    yield Figure(
        "按期办结率", "统计期内办结、设有期限的事项中，在期限内办结的", Share(**share), "件",
        address(scope, here, state="CLOSED", since=f"{scope.since}", until=f"{scope.until}"), flow=True,
    )  # fmt: skip
    told = by_place(closed, "unit__area__path", part=in_time, whole=Count("pk"))
    lines = [Row(place.name, (c["whole"], Share(c["part"], c["whole"]))) for place, c in told.items()]
    yield Table(
        "各区县按期办结", "区县", ("办结", "按期办结率"), lines, "按承办单位所在区划统计，口径同上", "按期办结率"
    )


@block("promises", "承诺兑现", order=30)
def promises(scope: Scope) -> Iterator[Part]:
    """Public promises that fell due, and those kept in time."""
    last = min(scope.until, timezone.localdate())
    rows = Commitment.objects.public().filter(
        pledge__unit__area__path__startswith=scope.path, due_on__range=(scope.since, last)
    )
    counts: dict[str, Any] = {"part": Count("pk", filter=IN_TIME), "whole": Count("pk")}
    late = rows.filter(state="ON_TRACK", due_on__lt=timezone.localdate())
    yield Figure("到期承诺事项", "兑现期限在统计期内的公开承诺事项", rows.count(), "项", "/pledge/", True, "")
    yield Figure("按期兑现率", "上一项中在期限内兑现的", Share(**rows.aggregate(**counts)), "项", "/pledge/", flow=True)
    yield Figure("逾期未兑现", "兑现期限已过而仍未兑现的", late.count(), "项", "/pledge/", good="less")
    told = by_place(rows, "pledge__unit__area__path", **counts)
    lines = [Row(place.name, (c["whole"], Share(c["part"], c["whole"]))) for place, c in told.items()]
    yield Table(
        "各区县按期兑现", "区县", ("到期", "按期兑现率"), lines, "按承诺单位所在区划统计，口径同上", "按期兑现率"
    )


@block("checks", "信用核查", order=35)
def checks(scope: Scope) -> Iterator[Part]:
    """Whether credit records are used: checks asked for, decisions fed back (tasks 3, 8)."""
    rows = Check.objects.filter(unit__area__path__startswith=scope.path, made_at__date__range=scope.days)
    answers = CheckedSubject.objects.filter(asked_in__in=rows, outcome__in=("MANDATORY", "REFERENCE"))
    due = answers.filter(asked_in__made_at__lt=timezone.now() - timedelta(days=30))
    url = "/desk/checks/usage"
    yield Figure("核查次数", "统计期内各单位发起的信用核查", rows.count(), "次", url, flow=True)
    yield Figure("查出需处理的主体", "核查结果中有依法必须或者供参考信息的主体", answers.count(), "个", url, True, "")
    fed = due.aggregate(part=Count("pk", filter=~Q(decision="")), whole=Count("pk"))
    yield Figure("决定反馈率", "上一项中核查满 30 日的，已反馈决定的", Share(**fed), "个", url, flow=True)
