"""Commitments: the measurable items of a pledge (tasks 7, 20)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.models.pledge import Pledge


class CommitmentQuerySet(ActedQuerySet):
    """Items are seen as their pledge is; overdue is a query."""

    def public(self) -> CommitmentQuerySet:
        return self.filter(pledge__in=Pledge.objects.public())

    def visible_to(self, seat: Any) -> CommitmentQuerySet:
        return self.filter(pledge__in=Pledge.objects.visible_to(seat))

    def inside(self, seat: Any) -> CommitmentQuerySet:
        return self.filter(pledge__in=Pledge.objects.inside(seat))

    def overdue(self, on: date | None = None) -> CommitmentQuerySet:
        return self.filter(state="ON_TRACK", due_on__lt=on or timezone.localdate())


class Commitment(Acted):
    """承诺事项: one measurable item of a pledge, with its due date or continuing (task 7)."""

    class State(models.TextChoices):
        ON_TRACK = "ON_TRACK", "履行中"
        FULFILLED = "FULFILLED", "已兑现"
        BREACHED = "BREACHED", "违诺"

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="commitments", verbose_name="承诺")
    order = models.PositiveSmallIntegerField("序号")
    head = models.CharField("承诺方面", max_length=40)
    text = models.CharField("事项", max_length=500)
    target = models.CharField("可衡量的目标", max_length=300, blank=True)
    basis = models.CharField("依据的清单事项", max_length=300, blank=True)
    due_on = models.DateField("兑现期限", null=True, blank=True, help_text="留空表示长期坚持")
    state = models.CharField("状态", max_length=10, choices=State, default=State.ON_TRACK)
    progress = models.CharField("进展", max_length=500, blank=True)
    checked_on = models.DateField("最近检查日期", null=True, blank=True)
    fulfilled_on = models.DateField("兑现日期", null=True, blank=True)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="录入人")

    objects = CommitmentQuerySet.as_manager()
    lock_with = ("pledge", "pledge__subject", "pledge__unit")

    class Meta:
        verbose_name = verbose_name_plural = "承诺事项"
        ordering = ("pledge", "order")
        constraints = [models.UniqueConstraint(fields=["pledge", "order"], name="one_commitment_per_place")]
        indexes = [
            models.Index(fields=["-fulfilled_on", "-id"], condition=Q(state="FULFILLED"), name="commitment_kept"),
        ]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def is_overdue(self) -> bool:
        return self.state == "ON_TRACK" and self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def late(self) -> bool:
        """Fulfilled, but after its date."""
        return bool(self.fulfilled_on and self.due_on and self.fulfilled_on > self.due_on)

    def refuses(self, spec: Any, by: Any) -> str:
        return self.pledge.refuses(spec, by)

    @act("commitment.entered", label="录入承诺事项", right="pledge.issue", creates=True)
    def enter(self, *, by: Any) -> None:
        """Add an item to a pledge that is not yet signed."""
        if self.pledge.state != "ISSUED":
            raise ValidationError("承诺书已签署，不能增加事项")
        self.entered_by = by.user if by.user_id else None

    @act("commitment.checked", label="登记检查", right="pledge.check", source=["ON_TRACK"], form=("progress",))
    def check_progress(self, *, by: Any, progress: str) -> None:
        """Quarterly check with what was found (task 7)."""
        self.progress, self.checked_on = progress.strip()[:500], timezone.localdate()

    @act(
        "commitment.fulfilled",
        label="确认兑现",
        right="pledge.check",
        source=["ON_TRACK"],
        target="FULFILLED",
        form=("progress", "fulfilled_on"),
    )
    def fulfil(self, *, by: Any, progress: str, fulfilled_on: date | None = None) -> None:
        """The item was kept; evidence is attached to the pledge."""
        self.progress = progress.strip()[:500]
        self.fulfilled_on = self.checked_on = fulfilled_on or timezone.localdate()

    @act(
        "commitment.breached",
        label="认定违诺",
        right="pledge.check",
        source=["ON_TRACK"],
        target="BREACHED",
        form=("reason",),
    )
    def breach(self, *, by: Any, reason: str) -> None:
        """Only a finding after notice and hearing says so."""
        self.progress = reason.strip()[:500]
