"""What waits for whom: the acts' own conditions as queries, one method a stage, for to-do lists and queues (brief S1, S8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from integrity import catalogue
from integrity.acts import ActedQuerySet
from integrity.models.record.area_checks import CHECKS

if TYPE_CHECKING:
    from integrity.models.record.query import RecordQuerySet

BELOW_CITY = r"^(/[^/]+){3}"  # the twin of Decision.needs_county


def as_one() -> Q:
    """Records that are confirmed together with their batch: adopted, unchanged since the import, not flagged.

    Singly handled are findings of our own, kinds whose area has further checks, serious ones where tiers vary by row,
    and those about natural persons, whose every reading is logged.
    """
    kinds = catalogue.load().of_shape("record")
    found_here = [*(k.code for k in kinds if k.notice == "own"), *CHECKS]
    varied = [k.code for k in kinds if k.tier in ("by_penalty", "by_finding")]
    alike = Q(state="SUBMITTED", version=1, needs_clearance=False, batch__isnull=False)
    return alike & ~Q(kind__in=found_here) & ~Q(tier="serious", kind__in=varied) & ~Q(subject__form="PERSON")


class QueueQuerySet(ActedQuerySet):
    """Every method is the twin of may(): no row of it is refused to the seat, and no own entry is in it."""

    def _for(self, seat: Any, right: str) -> RecordQuerySet:
        """Rows in reach on which four eyes and avoidance let this seat decide; none without the right."""
        if right not in seat.rights:
            return self.none()  # type: ignore[return-value]
        rows = self.inside(seat).exclude(subject_id__in=seat.avoided())  # type: ignore[attr-defined]
        return rows.exclude(entered_by=seat.user_id).exclude(amended_by=seat.user_id)

    def to_amend(self, seat: Any) -> RecordQuerySet:
        """Records of the seat's unit that came back from review."""
        if "record.enter" not in seat.rights:
            return self.none()  # type: ignore[return-value]
        return self.inside(seat).filter(state="RETURNED", source_unit_id=seat.org_id)  # type: ignore[attr-defined]

    def to_review(self, seat: Any) -> RecordQuerySet:
        """Submitted records, but those of a batch that is confirmed as one."""
        rows = self._for(seat, "record.review").filter(state="SUBMITTED")
        rows = rows.exclude(as_one(), batch__state__in=("SUBMITTING", "SUBMITTED", "ACCEPTED"))
        if seat.role.scope in ("county", "all"):
            rows = rows.filter(~Exists(_reviewers()))
        return rows

    def to_accept(self, seat: Any) -> RecordQuerySet:
        """Reviewed records of county units that wait for the county office."""
        rows = self._for(seat, "record.accept")
        return rows.filter(state="REVIEWED", source_unit__area__path__regex=BELOW_CITY)

    def to_confirm(self, seat: Any) -> RecordQuerySet:
        """Reviewed or accepted records that wait for the register."""
        rows = self._for(seat, "record.confirm").filter(state__in=("REVIEWED", "ACCEPTED"))
        if seat.role.scope == "all":
            rows = rows.exclude(state="REVIEWED", source_unit__area__path__regex=BELOW_CITY)
        return rows

    def to_clear(self, seat: Any) -> RecordQuerySet:
        """Scheduled records in which the scan flagged something."""
        return self._for(seat, "record.clear").filter(
            publicity="SCHEDULED", needs_clearance=True, cleared_by__isnull=True
        )

    def to_publish(self, seat: Any) -> RecordQuerySet:
        """Scheduled records ready for the public; never those this person confirmed."""
        rows = self._for(seat, "record.publish").exclude(confirmed_by=seat.user_id)
        ready = Q(needs_clearance=False) | Q(cleared_by__isnull=False)
        in_time = Q(until__isnull=True) | Q(until__gt=timezone.localdate())
        return rows.filter(ready, in_time, publicity="SCHEDULED", state="CONFIRMED", suspended=False)


def _reviewers() -> Any:
    """Reviewers of a record's own unit other than its enterers, in force today."""
    from integrity.models.access import Seat

    rows = Seat.objects.in_force().filter(org=OuterRef("source_unit"), role_code__in=("UNIT_REVIEWER", "HR_OFFICER"))
    nobody = Value(-1)
    return rows.exclude(user_id=Coalesce(OuterRef("entered_by"), nobody)).exclude(
        user_id=Coalesce(OuterRef("amended_by"), nobody)
    )
