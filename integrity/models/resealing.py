"""Turning sealed numbers to the current keys while everybody works on: a thousand rows a transaction (trust.md 6)."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from integrity.acts import acted, acted_models, may
from integrity.crypto import keys
from integrity.models.ledger import Event
from integrity.models.subject import Subject

CHUNK = 1000


def stale() -> Q:
    """Rows whose number is sealed or indexed by another than the current key."""
    field, index = keys.current("field"), keys.current("index")
    fresh = Q(id_sealed__startswith=f"{field.alg}.{field.kid}.", id_index__startswith=f"{index.kid}.")
    return ~Q(id_sealed="") & ~fresh


def reseal(*, by: Any) -> Iterator[int]:
    """Turn all that is stale, chunk by chunk; yields how many are done. Stopped anywhere, it goes on from there."""
    done, last = 0, uuid.UUID(int=0)
    while ids := list(Subject.objects.filter(stale(), pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        done += _chunk(ids, by)
        last = ids[-1]
        yield done


@transaction.atomic
def _chunk(ids: list[uuid.UUID], by: Any) -> int:
    rows = list(Subject.objects.filter(stale(), pk__in=ids).select_for_update(of=("self",)).order_by("pk"))
    if not rows:
        return 0
    spec = Subject.reseal.act
    if refusal := may(spec, rows[0], by):
        raise refusal
    for row in rows:
        row.turn_id_number()
    notes = {"field_key": keys.current("field").kid, "index_key": keys.current("index").kid}
    events = Event.write_many(spec, "subject", ((r.pk, r.version + 1, notes) for r in rows), by, "")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE integrity_subject s SET version = s.version + 1, id_sealed = v.sealed, id_index = v.index "
            "FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS v(id, sealed, index) WHERE s.id = v.id",
            [[r.pk for r in rows], [r.id_sealed for r in rows], [r.id_index for r in rows]],
        )
    acted.send(Subject, spec=spec, events=events, rows=rows, by=by)
    return len(rows)


def usage() -> dict[str, Counter[str]]:
    """How many numbers each key seals and indexes."""
    found: dict[str, Counter[str]] = {"field": Counter(), "index": Counter()}
    with connection.cursor() as cursor:
        for purpose, expression in (
            ("field", "split_part(id_sealed, '.', 2)"),
            ("index", "split_part(id_index, '.', 1)"),
        ):
            cursor.execute(f"SELECT {expression}, count(*) FROM integrity_subject WHERE id_sealed <> '' GROUP BY 1")  # noqa: S608
            found[purpose].update(dict(cursor.fetchall()))
        for model in acted_models():  # what areas seal is counted, so that no key goes on which it still hangs
            for name in getattr(model, "sealed_columns", ()):
                table = model._meta.db_table
                cursor.execute(
                    f"SELECT split_part({name}, '.', 2), count(*) FROM {table} WHERE {name} <> '' GROUP BY 1"  # noqa: S608
                )
                found["field"].update(dict(cursor.fetchall()))
    return found
