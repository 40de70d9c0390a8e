"""What the register knows of the rows of a chunk: subjects, deciding units, doubles; one query each (speed.md)."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from integrity.codes import AGENCY_PREFIXES, normalise_doc_no
from integrity.crypto.sealed import blind_indexes
from integrity.models import Subject

DROPPED = ("DRAFT", "RETURNED", "REVOKED")  # records in these states do not stand in the way of a new one


@dataclass(slots=True, frozen=True)
class Known:
    """What matters of a registered subject."""

    id: uuid.UUID
    name: str
    code: str
    form: str
    is_official: bool
    valid_until: date | None

    @property
    def suits(self) -> set[str]:
        """The catalogue's words for it."""
        return Subject(form=self.form, is_official=self.is_official).kinds_as_subject()


_COLUMNS = ("id", "name", "code", "form", "is_official", "valid_until")


def by_code(codes: Iterable[str]) -> dict[str, Known]:
    """Organisations by their codes."""
    wanted = list({c for c in codes if c})
    rows = Subject.objects.extra(where=["code = ANY(%s)"], params=[wanted]) if wanted else Subject.objects.none()
    return {row[2]: Known(*row) for row in rows.values_list(*_COLUMNS)}


def by_name(names: Iterable[str]) -> dict[str, Known]:
    """Organisations by names that only one of them bears."""
    wanted = list({n for n in names if n})
    if not wanted:
        return {}
    found: dict[str, Known | None] = {}
    rows = Subject.objects.organisations().extra(where=["integrity_subject.name = ANY(%s)"], params=[wanted])
    for row in rows.values_list(*_COLUMNS):
        found[row[1]] = None if row[1] in found else Known(*row)
    return {name: known for name, known in found.items() if known}


def by_number(numbers: Iterable[str], seat: Any = None) -> dict[str, Known]:
    """Persons by their sealed numbers, as far as the seat may see them; without a seat whoever is registered."""
    index = {i: n for n in set(numbers) if n for i in blind_indexes(n, "subject.id")}
    if not index:
        return {}
    rows = (Subject.objects.visible_to(seat) if seat else Subject.objects).filter(id_index__in=list(index))
    return {index[row[-1]]: Known(*row[:-1]) for row in rows.values_list(*_COLUMNS, "id_index")}


Key = tuple[str, uuid.UUID, str, str]  # kind, subject, document, deciding unit


def doubles(keys: Sequence[Key]) -> dict[Key, str]:
    """Those of the keys that a live record already bears, with its number."""
    if not keys:
        return {}
    sql = """
        SELECT r.kind, r.subject_id, r.doc_key, r.deciding_name, r.number
        FROM unnest(%s::text[], %s::uuid[], %s::text[], %s::text[]) AS k(kind, subject, doc, unit)
        JOIN integrity_record r ON r.kind = k.kind AND r.subject_id = k.subject AND r.doc_key = k.doc
          AND r.deciding_name = k.unit
        WHERE r.duplicate_note = '' AND NOT r.state = ANY(%s)"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [*map(list, zip(*keys, strict=True)), list(DROPPED)])
        return {(kind, subject, doc, unit): number for kind, subject, doc, unit, number in cursor}


def digest(*parts: Any) -> bytes:
    """A short mark of a key, so that the rows of a whole file can be remembered."""
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=12).digest()


def document_key(columns: dict[str, Any]) -> tuple[str, str]:
    """Document and deciding unit as doubles are compared."""
    return normalise_doc_no(columns.get("doc_no") or ""), columns.get("deciding_name") or ""


def provisional_form(code: str) -> str:
    """The form of an organisation that is not registered yet, by its code; nothing for government bodies."""
    if code.startswith(AGENCY_PREFIXES):
        return ""
    if code.startswith("92"):
        return Subject.Form.SOLE_TRADER
    return Subject.Form.SOCIAL if code.startswith(("51", "52", "53", "59", "81")) else Subject.Form.ENTERPRISE
