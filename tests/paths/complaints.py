"""Paths of leads: complaints, orders of the hotline, media items."""

from __future__ import annotations

from datetime import date
from typing import Any

from integrity.models import PUBLIC, MomentSeat
from supervision.models import Complaint
from tests.showcase import days_ago

TEXT = "今年三月签订合同并交付货物，验收合格后至今未付货款，多次催要没有答复，请依法督促履行。"
SORTED = {"harm": "损害市场公平交易", "sphere": "政府采购"}
ANSWER = {"outcome": "属实", "reply": "经核查属实，已责令被反映单位在十个工作日内付款。"}
FINDING = {
    "title": "拖欠货款",
    "legal_basis": "优化营商环境条例第三十二条",
    "fact_found": "验收合格后超过约定期限未付货款。",
    "verdict_no": "日信认〔2026〕18号",
    "verdict_on": date(2026, 11, 20),
    "tier": "general",
}


def written(cast: Any, reach: str = "13800001111") -> tuple[Complaint, dict[str, Any]]:
    complaint = Complaint(category="CONTRACT", publish_reply=True)
    complaint.seal_contact("孙实名", reach)
    return complaint, {"about": cast.orgs.stranger, "text": TEXT}


def just_filed(cast: Any) -> Complaint:
    complaint, inputs = written(cast)
    return complaint.file(by=PUBLIC, **inputs)


def filed(cast: Any) -> Complaint:
    """Filed yesterday: its ten minutes are over."""
    with days_ago(1):
        return just_filed(cast)


def accepted(cast: Any) -> Complaint:
    return filed(cast).accept(by=cast.credit, **SORTED)


def heard(cast: Any) -> Complaint:
    return accepted(cast).hear(by=cast.credit)


def answered(cast: Any) -> Complaint:
    return accepted(cast).answer(by=cast.credit, **ANSWER)


def media(cast: Any, **more: Any) -> Complaint:
    return Complaint(channel="MEDIA", programme="问政日照", promise="月底前完成维修", **SORTED, **more)


def broadcast(cast: Any) -> dict[str, Any]:
    return {"title": "小区供暖管网年久失修", "text": "节目反映小区供暖管网多年未修。", "about": cast.orgs.stranger}


def rep(cast: Any) -> MomentSeat:
    """A representative of the body complained of."""
    return MomentSeat("AGENCY_REP", org=cast.orgs.stranger, user=cast.stranger.user)


PATHS = {
    "complaint.filed": lambda c: (lambda complaint, inputs: (complaint, PUBLIC, inputs))(*written(c)),
    "complaint.entered": lambda c: (media(c), c.credit, broadcast(c)),
    "complaint.taken": lambda c: (
        Complaint(channel="HOTLINE", order_no="2026112400001"),
        c.credit,
        broadcast(c) | {"unit": c.orgs.bureau},
    ),
    "complaint.withdrawn": lambda c: (just_filed(c), PUBLIC, {}),
    "complaint.accepted": lambda c: (filed(c), c.credit, SORTED),
    "complaint.sorted": lambda c: (accepted(c), c.credit, SORTED | {"sphere": "其他"}),
    "complaint.heard": lambda c: (accepted(c), c.credit, {}),
    "complaint.explained": lambda c: (heard(c), rep(c), {"account": "货款已列入本月支付计划。"}),
    "complaint.answered": lambda c: (accepted(c), c.credit, ANSWER),
    "complaint.review_asked": lambda c: (answered(c), PUBLIC, {"reason": "至今没有付款"}),
    "complaint.looked": lambda c: (accepted(c), c.credit, {"purpose": "电话核实情况"}),
    "complaint.promise_checked": lambda c: (
        media(c).enter(by=c.credit, **broadcast(c)),
        c.credit,
        {"promise_result": "已完成"},
    ),
    "complaint.answer_published": lambda c: (answered(c), c.credit, {"public_reply": "经核查属实，已责令付款。"}),
    "complaint.found": lambda c: (answered(c), c.credit, FINDING),
}
