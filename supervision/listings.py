"""Complaints as machines read them: by right only, never who filed them (domain.md 6)."""

from __future__ import annotations

from typing import Any

import django_filters as f

from integrity import public
from integrity.listing import Listing, fields, register
from supervision.horizontal import listings as horizontal  # noqa: F401
from supervision.models import Complaint
from supervision.models.complaint_fields import HARMS, SPHERES
from supervision.safeguards import listings as safeguards  # noqa: F401
from supervision.vertical import listings as vertical  # noqa: F401

COLUMNS = (
    "id", "version", "matter_id", "matter__number", "matter__kind_id", "matter__about__name", "matter__about__code",
    "matter__unit__name", "matter__unit__code", "matter__state", "matter__outcome", "matter__rating", "matter__due_on",
    "matter__received_at", "matter__replied_at", "channel", "category", "harm", "sphere", "programme", "promise",
    "promised_until", "promise_result", "reviewed", "record_id",
)  # fmt: skip


class ComplaintFilters(f.FilterSet):
    """Filters of the list of complaints."""

    channel = fields.choice("渠道", Complaint.Channel.choices)
    category = fields.choice("事项类别", Complaint.Category.choices)
    harm = fields.choice("危害类型", [(w, w) for w in HARMS])
    sphere = fields.choice("涉及领域", [(w, w) for w in SPHERES])
    about = fields.one_code("被反映单位", "matter__about__code")
    unit = fields.one_code("承办单位", "matter__unit__code")


def show(v: public.Values) -> dict[str, Any]:
    """How a lead is handled and what it is about; neither its words nor who filed it."""
    plain = (
        "channel",
        "category",
        "harm",
        "sphere",
        "programme",
        "promise",
        "promised_until",
        "promise_result",
        "reviewed",
    )
    unit = lambda name: {"name": v[f"matter__{name}__name"] or "", "code": v[f"matter__{name}__code"] or ""}  # noqa: E731
    return {
        "uid": v["id"],
        "version": v["version"],
        "matter": v["matter_id"],
        "number": v["matter__number"],
        "kind": v["matter__kind_id"],
        "about": unit("about"),
        "unit": unit("unit"),
        "state": v["matter__state"],
        "outcome": v["matter__outcome"],
        "rating": v["matter__rating"],
        "due_on": v["matter__due_on"],
        "received_at": public.local(v["matter__received_at"]),
        "replied_at": public.local(v["matter__replied_at"]),
        "record": v["record_id"],
    } | {name: v[name] for name in plain}


COMPLAINTS = Listing(
    name="complaints",
    schema="Complaint",
    label="监督线索",
    about="网站投诉、12345 热线工单、媒体曝光的办理情况，须带令牌；不含投诉人、来电人的身份和原文。",
    model=Complaint,
    columns=COLUMNS,
    show=show,
    order=("id",),
    filters=ComplaintFilters,
    inside=lambda seat, ids: set(ids),
    person=lambda v: False,
    by_right=True,
)
register(COMPLAINTS, [
    "uid uuid 随机标识", "version int 版本，每次办理加一", "matter uuid 办理事项的 uid", "number text 事项编号", "kind text 事项类型",
    "about unit 被反映单位", "unit unit 承办单位", "state text 状态", "outcome text 结果", "rating text 评价", "due_on day? 办理期限",
    "received_at instant 收到时间", "replied_at instant? 答复时间", "record uuid? 认定记录的 uid", "channel text 渠道", "category text 事项类别",
    "harm text 危害类型", "sphere text 涉及领域", "programme text 栏目", "promise text 现场承诺", "promised_until day? 承诺完成日期",
    "promise_result text 兑现情况", "reviewed bool 是否申请过复核",
])  # fmt: skip
