"""投诉与主动纠错: the handling was wrong; or the wrong was put right before anybody asked (task 4)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import Acted, act
from integrity.models.access import as_rule
from integrity.models.kind import Kind
from integrity.models.matter import Matter
from integrity.models.measure import Measure
from integrity.models.redress.base import Redress, RedressQuerySet, credit_office

GROUNDS = [
    ("RECOVERED_LOSS", "挽回损失"),
    ("REMOVED_EFFECT", "消除不良影响"),
    ("PREVENTED_HARM", "有效阻止危害结果发生"),
]


class HandlingComplaint(Redress):
    """A complaint that the handling of a record was wrong; never handled by the person or unit complained of."""

    text = models.TextField("投诉内容")
    against = models.ForeignKey("integrity.Subject", models.PROTECT, related_name="+", verbose_name="被投诉单位")
    outcome = models.CharField("处理结果", max_length=20, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "办理行为投诉"

    @act("handling.filed", label="投诉", right="matter.file", creates=True, button=False)
    def file(self, *, by: Any) -> None:
        """To the credit office, fifteen working days (D47)."""
        if len(self.text.strip()) < 10:
            raise ValidationError({"text": "请写明投诉的事实，至少 10 字"})
        self.against = self.record.source_unit
        self.open_matter(
            "TB01", f"投诉{self.against.name}的办理行为", self.text.strip(), credit_office(self.against), by
        )

    @act("handling.decided", label="答复投诉", right="matter.handle", form=("outcome", "reply"))
    def decide(self, *, by: Any, outcome: str, reply: str) -> None:
        """Answer by somebody who had no part in it."""
        record = self.record
        if by.user_id in (record.entered_by_id, record.reviewed_by_id, record.confirmed_by_id, record.published_by_id):
            raise ValidationError("被投诉的经办人不能处理该投诉")
        self.matter.respond(by=by, outcome=outcome, reply=reply)
        self.outcome = outcome


class SelfReport(Acted):
    """主动纠错: somebody reports his own wrong with loss recovered and evidence, before or after a finding."""

    matter = models.OneToOneField(Matter, models.PROTECT, related_name="selfreport", verbose_name="事项")
    subject = models.ForeignKey("integrity.Subject", models.PROTECT, related_name="self_reports", verbose_name="报告人")
    ground = models.CharField("情形", max_length=16, choices=GROUNDS)
    recovered_wan = models.DecimalField("挽回损失（万元）", max_digits=18, decimal_places=6, null=True, blank=True)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="提出人")

    objects = RedressQuerySet.as_manager()
    matter_acts = Redress.matter_acts
    lock_with = ("matter", "matter__kind", "matter__unit", "subject")

    class Meta:
        verbose_name = verbose_name_plural = "主动纠错报告"

    def __str__(self) -> str:
        return str(self.matter)

    @property
    def outcomes(self) -> list[str]:
        """The results the matter's kind allows."""
        return self.matter.outcomes

    def interested(self) -> set[Any]:
        return {self.subject_id}

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.creates:
            own = by.person_id if by.role.code in ("OFFICIAL", "EXPERT") else by.org_id
            return "" if own == self.subject_id else "只能报告本人或者本单位的事项"
        return "" if self.matter.unit_id == by.org_id else "由承办单位办理"

    @act("selfreport.filed", label="主动纠错", right="matter.file", creates=True, button=False)
    def file(self, *, by: Any, title: str, text: str, unit: Any) -> None:
        """Report with what was done; the managing unit looks into it (国发〔2016〕76号)."""
        if len(text.strip()) < 10:
            raise ValidationError({"text": "请写明事实和纠正情况，至少 10 字"})
        matter = Matter(
            kind=Kind.objects.get(code="ZD01"), title=title[:200], text=text.strip(), about=self.subject, applicant=self.subject,
            unit=unit, received_unit=unit,
        )  # fmt: skip
        self.matter = matter.receive(by=by)
        self.entered_by = by.user

    @act("selfreport.decided", label="核实", right="matter.handle", form=("outcome", "reply"))
    def decide(self, *, by: Any, outcome: str, reply: str) -> None:
        """True or not; a true one is a ground for leniency."""
        self.matter.respond(by=by, outcome=outcome, reply=reply)


class LeniencyQuerySet(RedressQuerySet):
    """Seen as the measure is."""

    def visible_to(self, seat: Any) -> LeniencyQuerySet:
        return self.filter(measure__in=Measure.objects.inside(seat))


class Leniency(Acted):
    """关爱: lighter measures or none, for loss recovered, effect removed or harm prevented; the record stays."""

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", "待决定"
        DECIDED = "DECIDED", "已决定"
        REFUSED = "REFUSED", "不予从轻"

    class Outcome(models.TextChoices):
        MITIGATE = "MITIGATE", "从轻"
        EXEMPT = "EXEMPT", "免于"

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="leniencies", verbose_name="措施")
    ground = models.CharField("情形", max_length=16, choices=GROUNDS)
    outcome = models.CharField("处理", max_length=8, choices=Outcome)
    reason = models.CharField("事实与证据", max_length=500)
    self_report = models.ForeignKey(
        SelfReport, models.PROTECT, null=True, blank=True, related_name="leniencies", verbose_name="主动纠错报告"
    )
    state = models.CharField("状态", max_length=8, choices=State, default=State.PROPOSED)
    decided_on = models.DateField("决定日期", null=True)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    decided_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="决定人")

    objects = LeniencyQuerySet.as_manager()
    lock_with = (
        "measure",
        "measure__record",
        "measure__record__subject",
        "measure__record__source_unit",
        "measure__subject",
    )

    class Meta:
        verbose_name = verbose_name_plural = "从轻免于决定"
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("entered_by")),
                name="leniency_decided_by_another",
                violation_error_message="从轻、免于须由他人决定",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.measure}"

    def interested(self) -> set[Any]:
        return {self.measure.subject_id}

    def refuses(self, spec: Any, by: Any) -> str:
        return "" if by.role.automatic or self.measure.within(by) else "不在您的管理范围内"

    @act("leniency.proposed", label="提出从轻或者免于", right="measure.impose", creates=True)
    def propose(self, *, by: Any) -> None:
        """Propose on one of the three grounds, with evidence (任务4)."""
        if self.measure.state != "IN_FORCE":
            raise ValidationError("措施已不在执行中")
        if not self.reason.strip():
            raise ValidationError({"reason": "请写明事实与证据"})
        self.entered_by = by.user

    @act("leniency.decided", label="决定从轻或者免于", right="measure.decide", source=["PROPOSED"], target="DECIDED")
    def decide(self, *, by: Any) -> None:
        """Another person decides; the measure is replaced or not carried out, the record is marked and stays."""
        rule = as_rule(by)
        lighten = self.measure.mitigate if self.outcome == "MITIGATE" else self.measure.exempt
        lighten(by=rule, ground=self.ground, reason=self.reason)
        self.measure.record.flag(by=rule, **{"mitigated" if self.outcome == "MITIGATE" else "exempted": True})
        self.decided_by, self.decided_on = by.user, timezone.localdate()

    @act(
        "leniency.refused",
        label="不予从轻",
        right="measure.decide",
        source=["PROPOSED"],
        target="REFUSED",
        form=("reason",),
    )
    def refuse(self, *, by: Any, reason: str) -> dict[str, str]:
        """The grounds are not proved."""
        self.decided_by, self.decided_on = by.user, timezone.localdate()
        return {"refused": reason}
