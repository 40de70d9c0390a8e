"""Export the records a seat may see, as CSV or NDJSON, streamed from a server-side cursor; the export is an event."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from integrity.acts import Refused
from integrity.cells import harmless
from integrity.codes import mask_name
from integrity.models import Record, Seat

COLUMNS = (
    "number", "kind_id", "kind__name", "subject__form", "subject__name", "subject__code", "title", "fact", "doc_type", "doc_no",
    "deciding_name", "deciding_code", "decided_on", "legal_basis", "tier", "facts", "state", "publicity", "public_from",
    "until", "source_unit__name", "source_unit__code",
)  # fmt: skip
_NAMES = [c.replace("_id", "").replace("__", "_") for c in COLUMNS]
_FORM, _NAME = COLUMNS.index("subject__form"), COLUMNS.index("subject__name")
TOLD = 20_000


class Command(BaseCommand):
    help = "Write the records that a seat sees beyond the public ones to FILE (- for standard output), one a line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="path, or - for standard output")
        parser.add_argument("--as", dest="username", required=True, help="account whose seat exports")
        parser.add_argument("--purpose", required=True, help="why; kept in the ledger (山东条例 37)")
        parser.add_argument("--format", choices=["ndjson", "csv"], default="ndjson")
        parser.add_argument("--kind", default="", help="only this kind")

    def handle(self, *args: Any, **options: Any) -> None:
        seats = Seat.objects.in_force().filter(user__username=options["username"]).select_related("user", "org__area")
        seat = next((s for s in seats.order_by("role_code") if "export" in s.rights), None)
        if seat is None:
            raise CommandError(f"账号“{options['username']}”没有可以导出的在岗岗位")
        rows = Record.objects.inside(seat)
        if options["kind"]:
            rows = rows.filter(kind=options["kind"])
        write = _csv if options["format"] == "csv" else _ndjson
        try:
            with transaction.atomic():
                what = f"命令导出 {options['format']} {options['kind'] or '全部类目'}"
                seat.export(by=seat, what=what, purpose=options["purpose"], rows=rows.count())
                with _out(options["file"]) as out:
                    done = write(out, self._told(_values(rows, seat)))
        except Refused as why:
            raise CommandError(str(why)) from why
        self.stderr.write(f"已导出 {done} 条")

    def _told(self, rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        for count, row in enumerate(rows, 1):
            if count % TOLD == 0:
                self.stderr.write(f"{count} 条")
            yield row


def _out(file: str) -> Any:
    return open(sys.stdout.fileno(), "wb", closefd=False) if file == "-" else Path(file).open("wb")


def _values(rows: Any, seat: Any) -> Iterator[tuple[Any, ...]]:
    """Rows in the order of their ids, names of natural persons masked for those who only audit (domain.md 5)."""
    masked = seat.role_code == "AUDITOR"
    for row in rows.order_by("pk").values_list(*COLUMNS).iterator(chunk_size=2000):
        if masked and row[_FORM] == "PERSON":
            yield *row[:_NAME], mask_name(row[_NAME]), *row[_NAME + 1 :]
        else:
            yield row


def _ndjson(out: IO[bytes], rows: Iterator[tuple[Any, ...]]) -> int:
    done = 0
    for row in rows:
        out.write(orjson.dumps(dict(zip(_NAMES, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE))
        done += 1
    return done


class _Lines:
    def __init__(self, out: IO[bytes]) -> None:
        self.out = out

    def write(self, text: str) -> int:
        return self.out.write(text.encode())


def _csv(out: IO[bytes], rows: Iterator[tuple[Any, ...]]) -> int:
    lines, done = csv.writer(_Lines(out)), 0
    out.write(b"\xef\xbb\xbf")
    lines.writerow(_NAMES)
    for row in rows:
        lines.writerow([harmless(orjson.dumps(v).decode() if isinstance(v, dict) else v) for v in row])
        done += 1
    return done
