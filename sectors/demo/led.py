"""Demonstration of promises to investors, PPP projects and trading notices: kept, broken, ordered, found (tasks 15, 16, 18)."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from integrity.demo.places import id_number
from integrity.models import Record
from integrity.simulation import Story
from sectors.models import Breach, Duty, Evaluation, Notice, Officer, Project

LAWFUL = {"legality": "合法", "opinion_no": "演法审〔2025〕12号", "fair_competition": "是"}
PROMISES = [  # project, promise, what becomes of it
    ("海洋装备产业园落户协议", "拨付设备补助", "kept"),
    ("冷链物流中心投资协议", "交付项目用地", "late"),
    ("新材料基地扩建协议", "兑现搬迁补助", "remedied"),
    ("数字产业园招商政策承诺", "返还厂房租金", "ordered"),
    ("港口配套项目投资协议", "建成配套道路", "found"),
    ("农产品加工园落户协议", "减免租金", "unlawful"),
]
PPP = [  # project, scheme, payment, what becomes of it
    ("城西污水处理厂", "存量项目", "可行性缺口补助", "ended"),
    ("滨海停车场特许经营", "特许经营新机制", "使用者付费", "going"),
    ("环湖道路改造", "存量项目", "政府付费", "broken"),
]
TRADES = [
    ("学校迁建工程施工", "工程建设项目招标投标"),
    ("海域使用权出让", "土地使用权和矿业权出让"),
    ("国有房产出租", "国有产权交易"),
]
NOTICES = [  # kind, title, days after the announcement, days until it was published
    ("announcement", "交易公告", 0, 1), ("qualification", "资格审查结果公示", 25, 2), ("result", "成交结果", 40, 20),
    ("change", "工期变更", 80, 3), ("performance", "合同履行情况", 150, 2),
]  # fmt: skip


def stories(city: Any, staff: Any, rng: Random, start: date) -> list[Story]:
    """One story a project; all choices come from one seed."""
    demo = Led(city, staff, rng)
    found = [demo.promise(n, start + timedelta(days=3 + 7 * n), *row) for n, row in enumerate(PROMISES)]
    found += [demo.partnership(n, start + timedelta(days=5 + 9 * n), *row) for n, row in enumerate(PPP)]
    return found + [demo.trade(n, start + timedelta(days=30 + 50 * n), *row) for n, row in enumerate(TRADES)]


class Led:
    """Projects written down by the competent unit, kept or broken by another."""

    def __init__(self, city: Any, staff: Any, rng: Random) -> None:
        self.city, self.staff, self.rng = city, staff, rng
        self.unit, self.firms = city.units["transport"], [c for c in city.companies if c.form == "ENTERPRISE"]

    def _officer(self, project: Project, by: Any, stage: str = "", post: str = "分管负责人") -> None:
        number = id_number(
            f"371199{date(1975, 1, 1) + timedelta(days=self.rng.randint(0, 4000)):%Y%m%d}{900 + self.rng.randint(0, 99)}"
        )
        self.city.person(unit=self.unit, number=number)
        Officer(
            project=project, stage=stage, post=post, duty="组织实施并按期兑现政府方承诺", document="演交分工〔2025〕2号",
            from_on=timezone.localdate(),
        ).name(by=by, official_number=number)  # fmt: skip

    def _owe(self, project: Project, by: Any, text: str, days: int) -> Duty:
        today = timezone.localdate()
        return Duty(
            project=project, owner=project.unit, stage=project.stage, text=text, basis="协议第六条", starts_on=today,
            due_on=today + timedelta(days=days),
        ).set(by=by)  # fmt: skip

    def promise(self, n: int, start: date, name: str, text: str, end: str) -> Story:
        """From a written promise over the check of its legality to what became of it."""
        yield start
        clerk, reviewer = self.staff.clerk("investment"), self.staff.reviewer("investment")
        row = Project(
            kind="investment", name=name, unit=self.unit, partner=self.firms[n], amount_wan=300 + 150 * n, amount_hidden=n % 3 == 1
        )  # fmt: skip
        kind = "政策承诺" if "政策" in name else "合同协议"
        row.enter(by=clerk, on=timezone.localdate(), values={"commitment_kind": kind, "content": f"按约定{text}。"})
        yield 6
        check = LAWFUL if end != "unlawful" else {"legality": "不合法", "opinion_no": "演法审〔2025〕13号"}
        row.advance(by=clerk, stage="checked", on=timezone.localdate(), values=check)
        if end == "unlawful":
            return
        yield 2
        row.release(by=reviewer)
        row.advance(by=clerk, stage="performing", on=timezone.localdate(), values={})
        self._officer(row, clerk)
        duty = self._owe(row, clerk, text, 100)
        if end == "kept":
            yield 90
            duty.fulfil(by=clerk, done_on=timezone.localdate(), done_note="足额兑现")
            row.advance(by=clerk, stage="fulfilled", on=timezone.localdate(), values={"fulfilment": "全部兑现"})
            row.end(by=clerk, done_note="承诺全部兑现")
        else:
            yield from self._broken(row, duty, clerk, reviewer, end)

    def _broken(self, row: Project, duty: Duty, clerk: Any, reviewer: Any, end: str) -> Story:
        yield 130
        if end == "late":
            return
        cause = "领导更替" if end == "found" else "财政困难"
        breach = Breach(
            project=row, duty=duty, stage=row.stage, fact=f"期限届满后仍未{duty.text}。", cause=cause, happened_on=duty.due_on + timedelta(days=1)
        ).register(by=clerk)  # fmt: skip
        yield 3
        breach.order(by=reviewer, order_text="三十日内兑现", served_on=timezone.localdate())
        breach.disclose(by=self.staff["credit"])
        if end == "remedied":
            yield 20
            breach.put_right(by=clerk, remedy_text="已足额兑现并支付利息")
            duty.fulfil(by=clerk, done_on=timezone.localdate(), done_note="整改期内补足")
        elif end in ("found", "broken"):
            yield 45
            breach.find(
                by=self.staff["credit"],
                document_no=f"演诚信〔2026〕{40 + len(row.name)}号",
                refused="整改期满仍未兑现。",
            )
            yield from self._confirm(breach.record)

    def _confirm(self, record: Record) -> Story:
        """Notice, hearing, review and confirmation, as for every finding."""
        reviewer, today = self.staff.reviewer("credit"), timezone.localdate
        record.notify(by=reviewer, served_on=today())
        yield 12
        record.hear(by=reviewer, statement="资金安排不及时", outcome="不予采纳")
        record.review(by=reviewer, privacy_ok=True, secrecy_ok=True)
        yield 2
        record.confirm(by=self.staff["credit2"], publish=False, ground="首次认定，已责令整改")

    def partnership(self, n: int, start: date, name: str, scheme: str, payment: str, end: str) -> Story:
        """A project through its stages, with officers, evaluations, and its end or breach."""
        yield start
        clerk, reviewer = self.staff.clerk("finance"), self.staff.reviewer("finance")
        facts = {"scheme": scheme, "mode": "BOT", "years": 20 + n, "payment": payment}
        row = Project(
            kind="ppp", name=name, reference=f"PPP-2025-{n + 1:02d}", unit=self.unit, amount_wan=8000 + 900 * n
        )
        row.enter(by=clerk, on=timezone.localdate(), values=facts)
        yield 3
        row.release(by=reviewer)
        self._officer(row, clerk, "preparation", "规划科科长")
        for stage in ("bidding", "procurement", "financing", "implementation"):
            yield 20
            columns = {"partner": self.firms[n + 8]} if stage == "procurement" else {}
            row.advance(by=clerk, stage=stage, on=timezone.localdate(), values={}, **columns)
        self._officer(row, clerk, "implementation")
        duty = self._owe(row, clerk, "拨付年度补助" if payment != "使用者付费" else "完成配套管线迁改", 40)
        yield 30
        if end == "broken":
            yield from self._broken(row, duty, clerk, reviewer, end)
            return
        duty.fulfil(by=clerk, done_on=timezone.localdate(), done_note="按期完成")
        evaluation = Evaluation(
            project=row, period="首个运营期", evaluator="第三方评价机构", evaluated_on=timezone.localdate(), grade="良", summary="运行稳定，付费及时。"
        ).enter(by=clerk)  # fmt: skip
        yield 2
        evaluation.release(by=reviewer)
        if end == "ended":
            yield 60
            row.advance(by=clerk, stage="handover", on=timezone.localdate(), values={"handover_result": "合格"})
            row.end(by=clerk, done_note="移交完成")

    def trade(self, n: int, start: date, name: str, kind: str) -> Story:
        """Notices of one transaction, one of them late; the last transaction is still under way."""
        yield start
        clerk, reviewer = self.staff.clerk("trading"), self.staff.reviewer("trading")
        row = Project(kind="trade", name=name, reference=f"JY-2026-{n + 101}", unit=self.city.units["housing"])
        row.enter(
            by=clerk,
            on=timezone.localdate(),
            values={"trade_kind": kind, "credit_use": "评标办法规定查询信用记录，信用等级占 5 分"},
        )
        for serial, (notice_kind, title, after, open_after) in enumerate(NOTICES):
            yield start + timedelta(days=after + open_after)
            more = {"partner": self.firms[n + 3], "amount_wan": 1200 + 300 * n} if notice_kind == "result" else {}
            today = timezone.localdate()
            notice = Notice(
                project=row, kind=notice_kind, number=f"{row.reference}-{serial + 1}", title=f"{name}{title}",
                made_on=max(today - timedelta(days=open_after), row.stage_on), published_on=today, **more,
            ).receive(by=clerk)  # fmt: skip
            yield 1
            notice.release(by=reviewer)
            row.refresh_from_db()
