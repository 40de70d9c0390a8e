"""督察: rounds with plan, team and targets, and what they find, noticed, replied to and put right (task 11)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.models import Kind, Matter, Record, Subject, as_rule
from integrity.models.redress.base import RedressQuerySet
from supervision.models.complaint_fields import HARMS
from supervision.models.motion.assigning import units_of
from supervision.models.motion.fields import Said


def below(org: Subject, unit: Subject) -> bool:
    """Whether a unit is a lower government or an agency under the government that inspects: never one's own, never a superior."""
    top = org if org.agency_kind == "GOVERNMENT" else org.parent
    return unit.form == "AGENCY" and unit.pk != org.pk and top is not None and unit.path.startswith(f"{top.path}/")


class RoundQuerySet(ActedQuerySet):
    """Seen by the unit that inspects, its superiors in the matter, the auditors and leaders; nothing is public."""

    def visible_to(self, seat: Any) -> RoundQuerySet:
        if seat.role.automatic or seat.role_code in ("CREDIT_CITY", "AUDITOR", "LEADER"):
            return self
        return self.filter(unit_id=seat.org_id) if seat.org_id and seat.role_code == "SUPERVISOR" else self.none()


class InspectionRound(Acted):
    """督察轮次: one round with its plan, team and targets."""

    class State(models.TextChoices):
        RUNNING = "RUNNING", "进行中"
        CLOSED = "CLOSED", "已结束"

    name = models.CharField("督察轮次", max_length=100)
    year = models.PositiveSmallIntegerField("年度")
    plan = models.TextField("督察方案", max_length=4000)
    team = models.CharField("督察组", max_length=500, help_text="组长、成员和联系方式，只在内部使用")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    unit = models.ForeignKey(Subject, models.PROTECT, related_name="+", verbose_name="督察单位")
    targets = models.JSONField("督察对象", default=list)
    state = models.CharField("状态", max_length=8, choices=State, default=State.RUNNING)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="录入人")

    objects = RoundQuerySet.as_manager()
    lock_with = ("unit", "unit__parent")

    class Meta:
        verbose_name = verbose_name_plural = "督察轮次"
        constraints = [
            models.UniqueConstraint(
                fields=["name", "unit"], name="round_once", violation_error_message="已有同名的督察轮次"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.creates:
            return "" if by.role_code == "SUPERVISOR" else "由督察机构的监督联络员办理"
        return "" if by.role.automatic or by.org_id == self.unit_id else "由督察单位办理"

    @property
    def target_names(self) -> str:
        return "、".join(t["name"] for t in self.targets)

    @act("round.opened", label="建立督察轮次", right="matter.file", creates=True, form=("targets_text",))
    def open(self, *, by: Any, targets_text: str) -> None:
        """Plan a round; its targets are lower governments and agencies only."""
        self.unit, self.entered_by = by.org, by.user
        if self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": "结束日期不能早于开始日期"})
        try:
            units = units_of(targets_text)
        except ValidationError as fault:
            raise ValidationError({"targets_text": "；".join(fault.messages)}) from fault
        wrong = [u.name for u in units if not below(by.org, u)]
        if wrong or not units:
            raise ValidationError({"targets_text": f"督察对象只能是下级政府和所属机构：{'、'.join(wrong) or '请填写'}"})
        self.targets = [{"code": u.code, "name": u.name} for u in units]

    @act("round.closed", label="结束督察", right="matter.assign", source=["RUNNING"], target="CLOSED")
    def close(self, *, by: Any) -> None:
        """Every finding has come to its end."""
        if waiting := self.findings.exclude(state__in=("PASSED", "DROPPED")).count():
            raise ValidationError(f"还有 {waiting} 个问题没有整改完成")


class InspectionFinding(Acted):
    """督察问题: one problem found at a target; a record only when it is confirmed (SV01)."""

    class State(models.TextChoices):
        FOUND = "FOUND", "已登记"
        NOTIFIED = "NOTIFIED", "待回复"
        REPLIED = "REPLIED", "已回复"
        RECTIFYING = "RECTIFYING", "整改中"
        SUBMITTED = "SUBMITTED", "待验收"
        PASSED = "PASSED", "已整改"
        DROPPED = "DROPPED", "已撤销"

    round = models.ForeignKey(InspectionRound, models.PROTECT, related_name="findings", verbose_name="督察轮次")
    matter = models.OneToOneField(Matter, models.PROTECT, related_name="inspectionfinding", verbose_name="事项")
    target = models.ForeignKey(Subject, models.PROTECT, related_name="+", verbose_name="被督察单位")
    problem = models.TextField("问题", max_length=3000)
    basis = models.CharField("依据", max_length=500)
    harm = models.CharField("危害类型", max_length=20, choices=[(h, h) for h in HARMS])
    state = models.CharField("状态", max_length=10, choices=State, default=State.FOUND)
    statement = models.TextField("单位回复", blank=True)
    demand = models.TextField("整改要求", blank=True)
    rectify_by = models.DateField("整改期限", null=True)
    done_text = models.TextField("整改情况", blank=True)
    check_result = models.TextField("验收意见", blank=True)
    record = models.ForeignKey(Record, models.PROTECT, null=True, related_name="+", verbose_name="认定记录")
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="录入人")

    objects = RedressQuerySet.as_manager()
    matter_acts = ("urge", "escalate")
    lock_with = (
        "matter",
        "matter__kind",
        "matter__unit",
        "matter__received_unit",
        "target",
        "round",
        "round__unit",
        "round__unit__parent",
        "record",
    )

    class Meta:
        verbose_name = verbose_name_plural = "督察问题"

    def __str__(self) -> str:
        return f"{self.target.name}：{self.problem[:40]}"

    def refuses(self, spec: Any, by: Any) -> str:
        if by.role.automatic:
            return ""
        if spec.creates:
            mine = by.role_code == "SUPERVISOR" and by.org_id == self.round.unit_id
            return "" if mine else "由督察单位的监督联络员登记"
        if spec.right == "matter.handle":
            return "" if by.org_id == self.target_id else "由被督察单位办理"
        return "" if by.org_id == self.round.unit_id else "由督察单位办理"

    def sections(self, seat: Any) -> list[tuple[str, list[Said]]]:
        """The finding as inspectors and the inspected read it."""
        lines = [
            Said("督察轮次", self.round.name), Said("被督察单位", self.target.name), Said("依据", self.basis), Said("危害类型", self.harm),
            Said("单位回复", self.statement), Said("整改要求", self.demand), Said("整改期限", self.rectify_by), Said("整改情况", self.done_text),
            Said("验收意见", self.check_result), Said("认定记录", self.record, f"/desk/records/{self.record_id}/"),
        ]  # fmt: skip
        return [("督察问题", [line for line in lines if line.text not in (None, "")])]

    def _turn(self, by: Any, unit: Subject, **clock: Any) -> None:
        self.matter.step(by=as_rule(by), unit=unit, **clock)

    @act("inspection.found", label="登记督察问题", right="matter.file", creates=True)
    def enter(self, *, by: Any) -> None:
        """A problem at one of the round's targets."""
        if self.round.state != "RUNNING" or self.target.code not in {t["code"] for t in self.round.targets}:
            raise ValidationError({"target": "该单位不是本轮督察的对象，或者本轮督察已经结束"})
        unit = self.round.unit
        title = f"{self.round.name}：{self.problem}"[:200]
        matter = Matter(
            kind=Kind.objects.get(code="DC01"), title=title, text=self.problem, unit=unit, received_unit=unit
        )
        self.matter, self.entered_by = matter.receive(by=as_rule(by)), by.user
        self._turn(by, unit)

    @act(
        "inspection.notified",
        label="登记通知送达",
        right="matter.assign",
        source=["FOUND"],
        target="NOTIFIED",
        form=("served_on",),
    )
    def notify(self, *, by: Any, served_on: date) -> None:
        """The notice was served; the unit replies within its term (D15)."""
        if served_on > timezone.localdate():
            raise ValidationError({"served_on": "送达日期不能晚于今天"})
        self._turn(by, self.target, code="D15", on=served_on)

    @act(
        "inspection.answered",
        label="回复",
        right="matter.handle",
        source=["NOTIFIED"],
        target="REPLIED",
        form=("unit_reply",),
    )
    def reply(self, *, by: Any, unit_reply: str) -> None:
        """The unit says what it has to say, and how it will put it right."""
        self.statement = unit_reply.strip()
        self._turn(by, self.round.unit)

    @act(
        "inspection.dropped",
        label="不属实，撤销",
        right="matter.assign",
        source=["REPLIED"],
        target="DROPPED",
        form=("reason",),
    )
    def drop(self, *, by: Any, reason: str) -> None:
        """The reply convinced: nothing is kept against the unit."""
        self._finish(by, "不属实，撤销", reason)

    @act(
        "inspection.ordered", label="责令整改", right="matter.assign", source=["REPLIED"], target="RECTIFYING",
        form=("mend_order", "rectify_until"),
    )  # fmt: skip
    def order(self, *, by: Any, mend_order: str, rectify_until: date | None = None) -> None:
        """Put it right by the day set, else within the term of rectification (D16)."""
        if rectify_until and rectify_until <= timezone.localdate():
            raise ValidationError({"rectify_until": "整改期限须晚于今天"})
        self.demand = mend_order.strip()
        self._turn(by, self.target, **({"until": rectify_until} if rectify_until else {"code": "D16"}))
        self.rectify_by = self.matter.due_on

    @act(
        "inspection.mended",
        label="报送整改结果",
        right="matter.handle",
        source=["RECTIFYING"],
        target="SUBMITTED",
        form=("done_text",),
    )
    def submit(self, *, by: Any, done_text: str) -> None:
        """What was done; the inspectors accept it within their term (D17)."""
        self.done_text = done_text.strip()
        self._turn(by, self.round.unit, code="D17")

    @act(
        "inspection.failed",
        label="验收不通过",
        right="matter.assign",
        source=["SUBMITTED"],
        target="RECTIFYING",
        form=("check_result",),
    )
    def fail(self, *, by: Any, check_result: str) -> None:
        """Not enough: once more."""
        self.check_result = check_result.strip()
        self._turn(by, self.target, code="D16")
        self.rectify_by = self.matter.due_on

    @act(
        "inspection.passed",
        label="验收通过",
        right="matter.assign",
        source=["SUBMITTED"],
        target="PASSED",
        form=("check_result",),
    )
    def accept(self, *, by: Any, check_result: str) -> None:
        """Put right."""
        self.check_result = check_result.strip()
        self._finish(by, "已整改", self.check_result)

    def _finish(self, by: Any, outcome: str, reply: str) -> None:
        if by.user_id == self.entered_by_id:
            raise ValidationError("登记问题的人不能验收或者撤销，请由督察组其他人员办理")
        self.matter.respond(by=as_rule(by), outcome=outcome, reply=reply)
        self.matter.close(by=as_rule(by))

    @act(
        "inspection.confirmed", label="提请认定", right="matter.assign", source=["REPLIED", "RECTIFYING", "SUBMITTED", "PASSED"],
        form=("verdict_no",), confirm="将生成督察问题记录草稿并提交复核，须告知、听取陈述申辩后才成为记录。",
    )  # fmt: skip
    def confirm(self, *, by: Any, verdict_no: str) -> None:
        """A confirmed problem becomes SV01, after notice, hearing and review like any finding."""
        if self.record_id:
            raise ValidationError("已经提请认定")
        values = {
            "subject": self.target.successor, "title": f"督察问题：{self.problem}"[:200], "fact": self.problem, "doc_type": "认定书",
            "doc_no": verdict_no, "decided_on": timezone.localdate().isoformat(), "legal_basis": self.basis, "deciding_code": by.org.code,
            "deciding_name": by.org.name, "round": self.round.name, "problem": self.problem, "harm": self.harm,
            "rectify_by": self.rectify_by.isoformat() if self.rectify_by else "",
        }  # fmt: skip
        rule = as_rule(by)
        self.record = Record(kind=Kind.objects.get(code="SV01")).enter(by=rule, values=values).submit(by=rule)
