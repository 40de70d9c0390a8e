"""Paths of sanctions cases and leads of broken promises (task 9)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from agencies.models import BreachLead, SanctionCase
from integrity.models import Kind, Matter, Record
from integrity.models.access import as_rule
from integrity.simulation import Moment, simulated
from tests import builders

TODAY = timezone.localdate
STATEMENT = {
    "happened": "未按生效判决支付工程款。", "cause": "预算安排不及时。", "losses": "企业资金周转困难。", "persons": "分管负责人",
    "remedy": "调剂资金，分两笔支付。", "remedy_by": "2026 年 12 月 20 日前", "prevention": "建立合同付款台账。", "signed_by": "单位负责人",
}  # fmt: skip
SERVED = {"served_on": TODAY()}
ORDER = {"demand": "付清工程款", "term": "0"} | SERVED


def dishonest(cast: Any, kind: str = "AG12", **more: Any) -> Record:
    """Verified dishonesty of the bureau, entered and reviewed by another unit, confirmed by the credit office."""
    row = Record(kind=Kind.objects.get(code=kind))
    values = builders.sample_values(kind, subject=cast.orgs.bureau, **more)
    row.enter(by=cast.market, values=values).submit(by=cast.market)
    row.review(by=cast.market_reviewer, privacy_ok=True, secrecy_ok=True)
    return row.confirm(by=cast.credit2, publish=False, ground="另行决定")


def case(cast: Any, **more: Any) -> SanctionCase:
    return SanctionCase(record=dishonest(cast), effect="企业信访，媒体报道。", government=cast.orgs.government, **more)


def opened(cast: Any) -> SanctionCase:
    return case(cast).open(by=cast.credit)


def notified(cast: Any) -> SanctionCase:
    return opened(cast).notify(by=cast.credit, **SERVED)


def explained(cast: Any) -> SanctionCase:
    return notified(cast).explain(by=cast.agency, **STATEMENT)


def ordered(cast: Any) -> SanctionCase:
    return explained(cast).order(by=cast.credit, **ORDER)


def planned(cast: Any) -> SanctionCase:
    return ordered(cast).make_plan(by=cast.agency, plan="十日内付清", plan_leader="分管负责人")


def submitted(cast: Any) -> SanctionCase:
    return planned(cast).submit(by=cast.agency, evidence="已付清，附支付凭证。")


def passed(cast: Any) -> SanctionCase:
    return submitted(cast).accept(by=cast.credit2, result="已付清，符合要求。")


def referred(cast: Any) -> SanctionCase:
    return explained(cast).refer(by=cast.credit, to="组织人事部门", reason="负有主要责任")


def late(cast: Any) -> SanctionCase:
    """Ordered sixty days ago and not mended."""
    with simulated(Moment(timezone.localtime() - timedelta(days=60))):
        day = TODAY()
        row = opened(cast).notify(by=cast.credit, served_on=day).explain(by=cast.agency, **STATEMENT)
        return row.order(by=cast.credit, demand="付清工程款", term="0", served_on=day)


def lead(cast: Any, **more: Any) -> BreachLead:
    given = {"agency": cast.orgs.stranger, "field": "政府投资", "contract": "河道治理合同", "counterparty": "云帆建设"}
    return BreachLead(breach="竣工两年未结算付款。", **given | more)


def reported(cast: Any, **more: Any) -> BreachLead:
    return lead(cast, **more).file(by=cast.company)


def handed(cast: Any, **more: Any) -> BreachLead:
    return reported(cast, **more).hand(by=cast.credit, unit=cast.orgs.market)


def told_to_pay(cast: Any, **more: Any) -> BreachLead:
    return handed(cast, **more).order(by=cast.market_reviewer, demand="限期结算付款", served_on=TODAY())


def stepping(cast: Any) -> tuple[Matter, Any, dict[str, Any]]:
    row = opened(cast)
    return row.matter, as_rule(cast.credit), {"unit": cast.orgs.bureau, "code": "D15"}


def inherited(cast: Any) -> tuple[Matter, Any, dict[str, Any]]:
    return notified(cast).matter, as_rule(cast.credit), {"unit": cast.orgs.market}


PATHS = {
    "matter.inherited": inherited,
    "matter.stepped": stepping,
    "case.opened": lambda c: (case(c), c.credit, {}),
    "case.notified": lambda c: (opened(c), c.credit, SERVED),
    "case.explained": lambda c: (notified(c), c.agency, STATEMENT),
    "case.statement_returned": lambda c: (explained(c), c.credit, {"reason": "未写明责任人"}),
    "case.mitigated": lambda c: (explained(c), c.credit, {"reason": "已主动付清"}),
    "case.talked": lambda c: (
        notified(c), c.credit, {"held_on": TODAY(), "talk": "WARNING", "attended_by": "主要负责人", "minutes": "限期付清。"},
    ),
    "case.ordered": lambda c: (explained(c), c.credit, ORDER),
    "case.planned": lambda c: (ordered(c), c.agency, {"plan": "十日内付清", "plan_leader": "分管负责人"}),
    "case.extended": lambda c: (ordered(c), c.credit, {"days": 15, "reason": "资金分批到位"}),
    "case.submitted": lambda c: (planned(c), c.agency, {"evidence": "已付清，附支付凭证。"}),
    "case.passed": lambda c: (submitted(c), c.credit2, {"result": "已付清。"}),
    "case.failed": lambda c: (submitted(c), c.credit2, {"result": "凭证不全。"}),
    "case.found_overdue": lambda c: (late(c), c.credit, {"paper_no": "日诚信〔2026〕9号", "undone": "尚欠一半"}),
    "case.criticised": lambda c: (
        explained(c), c.credit, {"whom": "both", "scope": "全市", "content": "久拖不付", "paper_no": "日诚信〔2026〕8号"},
    ),
    "case.restricted": lambda c: (explained(c), c.credit2, {"measure": "A04", "decision_no": "日诚信〔2026〕7号"}),
    "case.referred": lambda c: (explained(c), c.credit, {"to": "组织人事部门", "reason": "负有主要责任"}),
    "case.referral_answered": lambda c: (referred(c), c.credit, {"referral": "予以诫勉"}),
    "case.summarised": lambda c: (
        passed(c), c.credit, {"paper_no": "日诚信〔2026〕10号", "summary": "已付清。", "rectified": "已完成"},
    ),
    "case.closed": lambda c: (passed(c), c.credit2, {"reason": "整改完成"}),
    "lead.received": lambda c: (lead(c), c.market, {}),
    "lead.handed": lambda c: (reported(c), c.credit, {"unit": c.orgs.market}),
    "lead.untrue": lambda c: (handed(c), c.market_reviewer, {"reply": "款项已按合同付清。"}),
    "lead.ordered": lambda c: (handed(c), c.market_reviewer, {"demand": "限期付款"} | SERVED),
    "lead.kept": lambda c: (told_to_pay(c), c.market_reviewer, {"reply": "已付清。"}),
    "lead.found": lambda c: (
        told_to_pay(c), c.market_reviewer, {"paper_no": "日诚信〔2026〕6号", "refusal": "书面拒绝付款。", "excuse": "领导更替"},
    ),
}  # fmt: skip
