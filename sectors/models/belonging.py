"""What belongs to a project is seen as its project is; what names persons is never public (house.md 2.8)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from integrity.acts import ActedQuerySet
from sectors.models.project import Project


class OfProject(ActedQuerySet):
    """Rows of a project; which of them are public each model says itself."""

    def public(self) -> OfProject:
        return self.none()

    def inside(self, seat: Any) -> OfProject:
        return self.filter(project__in=Project.objects.inside(seat))

    def visible_to(self, seat: Any) -> OfProject:
        return self.filter(
            Q(pk__in=self.inside(seat).values("pk")) | Q(pk__in=self.model.objects.public().values("pk"))
        )


class OfPerson(OfProject):
    """Rows that name a person of a project: its units, his managing authority of today and the credit office, nobody else.

    `holder` is the path from the row to the person.
    """

    holder = "person"

    def inside(self, seat: Any) -> OfPerson:
        role = seat.role
        if role.scope == "managed" and seat.org_id:
            return self.filter(**{f"{self.holder}__managed_by_id": seat.org_id})
        if role.code == "OFFICIAL" and seat.person_id:
            return self.filter(**{f"{self.holder}_id": seat.person_id})
        if role.code in ("COMPANY_REP", "LEADER") or not role.staff and not role.automatic:
            return self.none()
        return super().inside(seat)  # type: ignore[return-value]
