"""Task 6 in the demonstration city: services, their cases, openness, figures, cards and correction orders."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from agencies.indicators import INDICATORS
from agencies.models import Card, CorrectionOrder, Disclosure, Handling, Service, YearFigure
from agencies.supervising import send_cards
from integrity.simulation import Story

SERVICES = {
    "transport": [("道路旅客运输经营许可", "行政许可", 20, 5), ("公路超限运输许可", "行政许可", 20, 3), ("出租汽车驾驶员信誉等级查询", "公共服务", 1, 0)],
    "market": [("食品经营许可", "行政许可", 20, 5), ("特种设备使用登记", "行政确认", 30, 7)],
    "housing": [("建筑工程施工许可", "行政许可", 7, 3), ("商品房预售许可", "行政许可", 10, 4)],
    "civil": [("社会团体成立登记", "行政许可", 60, 15), ("高龄津贴发放", "行政给付", 15, 10)],
    "education": [("民办学校设立审批", "行政许可", 60, 20), ("教师资格认定", "行政许可", 30, 15)],
}  # fmt: skip
OPEN = (
    "部门预算公开",
    "行政执法事项清单公开",
    "政策解读材料公开",
    "重点项目进展公开",
    "随机抽查结果公开",
    "建议提案办理结果公开",
)
RESULTS = ("办结，准予", "办结，准予", "办结，准予", "办结，不予", "申请人撤回")


class Supervision:
    """A year of electronic supervision, made by performing acts."""

    def __init__(self, city: Any, staff: Any, rng: Random) -> None:
        self.city, self.staff, self.rng = city, staff, rng
        self.units = [k for k in SERVICES if k in city.units and f"{k}-reviewer" in staff.seats or k == "transport"]

    def stories(self, start: date, days: int) -> list[Story]:
        """Every unit's services, openness and figures; the clock's cards and their answers; two correction orders."""
        found: list[Story] = [self.cards(start)]
        for key in self.units:
            found += [self.service(key, n, start) for n in range(len(SERVICES[key]))]
            found += [self.openness(key, start), self.figures(key, start + timedelta(days=days // 2))]
        later = start + timedelta(days=days * 2 // 3)
        return [*found, self.correction("market", later, True), self.correction("transport", later, False)]

    def service(self, key: str, n: int, start: date) -> Story:
        """A service is entered and released; its cases follow, most of them in time."""
        yield start + timedelta(days=self.rng.randint(1, 10))
        clerk, unit = self.staff.clerk(key), self.city.units[key]
        name, kind, law, promise = SERVICES[key][n]
        row = Service(
            agency=unit, code=f"{key[:2].upper()}-{n + 1:03d}", name=name, kind=kind, basis="《山东省行政权力事项目录》（演示）", statutory_days=law,
            promised_days=promise, online_url=f"https://zwfw.example.invalid/{key}/{n + 1}", phone="0633-12345",
        ).enter(by=clerk)  # fmt: skip
        yield 2
        row.release(by=self.staff.reviewer(key))
        number = 0
        while True:
            yield self.rng.randint(12, 30)
            number += 1
            yield from self.case(row, f"{row.code}-{timezone.localdate().year}-{number:04d}", clerk)

    def case(self, service: Service, number: str, clerk: Any) -> Story:
        """One case: mostly within the promise, now and then late, once in a while forgotten."""
        case = Handling(service=service, number=number, started_on=timezone.localdate()).accept(by=clerk)
        luck = self.rng.random()
        if luck > 0.97:
            return
        last = max((case.due_on - case.started_on).days, 1)
        yield self.rng.randint(0, last) if luck < 0.88 else last + self.rng.randint(2, 12)
        case.finish(by=clerk, finished_on=timezone.localdate(), handled_as=self.rng.choice(RESULTS))

    def openness(self, key: str, start: date) -> Story:
        """Items are made and published, requests answered, and the yearly report comes out, in time or not."""
        clerk, unit, n = self.staff.clerk(key), self.city.units[key], 0
        yield start + timedelta(days=self.rng.randint(1, 20))
        report = Disclosure(
            agency=unit,
            kind="REPORT",
            title=f"{start.year} 年政府信息公开工作年度报告",
            started_on=date(start.year, 12, 31),
        ).enter(by=clerk)
        while True:
            today, n = timezone.localdate(), n + 1
            kind = "REQUEST" if n % 3 == 0 else "ACTIVE"
            title = f"依申请公开第 {n // 3} 号：规划和补偿标准" if kind == "REQUEST" else self.rng.choice(OPEN)
            item = Disclosure(agency=unit, kind=kind, title=title, started_on=today).enter(by=clerk)
            yield self.rng.randint(5, 24)
            if self.rng.random() > 0.06:
                link = "" if kind == "REQUEST" else f"https://www.example.invalid/open/{key}/{n}"
                item.finish(by=clerk, finished_on=timezone.localdate(), open_url=link)
            if report.state == "OPEN" and timezone.localdate() > report.started_on:
                report.finish(
                    by=clerk, finished_on=timezone.localdate(), open_url=f"https://www.example.invalid/report/{key}"
                )
            yield self.rng.randint(10, 30)

    def figures(self, key: str, start: date) -> Story:
        """Last year's figures of lawful administration, released by a second person."""
        yield start
        clerk, unit = self.staff.clerk(key), self.city.units[key]
        for indicator in INDICATORS.values():
            whole = self.rng.randint(3, 60)
            part = (
                self.rng.randint(0, whole // 8) if indicator.good == "less" else self.rng.randint(whole * 4 // 5, whole)
            )
            row = YearFigure(
                agency=unit, year=timezone.localdate().year - 1, indicator=indicator.code, part=part, whole=whole
            )
            row.enter(by=clerk).release(by=self.staff.reviewer(key))

    def cards(self, start: date) -> Story:
        """Each week the clock sends its cards; most are answered and settled."""
        yield start + timedelta(days=30)
        while True:
            send_cards()
            keys = {self.city.units[k].pk: k for k in self.units}
            for card in list(
                Card.objects.filter(state="SENT", agency__in=keys).select_related("agency", "matter")[:20]
            ):
                if self.rng.random() < 0.7:
                    reviewer = self.staff.reviewer(keys[card.agency_id])
                    card.answer(
                        by=reviewer,
                        late_cause="经办人员调整，交接不及时。",
                        remedy_taken="已指定专人跟踪，三个工作日内办结。",
                    )
            yield 3
            for card in list(Card.objects.filter(state="ANSWERED").select_related("agency", "matter")[:20]):
                card.accept(by=self.staff["credit"], reply="情况属实，同意核销。")
            yield 4

    def correction(self, key: str, start: date, obeyed: bool) -> Story:
        """A correction order: one is carried out in time; of the other a finding is asked for."""
        yield start
        row = CorrectionOrder(
            agency=self.city.units[key], article="政府信息公开条例第二十六条", problem="部门决算和行政执法结果未按期公开。",
            served_on=timezone.localdate(),
        ).order(by=self.staff["credit"])  # fmt: skip
        if obeyed:
            yield 8
            row.tell(by=self.staff.reviewer(key), evidence="已全部补充公开，附公开地址清单。")
            yield 3
            row.accept(by=self.staff["credit2"], reply="核查属实，整改合格。")
            return
        yield 40
        row.find(by=self.staff["credit2"], paper_no=f"演公开〔{timezone.localdate().year}〕3号", order_kind="督促整改")
