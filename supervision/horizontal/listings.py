"""Supervision as machines read it: motions with their clocks and answers."""

from __future__ import annotations

from typing import Any

import django_filters as f
from django.db.models import QuerySet

from integrity import public
from integrity.listing import Listing, fields, register
from supervision.models import Motion


def _late(rows: QuerySet, name: str, value: bool) -> QuerySet:
    late = Motion.objects.late().values("pk")
    return rows.filter(pk__in=late) if value else rows.exclude(pk__in=late)


class MotionFilters(f.FilterSet):
    """Filters of motions, on pages and in the interface alike."""

    channel = fields.choice("类别", Motion.Channel.choices)
    state = fields.choice("状态", Motion.State.choices)
    session = f.CharFilter(label="会议届次", help_text="会议届次全称", max_length=60)
    number = fields.number("事项编号", "matter__number")
    unit = fields.one_code("主办单位", "main_unit__code")
    area = fields.in_area("main_unit__area")
    assigned_since = fields.since("交办日期不早于", "assigned_on")
    assigned_until = fields.until("交办日期不晚于", "assigned_on")
    late = f.BooleanFilter(method=_late, label="逾期", help_text="逾期未答复或者逾期答复：true 或者 false")


def motion(v: public.Values) -> dict[str, Any]:
    """One motion; who asked for secrecy is not named to anybody here (山东办理条例 11)."""
    plain = (
        "version", "channel", "sort", "reference", "session", "topic", "hard", "urgent", "assigned_on", "due_on", "state", "answered_on",
        "second_on", "attitude", "result", "carried", "carried_on",
    )  # fmt: skip
    return {"uid": v["id"], **{name: v[name] for name in plain}} | {
        "number": v["matter__number"], "proposer": "" if v["secret"] else v["proposer"],
        "unit": {"name": v["main_unit__name"], "code": v["main_unit__code"]}, "outcome": v["matter__outcome"], "reply": v["matter__reply"],
        "published_at": public.local(v["published_at"]),
    }  # fmt: skip


MOTIONS = register(
    Listing(
        name="motions", schema="Motion", label="议提案和监督意见",
        about="人大代表建议、政协提案、审议意见、民主监督意见、司法建议和检察建议的办理情况；不带令牌时只有已公开答复的。",
        model=Motion, show=motion, order=("id",), filters=MotionFilters, inside=lambda seat, ids: set(ids),
        columns=(
            "id", "version", "matter__number", "channel", "sort", "reference", "session", "topic", "proposer", "secret", "hard", "urgent",
            "assigned_on", "due_on", "main_unit__name", "main_unit__code", "state", "matter__outcome", "matter__reply", "answered_on",
            "second_on", "attitude", "result", "carried", "carried_on", "published_at",
        ),
    ),
    [
        "uid uuid 随机标识，对外引用一律用它", "version int 版本，每次办理加一", "number text 事项编号", "channel text 类别", "sort text 类型",
        "reference text 文号或者编号", "session text 会议届次", "topic text 题目", "proposer text 提出人；要求保密的为空", "unit unit 主办单位",
        "hard bool 六个月期限", "urgent bool 十五日期限", "assigned_on day 交办日期", "due_on day? 答复期限", "state text 状态", "outcome text 办理结果",
        "reply text 答复", "answered_on day? 答复日期", "second_on day? 再次答复日期", "attitude text 态度评价", "result text 结果评价",
        "carried text 落实情况", "carried_on day? 落实日期", "published_at instant? 公开时间",
    ],
)  # fmt: skip
