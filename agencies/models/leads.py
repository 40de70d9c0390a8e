"""违约失信线索: a broken promise is reported, checked by the superior or competent unit, ordered to be kept (发改财金〔2023〕1103号)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from agencies.models.flow import Flow, Said, over, raise_finding
from integrity.acts import act
from integrity.models import Record, as_rule
from integrity.models.redress import credit_office

FIELDS = ("政府采购", "招标投标", "招商引资", "政府与社会资本合作", "产业扶持", "政府投资", "其他")
EXCUSES = ("政府换届", "领导更替", "区划调整", "机构职能调整", "财政困难", "其他")


class BreachLead(Flow):
    """A lead is no record: only who refuses to keep his word after an order is found dishonest (AG02, AG03)."""

    class Source(models.TextChoices):
        PUBLIC = "PUBLIC", "企业群众投诉"
        SME = "SME", "拖欠中小企业账款投诉"
        COURT = "COURT", "人民法院移送"
        AUDIT = "AUDIT", "审计移送"

    class State(models.TextChoices):
        RECEIVED = "RECEIVED", "已收"
        HANDED = "HANDED", "核查中"
        ORDERED = "ORDERED", "责令整改"
        UNTRUE = "UNTRUE", "不属实"
        KEPT = "KEPT", "已整改"
        FOUND = "FOUND", "提请认定"

    source = models.CharField("来源", max_length=6, choices=Source, default=Source.PUBLIC)
    field = models.CharField("领域", max_length=12, choices=[(f, f) for f in FIELDS])
    contract = models.CharField("合同或者承诺名称", max_length=200)
    counterparty = models.CharField("相对方", max_length=200)
    breach = models.TextField("违约事实", max_length=2000)
    amount_wan = models.DecimalField("涉及金额（万元）", max_digits=18, decimal_places=6, null=True, blank=True)
    payable_on = models.DateField("应付日期", null=True, blank=True)
    state = models.CharField("状态", max_length=8, choices=State, default=State.RECEIVED)
    ordered_on = models.DateField("责令整改日期", null=True)
    record = models.ForeignKey(Record, models.PROTECT, null=True, related_name="+", verbose_name="认定记录")

    lock_with = (*Flow.lock_with, "record")

    class Meta:
        verbose_name = verbose_name_plural = "违约失信线索"

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.creates or by.role.automatic:
            return ""
        if spec.right == "matter.assign":
            return "" if over(by, self.agency) else "由信用牵头部门或者上级机关办理"
        return "" if self.matter.unit_id == by.org_id else "由核查单位办理"

    def sections(self, seat: Any) -> list[tuple[str, list[Said]]]:
        """The lead as those who handle it read it."""
        money = f"{self.amount_wan.normalize():f} 万元" if self.amount_wan else ""
        lines = [
            Said("来源", self.get_source_display()), Said("领域", self.field), Said("合同或者承诺", self.contract),
            Said("相对方", self.counterparty), Said("违约事实", self.breach), Said("涉及金额", money),
            Said("应付日期", self.payable_on), Said("责令整改日期", self.ordered_on),
            Said("认定记录", self.record, f"/desk/records/{self.record_id}/"),
        ]  # fmt: skip
        return [("线索", [line for line in lines if line.text not in (None, "")])]

    @act("lead.received", label="登记违约失信线索", right="matter.file", creates=True)
    def file(self, *, by: Any) -> None:
        """From anybody, from a firm that was not paid, from court or audit; to the credit office, which hands it on."""
        if self.agency.form != "AGENCY":
            raise ValidationError({"agency": "只能反映政府机构的违约失信行为"})
        if self.source == self.Source.SME and not (self.amount_wan and self.payable_on):
            raise ValidationError({"amount_wan": "拖欠账款的线索，请填写拖欠金额和应付日期"})
        office = credit_office(self.agency)
        self.open_matter("WY01", f"反映{self.agency.name}违约失信：{self.contract}", self.breach, office, by.org, by)

    @act(
        "lead.handed",
        label="转办核查",
        right="matter.assign",
        source=["RECEIVED", "HANDED"],
        target="HANDED",
        form=("unit",),
    )
    def hand(self, *, by: Any, unit: Any) -> None:
        """At once to the superior or competent unit, never to the accused itself (1103号)."""
        if unit.pk in (self.agency_id, self.answering.pk):
            raise ValidationError({"unit": "不能转给被反映的单位自行核查"})
        self.matter.step(by=as_rule(by), unit=unit, code="D46")

    @act("lead.untrue", label="核查不属实", right="matter.handle", source=["HANDED"], target="UNTRUE", form=("reply",))
    def dismiss(self, *, by: Any, reply: str) -> None:
        """Not true: explained to whoever reported it, and nothing is kept against the agency."""
        self.finish(by, "不属实", reply)

    @act(
        "lead.ordered",
        label="属实，责令整改",
        right="matter.handle",
        source=["HANDED"],
        target="ORDERED",
        form=("demand", "served_on"),
    )
    def order(self, *, by: Any, demand: str, served_on: date) -> dict[str, str]:
        """True: keep the promise within the term (D16); change of government or posts is no excuse."""
        if served_on > timezone.localdate():
            raise ValidationError({"served_on": "送达日期不能晚于今天"})
        self.ordered_on = served_on
        self.matter.step(by=as_rule(by), unit=self.matter.unit, code="D16", on=served_on)
        return {"demand": demand}

    @act("lead.kept", label="已整改", right="matter.handle", source=["ORDERED"], target="KEPT", form=("reply",))
    def keep(self, *, by: Any, reply: str) -> None:
        """Put right before any finding: no record is made (1103号)."""
        self.finish(by, "属实，已整改", reply)

    @act(
        "lead.found", label="拒不整改，提请认定", right="matter.handle", source=["ORDERED"], target="FOUND",
        form=("paper_no", "refusal", "excuse"), confirm="将生成违约失信认定记录草稿并提交复核，须告知并听取陈述申辩后入库",
    )  # fmt: skip
    def find(self, *, by: Any, paper_no: str, refusal: str, excuse: str = "") -> None:
        """Refused after the order: only now a finding is drafted (AG03 for unpaid firms, else AG02), to be noticed and heard."""
        if not refusal.strip():
            raise ValidationError({"refusal": "请写明拒不整改的情形"})
        due = self.matter.due_on
        if not self.late and "拒绝" not in refusal and "拒不" not in refusal:
            raise ValidationError({"refusal": f"整改期限至 {due}，尚未届满；期满前须写明对方明确拒绝整改的情形"})
        self.record = raise_finding(self.kind_code, self.answering, self._facts(paper_no, refusal, excuse), by)
        self.finish(by, "属实，提请认定", f"拒不整改：{refusal}")

    @property
    def kind_code(self) -> str:
        return "AG03" if self.source == self.Source.SME else "AG02"

    def _facts(self, paper_no: str, refusal: str, excuse: str) -> dict[str, Any]:
        money = f"{self.amount_wan.normalize():f}" if self.amount_wan else ""
        values = {
            "title": f"{self.answering.name}违约失信：{self.contract}"[:200], "fact": f"{self.breach}\n拒不整改：{refusal}",
            "doc_type": "认定书", "doc_no": paper_no, "decided_on": timezone.localdate().isoformat(),
            "contract": self.contract, "amount_wan": money, "ordered_on": self.ordered_on.isoformat(),
        }  # fmt: skip
        if self.kind_code == "AG03":
            law = "《保障中小企业款项支付条例》第二十六条"
            return values | {"legal_basis": law, "creditor_type": "中小企业", "due_on": self.payable_on.isoformat()}
        more = {
            "counterparty": self.counterparty,
            "field": self.field,
            "breach": self.breach,
            "refusal": refusal,
            "excuse": excuse,
        }
        return values | more | {"legal_basis": "发改财金〔2023〕1103号"}
