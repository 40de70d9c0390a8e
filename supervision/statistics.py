"""Figures of complaints, each with its definition: counted by the database, over any number of rows (task 13)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import DateField, F
from django.db.models.functions import Cast, TruncMonth
from django.utils import timezone

from integrity.models import CLOCK, Matter, work_calendar
from integrity.statistics import Figure, Part, Row, Scope, Share, Table, block
from supervision.models import Complaint

FEW = 5  # below this many cases the count is shown, not the rate
DEFINITIONS = {
    "收到": "统计期内收到（受理时间在期内）的线索件数，不含已撤回的。",
    "已答复": "其中已经答复的件数，不论是否按时。",
    "办理用时": "自收到次日起至首次答复当日的工作日数，按国务院办公厅放假安排计算。",
    "中位数": "已答复的线索按办理用时从短到长排列，位于一半处的用时（取实有的值）。",
    "九成用时": "已答复的线索中，九成在该用时以内答复（第 90 百分位，取实有的值）。",
    "逾期": "答复日晚于办理期限的，以及尚未答复、期限已过且未暂停计时的件数。",
    "满意率": "评价为满意、基本满意的件数除以有评价的件数；有评价的不足 5 件的，不计算比率。",
}
SQL = """
WITH chosen AS ({rows}), days AS (SELECT * FROM unnest(%s::date[], %s::int[]) AS d(day, nth)), counted AS (
  SELECT c.grouped, c.rating, c.due_on, c.paused_on, c.got, c.answered, w2.nth - w1.nth AS took FROM chosen c
  LEFT JOIN days w1 ON w1.day = c.got LEFT JOIN days w2 ON w2.day = c.answered)
SELECT grouped, count(*), count(answered),
  percentile_disc(0.5) WITHIN GROUP (ORDER BY took), percentile_disc(0.9) WITHIN GROUP (ORDER BY took),
  count(*) FILTER (WHERE answered > due_on OR (answered IS NULL AND due_on < %s AND paused_on IS NULL)),
  count(*) FILTER (WHERE rating IN ('满意', '基本满意')), count(*) FILTER (WHERE rating <> '')
FROM counted GROUP BY GROUPING SETS ((grouped), ()) ORDER BY grouping(grouped), count(*) DESC, grouped
"""
INNER = """
SELECT t.grouped, t.rating, t.due_on, t.paused_on, (t.received_at AT TIME ZONE %s)::date AS got,
  (t.replied_at AT TIME ZONE %s)::date AS answered
FROM ({rows}) AS t(grouped, rating, due_on, paused_on, received_at, replied_at)"""


@dataclass(frozen=True)
class Line:
    """The figures of one group, or of all (name empty)."""

    name: str
    received: int
    answered: int
    median: int | None
    ninetieth: int | None
    overdue: int
    content: int
    rated: int

    @property
    def satisfied(self) -> float | None:
        """Share of the content among the rated; None below five cases."""
        return self.content / self.rated if self.rated >= FEW else None


def _month() -> Cast:
    return Cast(TruncMonth("matter__received_at"), DateField())


GROUPS = {  # what the lines stand for: word, and the expression they are grouped by
    "channel": ("渠道", F("channel")),
    "unit": ("承办单位", F("matter__unit__name")),
    "harm": ("危害类型", F("harm")),
    "sphere": ("涉及领域", F("sphere")),
    "month": ("收到的月份", _month()),
}


def chosen(rows: Any, since: date, until: date) -> Any:
    """Of a queryset of complaints those received in a period of days, both included; without those taken back."""
    start, end = (timezone.make_aware(datetime.combine(d, time())) for d in (since, until + timedelta(days=1)))
    return rows.filter(matter__received_at__gte=start, matter__received_at__lt=end).exclude(matter__state="WITHDRAWN")


def figures(rows: Any, group: str) -> list[Line]:
    """Lines of a queryset of complaints by a group, the total last; one statement."""
    zone = timezone.get_current_timezone_name()
    listed = (
        rows.order_by()
        .annotate(grouped_by=GROUPS[group][1])
        .values_list(
            "grouped_by",
            "matter__rating",
            "matter__due_on",
            "matter__paused_on",
            "matter__received_at",
            "matter__replied_at",
        )
    )
    text, params = listed.query.sql_with_params()
    inner = INNER.format(rows=text)
    days = _workdays()
    with connection.cursor() as cursor:
        cursor.execute(
            SQL.format(rows=inner), [zone, zone, *params, list(days), list(days.values()), timezone.localdate()]
        )
        return [Line(_name(group, row[0]), *row[1:]) for row in cursor.fetchall()]


def _name(group: str, value: Any) -> str:
    if group == "channel" and value:
        return str(Complaint.Channel(value).label)
    return str(value)[:7] if group == "month" and value else str(value or "未分类")


def _workdays() -> dict[date, int]:
    """How many working days lie up to each day: their difference is the time a handling took."""
    first = Matter.objects.order_by("received_at").values_list("received_at", flat=True).first()
    day, today, cal = (
        timezone.localdate(first) if first else timezone.localdate(),
        timezone.localdate(),
        work_calendar(),
    )
    found, count = {}, 0
    while day <= today:
        count += cal.is_workday(day)
        found[day] = count
        day += timedelta(days=1)
    return found


def of_city(since: date, until: date, group: str) -> list[Line]:
    """The whole city's figures as the public reads them: numbers of complaints, no complaint itself."""
    return figures(chosen(Complaint.objects.visible_to(CLOCK), since, until), group)


@block("complaints", "监督线索", order=25)
def complaints(scope: Scope) -> Iterator[Part]:
    """What public, hotline and media reported, and how it was answered."""
    rows = Complaint.objects.handled_by(scope.seat).filter(matter__unit__area__path__startswith=scope.path)
    lines = figures(chosen(rows, scope.since, scope.until), "sphere")
    total = lines[-1]
    board = "/desk/matters/"
    yield Figure("收到", DEFINITIONS["收到"], total.received, "件", f"{board}?all=1", flow=True, good="")
    yield Figure("逾期", DEFINITIONS["逾期"], total.overdue, "件", f"{board}?due=overdue", flow=True, good="less")
    yield Figure(
        "办理用时中位数", DEFINITIONS["中位数"] + DEFINITIONS["办理用时"], total.median or 0, "个工作日", good="less"
    )
    yield Figure("九成用时", DEFINITIONS["九成用时"], total.ninetieth or 0, "个工作日", good="less")
    yield Figure("满意率", DEFINITIONS["满意率"], Share(total.content, total.rated), "件", flow=True)
    told = [Row(x.name, (x.received, x.answered, x.overdue)) for x in lines[:-1]]
    yield Table("按涉及领域", "领域", ("收到", "已答复", "逾期"), told, "统计期内收到的线索，口径同上")
