"""Staged rows: written by COPY, private cells sealed; what a page or workbook shows of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import orjson

from integrity.crypto.sealed import open_text, seal_text
from integrity.intake.heading import Heading
from integrity.intake.rows import Row
from integrity.models import ImportBatch, ImportRow
from integrity.models.copying import copy_rows
from integrity.models.record.spec import Problem
from integrity.snapshot import plain

SEALED = "sealed"
_DAYS = ("decided_on", "effective_on", "served_on", "act_ended_on")


def stage(batch: ImportBatch, heading: Heading, rows: Sequence[Row]) -> None:
    """Write checked rows of a chunk in the caller's transaction."""
    private = sorted({i for i, c in heading.places if c.private})
    names = heading.fields | {"": ""}
    alike = {"batch_id": batch.pk, "record_id": None, "opened_by_id": None}
    kept = {i for i, c in heading.places if not c.unkept} if heading.profile.sparing else None
    columns = ("serial", "raw", "values", "errors", "warnings", "status")
    copy_rows("integrity_importrow", columns, (_line(batch, row, private, names, kept) for row in rows), alike)


def _line(
    batch: ImportBatch, row: Row, private: list[int], names: dict[str, str], kept: set[int] | None
) -> tuple[Any, ...]:
    texts: list[Any] = row.texts if kept is None else [t if i in kept else "" for i, t in enumerate(row.texts)]
    if any(texts[i] for i in private):
        place = f"importrow.raw.{batch.pk.hex}.{row.serial}"
        texts = [{SEALED: seal_text(t, f"{place}.{i}")} if i in private and t else t for i, t in enumerate(texts)]
    errors = [said(p, names) for p in row.problems if p.blocks]
    warnings = [said(p, names) for p in row.problems if not p.blocks]
    if row.repeated:
        warnings.append(said(Problem("doc_no", "E09", row.repeated), names))
    values = values_of(row) if row.status == "GOOD" else {}
    return (row.serial, _dump(texts), _dump(values), _dump(errors), _dump(warnings), row.status)


def said(problem: Problem, names: dict[str, str]) -> dict[str, str]:
    """A problem as the report shows it: field, heading of the file, code of domain.md 7.3, sentence."""
    return {
        "field": problem.field,
        "column": names.get(problem.field, ""),
        "code": problem.code,
        "text": problem.text,
    }


def _dump(value: Any) -> str:
    return orjson.dumps(value).decode()


def values_of(row: Row) -> dict[str, Any]:
    """What was understood of a row, as it waits for the clerk's wish to submit it."""
    return {
        "kind": row.kind,
        "subject": str(row.subject) if row.subject else "",
        "name": row.name,
        "code": row.code,
        "old_code": row.fields.get("old_code", ""),
        "columns": {k: v if type(v) is str else plain(v) for k, v in row.columns.items()},
        "facts": row.facts,
    }


def columns_of(values: dict[str, Any]) -> dict[str, Any]:
    """The columns of staged values with days as dates again."""
    columns = dict(values["columns"])
    for name in _DAYS:
        if columns.get(name):
            columns[name] = date.fromisoformat(columns[name])
    return columns


def shown(row: ImportRow) -> list[str]:
    """The texts of a row for a page: private cells are not shown."""
    return [t if isinstance(t, str) else "（不显示）" for t in row.raw]


def original(batch: ImportBatch, row: dict[str, Any]) -> list[str]:
    """The texts of a row exactly as they stood in the file, private ones opened, for the one who sent them."""
    place = f"importrow.raw.{batch.pk.hex}.{row['serial']}"
    return [t if isinstance(t, str) else open_text(t[SEALED], f"{place}.{i}") for i, t in enumerate(row["raw"])]


def private_texts(batch: ImportBatch, serials: Iterable[int]) -> dict[int, list[str]]:
    """The sealed texts of rows, opened while they are being entered."""
    found = {}
    for row in ImportRow.objects.filter(batch=batch, serial__in=list(serials)).values("serial", "raw"):
        places = [i for i, text in enumerate(row["raw"]) if not isinstance(text, str)]
        texts = original(batch, row)
        found[row["serial"]] = [texts[i] for i in places]
    return found


def sentence(problems: Iterable[dict[str, str]]) -> str:
    """All problems of a row in one text: column: reason."""
    return "；".join(f"{p['column']}：{p['text']}" if p["column"] else p["text"] for p in problems)
