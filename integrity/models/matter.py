"""Matters: what somebody must answer by a date (tasks 4, 9, 12, 13); one closed list of states for every channel."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.clocks import Pause
from integrity.codes import public_number, random_token
from integrity.models.calendar import deadline

OPEN = ("RECEIVED", "ACCEPTED", "ASSIGNED", "RETURNED", "IN_HAND", "REPLIED", "REWORK")


class Campaign(models.Model):
    """专项: a set of matters with one aim and one date, such as clearing the court list (task 10)."""

    name = models.CharField("名称", max_length=100)
    aim = models.CharField("目标", max_length=300, blank=True)
    starts_on = models.DateField("开始日期")
    due_on = models.DateField("完成期限")
    unit = models.ForeignKey("integrity.Subject", models.PROTECT, related_name="campaigns", verbose_name="牵头单位")

    class Meta:
        verbose_name = verbose_name_plural = "专项"

    def __str__(self) -> str:
        return self.name


class MatterQuerySet(ActedQuerySet):
    """Overdue and open are queries; a complainant's matter is seen by the handling units alone."""

    def open(self) -> MatterQuerySet:
        return self.filter(state__in=OPEN)

    def overdue(self, on: date | None = None) -> MatterQuerySet:
        return self.open().filter(due_on__lt=on or timezone.localdate(), paused_on__isnull=True)

    def visible_to(self, seat: Any) -> MatterQuerySet:
        role = seat.role
        if role.scope == "self":
            own = seat.org_id if role.code == "COMPANY_REP" else seat.person_id
            return self.filter(applicant_id=own) if own else self.none()
        if role.code in ("PUBLIC", "PLATFORM_OP", "SYSADMIN", "SECRECY_REVIEWER", "PEER"):
            return self.none()
        if role.scope in ("own unit", "managed") and seat.org_id:
            return self.filter(Q(unit_id=seat.org_id) | Q(received_unit_id=seat.org_id) | Q(applicant_id=seat.org_id))
        if role.scope == "county" and seat.org_id:
            return self.filter(unit__area__path__startswith=seat.org.area.path)
        if role.code in ("CREDIT_CITY", "AUDITOR", "LEADER", "CLOCK"):
            return self
        return self.none()


class Matter(Acted):
    """办理事项: filed by somebody, handled by a unit, with a clock that explains itself (domain.md 10)."""

    class State(models.TextChoices):
        RECEIVED = "RECEIVED", "已收"
        ACCEPTED = "ACCEPTED", "已受理"
        REFUSED = "REFUSED", "不予受理"
        ASSIGNED = "ASSIGNED", "已转办"
        RETURNED = "RETURNED", "退回"
        IN_HAND = "IN_HAND", "办理中"
        REPLIED = "REPLIED", "已答复"
        REWORK = "REWORK", "重新办理"
        CLOSED = "CLOSED", "已办结"
        WITHDRAWN = "WITHDRAWN", "已撤回"

    number = models.CharField("编号", max_length=40, unique=True)
    query_code = models.CharField("查询码", max_length=8, editable=False)
    kind = models.ForeignKey(
        "integrity.Kind", models.PROTECT, to_field="code", db_column="kind", verbose_name="事项类型"
    )
    title = models.CharField("标题", max_length=200)
    text = models.TextField("内容", blank=True)
    about = models.ForeignKey(
        "integrity.Subject", models.PROTECT, null=True, blank=True, related_name="matters", verbose_name="涉及主体"
    )
    record = models.ForeignKey(
        "integrity.Record", models.PROTECT, null=True, blank=True, related_name="matters", verbose_name="涉及记录"
    )
    applicant = models.ForeignKey(
        "integrity.Subject", models.PROTECT, null=True, blank=True, related_name="filed", verbose_name="申请主体"
    )
    received_unit = models.ForeignKey(
        "integrity.Subject", models.PROTECT, null=True, related_name="+", verbose_name="接收单位"
    )
    unit = models.ForeignKey(
        "integrity.Subject", models.PROTECT, null=True, blank=True, related_name="handled", verbose_name="承办单位"
    )
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="matters", verbose_name="专项"
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name="并入"
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.RECEIVED)
    outcome = models.CharField("结果", max_length=40, blank=True)
    reply = models.TextField("答复", blank=True)
    rating = models.CharField("评价", max_length=10, blank=True)
    clock = models.CharField("时限规则", max_length=8, blank=True)
    started_on = models.DateField("起算日期", null=True, blank=True)
    extension = models.PositiveSmallIntegerField("延长", default=0)
    pauses = models.JSONField("暂停", default=list)
    paused_on = models.DateField("暂停日期", null=True, blank=True)
    due_on = models.DateField("办理期限", null=True, blank=True)
    due_explain = models.JSONField("期限说明", default=list)
    urged = models.PositiveSmallIntegerField("催办次数", default=0)
    received_at = models.DateTimeField("收到时间", default=timezone.now)
    replied_at = models.DateTimeField("答复时间", null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    replied_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="答复人")

    objects = MatterQuerySet.as_manager()
    lock_with = ("about", "unit", "unit__area", "record", "record__subject", "record__source_unit", "received_unit")
    people = ("entered_by_id",)
    unlogged = ("query_code",)

    class Meta:
        verbose_name = verbose_name_plural = "办理事项"
        constraints = [
            models.CheckConstraint(
                condition=Q(replied_by__isnull=True) | Q(entered_by__isnull=True) | ~Q(replied_by=F("entered_by")),
                name="matter_two_people",
                violation_error_message="提出人不能答复同一事项",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "due_on"], name="matter_unit"),
            models.Index(fields=["due_on"], condition=Q(state__in=OPEN), name="matter_due"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def interested(self) -> set[Any]:
        return {self.about_id, self.applicant_id} - {None}

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.creates or by.role.code in ("CLOCK", "PUBLIC") or by.role.scope == "all":
            return ""
        if spec.right in ("matter.file", "matter.rate"):
            return ""
        return "" if self.seen_by(by) else "不在您的管理范围内"

    def start_clock(self, code: str, on: date, term: int = 0) -> None:
        """Start or restart the clock by a rule of the catalogue; the explanation is stored (house.md 2.4)."""
        self.clock, self.started_on = (code if not term else f"{code}.{term}"), on
        self.recount()

    def recount(self) -> None:
        """Recompute the due date from its parts: after a pause, an extension, or a changed calendar or rule."""
        if not (self.clock and self.started_on):
            return
        code, _, term = self.clock.partition(".")
        stood = tuple(Pause(date.fromisoformat(a), date.fromisoformat(b) if b else None, r) for a, b, r in self.pauses)
        end = deadline(code, self.started_on, term=int(term or 0), pauses=stood, extension=self.extension)
        self.due_on, self.due_explain = end.on, end.explain

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
        if unit.pk == self.about_id:
            raise ValidationError({"unit": "不能只转给被反映的单位办理"})
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
        self.extension = amount
        self.recount()
        return {"reason": reason}

    @act("matter.paused", label="暂停计时", right="matter.handle", source=OPEN, form=("reason",))
    def pause(self, *, by: Any, reason: str) -> None:
        """The clock stands for papers, another unit's check or a hearing."""
        if self.paused_on:
            raise ValidationError("计时已经暂停")
        self.paused_on = timezone.localdate()
        self.pauses = [*self.pauses, [self.paused_on.isoformat(), "", reason.strip()]]

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

    @act("matter.urged", label="催办", right="matter.assign", source=OPEN, form=("reason",))
    def urge(self, *, by: Any, reason: str = "") -> dict[str, str]:
        """Remind the unit."""
        self.urged += 1
        return {"reason": reason}

    @act(
        "matter.replied",
        label="答复",
        right="matter.handle",
        source=["ACCEPTED", "ASSIGNED", "IN_HAND", "REWORK"],
        target="REPLIED",
        form=("outcome", "reply"),
    )
    def respond(self, *, by: Any, outcome: str, reply: str) -> None:
        """Answer whoever filed it; outcomes are the kind's own list."""
        allowed = self.kind.spec.extra.get("outcomes", [])
        if allowed and outcome not in allowed:
            raise ValidationError({"outcome": f"结果须为：{'、'.join(allowed)}"})
        if not reply.strip():
            raise ValidationError({"reply": "请填写答复内容"})
        self.outcome, self.reply, self.replied_by, self.replied_at = outcome, reply.strip(), by.user, timezone.now()

    @act("matter.rated", label="评价", right="matter.rate", source=["REPLIED"], form=("rating",))
    def rate(self, *, by: Any, rating: str) -> None:
        """Satisfied, mostly, or not."""
        if rating not in ("满意", "基本满意", "不满意"):
            raise ValidationError({"rating": "请选择满意、基本满意或者不满意"})
        self.rating = rating

    @act(
        "matter.reworked", label="重新办理", right="matter.rate", source=["REPLIED"], target="REWORK", form=("reason",)
    )
    def rework(self, *, by: Any, reason: str) -> dict[str, str]:
        """Not satisfied: handled once more by another person."""
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
        """Whoever filed it takes it back."""
        self.closed_at = timezone.now()

    @act("matter.closed", label="办结", right="matter.handle", source=["REPLIED"], target="CLOSED")
    def close(self, *, by: Any) -> None:
        """Nothing remains to be done."""
        self.closed_at = timezone.now()

    @act("matter.escalated", label="提级督办", right="matter.assign", source=OPEN, form=("reason",))
    def escalate(self, *, by: Any, reason: str) -> dict[str, str]:
        """Overdue and unanswered: the superior is told."""
        self.urged += 1
        return {"reason": reason}
