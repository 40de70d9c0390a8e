"""Stories of procurement: intentions, purchases led in time or late, broken off, graded by an approved scheme (task 14)."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from integrity.simulation import Story
from sectors.models import Grade, Project, Scheme

NAMES = (
    "教学设备采购", "办公区物业服务", "政务云租赁服务", "道路清扫保洁服务", "水质监测设备采购", "信息系统安全测评", "公务用车租赁", "档案数字化加工",
    "医疗设备采购", "应急物资储备采购", "城市照明维护", "食堂食材配送", "执法记录仪采购", "会计决算审计服务",
)  # fmt: skip
METHODS = ("公开招标", "公开招标", "竞争性磋商", "竞争性谈判", "询价")
BUYERS = ("transport", "housing", "civil", "investment")
DAY = timedelta(days=1)


def stories(city: Any, staff: Any, rng: Random, start: date, days: int, share: float) -> list[Story]:
    """A purchase about every ten days, their schemes at the beginning, grades at each quarter's end."""
    count = max(6, round(40 * share))
    latest = days - 20
    found = [purchase(city, staff, rng, start + timedelta(days=rng.randint(3, latest))) for _ in range(count)]
    return [
        schemes(staff, start),
        *found,
        *(grades(city, staff, start + timedelta(days=d)) for d in (days // 2, days - 12)),
    ]


def schemes(staff: Any, start: date) -> Story:
    """The city's schemes, each approved by a second person."""
    yield start
    for code in ("purchaser", "supplier", "procurement_agency", "bidder", "bidding_agency"):
        row = Scheme(code=code, doc_no="演信评〔2025〕2号", valid_from=timezone.localdate())
        row.propose(by=staff["credit"]).approve(by=staff["credit2"])


def purchase(city: Any, staff: Any, rng: Random, start: date) -> Story:
    """From intention to payment; some purchasers announce, accept or pay late, some purchases are broken off."""
    yield start
    clerk, reviewer = staff.clerk("finance"), staff.reviewer("finance")
    unit, amount = city.units[rng.choice(BUYERS)], f"{rng.randint(8, 400)}.{rng.randint(0, 99):02d}"
    month = timezone.localdate() + timedelta(days=60)
    row = Project(kind="procurement", name=f"{unit.name}{rng.choice(NAMES)}", unit=unit, amount_wan=amount)
    row.reference = f"SDYS{timezone.localdate():%Y}-{rng.randint(1000, 9999)}"
    row.enter(by=clerk, on=timezone.localdate(), values={"planned": f"{month:%Y年%m月}", "for_sme": rng.choice("是否")})
    yield rng.randint(1, 4)
    row.release(by=reviewer)
    yield rng.randint(25, 50)
    step(row, clerk, "announced", {"method": rng.choice(METHODS)}, agent=rng.choice(city.companies[:6]))
    yield rng.randint(15, 30)
    if rng.random() < 0.08:
        row.break_off(by=reviewer, reason="有效投标人不足三家，重新组织采购")
        return
    step(row, clerk, "awarded", {}, partner=rng.choice(city.companies), amount_wan=amount)
    yield from keep(row, clerk, rng, "award_announced", 1, 6)
    yield rng.randint(5, 15)
    due = timezone.localdate() + timedelta(days=rng.randint(15, 45))
    facts = {
        "contract_no": f"HT-{row.reference[-4:]}",
        "accept_due": due.isoformat(),
        "payment_days": rng.choice((15, 30, 60)),
    }
    step(row, clerk, "contract", facts)
    yield from keep(row, clerk, rng, "contract_announced", 1, 7)
    yield from keep(row, clerk, rng, "contract_filed", 2, 8)
    yield due + timedelta(days=rng.choice((-6, -3, -1, -1, 9, 20)))
    good = rng.random() < 0.9
    step(row, clerk, "accepted", {"result": "合格" if good else "不合格"})
    if good:
        yield rng.choice((6, 12, 25, 28, 75))
        step(row, clerk, "paid", {"paid_wan": amount})
        yield 2
        row.end(by=clerk, done_note="合同履行完毕")


def step(row: Project, clerk: Any, stage: str, values: dict[str, Any], **columns: Any) -> None:
    row.advance(by=clerk, stage=stage, on=timezone.localdate(), values=values, **columns)


def keep(row: Project, clerk: Any, rng: Random, code: str, soon: int, late: int) -> Story:
    """Most duties are done in time."""
    yield late if rng.random() < 0.2 else soon
    row.duties.get(code=code).fulfil(by=clerk, done_on=timezone.localdate())


def grades(city: Any, staff: Any, day: date) -> Story:
    """Purchasers of whom there are cases enough."""
    yield day
    for key in BUYERS:
        scheme = Scheme.objects.get(code="purchaser", state="APPROVED")
        grade = Grade(
            scheme=scheme, subject=city.units[key], since=day - timedelta(days=182), until=timezone.localdate() - DAY
        )
        try:
            grade.reckon(by=staff.clerk("finance"))
        except ValidationError:
            continue
        if key != BUYERS[-1]:
            grade.confirm(by=staff.reviewer("finance"))
