"""政府信息公开督促整改: the competent unit orders a correction; what is confirmed goes to the record by notice and hearing (条例 46-47)."""

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


class CorrectionOrder(Flow):
    """督促整改通知: a breach of the open-government rules to be corrected in time; AG08 only where it is confirmed."""

    class State(models.TextChoices):
        ORDERED = "ORDERED", "待整改"
        REPORTED = "REPORTED", "待核查"
        CORRECTED = "CORRECTED", "已整改"
        FOUND = "FOUND", "提请记入"

    article = models.CharField("违反的条款", max_length=200, help_text="如：政府信息公开条例第二十六条")
    problem = models.TextField("存在问题", max_length=2000)
    served_on = models.DateField("送达日期")
    report = models.TextField("整改情况", max_length=2000, blank=True)
    state = models.CharField("状态", max_length=9, choices=State, default=State.ORDERED)
    record = models.ForeignKey(Record, models.PROTECT, null=True, related_name="+", verbose_name="记入的记录")

    lock_with = (*Flow.lock_with, "record")

    class Meta:
        verbose_name = verbose_name_plural = "政府信息公开督促整改"

    def refuses(self, spec: Any, by: Any) -> str:
        if by.role.automatic:
            return ""
        if spec.right == "matter.assign":
            if spec.verb in ("correction.accepted", "correction.found") and by.user_id == self.entered_by_id:
                return "发出通知的人不能核查整改、提请记入，须由他人办理"
            return "" if over(by, self.agency) else "由信用牵头部门或者上级机关办理"
        return "" if by.org_id == self.answering.pk else "由收到通知的单位办理"

    def sections(self, seat: Any) -> list[tuple[str, list[Said]]]:
        """The order as both sides read it."""
        lines = [
            Said("单位", self.answering.name), Said("违反的条款", self.article), Said("存在问题", self.problem), Said("送达日期", self.served_on),
            Said("整改情况", self.report), Said("记入的记录", self.record, f"/desk/records/{self.record_id}/"),
        ]  # fmt: skip
        return [("督促整改", [line for line in lines if line.text not in (None, "")])]

    @act("correction.ordered", label="督促整改", right="matter.assign", creates=True)
    def order(self, *, by: Any) -> None:
        """The competent unit demands a correction within the term (条例 46, 47)."""
        if self.agency.form != "AGENCY":
            raise ValidationError({"agency": "只能督促政府机构整改"})
        if self.served_on > timezone.localdate():
            raise ValidationError({"served_on": "送达日期不能晚于今天"})
        title = f"{self.answering.name}政府信息公开督促整改"
        self.open_matter("GK01", title, self.problem, by.org or credit_office(self.answering), self.answering, by)
        self.matter.step(by=as_rule(by), unit=self.answering, code="D67", on=self.served_on)

    @act(
        "correction.reported",
        label="报告整改情况",
        right="matter.handle",
        source=["ORDERED"],
        target="REPORTED",
        form=("evidence",),
    )
    def tell(self, *, by: Any, evidence: str) -> None:
        """The agency says what it corrected; papers are attached to the matter."""
        self.report = evidence.strip()
        self.matter.step(by=as_rule(by), unit=self.matter.received_unit)

    @act(
        "correction.returned",
        label="退回继续整改",
        right="matter.assign",
        source=["REPORTED"],
        target="ORDERED",
        form=("reason",),
    )
    def give_back(self, *, by: Any, reason: str) -> dict[str, str]:
        """Not corrected yet; the term runs on from today."""
        self.matter.step(by=as_rule(by), unit=self.answering, code="D67")
        return {"reason": reason}

    @act(
        "correction.accepted",
        label="整改合格",
        right="matter.assign",
        source=["REPORTED"],
        target="CORRECTED",
        form=("reply",),
    )
    def accept(self, *, by: Any, reply: str) -> None:
        """Corrected in time: no record is made."""
        self.finish(by, "已整改", reply)

    @act(
        "correction.found", label="提请记入", right="matter.assign", source=["ORDERED", "REPORTED"], target="FOUND",
        form=("paper_no", "order_kind"), confirm="将生成政府信息公开督促整改、通报记录草稿并提交复核，须告知并听取陈述申辩后入库",
    )  # fmt: skip
    def find(self, *, by: Any, paper_no: str, order_kind: str) -> None:
        """The order stands confirmed, or criticism was decided: a finding (AG08) is drafted in the name of whoever decided."""
        if self.state == "ORDERED" and not self.late:
            raise ValidationError({"paper_no": f"整改期限至 {self.matter.due_on}，尚未届满"})
        self.record = raise_finding("AG08", self.answering, self._facts(paper_no, order_kind, timezone.localdate()), by)
        self.finish(by, "提请记入", f"{order_kind}：{self.problem}")

    def _facts(self, paper_no: str, order_kind: str, today: date) -> dict[str, Any]:
        return {
            "title": f"{self.answering.name}政府信息公开{order_kind}"[:200], "fact": self.problem, "doc_type": "整改通知书", "doc_no": paper_no,
            "decided_on": today.isoformat(), "legal_basis": f"政府信息公开条例第四十六条、第四十七条；{self.article}"[:300],
            "order_kind": order_kind, "article": self.article, "problem": self.problem,
        }  # fmt: skip
