"""违约登记: a broken promise of the public side, registered, disclosed, ordered to be kept, found (tasks 15 and 18)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from integrity.acts import Acted, act
from integrity.models import Kind, Record, as_rule, deadline
from sectors.models.belonging import OfProject
from sectors.models.duty import Duty
from sectors.models.officer import Officer
from sectors.models.project import Project


class BreachQuerySet(OfProject):
    """Public once a second person, who is not of the unit concerned, has disclosed it."""

    def public(self) -> BreachQuerySet:
        shown = self.filter(disclosed_at__isnull=False, project__in=Project.objects.public())
        return shown.exclude(state="VOID")


class Breach(Acted):
    """One promise that the public side has broken: why, with what loss, and what became of it (task 15; 发改财金〔2023〕1103号)."""

    class State(models.TextChoices):
        REGISTERED = "REGISTERED", "已登记"
        ORDERED = "ORDERED", "责令整改"
        REMEDIED = "REMEDIED", "已补救"
        FOUND = "FOUND", "提请认定"
        CONFIRMED = "CONFIRMED", "已认定"
        VOID = "VOID", "不成立"

    class Cause(models.TextChoices):
        """The first four are never an excuse (优化营商环境条例 31; 山东省优化营商环境条例 41)."""

        GOVERNMENT = "政府换届", "政府换届"
        LEADER = "领导更替", "领导更替"
        DISTRICT = "区划调整", "区划调整"
        FUNCTION = "机构职能调整", "机构职能调整"
        MONEY = "财政困难", "财政困难"
        OTHER = "其他", "其他"

    project = models.ForeignKey(Project, models.PROTECT, related_name="breaches", verbose_name="项目")
    duty = models.ForeignKey(
        Duty, models.PROTECT, null=True, blank=True, related_name="breaches", verbose_name="承诺事项"
    )
    stage = models.CharField("发生阶段", max_length=20)
    promise = models.CharField("违反的承诺", max_length=500)
    fact = models.TextField("违约事实", max_length=2000)
    cause = models.CharField(
        "不履约理由", max_length=10, choices=Cause, help_text="换届、领导更替、区划和职能调整均不得作为违约理由"
    )
    happened_on = models.DateField("违约日期")
    loss_wan = models.DecimalField("造成损失（万元）", max_digits=18, decimal_places=6, null=True, blank=True)
    remedy = models.CharField("补救情况", max_length=1000, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.REGISTERED)
    ordered_on = models.DateField("责令整改日期", null=True, blank=True)
    due_on = models.DateField("整改期限", null=True, blank=True)
    due_explain = models.JSONField("期限说明", default=list)
    record = models.ForeignKey(Record, models.PROTECT, null=True, related_name="+", verbose_name="认定记录")
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    disclosed_at = models.DateTimeField("披露时间", null=True, blank=True)

    objects = BreachQuerySet.as_manager()
    lock_with = ("project", "project__unit", "project__source_unit", "duty", "record")

    class Meta:
        verbose_name = verbose_name_plural = "违约登记"
        indexes = [models.Index(fields=["project", "happened_on"], name="breach_project")]

    def __str__(self) -> str:
        return f"{self.promise}（{self.project.name}）"

    def get_absolute_url(self) -> str:
        return self.project.get_absolute_url()

    @property
    def no_excuse(self) -> bool:
        return self.cause in ("政府换届", "领导更替", "区划调整", "机构职能调整")

    @property
    def stage_name(self) -> str:
        return self.project.plan.stage(self.stage).name

    def within(self, by: Any) -> bool:
        return self.project.within(by)

    def refuses(self, spec: Any, by: Any) -> str:
        return "" if self.within(by) else "不在您的管理范围内"

    def interested(self) -> set[Any]:
        """The unit that broke its word neither discloses nor judges it."""
        return {self.project.unit_id}

    @act("breach.registered", label="登记违约", right="sector.enter", creates=True)
    def register(self, *, by: Any) -> None:
        """Write down what was broken, when, why and with what loss; it is no record yet (task 15)."""
        project, today = self.project, timezone.localdate()
        if not project.plan.breach or project.state in ("DRAFT", "RETURNED", "WITHDRAWN") or not project.unit_id:
            raise ValidationError("只登记已公开项目中政府方的违约")
        if self.happened_on > today:
            raise ValidationError({"happened_on": "不能晚于今天"})
        if self.duty_id and (self.duty.project_id != project.pk or not self.duty.is_late):
            raise ValidationError({"duty_id": "该事项尚未逾期，不能登记违约"})
        if self.stage not in {code for code, _ in project.stages}:
            raise ValidationError({"stage": "项目尚未进入这个阶段"})
        if self.duty_id:
            self.promise = self.duty.text
        elif not self.promise.strip():
            raise ValidationError({"promise": "请填写违反的承诺，或者选择承诺事项"})
        self.entered_by = by.user

    @act("breach.disclosed", label="披露", right="sector.release", source=["REGISTERED", "ORDERED", "REMEDIED", "FOUND", "CONFIRMED"], confirm="披露后在项目公开页面显示，不含任何个人姓名")  # fmt: skip
    def disclose(self, *, by: Any) -> None:
        """A second person outside the unit makes it public (task 15: 登记、披露和管理)."""
        if self.disclosed_at:
            raise ValidationError("已经披露")
        self.disclosed_at = timezone.now()

    @act("breach.ordered", label="责令整改", right="sector.release", source=["REGISTERED"], target="ORDERED", form=("order_text", "served_on"))  # fmt: skip
    def order(self, *, by: Any, order_text: str, served_on: date) -> dict[str, str]:
        """Keep the promise within the term (D16); changes of government, posts, districts or functions excuse nothing."""
        if not self.happened_on <= served_on <= timezone.localdate():
            raise ValidationError({"served_on": f"应在违约日期（{self.happened_on}）至今天之间"})
        found = deadline("D16", served_on)
        self.ordered_on, self.due_on, self.due_explain = served_on, found.on, found.explain
        return {"order_text": order_text.strip()}

    @act("breach.remedied", label="登记补救", right="sector.enter", source=["REGISTERED", "ORDERED"], target="REMEDIED", form=("remedy_text",))  # fmt: skip
    def put_right(self, *, by: Any, remedy_text: str) -> None:
        """Put right before any finding: no record is made (1103号)."""
        self.remedy = remedy_text.strip()

    @act("breach.voided", label="不成立", right="sector.release", source=["REGISTERED", "ORDERED", "FOUND", "CONFIRMED"], target="VOID", form=("reason",))  # fmt: skip
    def void(self, *, by: Any, reason: str) -> dict[str, str]:
        """There was no breach, or its finding was revoked; it is no longer shown."""
        return {"reason": reason.strip()}

    @act(
        "breach.found", label="拒不整改，提请认定", right="sector.release", source=["ORDERED"], target="FOUND", form=("document_no", "refused"),
        confirm="将生成失信认定记录草稿并提交复核，须告知并听取陈述申辩后入库",
    )  # fmt: skip
    def find(self, *, by: Any, document_no: str, refused: str) -> None:
        """Only who does not keep his word after an order is found dishonest; named officers stand as parties (1103号)."""
        if timezone.localdate() <= self.due_on and not any(w in refused for w in ("拒绝", "拒不")):
            raise ValidationError(
                {"refused": f"整改期限至 {self.due_on}，尚未届满；期满前须写明对方明确拒绝整改的情形"}
            )
        rule, kind = as_rule(by), Kind.objects.get(code=self.project.plan.breach)
        record = Record(kind=kind).enter(by=rule, values=self._values(by, document_no.strip(), refused.strip()))
        for officer in Officer.objects.filter(project=self.project).in_charge(self.happened_on, self.stage):
            record.add_party(by=rule, subject=officer.person, role="责任人", post=officer.post)
        self.record = record.submit(by=rule)

    def _values(self, by: Any, document_no: str, refused: str) -> dict[str, Any]:
        """What the finding says, by the fields of its kind."""
        project, kind = self.project, self.project.plan.breach
        amount = project.amount_wan if not self.duty_id or self.duty.amount_wan is None else self.duty.amount_wan
        known = {
            "project": project.name, "project_no": project.number, "stage": self.stage_name, "commitment": self.promise, "breach": self.fact,
            "loss_wan": _plain(self.loss_wan), "remedy": refused, "contract": project.name, "counterparty": project.partner_name or "不特定对象",
            "field": {"investment": "招商引资", "ppp": "政府与社会资本合作"}.get(project.sector, "其他"), "excuse": self.cause,
            "amount_wan": _plain(amount), "ordered_on": self.ordered_on.isoformat(), "refusal": refused,
        }  # fmt: skip
        fields = Kind.objects.get(code=kind).spec.fact_names
        return {n: v for n, v in known.items() if n in fields} | {
            "subject": project.unit, "title": f"{project.unit_name}违约：{self.promise}"[:200], "fact": f"{self.fact}\n拒不整改：{refused}",
            "doc_type": "认定书", "doc_no": document_no, "decided_on": timezone.localdate().isoformat(),
            "legal_basis": "发改财金〔2023〕1103号", "tier": "general", "deciding_code": by.org.code, "deciding_name": by.org.name,
        }  # fmt: skip

    @act("breach.confirmed", label="已认定", right="record.confirm", source=["FOUND"], target="CONFIRMED", button=False)
    def confirm(self, *, by: Any) -> None:
        """The record of the finding has been confirmed; who was responsible is looked back at (task 15)."""


def _plain(amount: Any) -> str:
    return "" if amount is None else format(amount.normalize(), "f")
