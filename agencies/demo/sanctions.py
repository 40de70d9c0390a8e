"""Stories of tasks 9 and 10: agencies explain and mend, promises are kept after an order, debtors are cleared."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from agencies.models import BreachLead, ClearingCase, CourtEntry, SanctionCase
from integrity.models import MomentSeat, Record, Subject
from integrity.simulation import Story

STATEMENT = {
    "happened": "未按生效裁判文书和约定履行给付义务。", "cause": "合同管理不规范，付款计划未列入年度预算。", "losses": "企业资金周转困难，多次信访。",
    "persons": "分管负责人、业务科室负责人", "remedy": "调剂资金优先支付，逐笔核对历史欠款。", "remedy_by": "收到整改通知之日起三十日内",
    "prevention": "建立合同履约台账，付款节点提前三十日预警。", "signed_by": "单位主要负责人",
}  # fmt: skip
BEFORE = {
    "OPENED": 2,
    "STATEMENT_DUE": 8,
    "STATEMENT_IN": 14,
    "RECTIFYING": 26,
    "SUBMITTED": 38,
    "PASSED": 60,
    "CLOSED": 110,
    "OVERDUE": 85,
}  # days
STAGES = ("OPENED", "STATEMENT_DUE", "STATEMENT_IN", "RECTIFYING", "SUBMITTED", "PASSED", "CLOSED", "OVERDUE")
LEADS = [  # field, promise, breach, how far it goes
    ("招商引资", "落户奖补协议", "协议约定投产后六个月拨付奖补资金，逾期一年未拨付。", "KEPT"),
    ("政府采购", "办公设备采购合同", "验收合格后九十日未支付尾款。", "FOUND"),
    ("政府投资", "河道治理工程合同", "竣工两年未完成结算。", "ORDERED"),
    ("产业扶持", "技改补助承诺", "公示通过后未按承诺时间兑现。", "HANDED"),
    ("招标投标", "投标保证金退还", "中标结果公告后未按期退还保证金。", "UNTRUE"),
    ("政府与社会资本合作", "污水处理可行性缺口补助", "连续三个季度未足额支付补助。", "RECEIVED"),
]


class Sanctions:
    """Tells cases, leads and clearings; all choices come from one seed."""

    def __init__(self, city: Any, staff: Any, rng: Random) -> None:
        self.city, self.staff, self.rng = city, staff, rng
        self.count = 0

    def stories(self, start: date, days: int, share: float) -> list[Story]:
        last = start + timedelta(days=days)
        times = max(1, round(share))
        found = [
            self.case(stage, last - timedelta(days=BEFORE[stage] + i // 8)) for i, stage in enumerate(STAGES * times)
        ]
        found += [
            self.lead(*lead, last - timedelta(days=rest))
            for rest, lead in zip((120, 100, 25, 12, 60, 2), LEADS, strict=True)
        ]
        found += [self.clearing(last - timedelta(days=d)) for d in range(140, 10, -max(10, 40 // times))]
        return [
            *found,
            self.warning("AVERTED", last - timedelta(days=50)),
            self.warning("WARNED", last - timedelta(days=2)),
            self.court_list(last - timedelta(days=4)),
        ]

    def paper(self) -> str:
        self.count += 1
        return f"演诚信〔{timezone.localdate().year}〕{self.count}号"

    def agency(self, subject: Subject) -> MomentSeat:
        """The agency's own representative, at his desk."""
        return MomentSeat("AGENCY_REP", org=subject.successor)

    def trigger(self) -> Record | None:
        """A registered dishonesty of an agency on which no case was opened."""
        kinds = ("AG12", "AG02", "AG05", "AG14", "SV06", "SE01", "SE05")
        rows = Record.objects.filter(kind__in=kinds, state="CONFIRMED", subject__form="AGENCY", sanction_cases=None)
        credit = self.city.units["credit"]
        mine = rows.filter(subject=self.city.units["transport"])
        return mine.first() or rows.exclude(subject=credit).order_by("confirmed_at").first()

    def case(self, stage: str, day: date) -> Story:
        """A case up to a stage: opened by one of the credit office, inspected and closed by another."""
        yield day
        for _ in range(4):
            if (record := self.trigger()) is not None:
                break
            yield 2
        else:
            return
        credit, credit2, at = self.staff["credit"], self.staff["credit2"], STAGES.index(stage)
        case = SanctionCase(record=record, effect="企业多次信访，造成不良社会影响。", loss_wan="86.5").open(by=credit)
        agency, today = self.agency(record.subject), timezone.localdate
        if at < 1:
            return
        yield 1
        case.notify(by=credit, served_on=today())
        if at < 2:
            return
        yield self.rng.randint(4, 12)
        case.explain(by=agency, **STATEMENT)
        if stage == "CLOSED":
            case.hold_talk(
                by=credit,
                held_on=today(),
                talk="WARNING",
                attended_by="单位主要负责人、分管负责人",
                minutes="限期付清，举一反三排查历史欠款。",
            )
        if at < 3:
            return
        yield 2
        case.order(by=credit, demand="付清欠款并报送凭证，排查同类合同。", term="0", served_on=today())
        yield from self.consequences(case, credit2, stage)
        case.make_plan(by=agency, plan="一周内核对账目，两周内付清，月底前完成同类合同排查。", plan_leader="分管负责人")
        if at < 4:
            return
        yield 40 if stage == "OVERDUE" else 18
        if stage == "OVERDUE":
            case.find_overdue(by=credit, paper_no=self.paper(), undone="尚有一半款项未支付")
            return
        case.submit(by=agency, evidence="款项已付清，附支付凭证和排查报告。")
        if at < 5:
            return
        yield 4
        case.accept(by=credit2, result="经核对支付凭证，整改到位。")
        case.summarise(
            by=credit, paper_no=self.paper(), summary="因合同管理不规范未按期付款，现已全部付清。", rectified="已完成"
        )
        if at < 6:
            return
        yield 3
        case.close(by=credit2, reason="整改完成，已作书面说明。")

    def consequences(self, case: SanctionCase, credit2: Any, stage: str) -> Story:
        """A bar from honours where the list has it; a criticism in some cases."""
        yield 1
        if case.record.state == "CONFIRMED" and "A04" in dict(case.listed_measures):
            case.restrict(by=credit2, measure="A04", decision_no=self.paper())
        if stage in ("CLOSED", "OVERDUE"):
            case.criticise(
                by=self.staff["credit"],
                whom="agency",
                scope="全市",
                content="久拖不付，造成不良影响。",
                paper_no=self.paper(),
            )

    def lead(self, field: str, contract: str, breach: str, stage: str, day: date) -> Story:
        """A lead, handed to the finance bureau's reviewers or kept where it is."""
        yield day
        agencies = [
            u
            for k, u in self.city.units.items()
            if u.agency_kind == "GOV_DEPT" and k not in ("credit", "finance", "audit")
        ]
        row = BreachLead(
            agency=self.rng.choice(agencies),
            field=field,
            contract=contract,
            counterparty=self.city.companies[0].name,
            breach=breach,
        )
        row.file(by=self.staff["company"])
        if stage == "RECEIVED":
            return
        yield 1
        row.hand(by=self.staff["credit"], unit=self.city.units["audit"])
        if stage == "HANDED":
            return
        yield 8
        checker = self.staff.reviewer("audit")
        if stage == "UNTRUE":
            row.dismiss(by=checker, reply="保证金已按期退还，附退款凭证。")
            return
        row.order(by=checker, demand="限期兑现承诺", served_on=timezone.localdate())
        if stage == "ORDERED":
            return
        yield 35
        if stage == "KEPT":
            row.keep(by=checker, reply="款项已经兑现。")
        else:
            row.find(by=checker, paper_no=self.paper(), refusal="逾期仍未支付，书面表示无资金安排。", excuse="财政困难")

    def clearing(self, day: date) -> Story:
        """A listed agency plans, pays or settles, and asks to be taken off; the court's removal is the record's own story."""
        yield day
        case = ClearingCase.objects.filter(state="LISTED").order_by("listed_on").first()
        if case is None:
            return
        agency = self.agency(case.agency)
        plan = self.rng.choice(ClearingCase.Plan.values)
        due = timezone.localdate() + timedelta(days=60)
        case.make_plan(
            by=agency, plan_kind=plan, plan="与申请执行人协商分期，先付六成。", leader="分管负责人", plan_due_on=due
        )
        yield self.rng.randint(10, 40)
        case.refresh_from_db()
        if case.state != "NEGOTIATING":
            return
        done = case.settle if plan == "SETTLEMENT" else case.perform
        done(by=agency, performed_on=timezone.localdate(), proof="已履行，附付款凭证。")
        yield 2
        case.refresh_from_db()
        if case.state in ("PERFORMED", "SETTLED"):
            case.ask_removal(by=agency, asked_on=timezone.localdate())

    def warning(self, stage: str, day: date) -> Story:
        """The court tells before it lists; the agency pays in time, or its days still run."""
        yield day
        self.count += 1
        village = self.rng.choice([u for u in self.city.units.values() if "COMMITTEE" in u.agency_kind])
        case = ClearingCase(
            agency=village, case_no=f"（{day.year}）演1102执{self.count}号", court="演示市望川区人民法院", duty="支付工程款 12 万元", amount_wan="12",
        ).warn(by=self.staff["credit"])  # fmt: skip
        if stage == "AVERTED":
            yield 3
            case.avert(by=self.staff["credit2"], reason="已在列入前付清")

    def court_list(self, day: date) -> Story:
        """Lines of a court's list wait for somebody to say who is meant."""
        from agencies.courtlist import receive

        yield day
        facts = {
            "court": "演示市望川区人民法院", "gist_no": "（2025）演1102民初88号", "gist_unit": "演示市望川区人民法院", "filed_on": str(day - timedelta(days=90)),
            "duty": "支付货款", "performance": "全部未履行", "behaviour": "有履行能力而拒不履行", "listed_on": str(day - timedelta(days=6)),
        }  # fmt: skip
        names = ["望川区卫健局", "望川区交通局", "住房和城乡建设局", "某某商贸有限公司"]
        lines = [
            (i, facts | {"subject_name": n, "case_no": f"（{day.year}）演1102执7{i}号"}) for i, n in enumerate(names, 2)
        ]
        receive("演示市中级人民法院推送名单", lines, by=self.staff["credit"])
        for entry in CourtEntry.objects.filter(name="望川区交通局", state="NEW"):
            entry.match(by=self.staff["credit2"], meant=Subject.objects.get(pk=entry.candidates[0]["subject"]))
