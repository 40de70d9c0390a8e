"""核定人数: officials in a score only as a number that their authority confirmed (task 11)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from integrity.acts import Acted, ActedQuerySet, act
from integrity.models import Subject

SCORING = ("CREDIT_CITY", "AUDITOR", "LEADER")  # who sees every number


class ConfirmedNumberQuerySet(ActedQuerySet):
    """Seen by whoever confirmed it, the unit and the offices that score; never public."""

    def visible_to(self, seat: Any) -> ConfirmedNumberQuerySet:
        if seat.role.automatic or seat.role_code in SCORING:
            return self
        authority = Q(entered_by=seat.user_id) if seat.role.restricted and seat.user_id else Q(pk__in=[])
        return self.filter(authority | Q(unit_id=seat.org_id or None))


class ConfirmedNumber(Acted):
    """核定人数: how many officials of a unit count in a year, by the authority's document; here tracing stops."""

    unit = models.ForeignKey(Subject, models.PROTECT, related_name="+", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("人数")
    doc_no = models.CharField("核定文号", max_length=100)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="核定人")

    objects = ConfirmedNumberQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "核定人数"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "doc_no"], name="number_once", violation_error_message="该文号已经登记"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit.name} {self.year} 年度 {self.number} 人（{self.doc_no}）"

    def refuses(self, spec: Any, by: Any) -> str:
        return "" if by.role.automatic or by.role.restricted else "由组织人事部门或者纪检监察机关核定"

    @act("number.confirmed", label="核定人数", right="record.confirm", creates=True)
    def enter(self, *, by: Any) -> None:
        """The personnel or discipline authority confirms a number, without names."""
        if self.unit.form != "AGENCY":
            raise ValidationError({"unit": "只核定政府机构的人数"})
        self.entered_by = by.user
