"""招标投标: points rules, report providers and the reports used, agencies with their supervision, the monthly report (task 17)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import Acted, act
from integrity.models import Subject
from sectors.bidding import month_end, monthly_figures
from sectors.models.register import COUNTS, Entry, EntryQuerySet


class RuleQuerySet(EntryQuerySet):
    """Points rules in force on a day."""

    def in_force(self, on: date) -> RuleQuerySet:
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=on), state=COUNTS, valid_from__lte=on)


class PointsRule(Entry):
    """记分规则: which behaviour of whom costs how many points, on what ground, in which days (task 17)."""

    class Whom(models.TextChoices):
        BIDDER = "BIDDER", "投标人"
        AGENCY = "AGENCY", "招标代理机构"
        EXPERT = "EXPERT", "评标专家"
        PRACTITIONER = "PRACTITIONER", "从业人员"

    code = models.CharField("规则编号", max_length=40)
    whom = models.CharField("适用对象", max_length=12, choices=Whom)
    behaviour = models.CharField("不良行为", max_length=500)
    points = models.PositiveSmallIntegerField("记分")
    basis = models.CharField("依据", max_length=300)
    valid_from = models.DateField("施行日期")
    valid_until = models.DateField("停止施行日期", null=True, blank=True)

    objects = RuleQuerySet.as_manager()

    class Meta(Entry.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "记分规则"
        constraints = [
            *Entry.Meta.constraints,
            models.UniqueConstraint(fields=["code"], condition=~Q(state="ENDED"), name="one_points_rule_per_code",
                                    violation_error_message="该编号的规则正在使用，请先停用"),
            models.CheckConstraint(condition=Q(points__range=(1, 12)), name="points_within_bounds",
                                   violation_error_message="记分应在 1 至 12 之间"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.code} {self.behaviour}（{self.points} 分）"

    def fits(self, subject: Subject) -> bool:
        """Whether the rule is about such a subject: firms, or persons."""
        return (self.whom in ("BIDDER", "AGENCY")) == subject.is_organisation

    @act("points_rule.entered", label="提出记分规则", right="sector.enter", creates=True, button=False)
    def enter(self, *, by: Any) -> None:
        """Put a rule forward with its ground; nothing is counted by it before a second person has released it."""
        if not self.basis.strip():
            raise ValidationError({"basis": "请填写规则的依据"})
        if self.valid_until and self.valid_until <= self.valid_from:
            raise ValidationError({"valid_until": "应晚于施行日期"})
        self.note_entry(by)

    @act("points_rule.released", label="批准规则", right="sector.release", source=["PENDING"], target="LISTED")
    def release(self, *, by: Any) -> None:
        """A second person has compared the rule with its ground."""
        self.note_release(by)

    @act("points_rule.ended", label="停用规则", right="sector.release", source=["PENDING", "LISTED"], target="ENDED", form=("reason",))  # fmt: skip
    def end(self, *, by: Any, reason: str) -> dict[str, str]:
        """What was counted by it stays; nothing more is counted."""
        self.valid_until = max(timezone.localdate(), self.valid_from)
        return {"reason": reason.strip()}


class Provider(Entry):
    """第三方信用报告机构: who may report on bidders, filed under which number, until when (task 17)."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+", verbose_name="机构")
    filed_no = models.CharField("备案编号", max_length=60, unique=True)
    valid_from = models.DateField("备案日期")
    valid_until = models.DateField("备案有效期至")

    lock_with = ("subject", "source_unit")

    class Meta(Entry.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "第三方信用报告机构"

    def __str__(self) -> str:
        return f"{self.subject.name}（{self.filed_no}）"

    def filed_on(self, day: date) -> bool:
        return self.state == COUNTS and self.valid_from <= day <= self.valid_until

    @act("provider.entered", label="登记报告机构", right="sector.enter", creates=True, button=False)
    def enter(self, *, by: Any) -> None:
        """Enter an organisation that gives credit reports, as it was filed with the regulator."""
        if not self.subject.is_organisation:
            raise ValidationError({"subject": "报告机构须为单位"})
        if self.valid_until < self.valid_from:
            raise ValidationError({"valid_until": "不能早于备案日期"})
        self.note_entry(by)

    @act("provider.released", label="复核公开", right="sector.release", source=["PENDING"], target="LISTED")
    def release(self, *, by: Any) -> None:
        """A second person has seen the filing."""
        self.note_release(by)

    @act("provider.ended", label="移出名录", right="sector.release", source=["PENDING", "LISTED"], target="ENDED", form=("reason",))  # fmt: skip
    def end(self, *, by: Any, reason: str) -> dict[str, str]:
        """Its reports of later days are not taken any more."""
        return {"reason": reason.strip()}


class ReportUseQuerySet(EntryQuerySet):
    """Checks of reports stay with the unit that made them and the credit office; nothing of them is public."""

    def public(self) -> ReportUseQuerySet:
        return self.none()

    def visible_to(self, seat: Any) -> ReportUseQuerySet:
        return self.inside(seat)


class ReportUse(Acted):
    """第三方信用报告核验: one report that a bidder handed in, with number, validity and what was found (task 17)."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="reports", verbose_name="报告机构")
    report_no = models.CharField("报告编号", max_length=100)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+", verbose_name="被报告单位")
    issued_on = models.DateField("出具日期")
    valid_until = models.DateField("报告有效期至")
    used_on = models.DateField("使用日期")
    matter = models.CharField("招标项目", max_length=200)
    valid = models.BooleanField("有效", default=False)
    found = models.CharField("核验结果", max_length=300, blank=True)
    source_unit = models.ForeignKey(Subject, models.PROTECT, related_name="+", verbose_name="核验单位")
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="核验人")
    made_at = models.DateTimeField("核验时间", default=timezone.now)

    objects = ReportUseQuerySet.as_manager()
    lock_with = ("provider", "provider__subject", "subject", "source_unit")

    class Meta:
        verbose_name = verbose_name_plural = "第三方信用报告核验"
        indexes = [models.Index(fields=["source_unit", "-made_at"], name="reportuse_unit")]

    def __str__(self) -> str:
        return f"{self.report_no} {self.subject.name}"

    def refuses(self, spec: Any, by: Any) -> str:
        return "" if by.org_id else "岗位没有所属单位，不能核验"

    @act("report_use.checked", label="核验报告", right="sector.enter", creates=True, button=False)
    def verify(self, *, by: Any) -> None:
        """Is it a report of a filed provider, about this bidder, valid on the day it is used? The answer is kept either way."""
        faults = []
        if not self.provider.filed_on(self.issued_on):
            faults.append("出具日期不在报告机构的备案有效期内，或者机构已移出名录")
        if not self.issued_on <= self.used_on <= self.valid_until:
            faults.append(f"使用日期不在报告有效期内（{self.issued_on} 至 {self.valid_until}）")
        same = ReportUse.objects.filter(provider=self.provider, report_no=self.report_no)
        if same.exclude(subject=self.subject).exists():
            faults.append("同一编号的报告曾用于其他单位")
        self.valid, self.found = not faults, "；".join(faults) or "报告机构已备案，报告在有效期内"
        self.source_unit, self.entered_by = by.org, by.user


class Agent(Entry):
    """招标代理机构: its registration, people, scope and what supervision found; public (task 17)."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+", verbose_name="代理机构")
    registered_no = models.CharField("登记编号", max_length=60)
    registered_on = models.DateField("登记日期")
    scope = models.CharField("业务范围", max_length=300)
    staff = models.PositiveIntegerField("专职从业人员数")
    inspections = models.JSONField("动态监管", default=list, editable=False)

    lock_with = ("subject", "source_unit")

    class Meta(Entry.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "招标代理机构"
        constraints = [
            *Entry.Meta.constraints,
            models.UniqueConstraint(fields=["subject"], condition=~Q(state="ENDED"), name="one_agent_per_subject",
                                    violation_error_message="该代理机构已经登记"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.subject.name}（{self.registered_no}）"

    @act("agent.entered", label="登记代理机构", right="sector.enter", creates=True, button=False)
    def enter(self, *, by: Any) -> None:
        """Enter an agency with its registration, scope and number of people."""
        if not self.subject.is_organisation or self.subject.form == Subject.Form.AGENCY:
            raise ValidationError({"subject": "代理机构须为企业或者社会组织"})
        self.note_entry(by)

    @act("agent.released", label="复核公开", right="sector.release", source=["PENDING"], target="LISTED")
    def release(self, *, by: Any) -> None:
        """A second person has compared it with the registration."""
        self.note_release(by)

    @act(
        "agent.inspected",
        label="登记检查结果",
        right="sector.enter",
        source=["LISTED"],
        form=("done_on", "found", "held"),
    )
    def inspect(self, *, by: Any, done_on: date, found: str, held: str) -> None:
        """What an inspection found; a violation is pursued as a record, not here."""
        if done_on > timezone.localdate():
            raise ValidationError({"done_on": "不能晚于今天"})
        entry = {"on": done_on.isoformat(), "by": by.org.name, "found": found.strip(), "held": held}
        self.inspections, self.updated_at = [entry, *self.inspections], timezone.now()

    @act("agent.ended", label="注销登记", right="sector.release", source=["PENDING", "LISTED"], target="ENDED", form=("reason",))  # fmt: skip
    def end(self, *, by: Any, reason: str) -> dict[str, str]:
        """It no longer acts as an agency."""
        return {"reason": reason.strip()}


class MonthlyReportQuerySet(ReportUseQuerySet):
    """Told to the city's platform, not to the public."""


class MonthlyReport(Entry):
    """月报: what a supervising unit found in bidding in a month, told to the city's platform (task 17)."""

    month = models.DateField("月份", help_text="该月任意一天")
    figures = models.JSONField("统计", default=list, editable=False)
    records = models.JSONField("记录编号", default=list, editable=False)
    sent_at = models.DateTimeField("报送时间", null=True, editable=False)

    objects = MonthlyReportQuerySet.as_manager()
    lock_with = ("source_unit",)

    class Meta(Entry.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "招标投标月报"
        constraints = [
            *Entry.Meta.constraints,
            models.UniqueConstraint(fields=["source_unit", "month"], condition=~Q(state="ENDED"), name="one_report_per_month",
                                    violation_error_message="该月的月报已经编制"),
        ]  # fmt: skip
        indexes = [models.Index(F("month").desc(), name="monthlyreport_month")]

    def __str__(self) -> str:
        return f"{self.source_unit.name} {self.month:%Y-%m} 月报"

    @act("monthly_report.compiled", label="编制月报", right="sector.enter", creates=True, button=False)
    def compile(self, *, by: Any) -> None:
        """Count the unit's bidding records decided in a month that is over."""
        self.month = self.month.replace(day=1)
        if month_end(self.month) > timezone.localdate():
            raise ValidationError({"month": "该月尚未结束，不能编制月报"})
        self.note_entry(by)
        self.figures, self.records = monthly_figures(by.org, self.month)

    @act("monthly_report.sent", label="复核报送", right="sector.release", source=["PENDING"], target="LISTED",
         confirm="报送后，市公共信用信息平台可以查看本月报及所列记录")  # fmt: skip
    def send(self, *, by: Any) -> None:
        """A second person sends it to the city's platform; records themselves go up as each is registered."""
        self.note_release(by)
        self.sent_at = timezone.now()

    @act("monthly_report.ended", label="撤回月报", right="sector.release", source=["PENDING", "LISTED"], target="ENDED", form=("reason",))  # fmt: skip
    def end(self, *, by: Any, reason: str) -> dict[str, str]:
        """It was counted wrongly and is compiled anew."""
        return {"reason": reason.strip()}
