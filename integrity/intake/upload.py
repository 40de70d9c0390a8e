"""Taking a file in: answers checked, file stored with its digest, batch received; and rows handed in by other systems."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from integrity.acts import Refused
from integrity.codes import EMPTY_WORDS
from integrity.facts import Bad
from integrity.intake.guard import MAX_ROWS, Unfit, too_large
from integrity.intake.heading import find
from integrity.intake.profile import Profile, profile, required
from integrity.intake.reading import place_of, stage_rows
from integrity.intake.table import Sheet, text_of
from integrity.intake.work import nudge, wait
from integrity.models import ImportBatch, Kind


def answers_of(form: Profile, raw: Mapping[str, Any]) -> dict[str, str]:
    """What was answered once for the file, as cells would say it; raises ValidationError by field."""
    clean, errors = {}, {}
    for fact in form.asked:
        text = str(raw.get(fact.name) or "").strip()
        if text in EMPTY_WORDS and not fact.required:
            continue
        try:
            clean[fact.name] = str(fact.parse(text))
        except Bad as bad:
            errors[fact.name] = str(bad)
    if unknown := set(raw) - {f.name for f in form.asked}:
        errors |= {name: f"“{form.name}”不需要填写“{name}”" for name in unknown}
    if errors:
        raise ValidationError(errors)
    return clean


def receive(form: Profile, file: File, answers: Mapping[str, Any], by: Any) -> ImportBatch:
    """Store an uploaded file and enter its batch; a worker reads it. Raises ValidationError, NotAllowed."""
    required(form, by)
    if why := too_large(file.size):
        raise ValidationError({"file": why})
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    batch = _batch(form, Path(file.name or "文件").name[:200], digest.hexdigest(), answers_of(form, answers))
    file.seek(0)
    default_storage.save(place_of(batch), file)
    try:
        with transaction.atomic():
            batch.receive(by=by)
            nudge()
    except Exception:
        default_storage.delete(place_of(batch))
        raise
    return batch


def _batch(form: Profile, name: str, digest: str, answers: dict[str, str], key: str = "") -> ImportBatch:
    kind = Kind.objects.get(code=form.kinds[0]) if len(form.kinds) == 1 else None
    return ImportBatch(profile=form.code, kind=kind, file_name=name, sha256=digest, document=answers, key=key)


def submit(batch: ImportBatch, by: Any) -> ImportBatch:
    """The clerk's wish to enter the good rows; a worker does it."""
    with transaction.atomic():
        batch.submit(by=by)
        nudge()
    return batch


# ---- rows handed in by other systems ----


@dataclass
class Outcome:
    """What became of rows handed in: the batch, and every row that was not taken, with field, code and reason."""

    batch: ImportBatch
    replayed: bool = False
    errors: list[dict[str, Any]] = field(default_factory=list)


class KeyTaken(Refused):
    """The idempotency key was used for other rows."""

    code = "key-taken"


def take_rows(
    code: str, rows: Sequence[Mapping[str, Any]], by: Any, key: str, *, answers: Mapping[str, Any] | None = None
) -> Outcome:
    """Check rows of another system by a profile and enter the good ones as submitted records (POST intake/{profile}).

    A row is an object of column keys, headings or field names. The same key with the same rows gives the same outcome
    and enters nothing again. Raises KeyError (no such profile), ValidationError, NotAllowed, KeyTaken.
    """
    form = profile(code)
    required(form, by)
    if not rows or len(rows) > MAX_ROWS:
        raise ValidationError({"rows": f"每次须有 1 至 {MAX_ROWS} 行"})
    if not key or len(key) > 80:
        raise ValidationError({"key": "请给出不超过 80 个字符的幂等键"})
    clean = answers_of(form, answers or {})
    digest = hashlib.sha256(orjson.dumps([code, clean, list(rows)], option=orjson.OPT_SORT_KEYS)).hexdigest()
    known = ImportBatch.objects.select_related("unit", "kind", "seat").filter(unit_id=by.org_id, key=key).first()
    if known is None:
        batch = _batch(form, f"接口提交（{key}）"[:200], digest, clean, key)
        _stage_objects(batch, form, rows, by)
    elif known.sha256 != digest:
        raise KeyTaken("该幂等键已用于其他内容，请换用新的键")
    else:
        batch = known
    if batch.state == "REPORTED" and batch.good:
        batch.submit(by=by)
    return Outcome(wait(batch), known is not None, list(rejected(batch)))


def _stage_objects(batch: ImportBatch, form: Profile, rows: Sequence[Mapping[str, Any]], by: Any) -> None:
    """Lay objects out as a table and check it like a file's, in one transaction."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = ([_cell(row.get(name)) for name in names] for row in rows)
    sheet = Sheet("接口", iter([(0, names), *enumerate(cells, 1)]), len(rows))
    try:
        heading, body = find(iter([sheet]), form, batch.document)
        with transaction.atomic():
            batch.receive(by=by)
            counts = stage_rows(batch, heading, body)
            batch.report(by=by, reading=heading.as_dict(), **counts)
    except Unfit as why:
        raise ValidationError({"rows": str(why)}) from why


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "；".join(map(str, value))
    if isinstance(value, dict):
        raise ValidationError({"rows": "各字段须为文本、数值或者是否，不能是对象"})
    return text_of(value)


def rejected(batch: ImportBatch) -> Iterable[dict[str, Any]]:
    """The problems of rows that were not taken, one entry each: row, field, column, code, text."""
    rows = batch.rows.filter(status__in=["BAD", "REPEATED"]).order_by("serial")
    for serial, status, errors, warnings in rows.values_list("serial", "status", "errors", "warnings").iterator():
        for problem in errors if status == "BAD" else [w for w in warnings if w["code"] == "E09"]:
            yield {"row": serial, "status": status, **problem}
