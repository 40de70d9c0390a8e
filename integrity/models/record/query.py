"""Who sees which record: one method for every door (house.md 2.8)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from integrity import catalogue
from integrity.codes import normalise_doc_no
from integrity.models.record.going import GoingQuerySet
from integrity.models.record.queues import QueueQuerySet
from integrity.models.subject import Subject
from integrity.models.words import Grams, Lexemes
from integrity.search import tsquery


def restricted_codes() -> list[str]:
    """Kinds known only to their named readers: OF03-OF06, OF09 (domain.md 5)."""
    return [k.code for k in catalogue.load().of_shape("record") if k.disclosure == "restricted"]


def codes_of(families: tuple[str, ...]) -> list[str]:
    return [k.code for k in catalogue.load().of_shape("record") if k.family in families]


LEFT_DESK = ("SUBMITTED", "REVIEWED", "ACCEPTED", "CONFIRMED", "REPAIRED", "REVOKED", "EXPIRED")
KNOWN_TO_SUBJECT = ("CONFIRMED", "REPAIRED", "REVOKED", "EXPIRED")
CANDIDATES = 200  # subjects whose records a search by name looks at: very common words stay cheap
UNSEALED = ~Q(state="SEALED")


class RecordQuerySet(QueueQuerySet, GoingQuerySet):
    """Time is a query: nothing here depends on a nightly job having run."""

    def public(self, on: date | None = None) -> RecordQuerySet:
        """What anybody may see on a day: published, in its period, neither hidden nor suspended."""
        return self.filter(self.public_q(on))

    @staticmethod
    def public_q(on: date | None = None) -> Q:
        day = on or timezone.localdate()
        return (
            Q(publicity="PUBLIC", state="CONFIRMED", suspended=False, public_from__lte=day)
            & (Q(until__isnull=True) | Q(until__gt=day))
            & (Q(hidden_until__isnull=True) | Q(hidden_until__lte=timezone.now()))
        )

    def in_use(self, on: date | None = None) -> RecordQuerySet:
        """Records that may be a basis: confirmed, not at their end (domain.md task 3)."""
        day = on or timezone.localdate()
        return self.filter(Q(until__isnull=True) | Q(until__gt=day), state="CONFIRMED")

    def run_out(self, on: date | None = None) -> RecordQuerySet:
        """Records whose end has come but is not yet written down by the clock."""
        return self.filter(state="CONFIRMED", until__lte=on or timezone.localdate())

    def visible_to(self, seat: Any) -> RecordQuerySet:
        return self.filter(self.public_q() | self._inside_q(seat))

    def inside(self, seat: Any) -> RecordQuerySet:
        """What the seat sees beyond the public: its own unit's, its area's, its own file."""
        return self.filter(self._inside_q(seat))

    @staticmethod
    def _inside_q(seat: Any) -> Q:
        role, open_kinds = seat.role, ~Q(kind__in=restricted_codes())
        nothing = Q(pk__in=[])
        if role.code == "ARCHIVIST":
            return Q(state="SEALED") & open_kinds
        if role.scope == "self":
            own = seat.org_id if role.code == "COMPANY_REP" else seat.person_id
            mine = [own] if own else []
            return Q(subject_id__in=mine, state__in=KNOWN_TO_SUBJECT) | _told(mine)
        if role.scope == "own unit" and seat.org_id:
            provided = Q(source_unit_id=seat.org_id) & open_kinds & UNSEALED
            about = Q(subject_id=seat.org_id, state__in=KNOWN_TO_SUBJECT) | _told([seat.org_id])
            return provided | about if role.families or "record.review" in role.rights else about
        if role.scope == "managed" and seat.org_id:
            managed = Q(subject__managed_by_id=seat.org_id, kind__in=codes_of(("OF",)))
            own = Q(source_unit_id=seat.org_id)
            if role.code != "DISCIPLINE":  # of a restricted record its authority of today is the reader, no former one
                own &= open_kinds | Q(pk__in=_in_hand(seat.org_id))
            return (managed | own) & UNSEALED
        if role.scope == "county" and seat.org_id:
            return Q(source_unit__area__path__startswith=seat.org.area.path, state__in=LEFT_DESK) & open_kinds
        if role.automatic or role.code in ("CREDIT_CITY", "PEER"):
            return Q(state__in=LEFT_DESK) & (open_kinds if role.code == "CREDIT_CITY" else Q())
        if role.code == "SECRECY_REVIEWER":
            return Q(state="CONFIRMED", publicity__in=("SCHEDULED", "PUBLIC")) & open_kinds
        if role.code == "AUDITOR":
            return Q(state__in=LEFT_DESK) & open_kinds
        if role.code == "LEADER":
            return Q(state="CONFIRMED") & ~Q(subject__form=Subject.Form.PERSON) & open_kinds
        return nothing

    def search(self, query: str) -> RecordQuerySet:
        """By record number, document number, or the subject's name or code."""
        text = query.replace("\x00", "").strip()
        if not text:
            return self
        subjects = Subject.objects.search(text).values("pk")
        key = normalise_doc_no(text)
        return self.filter(Q(number=text.upper()) | Q(doc_key=key) | Q(subject__in=subjects))

    def search_public(self, query: str) -> RecordQuerySet:
        """Public records by words of their title, and otherwise as `search`; persons' names find nothing (brief P2)."""
        text = query.replace("\x00", "").strip()
        shown = self.public()
        told = Exists(shown.filter(subject=OuterRef("pk")))
        subjects = Subject.objects.organisations().search(text).filter(told).values_list("pk", flat=True)
        found = Q(number=text.upper()) | Q(doc_key=normalise_doc_no(text)) | Q(subject__in=list(subjects[:CANDIDATES]))
        if words := tsquery(text):
            return shown.alias(grams=Grams("title")).filter(found | Q(grams=Lexemes(words)))
        return shown.filter(found)

    def of_sector(self, sector: str) -> RecordQuerySet:
        return self.filter(kind__in=[k.code for k in catalogue.load().of_shape("record") if k.sector == sector])


def _in_hand(unit: Any) -> Any:
    """Records about which a unit has to answer an objection, repair or complaint now."""
    return apps.get_model("integrity", "Matter").objects.open().filter(unit_id=unit).values("record")


def _told(mine: list[Any]) -> Q:
    """A subject sees a record about it from the notice on, so that it can state and defend."""
    return Q(subject_id__in=mine, state__in=("SUBMITTED", "REVIEWED", "ACCEPTED"), notified_on__isnull=False)
