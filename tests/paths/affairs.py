"""Paths of matters, redress and letters."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from integrity.models import (
    CLOCK,
    PUBLIC,
    Attachment,
    HandlingComplaint,
    Kind,
    Letter,
    Matter,
    Objection,
    RepairApplication,
    SelfReport,
)
from integrity.models.access import as_rule
from tests import builders
from tests.paths.records import penalty

REASON = {"reason": "情况属实"}
ANSWER = {"outcome": "不属实", "reply": "经核查，办理程序合法。"}


def filed(cast: Any) -> Matter:
    """A matter filed by a company's representative with the bureau."""
    return Matter(
        kind=Kind.objects.get(code="TB01"), title="反映办理迟缓", text="申请提交已逾两个月。", about=cast.orgs.stranger,
        applicant=cast.orgs.company, unit=cast.orgs.bureau, received_unit=cast.orgs.bureau,
    )  # fmt: skip


def received(cast: Any) -> Matter:
    return filed(cast).receive(by=cast.company)


def accepted(cast: Any) -> Matter:
    return received(cast).accept(by=cast.reviewer)


def assigned(cast: Any) -> Matter:
    return received(cast).assign(by=cast.credit, unit=cast.orgs.bureau)


def replied(cast: Any) -> Matter:
    return accepted(cast).respond(by=cast.reviewer, **ANSWER)


def second_reviewer(cast: Any) -> Any:
    """A reviewer of the market bureau who had no part in the record."""
    founders = (cast.admin.user, cast.admin2.user)
    return builders.seat(builders.user("market3", "市场监管三"), "UNIT_REVIEWER", cast.orgs.market, founders)


def objection(cast: Any, **more: Any) -> Objection:
    return Objection(record=penalty(cast), reason="WRONG", text="罚款金额与决定书记载不一致。", **more)


def answered(cast: Any) -> Objection:
    row = objection(cast).file(by=cast.company)
    return row.decide(by=second_reviewer(cast), outcome="不成立", reply="与决定书一致。")


def repair(cast: Any, **more: Any) -> RepairApplication:
    return RepairApplication(record=penalty(cast), proof="罚款已经缴清，附缴款票据。", **more)


def applied(cast: Any, by: Any = None, **more: Any) -> RepairApplication:
    return repair(cast, **more).file(by=by or cast.company, pledged=True)


def repaired(cast: Any) -> RepairApplication:
    row = applied(cast).accept(by=cast.market_reviewer)
    return row.decide(by=second_reviewer(cast), outcome="准予修复", reply="已履行全部义务。")


def complaint(cast: Any) -> HandlingComplaint:
    return HandlingComplaint(record=penalty(cast), text="未在规定时间内答复我公司的申请。")


def confessed(cast: Any) -> SelfReport:
    row = SelfReport(subject=cast.wang, ground="RECOVERED_LOSS")
    report = {"title": "主动退赔", "text": "已主动退赔全部损失并附凭证。", "unit": cast.orgs.personnel}
    return row.file(by=cast.official, **report)


def letter(cast: Any) -> Letter:
    return Letter(
        template="notice", title="事先告知书", body="拟认定你单位失信，可以陈述申辩。", addressee=cast.orgs.company
    )


def drafted(cast: Any) -> Letter:
    return letter(cast).draft(by=cast.clerk)


def issued(cast: Any) -> Letter:
    return drafted(cast).issue(by=cast.reviewer)


def scanned(cast: Any) -> Letter:
    row = issued(cast)
    Attachment.add(row, SimpleUploadedFile("用印.pdf", b"%PDF-1.7 x"), cast.clerk, role="用印扫描件")
    return row


def sealed(cast: Any) -> Letter:
    return scanned(cast).attach_seal(by=cast.clerk)


def served(cast: Any) -> Letter:
    return sealed(cast).serve(by=cast.reviewer, way="ACCOUNT", served_on=timezone.localdate())


def notice_fields() -> dict[str, Any]:
    return {
        "fact": "未按约定付款。", "basis": "山东省社会信用条例第十四条", "tier": "一般失信", "measures": "约谈", "period": "三个月",
        "days": "5", "contact": "张科 8800000",
    }  # fmt: skip


SELF_REPORT = {"title": "主动退赔", "text": "已主动退赔全部损失并附凭证。"}
AGENT = {"agent": "张经办"}
PATHS = {
    "matter.received": lambda c: (filed(c), c.clerk, {}),
    "matter.accepted": lambda c: (received(c), c.reviewer, {}),
    "matter.refused": lambda c: (received(c), c.reviewer, REASON),
    "matter.assigned": lambda c: (received(c), c.credit, {"unit": c.orgs.bureau}),
    "matter.returned": lambda c: (assigned(c), c.reviewer, REASON),
    "matter.supplemented": lambda c: (received(c), c.clerk, {"text": "补充合同复印件。"}),
    "matter.taken": lambda c: (accepted(c), c.reviewer, {}),
    "matter.extended": lambda c: (accepted(c), c.credit, {"amount": 5, "reason": "案情复杂"}),
    "matter.paused": lambda c: (accepted(c), c.reviewer, REASON),
    "matter.reclocked": lambda c: (accepted(c), as_rule(c.reviewer), {"code": "D02"}),
    "matter.resumed": lambda c: (accepted(c).pause(by=c.reviewer, reason="补正"), c.reviewer, {}),
    "matter.recounted": lambda c: (accepted(c), CLOCK, {"why": "工作日历已更新"}),
    "matter.warned": lambda c: (accepted(c), CLOCK, {}),
    "matter.urged": lambda c: (accepted(c), c.credit, REASON),
    "matter.replied": lambda c: (accepted(c), c.reviewer, ANSWER),
    "matter.rated": lambda c: (replied(c), c.reviewer, {"rating": "满意"}),
    "matter.reworked": lambda c: (replied(c), c.reviewer, REASON),
    "matter.merged": lambda c: (received(c), c.credit, {"into": received(c)}),
    "matter.transferred": lambda c: (received(c), c.credit, {"to": "人民法院", "reason": "属于诉讼事项"}),
    "matter.withdrawn": lambda c: (received(c), c.clerk, {}),
    "matter.closed": lambda c: (replied(c), c.reviewer, {}),
    "matter.escalated": lambda c: (accepted(c), c.credit, REASON),
    "objection.filed": lambda c: (objection(c), c.company, {}),
    "objection.verified": lambda c: (objection(c, **AGENT).file(by=PUBLIC), c.market_reviewer, REASON),
    "objection.assisted": lambda c: (objection(c).file(by=c.company), c.market_reviewer, {"unit": c.orgs.bureau}),
    "objection.decided": lambda c: (
        objection(c).file(by=c.company), second_reviewer(c), {"outcome": "不成立", "reply": "与决定书一致。"},
    ),
    "objection.recheck_asked": lambda c: (answered(c), c.company, REASON),
    "repair.filed": lambda c: (repair(c), c.company, {"pledged": True}),
    "repair.verified": lambda c: (applied(c, PUBLIC, **AGENT), c.market_reviewer, REASON),
    "repair.papers_asked": lambda c: (applied(c), c.market_reviewer, REASON),
    "repair.accepted": lambda c: (applied(c), c.market_reviewer, {}),
    "repair.not_accepted": lambda c: (applied(c), c.market_reviewer, REASON),
    "repair.decided": lambda c: (
        applied(c).accept(by=c.market_reviewer), second_reviewer(c), {"outcome": "准予修复", "reply": "已履行全部义务。"},
    ),
    "repair.voided": lambda c: (repaired(c), c.market_reviewer, REASON),
    "handling.filed": lambda c: (complaint(c), c.company, {}),
    "handling.decided": lambda c: (complaint(c).file(by=c.company), other_credit(c), ANSWER),
    "selfreport.filed": lambda c: (
        SelfReport(subject=c.wang, ground="RECOVERED_LOSS"), c.official, SELF_REPORT | {"unit": c.orgs.personnel},
    ),
    "selfreport.decided": lambda c: (confessed(c), c.hr2, {"outcome": "属实，采纳", "reply": "已核实。"}),
    "letter.drafted": lambda c: (letter(c), c.clerk, {}),
    "letter.amended": lambda c: (drafted(c), c.clerk, {"fields": notice_fields()}),
    "letter.issued": lambda c: (drafted(c), c.reviewer, {}),
    "letter.sealed": lambda c: (scanned(c), c.clerk, {}),
    "letter.served": lambda c: (sealed(c), c.reviewer, {"way": "ACCOUNT", "served_on": timezone.localdate()}),
    "letter.acknowledged": lambda c: (served(c), c.company, {}),
    "letter.voided": lambda c: (issued(c), c.reviewer, REASON),
}  # fmt: skip


def other_credit(cast: Any) -> Any:
    """Somebody of the credit office who neither confirmed nor published the record."""
    founders = (cast.admin.user, cast.admin2.user)
    return builders.seat(builders.user("credit3", "信用办三"), "CREDIT_CITY", cast.orgs.credit, founders)
