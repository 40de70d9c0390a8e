"""Reading a received file: every row checked and staged, then one report; nothing is entered yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from integrity.intake import progress
from integrity.intake.checking import RecordChecker
from integrity.intake.first_day import TableChecker
from integrity.intake.guard import MAX_ROWS, Unfit
from integrity.intake.heading import Heading, body, find
from integrity.intake.profile import profile
from integrity.intake.progress import Tell
from integrity.intake.rows import Row
from integrity.intake.staging import stage
from integrity.intake.table import Sheet, opened
from integrity.models import CLOCK, ImportBatch, ImportRow

CHUNK = 2000


class Checker(Protocol):
    """Fills in what rows were understood as, and their problems."""

    def check(self, rows: list[Row]) -> None: ...


def checker(heading: Heading, answers: dict[str, str], seat: Any) -> Checker:
    """The checker for what the profile's rows become."""
    today = timezone.localdate()
    if heading.profile.target == "records":
        return RecordChecker(heading, answers, seat, today)
    return TableChecker(heading, seat, answers)


def place_of(batch: ImportBatch) -> str:
    """Where the uploaded file waits until it has been read."""
    return f"imports/{batch.pk.hex}"


def read(batch: ImportBatch, tell: Tell = progress.say) -> None:
    """RECEIVED → REPORTED, or FAILED with the reason. Begins anew after an interruption; the file is then removed.

    The rows keep every text of the file and the batch its digest; the file itself, with whatever personal data it
    holds, is kept no longer than it is needed (个人信息保护法 19).
    """
    path = Path(default_storage.path(place_of(batch)))
    ImportRow.objects.filter(batch=batch).delete()
    try:
        if not path.exists():
            raise Unfit("上传的文件已不在，请重新上传")
        heading, counts = _stage_file(batch, path, tell)
    except Unfit as why:
        batch.fail(by=CLOCK, why=str(why))
    else:
        _note_twin(batch, heading)
        batch.report(by=batch.seat, reading=heading.as_dict(), **counts)
    default_storage.delete(place_of(batch))


def _stage_file(batch: ImportBatch, path: Path, tell: Tell) -> tuple[Heading, dict[str, int]]:
    kind = profile(batch.profile)
    with opened(path, batch.file_name) as sheets:
        heading, sheet = find(sheets, kind, [k for k, v in batch.document.items() if v])
        return heading, stage_rows(batch, heading, sheet, tell)


def stage_rows(batch: ImportBatch, heading: Heading, sheet: Sheet, tell: Tell = progress.say) -> dict[str, int]:
    """Check and stage the rows of a sheet portion by portion; returns the counts of the report."""
    work, counts = checker(heading, batch.document, batch.seat), Counter()
    for rows in chunks(heading, sheet):
        work.check(rows)
        with transaction.atomic():
            stage(batch, heading, rows)
        counts.update(row.status for row in rows)
        counts["warned"] += sum(1 for row in rows if row.status == "GOOD" and row.problems)
        counts["total"] += len(rows)
        tell(batch, counts["total"], max(sheet.height - heading.row, counts["total"]) if sheet.height else 0)
    if not counts["total"]:
        raise Unfit("表头下面没有数据行，请检查后重新上传")
    words = {"total": "total", "good": "GOOD", "bad": "BAD", "repeated": "REPEATED", "warned": "warned"}
    return {name: counts[key] for name, key in words.items()}


def chunks(heading: Heading, sheet: Sheet) -> Iterator[list[Row]]:
    """The rows of a sheet in portions, so that memory does not grow with the file."""
    rows = (Row(serial, texts, numbers) for serial, texts, numbers in body(heading, sheet))
    size = CHUNK if heading.profile.chunked else MAX_ROWS  # organisations refer to one another
    while part := list(islice(rows, size)):
        yield part


def _note_twin(batch: ImportBatch, heading: Heading) -> None:
    """Say when the very same file was imported before."""
    twins = ImportBatch.objects.filter(unit=batch.unit, sha256=batch.sha256, profile=batch.profile)
    twin = twins.exclude(pk=batch.pk).exclude(state__in=["FAILED", "REFUSED"]).order_by("-made_at").first()
    if twin:
        heading.notes.append(f"同一文件曾于 {timezone.localtime(twin.made_at):%Y-%m-%d %H:%M} 上传")
