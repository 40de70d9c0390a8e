"""From opening a case to the written statement (任务9: 就失信情况作出书面说明)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.models.cases.fields import NOT_TRIGGERS, STATEMENT, CaseFields, Talk
from integrity.acts import act
from integrity.models import as_rule


class Explaining(CaseFields):
    """From opening to the written statement; nothing but the statement itself ends the duty to explain."""

    class Meta(CaseFields.Meta):
        abstract = True

    @act("case.opened", label="立案", right="matter.assign", creates=True)
    def open(self, *, by: Any) -> None:
        """Open a case on verified dishonesty that caused loss or ill effect (任务9)."""
        record = self.record
        if record.state != "CONFIRMED" or record.spec.polarity != "negative" or record.kind_id in NOT_TRIGGERS:
            raise ValidationError({"record": "须以已入库的政府机构失信记录立案；线索、投诉未经认定的不能立案"})
        if record.subject.form != "AGENCY":
            raise ValidationError({"record": "惩戒案件只适用于政府机构"})
        if not self.loss_wan and not self.effect.strip():
            raise ValidationError({"effect": "请填写造成的损失，或者不良社会影响"})
        self.agency = record.subject
        if self.government_id == self.agency_id:
            raise ValidationError({"government": "责任政府不能是涉事单位本身"})
        self.open_matter(
            "CJ01",
            f"{self.agency.name}失信惩戒案件：{record.title}",
            self.effect or record.fact,
            by.org,
            self.answering,
            by,
        )

    @act(
        "case.notified",
        label="登记通知送达",
        right="matter.assign",
        source=["OPENED"],
        target="STATEMENT_DUE",
        form=("served_on",),
    )
    def notify(self, *, by: Any, served_on: date) -> None:
        """The notice to explain was served: fifteen working days to state in writing (D15)."""
        if served_on > timezone.localdate():
            raise ValidationError({"served_on": "送达日期不能晚于今天"})
        self.notified_on = served_on
        self.matter.step(by=as_rule(by), unit=self.answering, code="D15", on=served_on)

    @act(
        "case.explained", label="提交失信情况说明", right="matter.handle", form=tuple(STATEMENT),
        source=["STATEMENT_DUE", "RECTIFYING", "SUBMITTED", "OVERDUE", "PASSED"],
    )  # fmt: skip
    def explain(
        self,
        *,
        by: Any,
        happened: str,
        cause: str,
        losses: str,
        persons: str,
        remedy: str,
        remedy_by: str,
        prevention: str,
        signed_by: str,
    ) -> None:
        """The written statement in its form (domain.md 2.22); owed even where the wrong was put right at once."""
        if self.statement:
            raise ValidationError("失信情况说明已经提交")
        answers = dict(
            zip(STATEMENT, (happened, cause, losses, persons, remedy, remedy_by, prevention, signed_by), strict=True)
        )
        if missing := {k: f"请填写{STATEMENT[k]}" for k in STATEMENT if not answers[k].strip()}:
            raise ValidationError(missing)
        self.statement = {k: answers[k].strip() for k in STATEMENT}
        self.explained_on = timezone.localdate()
        if self.state == "STATEMENT_DUE":
            self.state = "STATEMENT_IN"
            self.matter.step(by=as_rule(by), unit=self.matter.received_unit)

    @act(
        "case.statement_returned", label="退回说明", right="matter.assign", source=["STATEMENT_IN"], target="STATEMENT_DUE",
        form=("reason",),
    )  # fmt: skip
    def return_statement(self, *, by: Any, reason: str) -> dict[str, Any]:
        """It does not explain: once more, within the same number of working days."""
        old, self.statement = self.statement, {}
        self.matter.step(by=as_rule(by), unit=self.answering, code="D15")
        return {"reason": reason, "returned": old}

    @act("case.mitigated", label="认定主动纠正", right="matter.assign", form=("reason",), source=["STATEMENT_DUE", "STATEMENT_IN", "RECTIFYING"])  # fmt: skip
    def mitigate(self, *, by: Any, reason: str) -> None:
        """Prompt correction counts in the agency's favour and is marked on the record; the duty to explain stays."""
        if self.mitigated:
            raise ValidationError("已经认定")
        self.mitigated = reason.strip()
        self.record.flag(by=as_rule(by), mitigated=True)

    @act("case.talked", label="登记约谈", right="matter.assign", form=("held_on", "talk", "attended_by", "minutes"), source=["OPENED", "STATEMENT_DUE", "STATEMENT_IN", "RECTIFYING", "OVERDUE"])  # fmt: skip
    def hold_talk(self, *, by: Any, held_on: date, talk: str, attended_by: str, minutes: str) -> dict[str, Any]:
        """A reminder or warning talk with its minutes (山东条例 41, P07)."""
        if held_on > timezone.localdate():
            raise ValidationError({"held_on": "约谈日期不能晚于今天"})
        if talk not in Talk.Kind.values:
            raise ValidationError({"talk": "请选择提示约谈或者警示约谈"})
        held = Talk(case_id=self.pk, held_on=held_on, kind=talk, attended_by=attended_by, minutes=minutes)
        self.talks.add(held, bulk=False)
        return {"held_on": held_on.isoformat(), "talk": talk, "minutes": minutes}
