"""Who sees which subject, and how subjects are found (house.md 2.8)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from integrity import codes
from integrity.acts import ActedQuerySet
from integrity.crypto.sealed import blind_indexes
from integrity.models.area import Area
from integrity.models.words import Lexemes
from integrity.search import tsquery


class SubjectQuerySet(ActedQuerySet):
    """Organisations are public; persons are seen only by those whose duty it is."""

    def organisations(self) -> SubjectQuerySet:
        return self.exclude(form="PERSON")

    def under(self, org: Any) -> SubjectQuerySet:
        """The organisation and everything below it in the tree."""
        return self.filter(path__startswith=org.path)

    def in_area(self, area: Area | str) -> SubjectQuerySet:
        path = area if isinstance(area, str) else area.path
        return self.filter(area__path__startswith=path)

    def search(self, query: str) -> SubjectQuerySet:
        """Part of a name (bigrams), pinyin, or an exact code; nothing for a query that is too short."""
        code = codes.normalise_code(query)
        if len(code) == 18 and code.isascii():
            return self.filter(code=code)
        words = tsquery(query)
        if not words:
            return self.none()
        return self.filter(search=Lexemes(words))

    def by_id_number(self, number: str) -> SubjectQuerySet:
        """Exact look-up by a citizen's number through the blind index, under every live key."""
        return self.filter(id_index__in=blind_indexes(number, "subject.id"))

    def visible_to(self, seat: Any) -> SubjectQuerySet:
        organisations = ~Q(form="PERSON")
        role = seat.role
        if role.scope == "self":
            return self.filter(organisations | Q(pk=seat.person_id))
        persons = Q(pk__in=[])
        if role.scope == "managed" and seat.org_id:
            persons = Q(form="PERSON", managed_by_id=seat.org_id)
        elif role.automatic or role.code in ("CREDIT_CITY", "AUDITOR", "ARCHIVIST", "PEER"):
            persons = Q(form="PERSON")
        elif role.scope == "county" and seat.org_id:
            persons = Q(form="PERSON", area__path__startswith=seat.org.area.path)
        elif role.scope == "own unit" and "record.enter" in role.rights and seat.org_id:
            persons = Q(form="PERSON", registered_by_unit_id=seat.org_id)
        return self.filter(organisations | persons)

    def by_name(self) -> SubjectQuerySet:
        return self.order_by("sort_key", "id")
