"""Paths of inspection and assessment (task 11)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from integrity.models import MomentSeat
from supervision.models import Assessment, ConfirmedNumber, InspectionFinding, InspectionRound, Score

TODAY = timezone.localdate
INDICATORS = (
    "承诺兑现｜40｜承诺按期兑现率\n议提案办理｜25｜议提案和监督意见按期办理率\n投诉答复｜20｜投诉、工单按期答复率\n"
    "失信记录｜10｜records｜2\n公务人员｜5｜persons｜1"
)  # fmt: skip


def second(cast: Any) -> MomentSeat:
    """Another member of the inspection team."""
    return MomentSeat("SUPERVISOR", org=cast.orgs.government, user=cast.leader.user)


def planned(**more: Any) -> InspectionRound:
    given = {
        "name": "2026 年第一轮政务诚信督察", "year": 2026, "plan": "重点督察承诺兑现和拖欠账款。", "team": "组长：市政府督查室",
        "starts_on": date(2026, 3, 1), "ends_on": date(2026, 12, 31),
    }  # fmt: skip
    return InspectionRound(**given | more)


def targets(cast: Any) -> dict[str, str]:
    return {"targets_text": f"{cast.orgs.bureau.name}、{cast.orgs.county_bureau.code}"}


def opened(cast: Any) -> InspectionRound:
    return planned().open(by=cast.supervisor, **targets(cast))


def written(cast: Any) -> InspectionFinding:
    return InspectionFinding(
        round=opened(cast), target=cast.orgs.bureau, problem="承诺的三条公交线路逾期未开通。", basis="日政发〔2018〕12号任务11", harm="危害群众利益",
    )  # fmt: skip


def found(cast: Any) -> InspectionFinding:
    return written(cast).enter(by=cast.supervisor)


def notified(cast: Any) -> InspectionFinding:
    return found(cast).notify(by=cast.supervisor, served_on=TODAY())


def replied(cast: Any) -> InspectionFinding:
    return notified(cast).reply(by=cast.reviewer, unit_reply="情况属实，正在采购车辆。")


def ordered(cast: Any) -> InspectionFinding:
    return replied(cast).order(by=cast.supervisor, mend_order="年底前开通", rectify_until=TODAY() + timedelta(days=30))


def mended(cast: Any) -> InspectionFinding:
    return ordered(cast).submit(by=cast.reviewer, done_text="三条线路已经开通。")


def scheme(cast: Any, year: int = 2026) -> tuple[Assessment, dict[str, str]]:
    return Assessment(year=year, name="政务诚信考核方案", doc_no="日诚信办〔2026〕1号"), {"indicators_text": INDICATORS}


def proposed(cast: Any) -> Assessment:
    row, inputs = scheme(cast)
    return row.propose(by=cast.credit, **inputs)


def frozen(cast: Any) -> Assessment:
    return proposed(cast).approve(by=cast.credit2)


def reckoned(cast: Any) -> Assessment:
    ConfirmedNumber(unit=cast.orgs.bureau, year=2026, number=2, doc_no="日组核〔2026〕3号").enter(by=cast.hr)
    return frozen(cast).reckon(by=cast.credit)


def score(cast: Any) -> Score:
    return Score.objects.get(assessment=reckoned(cast), unit=cast.orgs.bureau)


def objected(cast: Any) -> Score:
    return score(cast).object(by=cast.agency, reason="核定人数有误")


PASSING = {"check_result": "现场核实，符合要求。"}
PATHS = {
    "round.opened": lambda c: (planned(), c.supervisor, targets(c)),
    "round.closed": lambda c: (opened(c), c.supervisor, {}),
    "inspection.found": lambda c: (written(c), c.supervisor, {}),
    "inspection.notified": lambda c: (found(c), c.supervisor, {"served_on": TODAY()}),
    "inspection.answered": lambda c: (notified(c), c.reviewer, {"unit_reply": "情况属实。"}),
    "inspection.dropped": lambda c: (replied(c), second(c), {"reason": "线路已按期开通，问题不成立"}),
    "inspection.ordered": lambda c: (replied(c), c.supervisor, {"mend_order": "年底前开通"}),
    "inspection.mended": lambda c: (ordered(c), c.reviewer, {"done_text": "已开通。"}),
    "inspection.failed": lambda c: (mended(c), c.supervisor, {"check_result": "班次不足。"}),
    "inspection.passed": lambda c: (mended(c), second(c), PASSING),
    "inspection.confirmed": lambda c: (ordered(c), c.supervisor, {"verdict_no": "日督〔2026〕6号"}),
    "assessment.proposed": lambda c: (lambda row, inputs: (row, c.credit, inputs))(*scheme(c)),
    "assessment.approved": lambda c: (proposed(c), c.credit2, {}),
    "assessment.refused": lambda c: (proposed(c), c.credit2, {"reason": "权重需调整"}),
    "assessment.reckoned": lambda c: (frozen(c), c.credit, {}),
    "assessment.published": lambda c: (reckoned(c), c.credit, {"year_summary": "总体向好。", "totals_public": True}),
    "score.entered": lambda c: (Score(assessment=frozen(c), unit=c.orgs.stranger), c.credit, {"items": []}),
    "score.renewed": lambda c: (score(c), c.credit, {"items": []}),
    "score.objected": lambda c: (score(c), c.agency, {"reason": "核定人数有误"}),
    "score.settled": lambda c: (objected(c), c.credit, {"uncounted": "日组核〔2026〕3号", "reply": "已核减。"}),
    "number.confirmed": lambda c: (
        ConfirmedNumber(unit=c.orgs.bureau, year=2026, number=2, doc_no="日组核〔2026〕3号"),
        c.hr,
        {},
    ),
}
