"""Which pledges a seat sees: the public ones, its own, its unit's, those of the people it manages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from integrity.acts import ActedQuerySet
from integrity.models.calendar import setting
from integrity.models.record.query import CANDIDATES
from integrity.models.subject import Subject

KEPT = ("IN_FORCE", "FULFILLED")


def unit_of(seat: Any) -> Any:
    """Where a seat's holder works: the seat's organisation, else the unit he belongs to as a person."""
    if seat.org_id or not seat.person_id:
        return seat.org_id
    return seat.user.person.parent_id


class PledgeQuerySet(ActedQuerySet):
    """A pledge is public once published and its ten minutes are over."""

    @staticmethod
    def _public_q() -> Q:
        return Q(state__in=KEPT, published_at__lte=timezone.now(), public=True)

    def public(self) -> PledgeQuerySet:
        return self.filter(self._public_q())

    def visible_to(self, seat: Any) -> PledgeQuerySet:
        return self.filter(self._public_q() | self._inside_q(seat) | self._noticed_q(seat))

    def inside(self, seat: Any) -> PledgeQuerySet:
        return self.filter(self._inside_q(seat))

    @staticmethod
    def _inside_q(seat: Any) -> Q:
        role = seat.role
        if role.scope == "self":
            return Q(subject_id=seat.org_id if role.code == "COMPANY_REP" else seat.person_id or None)
        if role.scope == "own unit" and seat.org_id:
            return Q(subject_id=seat.org_id) | Q(unit_id=seat.org_id)
        if role.scope == "managed" and seat.org_id:
            return Q(subject__managed_by_id=seat.org_id)
        if role.scope == "county" and seat.org_id:
            return Q(unit__area__path__startswith=seat.org.area.path)
        if role.automatic or role.code == "CREDIT_CITY":
            return ~Q(pk=None)
        return ~Q(state="WITHDRAWN") if role.code == "AUDITOR" else Q(pk__in=[])

    @staticmethod
    def _noticed_q(seat: Any) -> Q:
        """What is posted inside one's own unit for a period, where a pledge does not go to the public (task 2)."""
        unit = unit_of(seat) if seat.user_id else None
        if unit is None:
            return Q(pk__in=[])
        since = timezone.now() - timedelta(days=int(setting("pledge_unit_days") or 0))
        return Q(unit_id=unit, subject__form="PERSON", state__in=KEPT, published_at__gt=since)

    def noticed(self, seat: Any) -> PledgeQuerySet:
        """The notice board of the seat's unit."""
        return self.filter(self._noticed_q(seat))

    def search_public(self, query: str) -> PledgeQuerySet:
        """Public pledges by number, or by the name of who pledged or of his unit (brief P2)."""
        text = query.replace("\x00", "").strip()
        shown = self.public()
        told = Exists(shown.filter(Q(subject=OuterRef("pk")) | Q(unit=OuterRef("pk"))))
        names = list(Subject.objects.search(text).filter(told).values_list("pk", flat=True)[:CANDIDATES])
        return shown.filter(Q(number=text.upper()) | Q(subject__in=names) | Q(unit__in=names))

    def overdue(self, on: date | None = None) -> PledgeQuerySet:
        return self.filter(state="ISSUED", due_on__lt=on or timezone.localdate())
