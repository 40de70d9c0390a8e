"""失信惩戒案件: a dishonest agency explains in writing, mends in time, and bears what follows (task 9)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.models.cases.fields import STATEMENT, CaseFields, Talk
from agencies.models.cases.mending import Mending
from agencies.models.flow import raise_finding
from integrity.acts import act
from integrity.models import Kind, Measure

__all__ = ["STATEMENT", "SanctionCase", "Talk"]
RUNNING = ("STATEMENT_DUE", "STATEMENT_IN", "RECTIFYING", "SUBMITTED", "OVERDUE", "PASSED")


class SanctionCase(Mending):
    """A case on one verified dishonesty of an agency: statement, rectification, criticism, bars, accountability."""

    class Meta(CaseFields.Meta):
        abstract = False

    @act(
        "case.criticised", label="通报批评", right="matter.assign", source=RUNNING, form=("whom", "scope", "content", "paper_no"),
        confirm="将生成“通报批评记录”草稿并提交复核，须告知并听取陈述申辩后入库",
    )  # fmt: skip
    def criticise(self, *, by: Any, whom: str, scope: str, content: str, paper_no: str) -> None:
        """Criticise the agency, the responsible government, or both: a finding (AG04) of each is drafted."""
        if whom != "agency" and not self.government_id:
            raise ValidationError({"whom": "本案没有登记责任政府"})
        for subject in [self.answering] * (whom != "government") + [self.government] * (whom != "agency"):
            facts = {
                "title": f"对{subject.name}通报批评"[:200],
                "fact": content,
                "scope": scope,
                "content": content,
                "case_no": self.number,
            }
            raise_finding("AG04", subject, self.paper(paper_no) | facts, by)

    @act(
        "case.restricted", label="实施惩戒措施", right="measure.impose", source=RUNNING, form=("measure", "decision_no"),
        confirm="措施只能从目录列明的清单中选择，随据以立案的记录修复、撤销或者到期而解除",
    )  # fmt: skip
    def restrict(self, *, by: Any, measure: str, decision_no: str) -> None:
        """Bar from honours, restrict funds, projects or pilots: measures of the list that the record behind it allows."""
        if measure not in dict(self.listed_measures):
            raise ValidationError({"measure": "该项措施与本案所据记录没有关联，或者已在执行"})
        kind, today = Kind.objects.get(code=measure), timezone.localdate()
        Measure(
            kind=kind, record=self.record, basis="；".join(kind.spec.basis), effect="reference", decided_unit=by.org,
            decided_on=today, starts_on=today, doc_no=decision_no,
        ).impose(by=by)  # fmt: skip

    @act("case.referred", label="移送追究责任", right="matter.assign", source=RUNNING, form=("to", "reason"))
    def refer(self, *, by: Any, to: str, reason: str) -> dict[str, str]:
        """Those mainly responsible are referred to whoever may hold them to account; Party discipline is not kept here."""
        if self.referred_to:
            raise ValidationError("已经移送")
        self.referred_to, self.referred_on = to.strip(), timezone.localdate()
        return {"reason": reason}

    @act("case.referral_answered", label="登记追责结果", right="matter.assign", source=RUNNING, form=("referral",))
    def answer_referral(self, *, by: Any, referral: str) -> None:
        """What became of the referral."""
        if not self.referred_to:
            raise ValidationError("本案没有移送追究责任")
        self.referral = referral.strip()

    @act(
        "case.summarised", label="公开说明和整改结果", right="matter.assign", source=["PASSED", "OVERDUE"], form=("paper_no", "summary", "rectified"),
        confirm="将生成“失信情况说明及整改结果”草稿并提交复核；是否公开在入库时决定，公开期限随据以立案的记录",
    )  # fmt: skip
    def summarise(self, *, by: Any, paper_no: str, summary: str, rectified: str) -> None:
        """The statement in summary and the result, for the public where that is decided (AG10)."""
        if not self.statement:
            raise ValidationError("涉事单位尚未提交失信情况说明")
        facts = {
            "title": f"{self.answering.name}失信情况说明及整改结果"[:200], "case_no": self.number, "statement": summary,
            "measures_taken": self.statement["remedy"], "result": rectified,
            "accepted_on": self.inspected_on.isoformat() if self.state == "PASSED" else "",
        }  # fmt: skip
        raise_finding("AG10", self.answering, self.paper(paper_no) | {"doc_type": "其他"} | facts, by)

    @act("case.closed", label="结案", right="matter.assign", source=["PASSED"], target="CLOSED", form=("reason",))
    def close(self, *, by: Any, reason: str) -> None:
        """Mended and explained; a referral has its answer. By somebody other than who opened it."""
        if not self.statement:
            raise ValidationError("涉事单位尚未提交失信情况说明，不能结案；主动纠正不免除说明义务")
        if self.referred_to and not self.referral:
            raise ValidationError("移送追究责任尚未登记结果，不能结案")
        self.finish(by, "整改完成", reason)
