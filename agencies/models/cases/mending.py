"""Rectification in time, with one extension, evidence and acceptance; what is overdue is found (任务9: 限期加以整改)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.models.cases.explaining import Explaining
from agencies.models.cases.fields import CaseFields
from agencies.models.flow import raise_finding
from integrity.acts import act
from integrity.models import as_rule

MOST_EXTENSION = 30  # days, once (domain.md 2, task 9)


class Mending(Explaining):
    """Order, plan, extension, submission, acceptance."""

    class Meta(CaseFields.Meta):
        abstract = True

    @act(
        "case.ordered", label="责令限期整改", right="matter.assign", source=["STATEMENT_IN", "STATEMENT_DUE"], target="RECTIFYING",
        form=("demand", "term", "served_on"), confirm="送达后开始计算整改期限；未作书面说明的，说明义务不因整改而免除",
    )  # fmt: skip
    def order(self, *, by: Any, demand: str, term: str, served_on: date) -> None:
        """Mend within thirty days, or sixty where it is complicated, from the notice on (D16)."""
        if served_on > timezone.localdate():
            raise ValidationError({"served_on": "送达日期不能晚于今天"})
        self.demand, self.term, self.ordered_on = demand.strip(), int(term), served_on
        self.matter.step(by=as_rule(by), unit=self.answering, code="D16", on=served_on, term=self.term)
        self._mark(by, True)

    @act(
        "case.planned", label="报送整改方案", right="matter.handle", source=["RECTIFYING"], form=("plan", "plan_leader")
    )
    def make_plan(self, *, by: Any, plan: str, plan_leader: str) -> None:
        """Who mends what by when; a changed plan replaces the last, the ledger keeps both."""
        self.plan, self.plan_leader = plan.strip(), plan_leader.strip()

    @act("case.extended", label="延长整改期限", right="matter.assign", source=["RECTIFYING"], form=("days", "reason"))
    def prolong(self, *, by: Any, days: int, reason: str) -> dict[str, str]:
        """Once, by at most thirty days, before the term is over."""
        if self.extension:
            raise ValidationError("整改期限只能延长一次")
        if not 0 < days <= MOST_EXTENSION:
            raise ValidationError({"days": f"延长不得超过 {MOST_EXTENSION} 日"})
        if self.late:
            raise ValidationError("整改期限已过，不能再延长")
        self.extension = days
        self._run(by)
        return {"reason": reason}

    @act(
        "case.submitted", label="提交整改验收", right="matter.handle", source=["RECTIFYING", "OVERDUE"], target="SUBMITTED",
        form=("evidence",),
    )  # fmt: skip
    def submit(self, *, by: Any, evidence: str) -> None:
        """What was done, with evidence; the superior inspects within ten working days (D17)."""
        if not self.plan:
            raise ValidationError("请先报送整改方案")
        self.evidence, self.submitted_on = evidence.strip(), timezone.localdate()
        self.matter.step(by=as_rule(by), unit=self.matter.received_unit, code="D17")

    @act(
        "case.passed", label="验收通过", right="matter.assign", source=["SUBMITTED"], target="PASSED", form=("result",)
    )
    def accept(self, *, by: Any, result: str) -> None:
        """Somebody other than who opened the case found it mended (验收)."""
        self._inspect(by, result)
        self.matter.step(by=as_rule(by), unit=self.matter.received_unit)
        self._mark(by, False)

    @act(
        "case.failed",
        label="验收不通过",
        right="matter.assign",
        source=["SUBMITTED"],
        target="RECTIFYING",
        form=("result",),
    )
    def fail(self, *, by: Any, result: str) -> None:
        """Not mended: back to work within the term that was set."""
        self._inspect(by, result)
        self._run(by)

    @act(
        "case.found_overdue", label="认定逾期未整改", right="matter.assign", source=["RECTIFYING"], target="OVERDUE",
        form=("paper_no", "undone"), confirm="将生成“逾期未整改记录”草稿并提交复核，须告知并听取陈述申辩后入库",
    )  # fmt: skip
    def find_overdue(self, *, by: Any, paper_no: str, undone: str) -> None:
        """The term is over and it is not mended: a finding (AG07) is drafted, to be noticed, heard and reviewed."""
        if not self.late:
            raise ValidationError(f"整改期限至 {self.matter.due_on}，尚未届满")
        days = (timezone.localdate() - self.matter.due_on).days
        facts = {
            "title": f"{self.answering.name}逾期未完成整改"[:200], "fact": f"整改期限至 {self.matter.due_on}，尚未完成：{undone}",
            "case_no": self.number, "due_on": self.matter.due_on.isoformat(), "overdue_days": str(days), "undone": undone,
        }  # fmt: skip
        raise_finding("AG07", self.answering, self.paper(paper_no) | facts, by)

    def paper(self, doc_no: str) -> dict[str, str]:
        """Document and basis of what is found in this case."""
        return {
            "doc_type": "通报", "doc_no": doc_no, "decided_on": timezone.localdate().isoformat(),
            "legal_basis": "《关于加强政务诚信建设的通知》（日政发〔2018〕12号）任务9",
        }  # fmt: skip

    def _inspect(self, by: Any, result: str) -> None:
        if not result.strip():
            raise ValidationError({"result": "请填写验收意见"})
        self.result, self.inspected_on, self.inspected_by = result.strip(), timezone.localdate(), by.user

    def _run(self, by: Any) -> None:
        self.matter.step(
            by=as_rule(by),
            unit=self.answering,
            code="D16",
            on=self.ordered_on,
            term=self.term,
            extension=self.extension,
        )

    def _mark(self, by: Any, rectifying: bool) -> None:
        """整改中 stands wherever the record is shown, as long as it stands at all."""
        if self.record.state == "CONFIRMED":
            self.record.flag(by=as_rule(by), rectifying=rectifying)
