"""异议: the data is wrong, says its subject (山东条例 39; clocks D02, D03; task 4)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import act
from integrity.models.access import as_rule
from integrity.models.redress.base import Redress, credit_office


class Objection(Redress):
    """An objection to one record: marked at once, answered in three or seven working days, rechecked once."""

    class Reason(models.TextChoices):
        WRONG = "WRONG", "信息错误"
        MISSING = "MISSING", "信息遗漏"
        NOT_PUBLIC = "NOT_PUBLIC", "不应公示"
        OVERDUE = "OVERDUE", "超期公示"
        CONFUSED = "CONFUSED", "主体混同"
        OTHER = "OTHER", "其他"

    reason = models.CharField("异议类型", max_length=12, choices=Reason)
    text = models.TextField("事实与理由")
    assisted_by = models.ForeignKey(
        "integrity.Subject", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="协查单位"
    )
    outcome = models.CharField("处理结果", max_length=40, blank=True)
    rechecking = models.BooleanField("复核中", default=False)
    decided_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="决定人")
    rechecked_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="复核人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "异议"
        constraints = [
            models.CheckConstraint(
                condition=Q(rechecked_by__isnull=True) | ~Q(rechecked_by=F("decided_by")),
                name="objection_recheck_by_another",
                violation_error_message="复核须由他人办理",
            )
        ]

    @act("objection.filed", label="提出异议", right="matter.file", creates=True, button=False)
    def file(self, *, by: Any) -> None:
        """Object to a record; it is marked wherever it is shown (山东条例 39)."""
        if len(self.text.strip()) < 10:
            raise ValidationError({"text": "请写明事实与理由，至少 10 字"})
        if self.record.objection_open:
            raise ValidationError("该记录已有正在处理的异议")
        unit = self.record.source_unit
        if unit.pk == self.record.subject_id:
            unit = credit_office(unit)
        self.open_matter("YY01", f"对“{self.record.title}”的异议", self.text.strip(), unit, by)
        if self.verified:
            self.record.mark_objection(by=as_rule(by))

    @act("objection.verified", label="核验身份", right="matter.handle", form=("reason",))
    def verify(self, *, by: Any, reason: str) -> dict[str, str]:
        """Staff checked the authorisation letter of whoever filed without an account."""
        if self.verified:
            raise ValidationError("身份已经核验")
        self.verified = True
        self.record.mark_objection(by=as_rule(by))
        return {"reason": reason}

    @act("objection.assisted", label="请求协查", right="matter.handle", form=("unit",))
    def assist(self, *, by: Any, unit: Any) -> None:
        """Another unit must check: the clock becomes seven working days from receipt (山东条例 39, D03)."""
        if self.matter.state not in ("RECEIVED", "ACCEPTED", "IN_HAND"):
            raise ValidationError("该异议已经答复")
        self.assisted_by = unit
        self.matter.reclock(by=as_rule(by), code=self.matter.kind.spec.extra["clocks"]["assisted"])

    @act("objection.decided", label="答复异议", right="matter.handle", form=("outcome", "reply"))
    def decide(self, *, by: Any, outcome: str, reply: str) -> None:
        """Answer it by another person; what is wrong and public comes off the pages at once (domain.md 10)."""
        if not self.verified:
            raise ValidationError("请先核验提出人的身份")
        if not self.rechecking:
            self.another_person(by)
        if self.rechecking and by.user_id == self.decided_by_id:
            raise ValidationError("复核须由他人办理")
        self.matter.respond(by=by, outcome=outcome, reply=reply)
        if self.rechecking:
            self.rechecked_by = by.user
        else:
            self.decided_by = by.user
        self.outcome, self.rechecking = outcome, False
        self._carry_out(by, outcome)

    def _carry_out(self, by: Any, outcome: str) -> None:
        rule = as_rule(by)
        self.record.unmark_objection(by=rule, outcome=outcome)
        if outcome.startswith("成立，撤销"):
            self.record.revoke(by=rule, reason=f"异议成立（{self.matter.number}）")
        elif "更正" in outcome and self.record.publicity in ("PUBLIC", "SCHEDULED") and not self.record.suspended:
            self.record.suspend(by=rule, reason="异议成立，更正后恢复")

    @act("objection.recheck_asked", label="申请复核", right="matter.file", form=("reason",))
    def ask_recheck(self, *, by: Any, reason: str) -> dict[str, str]:
        """Not content with the answer: once, to the superior (domain.md 10)."""
        if self.rechecked_by_id or self.rechecking or self.matter.state != "REPLIED":
            raise ValidationError("只能在收到答复后申请一次复核")
        if self.record.state != "CONFIRMED":
            raise ValidationError("记录已经撤销，无需复核")
        self.rechecking = True
        self.matter.rework(by=as_rule(by), reason=reason, unit=credit_office(self.matter.unit))
        self.record.mark_objection(by=as_rule(by))
        return {"reason": reason}

    @property
    def answered_on(self) -> Any:
        return timezone.localdate(self.matter.replied_at) if self.matter.replied_at else None
