"""What the agencies' flows share: a matter with its clock, a superior on one side, an agency on the other (tasks 9, 10)."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import models

from integrity.acts import Acted
from integrity.models import Kind, Matter, Record, Subject, as_rule
from integrity.models.redress.base import RedressQuerySet


class Said(NamedTuple):
    """One line of a flow as its page shows it."""

    label: str
    text: Any
    url: str = ""


class Flow(Acted):
    """A matter between a superior who opened it and the agency that has to answer."""

    matter = models.OneToOneField(Matter, models.PROTECT, related_name="%(class)s", verbose_name="事项")
    agency = models.ForeignKey(Subject, models.PROTECT, related_name="+", verbose_name="涉事单位")
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="提出人")

    objects = RedressQuerySet.as_manager()
    matter_acts = ("urge", "escalate")  # all others are the flow's own
    lock_with = ("matter", "matter__kind", "matter__unit", "matter__received_unit", "agency", "agency__area")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.matter)

    def interested(self) -> set[Any]:
        return {self.agency_id}

    @property
    def answering(self) -> Subject:
        """Who answers for the agency today: a renamed or merged one is answered for by its successor (新官要理旧账)."""
        return self.agency.successor

    def open_matter(self, code: str, title: str, text: str, unit: Subject, applicant: Subject | None, by: Any) -> None:
        """Open the matter behind this flow at a unit; besides that unit, the applicant follows it."""
        matter = Matter(
            kind=Kind.objects.get(code=code), title=title[:200], text=text, about=self.agency, unit=unit,
            received_unit=unit, applicant=applicant, record=getattr(self, "record", None),
        )  # fmt: skip
        self.matter = matter.receive(by=as_rule(by))
        self.entered_by = by.user if by.user_id else None

    def finish(self, by: Any, outcome: str, reply: str) -> None:
        """Answer and close the matter."""
        self.matter.respond(by=as_rule(by), outcome=outcome, reply=reply)
        self.matter.close(by=as_rule(by))

    @property
    def late(self) -> bool:
        """Whether the running term is over."""
        return Matter.objects.overdue().filter(pk=self.matter_id).exists()


def over(by: Any, agency: Subject) -> bool:
    """Whether a seat's unit stands over an agency: the city's office, its county's, or a unit above it in the tree."""
    if by.role.automatic:
        return True
    if not by.org_id or by.org_id == agency.pk:
        return False
    if by.role.scope == "all":
        return True
    if by.role.scope == "county":
        return bool(agency.area_id) and agency.area.path.startswith(by.org.area.path)
    return bool(by.org.path) and agency.path.startswith(f"{by.org.path}/")


def raise_finding(code: str, subject: Subject, values: dict[str, Any], by: Any) -> Record:
    """A finding drafted in the name of whoever decided, handed to review: notice, hearing and confirmation follow."""
    rule, unit = as_rule(by), {"deciding_code": by.org.code, "deciding_name": by.org.name}
    return (
        Record(kind=Kind.objects.get(code=code))
        .enter(by=rule, values=unit | values | {"subject": subject})
        .submit(by=rule)
    )
