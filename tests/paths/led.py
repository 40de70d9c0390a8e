"""Paths of promises, responsible officers, breaches and looks back (tasks 15 and 18)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from integrity.models.access import as_rule
from sectors.models import Breach, Duty, LookBack, Officer, Project
from tests.paths.sectors import day

NUMBER = "371199198002290127"  # 王诚信, of the bureau
CHECKED = {"legality": "合法", "opinion_no": "日法审〔2026〕7号", "fair_competition": "是"}


def investment(cast: Any, **more: Any) -> Project:
    """A lawful promise of the bureau to a firm, written down by the market bureau, in public and being kept."""
    row = Project(
        kind="investment", name="临港产业园落户协议", unit=cast.orgs.bureau, partner=cast.orgs.company, amount_wan="500", **more
    ).enter(by=cast.market, on=day(400), values={"commitment_kind": "合同协议", "content": "提供用地并兑现搬迁补助"})  # fmt: skip
    row.advance(by=cast.market, stage="checked", on=day(390), values=CHECKED)
    row.release(by=cast.market_reviewer)
    return row.advance(by=cast.market, stage="performing", on=day(380), values={})


def promise(cast: Any, project: Project | None = None, due: int = 100) -> Duty:
    row = project or investment(cast)
    return Duty(
        project=row, owner=row.unit, stage=row.stage, text="拨付搬迁补助", basis="协议第六条", starts_on=day(380), due_on=day(due)
    ).set(by=cast.market)  # fmt: skip


def unnamed(project: Project, since: int = 380, **more: Any) -> Officer:
    return Officer(
        project=project,
        post="规划科科长",
        duty="落实协议承诺",
        document="日交分工〔2025〕3号",
        from_on=day(since),
        **more,
    )


def officer(cast: Any, project: Project | None = None) -> Officer:
    return unnamed(project or investment(cast)).name(by=cast.market, official_number=NUMBER)


def unregistered(cast: Any) -> Breach:
    duty = promise(cast)
    officer(cast, duty.project)
    return Breach(
        project=duty.project, duty=duty, stage="performing", fact="至今未拨付搬迁补助。", cause="领导更替", happened_on=day(60)
    )  # fmt: skip


def registered(cast: Any) -> Breach:
    return unregistered(cast).register(by=cast.market)


def ordered(cast: Any) -> Breach:
    return registered(cast).order(by=cast.market_reviewer, order_text="一个月内拨付", served_on=day(55))


FIND = {"document_no": "日诚信〔2026〕21号", "refused": "逾期仍未拨付。"}


def found(cast: Any) -> Breach:
    return ordered(cast).find(by=cast.credit, **FIND)


def lookback(cast: Any, outcome: str = "LIABLE") -> LookBack:
    who = officer(cast)
    return LookBack(project=who.project, officer=who, outcome=outcome, finding="任内未按期兑现搬迁补助。").open(
        by=cast.market
    )


def _unopened(cast: Any) -> LookBack:
    who = officer(cast)
    return LookBack(project=who.project, officer=who, outcome="GOOD", finding="任内全部兑现。")


PATHS = {
    "officer.named": lambda c: (unnamed(investment(c)), c.market, {"official_number": NUMBER}),
    "officer.relieved": lambda c: (officer(c), as_rule(c.market), {"on": day(10)}),
    "breach.registered": lambda c: (unregistered(c), c.market, {}),
    "breach.disclosed": lambda c: (registered(c), c.market_reviewer, {}),
    "breach.ordered": lambda c: (
        registered(c), c.market_reviewer, {"order_text": "限期拨付", "served_on": timezone.localdate() - timedelta(days=1)},
    ),
    "breach.remedied": lambda c: (ordered(c), c.market, {"remedy_text": "已足额拨付并支付利息"}),
    "breach.voided": lambda c: (registered(c), c.market_reviewer, {"reason": "补助已按协议抵扣"}),
    "breach.found": lambda c: (ordered(c), c.credit, FIND),
    "breach.confirmed": lambda c: (found(c), as_rule(c.credit), {}),
    "lookback.opened": lambda c: (_unopened(c), c.market, {}),
    "lookback.concluded": lambda c: (
        lookback(c), c.hr, {"document_no": "日组认〔2026〕4号", "concluded_on": timezone.localdate()},
    ),
    "lookback.closed": lambda c: (lookback(c), c.hr, {"reason": "已尽职催办，无责任"}),
}  # fmt: skip
