"""A year of complaints, orders of the hotline and media items, each through its whole life; performed by acts."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from integrity.models import PUBLIC, MomentSeat, Seat, Subject, work_calendar
from integrity.models.matter.watching import watch
from integrity.simulation import Story
from supervision.models import Complaint
from supervision.models.orders import enter_many

INTEREST, FAIRNESS, SLIGHT = "危害群众利益", "损害市场公平交易", "未造成明显危害"
CASES = [  # category, harm, sphere, what happened
    ("POLICY", INTEREST, "公共服务", "小区门口路灯损坏，公示承诺七日内修复，至今两个月没有修，老人夜间出行很不方便。"),
    ("POLICY", FAIRNESS, "招商引资", "协议约定投产后六个月拨付奖补资金，现已逾期一年，多次询问只答复正在研究。"),
    ("CHARGES", INTEREST, "行政审批", "窗口要求提交一次性告知单上没有的材料，先后跑了四趟，每次要求都不一样。"),
    (
        "CONTRACT",
        FAIRNESS,
        "政府采购",
        "道路养护工程验收合格后九十日没有支付工程款，合同约定三十日内付清，已多次书面催要。",
    ),
    ("CHARGES", INTEREST, "公共服务", "公示栏收费标准为二十元，实际收取三十元，要求开具票据被拒绝，也没有说明理由。"),
    ("SILENCE", SLIGHT, "政务公开", "提交政府信息公开申请四十日仍未收到答复，也没有收到延期告知，电话无人接听。"),
    ("FRAUD", FAIRNESS, "招标投标", "公示的中标单位在投标文件中提供的业绩与实际不符，提出后没有得到核实和答复。"),
]
ORDERS = ("路灯不亮", "供水压力不足", "公交站牌信息有误", "施工扰民", "道路坑洼", "办事窗口等候过长", "供暖温度不达标")
ITEMS = (
    ("供暖管网年久失修", "月底前完成管网维修", INTEREST, "公共服务"),
    ("园区企业办证跑多次", "十日内取消重复材料", FAIRNESS, "行政审批"),
    ("农村公路验收后返工", "两个月内返工到位", INTEREST, "街道和乡镇"),
)


def stories(city: Any, staff: Any, rng: Random, start: date, days: int, share: float) -> list[Story]:
    """Complaints spread over the year, an import every fortnight, a programme every month, the clock's weekly look."""
    social = Social(city, staff, rng)
    filed = [social.complaint(start + timedelta(days=rng.randint(1, days))) for _ in range(max(6, int(40 * share)))]
    aired = [social.media(start + timedelta(days=30 * n), *ITEMS[n % len(ITEMS)]) for n in range(1, days // 30)]
    return [*filed, *aired, social.hotline(start, max(3, int(15 * share))), watching(start)]


def watching(start: date) -> Story:
    """Warnings, urging and escalation by rule."""
    yield start
    while True:
        watch()
        yield 7


def office_of(unit: Subject) -> Seat:
    """Somebody of a credit office."""
    seats = Seat.objects.in_force().filter(org=unit, role_code__in=("CREDIT_CITY", "CREDIT_COUNTY"))
    return seats.select_related("user", "org", "org__area").order_by("id")[0]


class Social:
    """The stories' actors; all choices come from one seed."""

    def __init__(self, city: Any, staff: Any, rng: Random) -> None:
        self.city, self.staff, self.rng = city, staff, rng
        self.unit = city.units["supervision"]
        skip = {self.unit.pk, staff["credit"].org_id}
        own = [u for u in city.offices() if u.parent_id and u.agency_kind not in ("OTHER_ORGAN", "GOVERNMENT")]
        self.bodies = [u for u in own if u.pk not in skip]

    def chance(self, percent: int) -> bool:
        return self.rng.random() * 100 < percent

    def complaint(self, start: date) -> Story:
        """Filed on the portal, accepted, handed to the supervising body, answered, rated; some reviewed, found, opened."""
        yield start
        category, harm, sphere, text = self.rng.choice(CASES)
        row = Complaint(category=category, publish_reply=self.chance(50))
        if self.chance(60):
            row.seal_contact("演示投诉人", f"1990000{self.rng.randint(0, 9999):04d}")
        row.file(by=PUBLIC, about=self.rng.choice(self.bodies), text=text)
        office = office_of(row.matter.unit)
        if self.chance(5):
            yield timedelta(minutes=6)
            row.withdraw(by=PUBLIC)
            return
        yield self.rng.randint(1, 5)
        if self.chance(8):
            row.matter.refuse(by=office, reason="反映事项已由人民法院受理，请向受理法院查询。")
            return
        row.accept(by=office, harm=harm, sphere=sphere)
        yield 1
        row.matter.assign(by=office, unit=self.unit)
        yield from self.handle(row, office)

    def handle(self, row: Complaint, office: Any) -> Story:
        """What the handling unit does, up to the answer and what follows it."""
        handler = self.staff.reviewer("supervision")
        yield self.rng.randint(1, 3)
        row.refresh_from_db()
        row.matter.take(by=handler)
        if self.chance(50):
            row.hear(by=handler)
            yield 2
            row.explain(by=MomentSeat("AGENCY_REP", org=row.matter.about), account="情况已经核对，正在按承诺办理。")
        if self.chance(15):
            row.matter.extend(by=self.staff["credit"], amount=5, reason="需要现场核查")
        yield self.rng.randint(2, 22)
        outcome = self.rng.choice(["属实", "属实", "部分属实", "不属实"])
        row.answer(by=handler, outcome=outcome, reply=f"经核查，反映的问题{outcome}，已向被反映单位提出处理要求。")
        yield 3
        rating = self.rng.choice(["满意", "满意", "基本满意", "不满意"])
        row.matter.rate(by=PUBLIC, rating=rating)
        if rating == "不满意" and self.chance(60):
            row.ask_review(by=PUBLIC, reason="问题至今没有解决。")
            yield self.rng.randint(3, 10)
            row.answer(by=office_of(row.matter.unit), outcome=outcome, reply="经复核，维持原答复，并已督促限期办结。")
            return
        if row.publish_reply and self.chance(70):
            row.publish_answer(by=handler, public_reply=f"经核查，反映的问题{outcome}，已要求限期处理。")
        if outcome == "属实" and self.chance(20):
            self.find(row, handler)
        yield 2
        row.matter.close(by=handler)

    def find(self, row: Complaint, handler: Any) -> None:
        """Proposed as a finding: a draft that goes through notice and hearing like any other."""
        number = f"演督认〔{timezone.localdate().year}〕{self.rng.randint(10, 99)}号"
        row.find(
            by=handler, title="投诉查实的失信行为", legal_basis="日政发〔2018〕12号任务13", fact_found=row.matter.text,
            verdict_no=number, verdict_on=timezone.localdate(), tier="general",
        )  # fmt: skip

    def media(self, start: date, title: str, promise: str, harm: str, sphere: str) -> Story:
        """Shown on the programme, promised on air, answered, the promise looked at."""
        yield start
        credit: Any = self.staff["credit"]
        today = timezone.localdate()
        row = Complaint(
            channel="MEDIA", category="POLICY", programme="问政节目（演示）", aired_on=today, promise=promise,
            promised_until=today + timedelta(days=30), harm=harm, sphere=sphere,
        )  # fmt: skip
        row.enter(by=credit, title=title, text=f"节目反映：{title}。", about=self.rng.choice(self.bodies))
        yield self.rng.randint(5, 18)
        row.answer(by=self.staff["credit2"], outcome="属实", reply="问题属实，已按现场承诺督办。")
        yield 20
        row.check_promise(
            by=credit, promise_result=self.rng.choice(["已按期完成", "已完成，超期六日", "尚未完成，继续督办"])
        )

    def hotline(self, start: date, count: int) -> Story:
        """Every fortnight the hotline's file of the days before, most of it answered."""
        yield start + timedelta(days=14)
        number = 0
        while True:
            rows = [self.order(number + n) for n in range(count)]
            enter_many(
                None, [{"serial": n, "values": {"columns": c}} for n, c in enumerate(rows)], by=self.staff["supervisor"]
            )
            number += count
            yield 14

    def order(self, number: int) -> dict[str, Any]:
        """One checked row as the import hands it over."""
        today, rng = timezone.localdate(), self.rng
        received = today - timedelta(days=rng.randint(1, 13))
        body: Subject = rng.choice(self.bodies)
        row = {
            "order_no": f"RX{number:07d}", "order_kind": "投诉举报", "category": rng.choice(["POLICY", "CHARGES", "SILENCE", "OTHER"]),
            "text": f"反映{rng.choice(ORDERS)}，请有关单位处理。", "received_on": f"{received}", "unit": str(self.unit.pk),
            "about": str(body.pk), "harm": rng.choice([INTEREST, INTEREST, SLIGHT]), "sphere": "公共服务",
        }  # fmt: skip
        answered = work_calendar().add_workdays(received, rng.randint(1, 8))
        if answered <= today and self.chance(95):
            row |= {
                "replied_on": f"{answered}",
                "outcome": rng.choice(["属实", "部分属实", "已解答"]),
                "reply": "已处理并回访。",
            }
            row["rating"] = rng.choice(["满意", "基本满意", "不满意", ""])
        return row
