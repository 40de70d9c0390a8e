"""Entering the good rows a clerk has submitted, chunk by chunk: killed at any moment, it leaves no half row and goes on.

Each chunk is one transaction: new subjects, records, their events, and the rows' mark ENTERED. The batch stays
SUBMITTING until no good row is left, and only a SUBMITTED batch can be confirmed.
"""

from __future__ import annotations

import math
import random
import uuid
from collections import defaultdict
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from integrity.acts import Refused
from integrity.intake import first_day, progress, register
from integrity.intake.profile import profile
from integrity.intake.progress import Tell
from integrity.intake.staging import columns_of
from integrity.models import CLOCK, ImportBatch, ImportRow, Kind, Subject, setting
from integrity.models.providing import provide_many
from integrity.models.record.many import Entered, enter_many

CHUNK = 2000
_draw = random.SystemRandom()


def enter(batch: ImportBatch, tell: Tell = progress.say) -> None:
    """SUBMITTING → SUBMITTED; FAILED when nothing new is left or the register refuses."""
    try:
        while _enter_chunk(batch):
            done = ImportRow.objects.filter(batch=batch, status="ENTERED").count()
            tell(batch, done, batch.good)
    except (Refused, ValidationError) as why:
        batch.fail(by=CLOCK, why=f"提交中止：{'；'.join(getattr(why, 'messages', [str(why)]))}")


def _enter_chunk(batch: ImportBatch) -> bool:
    """One chunk in one transaction; False when the batch is at its end. A row that got in elsewhere in between is
    found on the second look."""
    for attempt in (1, 2):
        try:
            with transaction.atomic():
                locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
                if locked.state != ImportBatch.State.SUBMITTING:
                    return False
                rows = _good_rows(batch, CHUNK if profile(batch.profile).chunked else None)
                if not rows:
                    _finish(batch)
                    return False
                _enter_rows(batch, rows)
            return True
        except IntegrityError:
            if attempt == 2:
                raise
    return True


def _good_rows(batch: ImportBatch, most: int | None) -> list[dict[str, Any]]:
    """The next good rows; their values read by the fast parser."""
    good = ImportRow.objects.filter(batch=batch, status="GOOD").order_by("serial")
    found = good.annotate(text=Cast("values", TextField())).values_list("serial", "text")[:most]
    return [{"serial": serial, "values": orjson.loads(text)} for serial, text in found]


def _enter_rows(batch: ImportBatch, rows: list[dict[str, Any]]) -> None:
    if not batch.of_records:
        _mark(batch, first_day.enter(batch.profile, batch, rows, by=batch.seat))
        return
    _settle_subjects(batch, rows)
    keys = [_key(r) for r in rows]
    standing = register.doubles(keys)
    fresh: dict[str, list[dict[str, Any]]] = defaultdict(list)
    made: dict[int, uuid.UUID | None] = {}
    for row, key in zip(rows, keys, strict=True):
        if key in standing:
            made[row["serial"]] = None
        else:
            fresh[row["values"]["kind"]].append(row)
    kinds = {k.code: k for k in Kind.objects.filter(code__in=fresh)}
    for code, part in fresh.items():
        entries = [
            Entered(r["values"]["subject"], columns_of(r["values"]), r["values"]["facts"], r["serial"]) for r in part
        ]
        ids = enter_many(kinds[code], entries, by=batch.seat, batch=batch)
        made |= {r["serial"]: i for r, i in zip(part, ids, strict=True)}
    _mark(batch, made)


def _key(row: dict[str, Any]) -> register.Key:
    values = row["values"]
    return (values["kind"], values["subject"], *register.document_key(values["columns"]))


def _settle_subjects(batch: ImportBatch, rows: list[dict[str, Any]]) -> None:
    """Give every row its subject's id: registered since the check, or now as a provisional one."""
    for row in rows:
        if row["values"]["subject"]:
            row["values"]["subject"] = uuid.UUID(row["values"]["subject"])
    unknown = [row["values"] for row in rows if not row["values"]["subject"]]
    known = {code: k.id for code, k in register.by_code(v["code"] for v in unknown).items()}
    new: dict[str, Subject] = {}
    for v in unknown:
        if v["code"] not in known and v["code"] not in new:
            form = register.provisional_form(v["code"])
            new[v["code"]] = Subject(form=form, name=v["name"], code=v["code"], old_code=v["old_code"][:50])
    provide_many(list(new.values()), by=batch.seat)
    known |= {code: subject.pk for code, subject in new.items()}
    for values in unknown:
        values["subject"] = known[values["code"]]


def _mark(batch: ImportBatch, made: dict[int, uuid.UUID | None]) -> None:
    """Rows with an id are ENTERED, those without REPEATED."""
    sql = """
        UPDATE integrity_importrow r SET record_id = v.id, "values" = '{}',
          status = CASE WHEN v.id IS NULL THEN 'REPEATED' ELSE 'ENTERED' END
        FROM unnest(%s::int[], %s::uuid[]) AS v(serial, id) WHERE r.batch_id = %s AND r.serial = v.serial"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(made), list(made.values()), batch.pk])


# ---- what a second person has to open ----


def _finish(batch: ImportBatch) -> None:
    entered = ImportRow.objects.filter(batch=batch, status="ENTERED")
    serials = list(entered.values_list("serial", flat=True))
    if not serials:
        batch.fail(by=CLOCK, why="合格行在提交前均已由其他途径入库，没有新增记录")
        return
    batch.finish(by=batch.seat, sample=draw(serials, list(entered.exclude(warnings=[]).values("serial", "warnings"))))


def draw(serials: list[int], warned: list[dict[str, Any]]) -> list[int]:
    """Rows that whoever confirms must open: every row with a warning, and a sample by the rule of the city.

    One and the same warning on more rows than the setting says is looked at by a sample of its own.
    """
    chosen = set(_sample(serials))
    by_code: dict[str, list[int]] = defaultdict(list)
    for row in warned:
        for code in {f"{w['code']} {w['field']}" for w in row["warnings"]}:
            by_code[code].append(row["serial"])
    limit = int(setting("import_open_all"))
    for alike in by_code.values():
        chosen.update(alike if len(alike) <= limit else _sample(alike))
    return sorted(chosen)


def _sample(serials: list[int]) -> list[int]:
    rule = setting("import_sample")
    size = int(rule) if rule.isdigit() else max(5, math.isqrt(len(serials)))
    return _draw.sample(serials, min(size, len(serials)))
