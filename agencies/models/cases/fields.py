"""What is stored of a sanctions case, and how its page tells it (domain.md 2, task 9)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from agencies.models.flow import Flow, Said, over
from integrity import catalogue
from integrity.models import Record

STATEMENT = {  # the form of the written statement, 《失信情况说明》 (domain.md 2.22)
    "happened": "事项", "cause": "原因", "losses": "造成的损失和影响", "persons": "责任人", "remedy": "整改措施", "remedy_by": "整改时限",
    "prevention": "防止再次发生的措施", "signed_by": "单位负责人签字",
}  # fmt: skip
NOT_TRIGGERS = ("AG04", "AG07", "AG08")  # consequences of a case, and what has its own correction order


class CaseFields(Flow):
    """What is kept of a case (domain.md 2, task 9)."""

    class State(models.TextChoices):
        OPENED = "OPENED", "立案"
        STATEMENT_DUE = "STATEMENT_DUE", "待说明"
        STATEMENT_IN = "STATEMENT_IN", "已说明"
        RECTIFYING = "RECTIFYING", "整改中"
        SUBMITTED = "SUBMITTED", "待验收"
        OVERDUE = "OVERDUE", "逾期未整改"
        PASSED = "PASSED", "整改完成"
        CLOSED = "CLOSED", "结案"

    record = models.ForeignKey(Record, models.PROTECT, related_name="sanction_cases", verbose_name="据以立案的记录")
    government = models.ForeignKey(
        "integrity.Subject", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="责任政府"
    )
    loss_wan = models.DecimalField("造成损失（万元）", max_digits=18, decimal_places=6, null=True, blank=True)
    effect = models.CharField("不良社会影响", max_length=500, blank=True)
    state = models.CharField("状态", max_length=14, choices=State, default=State.OPENED)
    notified_on = models.DateField("通知送达日期", null=True)
    statement = models.JSONField("失信情况说明", default=dict)
    explained_on = models.DateField("说明日期", null=True)
    demand = models.TextField("整改要求", blank=True)
    term = models.PositiveSmallIntegerField("整改期限（序）", default=0)
    ordered_on = models.DateField("责令整改日期", null=True)
    plan = models.TextField("整改方案", blank=True)
    plan_leader = models.CharField("整改责任人", max_length=60, blank=True)
    extension = models.PositiveSmallIntegerField("延长日数", default=0)
    evidence = models.TextField("整改情况和证据", blank=True)
    submitted_on = models.DateField("提交验收日期", null=True)
    result = models.TextField("验收意见", blank=True)
    inspected_on = models.DateField("验收日期", null=True)
    inspected_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="验收人"
    )
    mitigated = models.CharField("主动纠正情况", max_length=300, blank=True)
    referred_to = models.CharField("追责移送单位", max_length=100, blank=True)
    referred_on = models.DateField("移送日期", null=True)
    referral = models.CharField("追责结果", max_length=300, blank=True)

    lock_with = (*Flow.lock_with, "record", "record__subject", "record__source_unit", "government")

    class Meta:
        abstract = True
        verbose_name = verbose_name_plural = "失信惩戒案件"
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=~Q(state="CLOSED"), name="one_open_case_per_record",
                violation_error_message="该记录已有正在办理的惩戒案件",
            ),
            models.CheckConstraint(
                condition=Q(inspected_by__isnull=True) | ~Q(inspected_by=F("entered_by")),
                name="case_inspected_by_another",
                violation_error_message="立案人不能验收同一案件，请由他人验收",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["agency", "state"], name="case_agency")]

    @property
    def number(self) -> str:
        return self.matter.number

    def refuses(self, spec: Any, by: Any) -> str:
        if by.role.automatic:
            return ""
        if spec.creates:
            return "" if over(by, self.record.subject) else "只能由上级机关或者信用牵头部门立案"
        if spec.right == "matter.handle":
            return "" if by.org_id == self.answering.pk else "由涉事单位办理"
        return "" if over(by, self.agency) else "由立案的上级机关办理"

    @property
    def findings(self) -> Any:
        """Criticism, overdue finding and summary that came of this case, in every state."""
        about = [self.agency_id, self.government_id] if self.government_id else [self.agency_id]
        return Record.objects.filter(subject__in=about, kind__in=["AG04", "AG07", "AG10"], facts__case_no=self.number)

    def sections(self, seat: Any) -> list[tuple[str, list[Said]]]:
        """The case as its page shows it; empty lines fall out."""
        money = f"{self.loss_wan.normalize():f} 万元" if self.loss_wan else ""
        parts = {
            "案件": [
                Said("据以立案的记录", str(self.record), f"/desk/records/{self.record_id}/"), Said("责任政府", self.government),
                Said("造成损失", money), Said("不良社会影响", self.effect), Said("通知送达", self.notified_on),
                Said("主动纠正", self.mitigated),
            ],
            "失信情况说明": [Said(label, self.statement.get(k, "")) for k, label in STATEMENT.items()],
            "整改": [
                Said("整改要求", self.demand), Said("责令整改日期", self.ordered_on), Said("整改方案", self.plan),
                Said("整改责任人", self.plan_leader), Said("延长", f"{self.extension} 日" if self.extension else ""),
                Said("整改情况和证据", self.evidence), Said("提交验收", self.submitted_on), Said("验收意见", self.result),
            ],
            "约谈": [Said(f"{t.held_on} {t.get_kind_display()}", f"参加人：{t.attended_by}\n{t.minutes}") for t in self.talks.all()],
            "通报、逾期认定和公开": [Said(r.kind.name, str(r), f"/desk/records/{r.pk}/") for r in self.findings.select_related("kind")],
            "惩戒措施": [
                Said(m.kind.name, f"{m.number}，{m.starts_on} 至 {m.until or '解除之日'}，{m.get_state_display()}")
                for m in self.record.measures.select_related("kind")
            ],
            "追究责任": [Said("移送", self.referred_to), Said("移送日期", self.referred_on), Said("结果", self.referral)],
        }  # fmt: skip
        filled = {title: [line for line in lines if line.text not in (None, "")] for title, lines in parts.items()}
        return [(title, lines) for title, lines in filled.items() if lines]

    @property
    def listed_measures(self) -> list[tuple[str, str]]:
        """Measures the list ties to the record behind the case, and which are not in force yet."""
        kinds, now = (
            catalogue.load().kinds,
            set(self.record.measures.filter(state="IN_FORCE").values_list("kind", flat=True)),
        )
        return [(m.code, kinds[m.code].name) for m in self.record.spec.measures if m.code not in now]


class Talk(models.Model):
    """约谈: one talk with an agency's head, its kind, who came and what was said (P07); written by the case's act."""

    class Kind(models.TextChoices):
        REMINDER = "REMINDER", "提示约谈"
        WARNING = "WARNING", "警示约谈"

    case = models.ForeignKey("agencies.SanctionCase", models.PROTECT, related_name="talks", verbose_name="案件")
    held_on = models.DateField("约谈日期")
    kind = models.CharField("类型", max_length=8, choices=Kind)
    attended_by = models.CharField("参加人", max_length=300)
    minutes = models.TextField("约谈纪要", max_length=4000)

    class Meta:
        verbose_name = verbose_name_plural = "约谈"
        ordering = ("held_on", "id")

    def __str__(self) -> str:
        return f"{self.held_on} {self.get_kind_display()}"
