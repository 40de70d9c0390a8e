"""Matters: what somebody must answer by a date (tasks 4, 9, 12, 13); one closed list of states for every channel."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet
from integrity.clocks import Pause
from integrity.models.calendar import deadline
from integrity.models.record.query import restricted_codes

AWAITING = ("RECEIVED", "ACCEPTED", "ASSIGNED", "RETURNED", "IN_HAND", "REWORK")  # no answer yet: the clock counts
OPEN = ("RECEIVED", "ACCEPTED", "ASSIGNED", "RETURNED", "IN_HAND", "REPLIED", "REWORK")

NEXT = {
    "RECEIVED": "告知是否受理", "ACCEPTED": "转办或者着手办理", "ASSIGNED": "签收办理", "RETURNED": "重新分办", "IN_HAND": "答复", "REPLIED": "评价、办结",
    "REWORK": "重新答复",
}  # fmt: skip


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
        return self.filter(state__in=AWAITING).filter(due_on__lt=on or timezone.localdate(), paused_on__isnull=True)

    def visible_to(self, seat: Any) -> MatterQuerySet:
        role = seat.role
        if role.scope == "self":
            own = seat.org_id if role.code == "COMPANY_REP" else seat.person_id
            return self.filter(applicant_id=own) if own else self.none()
        if role.code in ("PUBLIC", "PLATFORM_OP", "SYSADMIN", "SECRECY_REVIEWER", "PEER"):
            return self.none()
        rows = self if role.restricted or role.automatic else self.exclude(record__kind__in=restricted_codes())
        if not role.automatic:  # for its first minutes whoever filed it may take it back, and nobody works on it
            rows = rows.filter(Q(held_until__isnull=True) | Q(held_until__lte=timezone.now()))
        if role.scope in ("own unit", "managed") and seat.org_id:
            return rows.filter(Q(unit_id=seat.org_id) | Q(received_unit_id=seat.org_id) | Q(applicant_id=seat.org_id))
        if role.scope == "county" and seat.org_id:
            return rows.filter(unit__area__path__startswith=seat.org.area.path)
        if role.automatic or role.code in ("CREDIT_CITY", "AUDITOR", "LEADER"):
            return rows
        return self.none()


class MatterFields(Acted):
    """What is stored of a matter, and how its clock is counted (domain.md 10)."""

    class Alert(models.TextChoices):
        NONE = "", "无"
        WARNED = "WARNED", "预警"
        URGED = "URGED", "已催办"
        ESCALATED = "ESCALATED", "提级督办"

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
    alert = models.CharField("提醒", max_length=10, blank=True, choices=Alert, default=Alert.NONE)
    urged = models.PositiveSmallIntegerField("催办次数", default=0)
    received_at = models.DateTimeField("收到时间", default=timezone.now)
    held_until = models.DateTimeField("可撤回至", null=True, blank=True, editable=False)
    replied_at = models.DateTimeField("答复时间", null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    replied_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="答复人")

    objects = MatterQuerySet.as_manager()
    lock_with = ("about", "unit", "unit__area", "record", "record__subject", "record__source_unit", "received_unit")
    people = ("entered_by_id",)
    unlogged = ("query_code",)

    class Meta:
        abstract = True
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
        if spec.creates or by.role.automatic or by.role.code == "PUBLIC" or by.role.scope == "all":
            return ""
        if spec.right in ("matter.file", "matter.rate"):
            return "" if self._filed_by(by) else "由提出人或者接收单位办理"
        return "" if self.seen_by(by) else "不在您的管理范围内"

    def _filed_by(self, by: Any) -> bool:
        """Whoever filed it, for whom it was filed, or the unit that took it in on his behalf."""
        own = {by.org_id, by.person_id} - {None}
        return bool(own & {self.applicant_id, self.received_unit_id}) or (by.user_id or 0) == self.entered_by_id

    @property
    def next_step(self) -> str:
        """What is to be done next, for boards."""
        return NEXT.get(self.state, "")

    def start_clock(self, code: str, on: date, term: int = 0) -> None:
        """Start or restart the clock by a rule of the catalogue; the explanation is stored (house.md 2.4)."""
        self.clock, self.started_on = (code if not term else f"{code}.{term}"), on
        self.alert = ""
        self.recount()

    def recount(self) -> None:
        """Recompute the due date from its parts: after a pause, an extension, or a changed calendar or rule."""
        if not (self.clock and self.started_on):
            return
        code, _, term = self.clock.partition(".")
        stood = tuple(Pause(date.fromisoformat(a), date.fromisoformat(b) if b else None, r) for a, b, r in self.pauses)
        end = deadline(code, self.started_on, term=int(term or 0), pauses=stood, extension=self.extension)
        self.due_on, self.due_explain = end.on, end.explain
