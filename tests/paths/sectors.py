"""Paths of the sectors' projects and duties (tasks 14-18)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from integrity.models.access import as_rule
from sectors.models import Duty, Grade, Project, Scheme


def day(ago: int) -> date:
    return timezone.localdate() - timedelta(days=ago)


def project(cast: Any, **more: Any) -> Project:
    return Project(kind="procurement", name="教学设备采购", unit=cast.orgs.stranger, amount_wan="120.5", **more)


def entered(cast: Any) -> Project:
    return project(cast).enter(by=cast.clerk, on=day(60), values={"planned": "2026年10月"})


def released(cast: Any) -> Project:
    return entered(cast).release(by=cast.reviewer)


AWARD = {"stage": "awarded", "values": {}}


def awarded(cast: Any) -> Project:
    return released(cast).advance(by=cast.clerk, on=day(40), partner=cast.orgs.company, **AWARD)


def duty(cast: Any) -> Duty:
    return awarded(cast).duties.get(code="award_announced")


CONTRACT = {
    "stage": "contract",
    "values": {"contract_no": "HT-1", "accept_due": day(20).isoformat(), "payment_days": 15},
}


def finished(cast: Any) -> Project:
    """From intention to payment: announced and accepted in time, the contract announced late, paid in time."""
    row = awarded(cast).advance(by=cast.clerk, on=day(35), **CONTRACT)
    for code, ago in (("award_announced", 39), ("contract_announced", 20), ("contract_filed", 34)):
        row.duties.get(code=code).fulfil(by=cast.clerk, done_on=day(ago))
    row.advance(by=cast.clerk, stage="accepted", on=day(22), values={"result": "合格"})
    return row.advance(by=cast.clerk, stage="paid", on=day(15), values={"paid_wan": "118"})


def proposed(cast: Any) -> Scheme:
    return Scheme(code="purchaser", doc_no="日财采〔2026〕1号", valid_from=day(100)).propose(by=cast.credit)


def scheme(cast: Any) -> Scheme:
    return proposed(cast).approve(by=cast.credit2)


def grade(cast: Any) -> Grade:
    finished(cast)
    return Grade(scheme=scheme(cast), subject=cast.orgs.stranger, since=day(90), until=day(0))


def reckoned(cast: Any) -> Grade:
    return grade(cast).reckon(by=cast.clerk)


NEW = {"values": {"planned": "2026年11月"}, "name": "教学设备采购（二次）", "unit_name": "市水利局（演示）"}

PATHS = {
    "project.entered": lambda c: (project(c), c.clerk, {"on": day(3), "values": {}}),
    "project.amended": lambda c: (entered(c), c.clerk, NEW),
    "project.corrected": lambda c: (released(c), c.reviewer, NEW | {"reason": "名称有误"}),
    "project.released": lambda c: (entered(c), c.reviewer, {}),
    "project.returned": lambda c: (entered(c), c.reviewer, {"reason": "请补采购计划编号"}),
    "project.advanced": lambda c: (released(c), c.clerk, AWARD | {"on": day(2), "partner": c.orgs.company}),
    "project.ended": lambda c: (released(c), c.clerk, {}),
    "project.broken_off": lambda c: (released(c), c.reviewer, {"reason": "采购任务取消"}),
    "project.withdrawn": lambda c: (released(c), c.reviewer, {"reason": "重复录入"}),
    "duty.set": lambda c: (
        Duty(project=awarded(c), code="award_announced", starts_on=day(40), due_on=day(30)), as_rule(c.clerk), {},
    ),
    "duty.done": lambda c: (duty(c), c.clerk, {"done_on": day(39)}),
    "duty.voided": lambda c: (duty(c), c.reviewer, {"reason": "合同依法解除"}),
    "duty.postponed": lambda c: (duty(c), c.reviewer, {"new_due_on": day(-30), "ground": "补充协议"}),
    "scheme.proposed": lambda c: (
        Scheme(code="purchaser", doc_no="日财采〔2026〕1号", valid_from=day(9)), c.credit, {},
    ),
    "scheme.approved": lambda c: (proposed(c), c.credit2, {}),
    "scheme.ended": lambda c: (scheme(c), c.credit2, {"reason": "方案修订"}),
    "grade.reckoned": lambda c: (grade(c), c.clerk, {}),
    "grade.confirmed": lambda c: (reckoned(c), c.reviewer, {}),
    "grade.withdrawn": lambda c: (reckoned(c), c.reviewer, {"reason": "事项统计有误"}),
}  # fmt: skip
