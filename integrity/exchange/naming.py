"""Who is meant: organisations by their code, persons by the sender's own id for them (domain.md 7.2)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from integrity import catalogue
from integrity.codes import uscc_valid
from integrity.exchange.arrivals import Arrival
from integrity.models import Peer, Subject
from integrity.models.providing import provide_many
from integrity.models.subject import find_organisation

NAMESPACE = uuid.UUID("0f1c5f8e-6a55-4d0b-9c6e-3711000dd002")
Known = dict[str, Any]


class Names:
    """The subjects that one batch names; unknown ones arise as provisional subjects, set-wise, at the end."""

    def __init__(self, peer: Peer, arrivals: Iterable[Arrival]) -> None:
        self.peer, self.fresh = peer, []
        codes, persons = set(), set()
        for a in arrivals:
            codes |= {a.subject["code"], a.source["code"], a.columns["deciding_code"]}
            if a.subject["form"] == Subject.Form.PERSON:
                persons.add(self.person_id(a.subject["id"]))
        rows = Subject.objects.filter(code__in=codes - {""}) | Subject.objects.filter(pk__in=persons)
        found = list(rows.values("id", "form", "name", "code"))
        self.by_code: dict[str, Known] = {r["code"]: r for r in found if r["code"]}
        self.by_id: dict[uuid.UUID, Known] = {r["id"]: r for r in found}
        self.by_name: dict[str, Known] = {}

    def person_id(self, theirs: str) -> uuid.UUID:
        """Our id of a person the peer knows under its own: no peer can reach another's or our own people."""
        return uuid.uuid5(NAMESPACE, f"{self.peer.origin}\n{theirs}")

    def known(self, a: Arrival) -> Known | None:
        """The subject of an arrival as it is known here."""
        if a.subject["form"] == Subject.Form.PERSON:
            return self.by_id.get(self.person_id(a.subject["id"]))
        return self.by_code.get(a.subject["code"])

    def subject(self, a: Arrival) -> Known:
        """The same, made if need be."""
        if found := self.known(a):
            return found
        if a.subject["form"] != Subject.Form.PERSON:
            return self._organisation(a.subject["form"], a.subject["name"], a.subject["code"])
        official = "official" in catalogue.load().kinds[a.kind].subject
        key = self.person_id(a.subject["id"])
        row = Subject(
            pk=key, form=Subject.Form.PERSON, name=a.subject["name"], is_official=official, managed_by=self.peer.manager
        )
        return self._add(row)

    def source(self, a: Arrival) -> Known:
        """The providing unit, by code, else by name within this batch and the table."""
        name, code = a.source["name"], a.source["code"]
        if code and uscc_valid(code):
            return self.by_code.get(code) or self._organisation(Subject.Form.AGENCY, name, code)
        if name not in self.by_name:
            found = find_organisation("", name)
            known = {"id": found.pk, "form": found.form, "name": found.name, "code": found.code} if found else None
            self.by_name[name] = known or self._organisation(Subject.Form.AGENCY, name, "")
        return self.by_name[name]

    def _organisation(self, form: str, name: str, code: str) -> Known:
        agency = Subject.AgencyKind.OTHER_ORGAN if form == Subject.Form.AGENCY else ""
        return self._add(Subject(form=form, agency_kind=agency, name=name, code=code, area=self.peer.area))

    def _add(self, row: Subject) -> Known:
        self.fresh.append(row)
        known = {"id": row.pk, "form": row.form, "name": row.name, "code": row.code}
        self.by_id[row.pk] = known
        if row.code:
            self.by_code[row.code] = known
        return known

    def write(self) -> None:
        """Enter the provisional subjects."""
        provide_many(self.fresh, by=self.peer.seat, act="receive")
        self.fresh = []
