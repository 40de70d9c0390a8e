"""Paths of evaluations and of trading notices (tasks 15 and 16)."""

from __future__ import annotations

from typing import Any

from integrity.models import CLOCK
from sectors.models import Evaluation, Notice, Project
from tests.paths.sectors import day

SCHEME = {"scheme": "存量项目", "mode": "BOT", "years": 20, "payment": "可行性缺口补助"}


def ppp(cast: Any) -> Project:
    """A waterworks of the bureau with a firm, written down by the market bureau, public and in its preparation."""
    row = Project(kind="ppp", name="临港污水处理厂", reference="PPP-2025-08", unit=cast.orgs.bureau, amount_wan="9000")
    return row.enter(by=cast.market, on=day(500), values=SCHEME).release(by=cast.market_reviewer)


def unentered(cast: Any) -> Evaluation:
    return Evaluation(
        project=ppp(cast), period="2025 年度", evaluator="市财政局（演示）", evaluated_on=day(30), grade="良", summary="出水达标，付费及时。"
    )  # fmt: skip


def evaluation(cast: Any) -> Evaluation:
    return unentered(cast).enter(by=cast.market)


def trade(cast: Any) -> Project:
    row = Project(kind="trade", name="滨海路改造工程施工", reference="RZJY-2026-118", unit=cast.orgs.bureau)
    return row.enter(by=cast.market, on=day(60), values={"trade_kind": "工程建设项目招标投标"})


def unreceived(cast: Any) -> Notice:
    return Notice(
        project=trade(cast), kind="announcement", number="GG-118-1", title="施工招标公告", made_on=day(60), published_on=day(59)
    )  # fmt: skip


def notice(cast: Any) -> Notice:
    return unreceived(cast).receive(by=cast.market)


def released(cast: Any) -> Notice:
    return notice(cast).release(by=cast.market_reviewer)


def failed(cast: Any) -> Notice:
    return released(cast).note_failed(by=CLOCK, fault="HTTPError: 503")


PATHS = {
    "evaluation.entered": lambda c: (unentered(c), c.market, {}),
    "evaluation.released": lambda c: (evaluation(c), c.market_reviewer, {}),
    "evaluation.dropped": lambda c: (evaluation(c), c.market_reviewer, {"reason": "期间有误"}),
    "notice.received": lambda c: (unreceived(c), c.market, {}),
    "notice.released": lambda c: (notice(c), c.market_reviewer, {}),
    "notice.refused": lambda c: (notice(c), c.market_reviewer, {"reason": "与交易中心公告不一致"}),
    "notice.pushed": lambda c: (released(c), CLOCK, {"address": "https://credit.example.cn/jy/1"}),
    "notice.push_failed": lambda c: (released(c), CLOCK, {"fault": "HTTPError: 503"}),
    "notice.push_again": lambda c: (failed(c), c.market_reviewer, {}),
}
