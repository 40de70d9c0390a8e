"""What is said of a batch: problems counted, rows as pages show them, what a second person still has to open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from integrity.intake.profile import Profile, profile
from integrity.intake.staging import shown as texts_of
from integrity.models import ImportBatch, ImportRow, Record
from integrity.models.record.many import confirmable

ROWS = {  # tab: label and rows
    "open": ("须查看", Q(status="ENTERED")),
    "bad": ("有错", Q(status="BAD")),
    "warned": ("有提示", ~Q(warnings=[]) & Q(status__in=("GOOD", "ENTERED"))),
    "repeated": ("重复", Q(status="REPEATED")),
    "good": ("可导入", Q(status__in=("GOOD", "ENTERED"))),
}
_COUNTS = {"bad": "bad", "warned": "warned", "repeated": "repeated", "good": "good"}


@dataclass(frozen=True)
class Shown:
    """A row on a page: its number, texts by heading, problems; empty texts where the reader has no business."""

    serial: int
    texts: list[tuple[str, str]]
    errors: list[dict[str, str]]
    warnings: list[dict[str, str]]
    record: Any
    opened: bool

    @property
    def name(self) -> str:
        """The first filled cells, to tell rows apart."""
        return "，".join([t for _, t in self.texts if t][:2]) or "（不显示）"


def profile_of(batch: ImportBatch) -> Profile | None:
    """The profile a batch was read by, if it still exists."""
    try:
        return profile(batch.profile)
    except KeyError:
        return None


def answers(batch: ImportBatch) -> list[tuple[str, str]]:
    """What was answered once for the file, with labels."""
    form = profile_of(batch)
    return [(form.facts[n].label, v) for n, v in batch.document.items() if n in form.facts] if form else []


def groups(batch: ImportBatch, kind: str, most: int = 20) -> list[dict[str, Any]]:
    """How often each problem occurs: code, column, an example, rows; kind is errors or warnings."""
    sql = f"""
        SELECT p->>'code', p->>'column', min(p->>'text'), count(*), min(r.serial)
        FROM integrity_importrow r, jsonb_array_elements(r.{kind}) p
        WHERE r.batch_id = %s AND r.status {"=" if kind == "errors" else "<>"} 'BAD' GROUP BY 1, 2, p->>'field' ORDER BY 4 DESC, 1 LIMIT %s"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [batch.pk, most])
        return [dict(zip(("code", "column", "text", "count", "first"), row, strict=True)) for row in cursor]


def queryset(batch: ImportBatch, tab: str, seat: Any) -> QuerySet[ImportRow]:
    """The rows of a tab."""
    found = batch.rows.filter(ROWS[tab][1])
    return found.filter(serial__in=batch.sample).exclude(opened_by=seat.user_id) if tab == "open" else found


def tabs(batch: ImportBatch, seat: Any) -> list[tuple[str, str]]:
    """The tabs that have rows."""
    counts = {tab: getattr(batch, name) for tab, name in _COUNTS.items()}
    if may_open(batch, seat):
        counts["open"] = to_open(batch, seat)["left"]
    found = [(tab, f"{label}（{counts[tab]}）") for tab, (label, _) in ROWS.items() if counts.get(tab)]
    return found or [("good", "可导入（0）")]


def rows(batch: ImportBatch, tab: str, seat: Any, most: int = 20) -> list[Shown]:
    """The first rows of a tab."""
    return shown(batch, list(queryset(batch, tab, seat).order_by("serial")[:most]), seat)


def shown(batch: ImportBatch, found: list[ImportRow], seat: Any) -> list[Shown]:
    """Rows as a page shows them; what concerns a natural person is read on the record's page, where it is logged."""
    headings = batch.reading.get("headings", [])
    closed = _personal(batch, found) if seat.user_id != batch.entered_by_id else set()
    return [
        Shown(
            row.serial,
            [] if row.serial in closed else [(h, t) for h, t in zip(headings, texts_of(row), strict=False) if t],
            row.errors,
            row.warnings,
            row.record_id if batch.of_records else None,
            row.opened_by_id == seat.user_id,
        )
        for row in found
    ]


def _personal(batch: ImportBatch, found: list[ImportRow]) -> set[int]:
    """Numbers of rows about natural persons, or not known to be about organisations."""
    form = profile_of(batch)
    if form and not {"person", "official"} & {w for k in form.kinds for w in _subjects(k)}:
        return set()
    ids = [row.record_id for row in found if row.record_id]
    safe = set(Record.objects.filter(pk__in=ids).exclude(subject__form="PERSON").values_list("pk", flat=True))
    return {row.serial for row in found if row.record_id not in safe}


def _subjects(kind: str) -> tuple[str, ...]:
    from integrity import catalogue

    return catalogue.load().kinds[kind].subject


# ---- what a second person opens ----


def may_open(batch: ImportBatch, seat: Any) -> bool:
    """Whether this seat is a second person who looks through the batch now."""
    return (
        "import.confirm" in seat.rights
        and seat.user_id != batch.entered_by_id
        and batch.state in (ImportBatch.State.SUBMITTED, ImportBatch.State.ACCEPTED)
    )


def to_open(batch: ImportBatch, seat: Any) -> dict[str, int]:
    """How many rows have to be opened by this person, and how many are left."""
    if not may_open(batch, seat):
        return {"all": 0, "left": 0}
    return {"all": len(batch.sample), "left": queryset(batch, "open", seat).count()}


def mark_opened(batch: ImportBatch, serials: list[int], seat: Any) -> None:
    """Note that a second person has looked at rows."""
    if may_open(batch, seat):
        batch.rows.filter(serial__in=serials, status="ENTERED").update(opened_by=seat.user_id)


def left_single(batch: ImportBatch, records: QuerySet[Record]) -> int:
    """How many submitted records of the batch have to be handled one by one."""
    if batch.state not in (ImportBatch.State.SUBMITTED, ImportBatch.State.ACCEPTED, ImportBatch.State.CONFIRMED):
        return 0
    waiting = records.filter(state="SUBMITTED")
    return (
        waiting.count() if batch.state == ImportBatch.State.CONFIRMED else waiting.count() - confirmable(batch).count()
    )
