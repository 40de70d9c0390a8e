"""Stories of bidding: points rules, tenders, agencies under supervision, report providers, monthly reports (task 17)."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from integrity.simulation import Story
from sectors.models import Agent, MonthlyReport, PointsRule, Project, Provider, ReportUse

RULES = (
    ("JF-03", "BIDDER", "中标后未按期签订合同", 3), ("JF-04", "BIDDER", "无正当理由放弃中标", 6), ("JF-05", "BIDDER", "提供虚假业绩材料", 12),
    ("JF-11", "AGENCY", "未按规定公示中标候选人", 1), ("JF-12", "AGENCY", "泄露应当保密的招标资料", 12),
    ("JF-21", "EXPERT", "不按照评标标准和方法评标", 6), ("JF-31", "PRACTITIONER", "项目负责人长期不在岗", 3),
)  # fmt: skip
NAMES = (
    "临海大道改造工程",
    "青石镇供水管网工程",
    "滨河公园二期工程",
    "学校校舍维修工程",
    "污水处理厂提标工程",
    "农村公路养护工程",
    "港区道路桥梁工程",
)


def stories(city: Any, staff: Any, rng: Random, start: date, days: int, share: float) -> list[Story]:
    """Rules first, then tenders spread over the year, and a report each month."""
    found = [rules(staff, start), registers(city, staff, rng, start + timedelta(days=2))]
    found += [
        tender(city, staff, rng, start + timedelta(days=rng.randint(5, days - 25)))
        for _ in range(max(3, round(16 * share)))
    ]
    return found + [monthly(staff, start + timedelta(days=35 + 30 * n)) for n in range((days - 35) // 30)]


def rules(staff: Any, start: date) -> Story:
    """Points rules with an invented ground, released by a second person; one still waits, one was ended."""
    yield start
    clerk, reviewer = staff.clerk("housing"), staff.reviewer("housing")
    for code, whom, behaviour, points in RULES:
        row = PointsRule(
            code=code,
            whom=whom,
            behaviour=behaviour,
            points=points,
            basis="演示记分办法（演建规〔2025〕1号）",
            valid_from=start,
        )
        row.enter(by=clerk).release(by=reviewer)
    PointsRule(
        code="JF-06",
        whom="BIDDER",
        behaviour="开标后撤销投标文件",
        points=3,
        basis="演示记分办法（修订稿）",
        valid_from=start,
    ).enter(by=clerk)


def registers(city: Any, staff: Any, rng: Random, start: date) -> Story:
    """Six agencies, two report providers, and reports handed in over the year."""
    yield start
    clerk, reviewer, today = staff.clerk("housing"), staff.reviewer("housing"), timezone.localdate()
    agents = []
    for n, firm in enumerate(city.companies[:6], 1):
        row = Agent(
            subject=firm,
            registered_no=f"演代〔2025〕{n:03d}",
            registered_on=today,
            scope="工程、货物、服务招标代理",
            staff=rng.randint(6, 40),
        ).enter(by=clerk)
        agents.append(row.release(by=reviewer) if n < 6 else row)
    providers = [
        Provider(
            subject=firm, filed_no=f"演信备〔2025〕{n:02d}", valid_from=today, valid_until=today + timedelta(days=900)
        ).enter(by=clerk)
        for n, firm in enumerate(city.companies[8:10], 1)
    ]
    for row in providers:
        row.release(by=reviewer)
    for n in range(8):
        yield rng.randint(15, 35)
        now = timezone.localdate()
        agents[n % 5].inspect(
            by=clerk,
            done_on=now,
            found="抽查代理项目三个，核对公告、公示和归档资料。",
            held=rng.choice(("合格", "合格", "责令改正")),
        )
        ReportUse(
            provider=providers[n % 2], report_no=f"XB-{now:%Y}-{n:03d}", subject=rng.choice(city.companies), issued_on=now - timedelta(days=20),
            valid_until=now + timedelta(days=rng.choice((160, -1))), used_on=now, matter=rng.choice(NAMES),
        ).verify(by=clerk)  # fmt: skip


def tender(city: Any, staff: Any, rng: Random, start: date) -> Story:
    """From announcement to the judgement of performance."""
    yield start
    clerk, reviewer = staff.clerk("housing"), staff.reviewer("housing")
    unit, amount = city.units[rng.choice(("transport", "civil"))], f"{rng.randint(300, 6000)}"
    row = Project(kind="bidding", name=f"{rng.choice(NAMES)}（演示）", unit=unit, amount_wan=amount)
    row.enter(by=clerk, on=timezone.localdate(), values={"trade": rng.choice(("房屋建筑和市政", "交通运输", "水利"))})
    yield 1
    row.release(by=reviewer)
    yield rng.randint(20, 30)
    _step(row, clerk, "opened", {"bidders": rng.randint(3, 14)}, agent=rng.choice(city.companies[:5]))
    yield 1
    _step(row, clerk, "evaluated", {})
    yield rng.choice((1, 2, 2, 6))
    row.duties.get(code="candidates_shown").fulfil(by=clerk, done_on=timezone.localdate())
    yield rng.randint(4, 9)
    _step(row, clerk, "awarded", {}, partner=rng.choice(city.companies), amount_wan=amount)
    yield rng.randint(90, 200)
    _step(row, clerk, "performed", {"performance": rng.choice(("良好", "良好", "合格", "不合格"))})
    row.end(by=clerk)


def _step(row: Project, clerk: Any, stage: str, values: dict[str, Any], **columns: Any) -> None:
    row.advance(by=clerk, stage=stage, on=timezone.localdate(), values=values, **columns)


def monthly(staff: Any, day: date) -> Story:
    """The month before, compiled by one and sent by another."""
    yield day
    last = timezone.localdate().replace(day=1) - timedelta(days=1)
    row = MonthlyReport(month=last).compile(by=staff.clerk("housing"))
    yield 3
    row.send(by=staff.reviewer("housing"))
