"""修复: the data is right, its subject has put it right (国家发展改革委令第36号; clocks D06-D09; task 4)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import act
from integrity.models.access import as_rule
from integrity.models.redress.base import Redress, handling_unit

PLEDGE = (
    "本主体承诺：所提交材料真实、合法、有效；已纠正失信行为并履行相关义务；今后依法诚信履职（经营）；"
    "如有虚假，自愿承担责任并接受重新记录。"
)


class RepairApplication(Redress):
    """An application for repair: proof and pledge are all that is asked; the unit that decided repairs, free of charge."""

    proof = models.TextField("纠正情况说明")
    pledge = models.TextField("信用修复承诺书")
    pledged_at = models.DateTimeField("承诺时间")
    outcome = models.CharField("处理结果", max_length=20, blank=True)
    void_reason = models.CharField("作废理由", max_length=300, blank=True)
    accepted_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="受理人"
    )
    decided_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="决定人")

    class Meta:
        verbose_name = verbose_name_plural = "信用修复申请"
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("accepted_by")),
                name="repair_two_people",
                violation_error_message="受理人不能作出修复决定",
            )
        ]

    @act("repair.filed", label="申请修复", right="matter.file", creates=True, button=False)
    def file(self, *, by: Any, pledged: bool) -> None:
        """Apply: the earliest date must be reached, duties done, the repair pledge given (国家发展改革委令第36号)."""
        if not pledged:
            raise ValidationError({"pledged": "请阅读并作出信用修复承诺"})
        if len(self.proof.strip()) < 10:
            raise ValidationError({"proof": "请写明纠正和履行义务的情况，至少 10 字"})
        if obstacle := self.record.repair_obstacle():
            raise ValidationError(obstacle)
        if self.record.matters.open().filter(kind="XF01").exists():
            raise ValidationError("该记录已有正在办理的修复申请")
        self.pledge, self.pledged_at = PLEDGE, timezone.now()
        self.open_matter("XF01", f"申请修复“{self.record.title}”", self.proof.strip(), handling_unit(self.record), by)

    @act("repair.verified", label="核验身份", right="matter.handle", form=("reason",))
    def verify(self, *, by: Any, reason: str) -> dict[str, str]:
        """Staff checked the authorisation letter of whoever filed without an account."""
        if self.verified:
            raise ValidationError("身份已经核验")
        self.verified = True
        return {"reason": reason}

    @act("repair.papers_asked", label="一次性补正", right="matter.handle", form=("reason",))
    def ask_papers(self, *, by: Any, reason: str) -> dict[str, str]:
        """Say once what is missing; the clock stands until it comes (D08)."""
        self.matter.pause(by=by, reason=f"补正：{reason}")
        return {"reason": reason}

    @act("repair.accepted", label="受理", right="matter.handle")
    def accept(self, *, by: Any) -> None:
        """Proof is complete: the deciding clock of three working days starts (D06)."""
        if not self.verified:
            raise ValidationError("请先核验申请人的身份")
        self.matter.accept(by=by)
        self.accepted_by = by.user

    @act("repair.not_accepted", label="不予受理", right="matter.handle", form=("reason",))
    def not_accept(self, *, by: Any, reason: str) -> None:
        """Minimum not reached, duty open, or excluded by statute; with the reason."""
        self.matter.refuse(by=by, reason=reason)
        self.outcome, self.accepted_by = "不予受理", by.user

    @act(
        "repair.decided",
        label="作出决定",
        right="record.repair",
        form=("outcome", "reply"),
        confirm="准予修复的，立即停止公示、停止共享使用、解除措施并向上级报送",
    )
    def decide(self, *, by: Any, outcome: str, reply: str) -> None:
        """Another person decides; a yes ends publication, sharing and measures and goes up, in one act (D09)."""
        if self.matter.state != "ACCEPTED" or by.user_id == self.accepted_by_id:
            raise ValidationError("须先由他人受理，再作出决定")
        self.another_person(by)
        self.matter.respond(by=by, outcome=outcome, reply=reply)
        self.outcome, self.decided_by = outcome, by.user
        if outcome == "准予修复":
            self.record.repair(by=as_rule(by), reason=f"信用修复（{self.matter.number}）")

    @act("repair.voided", label="修复作废", right="record.repair", form=("reason",))
    def void(self, *, by: Any, reason: str) -> dict[str, str]:
        """The pledge was false: the application is void, and a new record has to be made (domain.md 10)."""
        if self.outcome != "准予修复" or self.void_reason:
            raise ValidationError("只有已准予的修复可以作废")
        self.void_reason = reason.strip()[:300]
        return {"reason": reason}
