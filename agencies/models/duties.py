"""责任清单、权力清单、公共服务清单: what an agency is there for, item by item; its pledges rest on these (task 7)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from integrity.acts import Acted, ActedQuerySet, act
from integrity.models import Subject


class DutyQuerySet(ActedQuerySet):
    """Lists are public; what has ended is read by its own unit and the offices above."""

    def public(self) -> DutyQuerySet:
        return self.filter(state="IN_FORCE")

    def visible_to(self, seat: Any) -> DutyQuerySet:
        return self.filter(models.Q(state="IN_FORCE") | self._inside_q(seat))

    def inside(self, seat: Any) -> DutyQuerySet:
        return self.filter(self._inside_q(seat))

    @staticmethod
    def _inside_q(seat: Any) -> models.Q:
        if seat.role.automatic or {"record.confirm", "audit"} & seat.rights and seat.role.scope == "all":
            return models.Q(state__in=DutyItem.State.values)
        return models.Q(agency=seat.org_id) if seat.org_id else models.Q(pk__in=[])


class DutyItem(Acted):
    """清单事项: one line of an agency's list of duties, powers or public services."""

    class List(models.TextChoices):
        DUTY = "DUTY", "责任清单"
        POWER = "POWER", "权力清单"
        SERVICE = "SERVICE", "公共服务清单"

    class State(models.TextChoices):
        IN_FORCE = "IN_FORCE", "有效"
        ENDED = "ENDED", "已取消"

    agency = models.ForeignKey(Subject, models.PROTECT, related_name="duty_items", verbose_name="单位")
    kind = models.CharField("清单", max_length=7, choices=List)
    code = models.CharField("事项编码", max_length=40)
    name = models.CharField("事项名称", max_length=200)
    basis = models.CharField("依据", max_length=500, blank=True)
    link = models.URLField("办事指南地址", max_length=300, blank=True)
    state = models.CharField("状态", max_length=8, choices=State, default=State.IN_FORCE)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="录入人")

    objects = DutyQuerySet.as_manager()
    lock_with = ("agency",)

    class Meta:
        verbose_name = verbose_name_plural = "清单事项"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "code"], condition=models.Q(state="IN_FORCE"), name="one_duty_per_code",
                violation_error_message="本单位该清单已有这个编码的事项",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["agency", "kind", "code", "id"], name="duty_order")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.code} {self.name}"

    def interested(self) -> set[Any]:
        return {self.agency_id}

    def refuses(self, spec: Any, by: Any) -> str:
        if by.role.automatic or by.role.scope == "all":
            return ""
        return "" if self.agency_id == by.org_id else "只能维护本单位的清单"

    @act("dutyitem.entered", label="增加清单事项", right="pledge.issue", creates=True)
    def enter(self, *, by: Any) -> None:
        """Add an item to the agency's own list."""
        if self.agency.form != "AGENCY":
            raise ValidationError({"agency": "清单只属于政府机构"})
        self.entered_by = by.user if by.user_id else None

    @act(
        "dutyitem.ended", label="取消事项", right="pledge.issue", source=["IN_FORCE"], target="ENDED", form=("reason",)
    )
    def end(self, *, by: Any, reason: str) -> dict[str, str]:
        """The item was cancelled, merged or handed down; pledges that rest on it keep its words."""
        return {"reason": reason}
