"""清零: an agency on the court's list, or about to be, performs or settles and is taken off (task 10)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models.flow import Flow, Said, over
from integrity.acts import act
from integrity.models import Record, Subject, as_rule
from integrity.models.redress import credit_office

FOUR_KINDS = {  # 四类主体, with what counts among them (任务10)
    "地方政府部门": ("GOVERNMENT", "COMMITTEE_ZONE", "GOV_DEPT", "TOWNSHIP", "SUBDISTRICT", "OTHER_ORGAN", ""),
    "事业单位": ("INSTITUTION",),
    "社区居民委员会": ("RESIDENT_COMMITTEE",),
    "村民委员会": ("VILLAGE_COMMITTEE",),
}
STANDING = ("LISTED", "NEGOTIATING", "PERFORMED", "SETTLED", "REMOVAL_REQUESTED")


class ClearingCase(Flow):
    """One debt of an agency from the court's warning to the court's removal; AG01 stands as long as it is listed."""

    class State(models.TextChoices):
        WARNED = "WARNED", "预警"
        AVERTED = "AVERTED", "已化解，未列入"
        LISTED = "LISTED", "在列"
        NEGOTIATING = "NEGOTIATING", "化解中"
        PERFORMED = "PERFORMED", "已履行"
        SETTLED = "SETTLED", "已和解"
        REMOVAL_REQUESTED = "REMOVAL_REQUESTED", "已申请退出"
        REMOVED = "REMOVED", "已退出"

    class Plan(models.TextChoices):
        FULL = "FULL", "全部履行"
        SETTLEMENT = "SETTLEMENT", "和解"
        INSTALMENTS = "INSTALMENTS", "分期"
        TREASURY = "TREASURY", "财政兜底"

    record = models.OneToOneField(
        Record, models.PROTECT, null=True, related_name="clearing", verbose_name="失信被执行人记录"
    )
    creditor = models.CharField("申请执行人", max_length=200, blank=True)
    case_no = models.CharField("执行案号", max_length=100)
    court = models.CharField("执行法院", max_length=200)
    amount_wan = models.DecimalField("执行标的（万元）", max_digits=18, decimal_places=6, null=True, blank=True)
    duty = models.TextField("应履行的义务", max_length=2000, blank=True)
    told_on = models.DateField("法院告知日期", null=True, blank=True)
    listed_on = models.DateField("列入日期", null=True)
    plan_kind = models.CharField("化解方式", max_length=11, choices=Plan, blank=True)
    plan = models.TextField("化解方案", blank=True)
    leader = models.CharField("包保负责人", max_length=60, blank=True)
    plan_due_on = models.DateField("化解期限", null=True)
    performed_on = models.DateField("履行或者和解日期", null=True)
    performed_wan = models.DecimalField("已履行（万元）", max_digits=18, decimal_places=6, null=True)
    proof = models.TextField("履行、和解情况", blank=True)
    asked_on = models.DateField("申请退出日期", null=True)
    removed_on = models.DateField("退出日期", null=True)
    state = models.CharField("状态", max_length=18, choices=State, default=State.WARNED)

    lock_with = (*Flow.lock_with, "record")

    class Meta:
        verbose_name = verbose_name_plural = "失信被执行人清零"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "case_no"], condition=~Q(state__in=["AVERTED", "REMOVED"]), name="one_clearing_per_case",
                violation_error_message="该执行案件已在清零台账中",
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["agency", "state"], name="clearing_agency")]

    def refuses(self, spec: Any, by: Any) -> str:
        if by.role.automatic:
            return ""
        if spec.right == "matter.handle":
            return "" if by.org_id == self.answering.pk else "由被执行单位办理"
        return "" if over(by, self.agency) else "由信用牵头部门或者上级机关办理"

    def sections(self, seat: Any) -> list[tuple[str, list[Said]]]:
        """The debt, how it is cleared, and the record that stands meanwhile."""
        money = lambda v: f"{v.normalize():f} 万元" if v else ""  # noqa: E731
        parts = {
            "执行案件": [
                Said("执行案号", self.case_no), Said("执行法院", self.court), Said("申请执行人", self.creditor),
                Said("执行标的", money(self.amount_wan)), Said("应履行的义务", self.duty), Said("法院告知日期", self.told_on),
                Said("列入日期", self.listed_on), Said("失信被执行人记录", self.record, f"/desk/records/{self.record_id}/"),
            ],
            "化解": [
                Said("化解方式", self.get_plan_kind_display()), Said("化解方案", self.plan), Said("包保负责人", self.leader),
                Said("化解期限", self.plan_due_on), Said("履行、和解情况", self.proof), Said("履行或者和解日期", self.performed_on),
                Said("已履行", money(self.performed_wan)), Said("申请退出日期", self.asked_on), Said("退出日期", self.removed_on),
            ],
        }  # fmt: skip
        filled = {title: [line for line in lines if line.text not in (None, "")] for title, lines in parts.items()}
        return [(title, lines) for title, lines in filled.items() if lines]

    @act("clearing.warned", label="登记列入前预警", right="matter.assign", creates=True)
    def warn(self, *, by: Any) -> None:
        """The court tells five working days before it lists or enforces: the agency can still perform (D61)."""
        if self.agency.form != "AGENCY":
            raise ValidationError({"agency": "只适用于政府机构"})
        today = timezone.localdate()
        self.told_on = date.fromisoformat(str(self.told_on)) if self.told_on else today
        if self.told_on > today:
            raise ValidationError({"told_on": "法院告知日期不能晚于今天"})
        self._start(by)
        self.matter.step(by=as_rule(by), unit=self.answering, code="D61", on=self.told_on)

    @act("clearing.opened", label="启动清零", right="matter.assign", creates=True, button=False)
    def open(self, *, by: Any) -> None:
        """The court listed it: its record is in the register, and the agency has to be taken off (rule)."""
        facts = self.record.facts
        self.agency, self.state = self.record.subject, self.State.LISTED
        self.case_no, self.court, self.duty = facts["case_no"], facts["court"], facts["duty"]
        self.amount_wan, self.listed_on = facts.get("amount_wan"), date.fromisoformat(facts["listed_on"])
        self._start(by)

    @act("clearing.listed", label="法院已列入", right="matter.assign", source=["WARNED"], target="LISTED", button=False)
    def list_(self, *, by: Any, record: Record) -> None:
        """The warning did not help: the court listed it after all (rule)."""
        self.record, self.listed_on = record, date.fromisoformat(record.facts["listed_on"])
        self.matter.step(by=as_rule(by), unit=self.answering)

    @act(
        "clearing.averted",
        label="已化解，未列入",
        right="matter.assign",
        source=["WARNED"],
        target="AVERTED",
        form=("reason",),
    )
    def avert(self, *, by: Any, reason: str) -> None:
        """Performed before the court listed it: nothing is recorded."""
        self.finish(by, "已化解，未列入", reason)

    @act(
        "clearing.planned", label="报送化解方案", right="matter.handle", source=["LISTED", "NEGOTIATING"], target="NEGOTIATING",
        form=("plan_kind", "plan", "leader", "plan_due_on"),
    )  # fmt: skip
    def make_plan(self, *, by: Any, plan_kind: str, plan: str, leader: str, plan_due_on: date) -> None:
        """How, by whose answer and by when the debt is cleared."""
        if plan_due_on <= timezone.localdate():
            raise ValidationError({"plan_due_on": "化解期限须晚于今天"})
        if plan_kind not in self.Plan.values:
            raise ValidationError({"plan_kind": "请选择化解方式"})
        self.plan_kind, self.plan, self.leader, self.plan_due_on = plan_kind, plan.strip(), leader.strip(), plan_due_on

    @act(
        "clearing.performed", label="登记已履行", right="matter.handle", source=["LISTED", "NEGOTIATING", "SETTLED"], target="PERFORMED",
        form=("performed_on", "performed_wan", "proof"),
    )  # fmt: skip
    def perform(self, *, by: Any, performed_on: date, proof: str, performed_wan: Any = None) -> None:
        """The duty is done; the court takes three working days to remove it (D44)."""
        self._done(performed_on, proof)
        self.performed_wan = performed_wan or None

    @act(
        "clearing.settled", label="登记已和解", right="matter.handle", source=["LISTED", "NEGOTIATING"], target="SETTLED",
        form=("performed_on", "proof"),
    )  # fmt: skip
    def settle(self, *, by: Any, performed_on: date, proof: str) -> None:
        """Settled with the creditor: the court may remove it."""
        self._done(performed_on, proof)

    def _done(self, on: date, proof: str) -> None:
        if on > timezone.localdate():
            raise ValidationError({"performed_on": "日期不能晚于今天"})
        if not proof.strip():
            raise ValidationError({"proof": "请写明履行、和解情况"})
        self.performed_on, self.proof = on, proof.strip()

    @act(
        "clearing.removal_asked", label="登记申请退出", right="matter.handle", source=["PERFORMED", "SETTLED"], target="REMOVAL_REQUESTED",
        form=("asked_on",),
    )  # fmt: skip
    def ask_removal(self, *, by: Any, asked_on: date) -> None:
        """The court was asked to take it off: the credit office follows until it is off (D44)."""
        if not self.performed_on <= asked_on <= timezone.localdate():
            raise ValidationError({"asked_on": f"须在履行日期（{self.performed_on}）与今天之间"})
        self.asked_on = asked_on
        self.matter.step(by=as_rule(by), unit=self.matter.received_unit, code="D44", on=asked_on)

    @act("clearing.removed", label="确认退出", right="matter.assign", source=STANDING, target="REMOVED", button=False)
    def remove(self, *, by: Any) -> None:
        """The court took it off and its record ended (rule, after 法院移出名单 was registered by another person)."""
        self.removed_on = timezone.localdate()
        self.finish(by, "已退出", f"人民法院已将其移出失信被执行人名单（{self.case_no}）")

    def _start(self, by: Any) -> None:
        title = f"{self.agency.name}失信被执行人清零：{self.case_no}"
        self.open_matter("QL01", title, self.duty or title, followed_by(self.agency), self.answering, by)


def followed_by(agency: Subject) -> Subject:
    """The office that follows the clearing: the credit office above, for the city's own office the unit over it."""
    try:
        return credit_office(agency)
    except ValidationError:
        return agency.parent or agency
