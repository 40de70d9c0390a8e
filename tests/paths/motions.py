"""Paths of horizontal supervision: suggestions, proposals, opinions and recommendations (task 12)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from integrity.simulation import Moment, simulated
from supervision.models import Motion

TODAY = timezone.localdate
ANSWER = {"outcome": "A", "reply": "公交线路已延伸至园区，早晚高峰加密班次。"}


def written(cast: Any, channel: str = "DEPUTY", sort: str = "建议", **more: Any) -> Motion:
    given = {
        "reference": "第118号", "session": "十九届人大五次会议", "topic": "关于延伸公交线路的建议", "text": "园区职工上下班不便，建议延伸公交线路。",
        "proposer": "孙代表", "assigned_on": TODAY(), "main_unit": cast.orgs.bureau,
    }  # fmt: skip
    return Motion(channel=channel, sort=sort, **given | more)


def assigned(cast: Any, channel: str = "DEPUTY", sort: str = "建议", *, inputs: Any = None, **more: Any) -> Motion:
    return written(cast, channel, sort, **more).assign(by=cast.supervisor, **(inputs or {}))


def accepted(cast: Any, *args: Any, **more: Any) -> Motion:
    return assigned(cast, *args, **more).accept(by=cast.reviewer)


def answered(cast: Any, *args: Any, answer: Any = ANSWER, **more: Any) -> Motion:
    return accepted(cast, *args, **more).answer(by=cast.reviewer, **answer)


def rated(cast: Any, result: str = "不满意") -> Motion:
    return answered(cast).rate(by=cast.supervisor, attitude="满意", result_rating=result)


def opinion(cast: Any) -> Motion:
    more = {"set_until": TODAY() + timedelta(days=60), "answer": {"outcome": "已落实", "reply": "已逐项整改落实。"}}
    return answered(cast, "COMMITTEE", "审议意见", **more)


def recommended(cast: Any, **more: Any) -> Motion:
    """A court's recommendation with two problems."""
    pairs = "台账不全——建立合同履约台账\n付款拖延——按期付款"
    return accepted(
        cast, "COURT", "司法建议", reference="〔2026〕日法建1号", session="", inputs={"pairs": pairs}, **more
    )


def overdue(cast: Any, **more: Any) -> Motion:
    """Assigned a year ago and never answered."""
    with simulated(Moment(timezone.localtime() - timedelta(days=365))):
        return accepted(cast, **more)


def published(cast: Any) -> Motion:
    return answered(cast, secret=True).publish(by=cast.supervisor, privacy_ok=True, secrecy_ok=True)


PATHS = {
    "motion.assigned": lambda c: (written(c), c.supervisor, {}),
    "motion.returned": lambda c: (assigned(c), c.reviewer, {"reason": "属于园区管委会职责"}),
    "motion.reassigned": lambda c: (
        assigned(c).return_(by=c.reviewer, reason="职责不符"),
        c.supervisor,
        {"unit": c.orgs.stranger},
    ),
    "motion.accepted": lambda c: (assigned(c), c.reviewer, {}),
    "motion.assisted": lambda c: (
        assigned(c, inputs={"assisting": c.orgs.stranger.name}),
        c.stranger_reviewer,
        {"opinion": "同意，已安排配套道路。"},
    ),
    "motion.prolonged": lambda c: (accepted(c), c.supervisor, {"reason": "涉及三个部门"}),
    "motion.point_answered": lambda c: (
        recommended(c),
        c.reviewer,
        {"point": "1", "adopted": "采纳", "point_reply": "已建立台账。"},
    ),
    "motion.answered": lambda c: (accepted(c), c.reviewer, ANSWER),
    "motion.rated": lambda c: (answered(c), c.supervisor, {"attitude": "满意", "result_rating": "满意"}),
    "motion.reworked": lambda c: (rated(c), c.supervisor, {"reason": "只答复没有解决"}),
    "motion.voted": lambda c: (opinion(c), c.supervisor, {"votes_good": 30, "votes_fair": 5, "votes_bad": 1}),
    "motion.carried_out": lambda c: (answered(c), c.reviewer, {"carried": "线路已开通", "carried_on": TODAY()}),
    "motion.closed": lambda c: (rated(c, "满意"), c.supervisor, {}),
    "motion.published": lambda c: (answered(c), c.supervisor, {"privacy_ok": True, "secrecy_ok": True}),
    "motion.withdrawn": lambda c: (published(c), c.supervisor, {"reason": "答复有误"}),
    "motion.found_late": lambda c: (overdue(c), c.supervisor, {"verdict_no": "日人办〔2026〕3号"}),
}
