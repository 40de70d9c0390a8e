"""办理事项: what somebody must answer by a date (tasks 4, 9, 12, 13); its acts in the order a matter lives through them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from integrity.acts import act
from integrity.codes import public_number, random_token
from integrity.models.matter.fields import AWAITING, OPEN, Campaign, MatterFields, MatterQuerySet

__all__ = ["OPEN", "Campaign", "Matter", "MatterQuerySet"]


class Matter(MatterFields):
    """A matter filed by somebody and handled by a unit, with a clock that explains itself."""

    class Meta(MatterFields.Meta):
        abstract = False

    @property
    def outcomes(self) -> list[str]:
        """The results its kind allows."""
        return self.kind.spec.extra.get("outcomes", [])

    @property
    def detail(self) -> Any:
        """The row of the flow behind this matter (objection, repair …), or None when it has none of its own."""
        for relation in self._meta.related_objects:
            if relation.one_to_one and (row := getattr(self, relation.get_accessor_name(), None)):
                return row
        return None

    @act("matter.received", label="收到", right="matter.file", creates=True)
    def receive(self, *, by: Any) -> None:
        """Somebody filed it; its first clock starts (domain.md 10)."""
        today = timezone.localdate()
        self.number = public_number(self.kind.spec.extra.get("prefix", "SX"), today.year)
        self.query_code = random_token(8)
        self.entered_by = by.user if by.user_id else None
        if first := self.kind.spec.extra.get("clocks", {}).get("received"):
            self.start_clock(first, today)

    @act("matter.accepted", label="受理", right="matter.handle", source=["RECEIVED", "RETURNED"], target="ACCEPTED")
    def accept(self, *, by: Any) -> None:
        """The competent unit takes it on; the answering clock starts."""
        self.unit = self.unit or by.org
        if following := self.kind.spec.extra.get("clocks", {}).get("accepted"):
            self.start_clock(following, timezone.localdate())

    @act(
        "matter.refused",
        label="不予受理",
        right="matter.handle",
        source=["RECEIVED"],
        target="REFUSED",
        form=("reason",),
    )
    def refuse(self, *, by: Any, reason: str) -> None:
        """Not accepted, with the reason and where to go."""
        self.reply, self.replied_by, self.replied_at = reason.strip(), by.user, timezone.now()
        self.closed_at = self.replied_at

    @act(
        "matter.assigned",
        label="转办",
        right="matter.assign",
        source=["RECEIVED", "ACCEPTED", "RETURNED", "IN_HAND"],
        target="ASSIGNED",
        form=("unit",),
    )
    def assign(self, *, by: Any, unit: Any) -> None:
        """Hand it to a unit, never to the accused alone (task 13)."""
        if self.about_id and self.about_id in (unit.pk, unit.parent_id):
            raise ValidationError({"unit": "不能只转给被反映的单位或者其下属单位办理"})
        self.unit = unit

    @act(
        "matter.returned", label="退回", right="matter.handle", source=["ASSIGNED"], target="RETURNED", form=("reason",)
    )
    def return_(self, *, by: Any, reason: str) -> dict[str, str]:
        """Misdirected: back to whoever assigned it."""
        return {"reason": reason}

    @act("matter.supplemented", label="补充材料", right="matter.file", source=OPEN, form=("text",))
    def supplement(self, *, by: Any, text: str) -> None:
        """More material from whoever filed it; a pause for papers ends."""
        self.text = f"{self.text}\n\n补充（{timezone.localdate()}）：{text.strip()}"
        if self.paused_on:
            self._resume()

    @act(
        "matter.taken",
        label="着手办理",
        right="matter.handle",
        source=["ACCEPTED", "ASSIGNED", "REWORK"],
        target="IN_HAND",
    )
    def take(self, *, by: Any) -> None:
        """The unit works on it."""

    @act("matter.extended", label="延长期限", right="matter.assign", source=OPEN, form=("amount", "reason"))
    def extend(self, *, by: Any, amount: int, reason: str) -> dict[str, str]:
        """One extension, in the clock's own unit, with a reason."""
        if self.extension:
            raise ValidationError("期限只能延长一次")
        self.extension, self.alert = amount, ""
        self.recount()
        return {"reason": reason}

    @act("matter.paused", label="暂停计时", right="matter.handle", source=OPEN, form=("reason",))
    def pause(self, *, by: Any, reason: str) -> None:
        """The clock stands for papers, another unit's check or a hearing."""
        if self.paused_on:
            raise ValidationError("计时已经暂停")
        self.paused_on = timezone.localdate()
        self.pauses = [*self.pauses, [self.paused_on.isoformat(), "", reason.strip()]]

    @act("matter.reclocked", label="改用其他时限", right="matter.handle", source=OPEN, button=False)
    def reclock(self, *, by: Any, code: str) -> dict[str, Any]:
        """Another clock applies, counted from the day it was received (such as D03 instead of D02)."""
        self.start_clock(code, timezone.localdate(self.received_at))
        return {"explain": self.due_explain}

    @act("matter.stepped", label="进入下一环节", right="matter.handle", source=OPEN, target="IN_HAND", button=False)
    def step(
        self,
        *,
        by: Any,
        unit: Any,
        code: str = "",
        on: Any = None,
        term: int = 0,
        extension: int = 0,
        until: Any = None,
    ) -> None:
        """The flow behind it goes on: whose turn it is, by which clock from which day, or until a day that was set; else none."""
        self.unit, self.pauses, self.paused_on, self.extension = unit, [], None, extension
        if code:
            self.start_clock(code, on or timezone.localdate(), term)
        else:
            self.clock, self.started_on, self.due_on = "", None, until
            self.due_explain = [f"按文书指定的日期，应于 {until} 前办理"] if until else []

    @act("matter.inherited", label="转由承继单位办理", right="matter.handle", source=OPEN, button=False)
    def inherit(self, *, by: Any, unit: Any) -> None:
        """The unit was merged: its successor goes on under the same clock (新官要理旧账, task 7)."""
        if self.applicant_id == self.unit_id:
            self.applicant = unit
        self.unit = unit

    @act("matter.resumed", label="恢复计时", right="matter.handle", source=OPEN)
    def resume(self, *, by: Any) -> None:
        """The clock runs again."""
        if not self.paused_on:
            raise ValidationError("计时没有暂停")
        self._resume()

    def _resume(self) -> None:
        start, _, reason = self.pauses[-1]
        self.pauses = [*self.pauses[:-1], [start, timezone.localdate().isoformat(), reason]]
        self.paused_on = None
        self.recount()

    @act("matter.recounted", label="重算期限", right="record.clock", source=OPEN, button=False)
    def recompute(self, *, by: Any, why: str) -> dict[str, str]:
        """The calendar or the rule behind the clock changed: the due date follows (house.md 2.4)."""
        self.recount()
        return {"reason": why}

    @act("matter.warned", label="预警", right="matter.assign", source=AWAITING, button=False)
    def warn(self, *, by: Any) -> None:
        """Its date is near: the unit is told before it is late."""
        self.alert = "WARNED"

    @act("matter.urged", label="催办", right="matter.assign", source=OPEN, form=("reason",))
    def urge(self, *, by: Any, reason: str = "") -> dict[str, str]:
        """Remind the unit."""
        self.urged += 1
        self.alert = self.alert if self.alert == "ESCALATED" else "URGED"
        return {"reason": reason}

    @act(
        "matter.replied",
        label="答复",
        right="matter.handle",
        source=["RECEIVED", "ACCEPTED", "ASSIGNED", "IN_HAND", "REWORK"],
        target="REPLIED",
        form=("outcome", "reply"),
    )
    def respond(self, *, by: Any, outcome: str, reply: str) -> None:
        """Answer whoever filed it; outcomes are the kind's own list."""
        if self.outcomes and outcome not in self.outcomes:
            raise ValidationError({"outcome": f"结果须为：{'、'.join(self.outcomes)}"})
        if not reply.strip():
            raise ValidationError({"reply": "请填写答复内容"})
        self.outcome, self.reply, self.replied_by, self.replied_at = outcome, reply.strip(), by.user, timezone.now()

    @act("matter.rated", label="评价", right="matter.rate", source=["REPLIED"], form=("rating",))
    def rate(self, *, by: Any, rating: str) -> None:
        """Satisfied, mostly, or not."""
        if rating not in ("满意", "基本满意", "不满意"):
            raise ValidationError({"rating": "请选择满意、基本满意或者不满意"})
        if self.rating:
            raise ValidationError("该答复已经评价")
        self.rating = rating

    @act(
        "matter.reworked", label="重新办理", right="matter.rate", source=["REPLIED"], target="REWORK", form=("reason",)
    )
    def rework(self, *, by: Any, reason: str, unit: Any = None) -> dict[str, str]:
        """Not satisfied: handled once more, by another person or by another unit."""
        self.unit, self.rating = unit or self.unit, ""
        if following := self.kind.spec.extra.get("clocks", {}).get("rework"):
            self.start_clock(following, timezone.localdate())
        return {"reason": reason}

    @act("matter.merged", label="合并", right="matter.assign", source=OPEN, target="CLOSED", form=("into",))
    def merge(self, *, by: Any, into: Matter) -> None:
        """Same fact, one handling."""
        if into.pk == self.pk or into.merged_into_id:
            raise ValidationError("请选择另一件未被合并的事项")
        self.merged_into, self.closed_at = into, timezone.now()

    @act("matter.transferred", label="移送", right="matter.assign", source=OPEN, target="CLOSED", form=("to", "reason"))
    def transfer(self, *, by: Any, to: str, reason: str) -> None:
        """Not ours: to court, discipline body or petitions office, with an explanation."""
        self.outcome, self.reply, self.closed_at = f"移送{to}"[:40], reason.strip(), timezone.now()

    @act("matter.withdrawn", label="撤回", right="matter.file", source=["RECEIVED", "ACCEPTED"], target="WITHDRAWN")
    def withdraw(self, *, by: Any) -> None:
        """Whoever filed it takes it back; one that nobody was to work on yet keeps no text."""
        self.closed_at = timezone.now()
        if self.held_until:
            self.text = ""

    @act("matter.closed", label="办结", right="matter.handle", source=["REPLIED"], target="CLOSED")
    def close(self, *, by: Any) -> None:
        """Nothing remains to be done."""
        self.closed_at = timezone.now()

    @act("matter.escalated", label="提级督办", right="matter.assign", source=OPEN, form=("reason",))
    def escalate(self, *, by: Any, reason: str) -> dict[str, str]:
        """Overdue and unanswered: the superior is told."""
        self.urged, self.alert = self.urged + 1, "ESCALATED"
        return {"reason": reason}
