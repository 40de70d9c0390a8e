"""Paths of bidding's registers (task 17)."""

from __future__ import annotations

from typing import Any

from sectors.models import Agent, MonthlyReport, PointsRule, Provider, ReportUse
from tests.paths.sectors import day


def rule(cast: Any, **more: Any) -> PointsRule:
    given = {
        "code": "TB-03",
        "whom": "BIDDER",
        "behaviour": "无正当理由放弃中标",
        "points": 6,
        "basis": "演示记分办法第五条",
        "valid_from": day(300),
    }
    return PointsRule(**given | more)


def entered_rule(cast: Any, **more: Any) -> PointsRule:
    return rule(cast, **more).enter(by=cast.clerk)


def rule_in_force(cast: Any, **more: Any) -> PointsRule:
    return entered_rule(cast, **more).release(by=cast.reviewer)


def provider(cast: Any) -> Provider:
    return Provider(subject=cast.orgs.company, filed_no="BA-1", valid_from=day(200), valid_until=day(-100))


def entered_provider(cast: Any) -> Provider:
    return provider(cast).enter(by=cast.clerk)


def report(cast: Any) -> ReportUse:
    row = entered_provider(cast).release(by=cast.reviewer)
    return ReportUse(
        provider=row, report_no="XB-7", subject=cast.orgs.company, issued_on=day(20), valid_until=day(-20), used_on=day(1), matter="码头工程"
    )  # fmt: skip


def agent(cast: Any) -> Agent:
    return Agent(
        subject=cast.orgs.company, registered_no="DL-1", registered_on=day(400), scope="工程招标代理", staff=12
    )


def entered_agent(cast: Any) -> Agent:
    return agent(cast).enter(by=cast.clerk)


def agent_in_force(cast: Any) -> Agent:
    return entered_agent(cast).release(by=cast.reviewer)


def monthly(cast: Any) -> MonthlyReport:
    return MonthlyReport(month=day(40))


def compiled(cast: Any) -> MonthlyReport:
    return monthly(cast).compile(by=cast.clerk)


WHY = {"reason": "依据废止"}
PATHS = {
    "points_rule.entered": lambda c: (rule(c), c.clerk, {}),
    "points_rule.released": lambda c: (entered_rule(c), c.reviewer, {}),
    "points_rule.ended": lambda c: (rule_in_force(c), c.reviewer, WHY),
    "provider.entered": lambda c: (provider(c), c.clerk, {}),
    "provider.released": lambda c: (entered_provider(c), c.reviewer, {}),
    "provider.ended": lambda c: (entered_provider(c), c.reviewer, WHY),
    "report_use.checked": lambda c: (report(c), c.clerk, {}),
    "agent.entered": lambda c: (agent(c), c.clerk, {}),
    "agent.released": lambda c: (entered_agent(c), c.reviewer, {}),
    "agent.inspected": lambda c: (
        agent_in_force(c),
        c.clerk,
        {"done_on": day(1), "found": "抽查 3 个项目", "held": "合格"},
    ),
    "agent.ended": lambda c: (agent_in_force(c), c.reviewer, WHY),
    "monthly_report.compiled": lambda c: (monthly(c), c.clerk, {}),
    "monthly_report.sent": lambda c: (compiled(c), c.reviewer, {}),
    "monthly_report.ended": lambda c: (compiled(c), c.reviewer, WHY),
}
