"""What the registers of a sector share: entered by one, released by another, ended with a reason."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet
from integrity.models import Subject

WAITS, COUNTS, OVER = "PENDING", "LISTED", "ENDED"


class EntryQuerySet(ActedQuerySet):
    """Released entries are public; those that wait are seen by their unit and the credit office."""

    def public(self) -> EntryQuerySet:
        return self.filter(state=COUNTS)

    def inside(self, seat: Any) -> EntryQuerySet:
        role = seat.role
        if role.automatic or role.code in ("CREDIT_CITY", "AUDITOR", "LEADER"):
            return self.all()
        if role.scope == "own unit" and seat.org_id and seat.rights & {"sector.enter", "sector.release"}:
            return self.filter(source_unit_id=seat.org_id)
        return self.none()

    def visible_to(self, seat: Any) -> EntryQuerySet:
        return self.filter(Q(pk__in=self.model.objects.inside(seat).values("pk")) | Q(state=COUNTS))


class Entry(Acted):
    """One line of a register kept by a supervising unit."""

    class State(models.TextChoices):
        PENDING = WAITS, "待复核"
        LISTED = COUNTS, "有效"
        ENDED = OVER, "已停用"

    state = models.CharField("状态", max_length=8, choices=State, default=State.PENDING)
    source_unit = models.ForeignKey(Subject, models.PROTECT, related_name="+", verbose_name="登记单位")
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    released_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="复核人"
    )
    updated_at = models.DateTimeField("更新时间", default=timezone.now)

    objects = EntryQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("entered_by")),
                name="%(class)s_two_people",
                violation_error_message="登记和复核须由两人办理",
            ),
        ]

    def get_absolute_url(self) -> str:
        return "/desk/sector/bidding/registers/"

    def within(self, by: Any) -> bool:
        return by.role.automatic or by.role.code == "CREDIT_CITY" or by.org_id == self.source_unit_id

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.creates:
            return "" if by.org_id else "岗位没有所属单位，不能登记"
        return "" if self.within(by) else "不在您的管理范围内"

    def note_entry(self, by: Any) -> None:
        """Who entered it, for which unit."""
        self.source_unit, self.entered_by = by.org, by.user

    def note_release(self, by: Any) -> None:
        self.released_by, self.updated_at = by.user, timezone.now()
