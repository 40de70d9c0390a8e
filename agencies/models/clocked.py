"""What has a day by which an agency must be ready: running, near, over and late are queries (house.md 2.3)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agencies.models.flow import over
from integrity.acts import Acted, ActedQuerySet
from integrity.models import Subject
from integrity.models.calendar import work_calendar

NEAR = 3  # working days: yellow on every page (brief, section 0)
READERS = {"service.enter", "service.release", "matter.assign", "matter.handle", "figures", "audit"}


def near_day(on: date | None = None) -> date:
    """The last day that counts as near."""
    return work_calendar().add_workdays(on or timezone.localdate(), NEAR)


def of_agency(seat: Any, agency: str = "agency") -> Q:
    """Rows of the agencies a seat answers for or stands over; a successor answers for those before it (新官要理旧账)."""
    role = seat.role
    if role.automatic or (role.scope == "all" and READERS & seat.rights):
        return ~Q(pk=None)
    if not seat.org_id or not READERS & seat.rights:
        return Q(pk__in=[])
    if role.scope == "county":
        return Q(**{f"{agency}__area__path__startswith": seat.org.area.path})
    return Q(**{agency: seat.org_id}) | Q(**{f"{agency}__succeeded_by": seat.org_id})


class OwnQuerySet(ActedQuerySet):
    """What agencies enter about themselves: seen by the agency and those above; public once a second person released it."""

    released: tuple[str, ...] = ()

    def public(self) -> OwnQuerySet:
        return self.filter(state__in=self.released)

    def inside(self, seat: Any) -> OwnQuerySet:
        return self.filter(of_agency(seat))

    def visible_to(self, seat: Any) -> OwnQuerySet:
        return self.filter(of_agency(seat) | Q(state__in=self.released))


class Own(Acted):
    """A row that an agency enters about itself, or its superior for it."""

    agency = models.ForeignKey(Subject, models.PROTECT, related_name="+", verbose_name="单位")
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="录入人")

    lock_with = ("agency", "agency__area")

    class Meta:
        abstract = True

    @property
    def answering(self) -> Subject:
        """Who answers for the agency today."""
        return self.agency.successor

    def refuses(self, spec: Any, by: Any) -> str:
        if by.role.automatic or by.org_id in (self.agency_id, self.answering.pk) or over(by, self.agency):
            return ""
        return "只能办理本单位的事项"


class ClockedQuerySet(OwnQuerySet):
    """Not public one by one; counted in public."""

    def running(self) -> ClockedQuerySet:
        return self.filter(state="OPEN")

    def overdue(self, on: date | None = None) -> ClockedQuerySet:
        """Not done although the day has passed."""
        return self.running().filter(due_on__lt=on or timezone.localdate())

    def fallen_due(self, on: date | None = None) -> ClockedQuerySet:
        """Done, or due by now: what on-time rates are counted over."""
        return self.filter(Q(state="DONE") | Q(state="OPEN", due_on__lt=on or timezone.localdate()))

    def in_time(self) -> ClockedQuerySet:
        return self.filter(state="DONE", done_on__lte=F("due_on"))


class Clocked(Own):
    """A row with a clock that explains itself."""

    class State(models.TextChoices):
        OPEN = "OPEN", "在办"
        DONE = "DONE", "已办结"

    started_on = models.DateField("起算日期")
    due_on = models.DateField("期限")
    due_explain = models.JSONField("期限说明", default=list)
    done_on = models.DateField("办结日期", null=True, blank=True)
    state = models.CharField("状态", max_length=4, choices=State, default=State.OPEN)

    objects = ClockedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_late(self) -> bool:
        return (self.done_on or timezone.localdate()) > self.due_on
