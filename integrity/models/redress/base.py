"""What the three flows of redress share: a matter with its clock, a record, and who handles it (domain.md 10)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from integrity.acts import Acted, ActedQuerySet
from integrity.models.access import Seat
from integrity.models.kind import Kind
from integrity.models.matter import Matter
from integrity.models.record import Record
from integrity.models.subject import Subject
from integrity.roles import ROLES


class RedressQuerySet(ActedQuerySet):
    """A flow is seen as its matter is."""

    def visible_to(self, seat: Any) -> RedressQuerySet:
        return self.filter(matter__in=Matter.objects.visible_to(seat))


class Redress(Acted):
    """A matter about one record, filed by or for its subject."""

    matter = models.OneToOneField(Matter, models.PROTECT, related_name="%(class)s", verbose_name="事项")
    record = models.ForeignKey(Record, models.PROTECT, related_name="+", verbose_name="记录")
    verified = models.BooleanField("身份已核验", default=True)
    agent = models.CharField(
        "代理人", max_length=100, blank=True, help_text="未登录办理的，填写经办人；须附授权书并经核验"
    )
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="提出人")

    objects = RedressQuerySet.as_manager()
    matter_acts = ("pause", "resume", "extend", "urge", "supplement", "rate")  # all others are the flow's own
    lock_with = (
        "matter",
        "matter__kind",
        "matter__unit",
        "record",
        "record__subject",
        "record__source_unit",
        "record__source_unit__area",
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.matter)

    @property
    def outcomes(self) -> list[str]:
        """The results the matter's kind allows."""
        return self.matter.outcomes

    def interested(self) -> set[Any]:
        return {self.record.subject_id}

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.creates:
            return "" if self._may_file(by) else "只能由记录涉及的主体本人或者其代表提出"
        if by.role.automatic:
            return ""
        if spec.right == "matter.file":
            return "" if self._may_file(by) else "只能由提出人或者其代表办理"
        if self.matter.unit_id != by.org_id:
            return "由承办单位办理"
        return ""

    def _may_file(self, by: Any) -> bool:
        """The subject itself, its representative, or anybody with an authorisation that staff will check."""
        own = by.person_id if by.role.code in ("OFFICIAL", "EXPERT") else by.org_id
        return own == self.record.subject_id or (by.role.code == "PUBLIC" and bool(self.agent))

    def open_matter(self, code: str, title: str, text: str, unit: Subject, by: Any) -> None:
        """Open the matter behind this flow; its first clock starts now."""
        if self.record.state != "CONFIRMED":
            raise ValidationError("该记录已不在库中，无需再办理")
        matter = Matter(
            kind=Kind.objects.get(code=code), title=title[:200], text=text, about=self.record.subject, record=self.record,
            applicant=self.record.subject, unit=unit, received_unit=unit,
        )  # fmt: skip
        self.matter = matter.receive(by=by)
        self.entered_by = by.user if by.user_id else None
        self.verified = by.role.code != "PUBLIC"

    def another_person(self, by: Any) -> None:
        """Whoever entered or reviewed the record does not decide on it again (house.md 2.7)."""
        record = self.record
        if by.user_id in (record.entered_by_id, record.amended_by_id, record.reviewed_by_id):
            raise ValidationError("录入或者复核该记录的人不能作出决定，请由本单位其他人员办理")


def credit_office(unit: Subject) -> Subject:
    """The superior that rechecks a unit's own decisions: its county's credit office, else the city's."""
    seats = Seat.objects.in_force().select_related("org", "org__area")
    path = unit.area.path if unit.area_id else ""
    county = [
        s.org for s in seats.filter(role_code="CREDIT_COUNTY") if s.org.area_id and path.startswith(s.org.area.path)
    ]
    city = [s.org for s in seats.filter(role_code="CREDIT_CITY")]
    for office in county + city:
        if office.pk != unit.pk:
            return office
    raise ValidationError("没有可以办理的信用办，请联系市信用办")


def handling_unit(record: Record) -> Subject:
    """谁认定、谁修复: the deciding unit where somebody can decide on repairs here, else who provided the record; never its subject."""
    roles = [r.code for r in ROLES.values() if {"record.repair", "matter.handle"} <= r.rights]
    deciders = Seat.objects.in_force().filter(role_code__in=roles)
    for unit in (record.deciding_unit, record.source_unit):
        if unit and unit.pk != record.subject_id and deciders.filter(org=unit).exists():
            return unit
    return credit_office(record.source_unit)
