"""关注名单: subjects a unit wants to hear of again whenever something changes about them (task 8)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from integrity.acts import Acted, ActedQuerySet, act
from integrity.models.check import Check
from integrity.models.subject import Subject


class WatchQuerySet(ActedQuerySet):
    """A list is its unit's."""

    def visible_to(self, seat: Any) -> WatchQuerySet:
        if seat.role.automatic:
            return self
        return self.filter(unit_id=seat.org_id) if seat.org_id and "subject.check" in seat.rights else self.none()


class Watch(Acted):
    """A watch list with its purpose and ground; every ledger event about a member is told to whoever keeps it."""

    class State(models.TextChoices):
        OPEN = "OPEN", "关注中"
        ENDED = "ENDED", "已结束"

    name = models.CharField("名称", max_length=100)
    unit = models.ForeignKey("integrity.Subject", models.PROTECT, related_name="watches", verbose_name="单位")
    purpose = models.CharField("用途", max_length=16, choices=Check.Purpose)
    ground = models.CharField("法律依据", max_length=300)
    members = models.JSONField("名单（主体）", default=list)
    state = models.CharField("状态", max_length=6, choices=State, default=State.OPEN)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="建立人")

    objects = WatchQuerySet.as_manager()
    people = ()

    class Meta:
        verbose_name = verbose_name_plural = "关注名单"

    def __str__(self) -> str:
        return self.name

    def refuses(self, spec: Any, by: Any) -> str:
        return "" if spec.creates or self.unit_id == by.org_id else "只能管理本单位的关注名单"

    @act("watch.opened", label="建立关注名单", right="subject.check", creates=True)
    def open(self, *, by: Any, codes: list[str]) -> None:
        """Keep an eye on organisations for a lawful purpose."""
        self.unit, self.entered_by = by.org, by.user
        self._set(codes)

    def _set(self, codes: list[str]) -> None:
        rows = dict(Subject.objects.organisations().filter(code__in=codes).values_list("code", "pk"))
        if missing := [c for c in codes if c not in rows]:
            raise ValidationError({"codes": f"没有登记的代码：{'、'.join(missing[:5])}"})
        if not rows or len(rows) > 5000:
            raise ValidationError({"codes": "请填写 1 至 5000 个统一社会信用代码"})
        self.members = [str(pk) for pk in rows.values()]

    @act("watch.ended", label="结束关注", right="subject.check", source=["OPEN"], target="ENDED")
    def end(self, *, by: Any) -> None:
        """No more messages."""
