"""Writing exports: the rows of a listing streamed by a server-side cursor, memory flat in their number (speed.md, rule 4)."""

from __future__ import annotations

import csv
import hashlib
import io
import logging
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from integrity.cells import harmless
from integrity.ledger.feed import sealed_size
from integrity.listing import LISTINGS, Listing, bound, items, log_personal, rows_of, values_of
from integrity.listing.base import is_public
from integrity.listing.members import cell, columns
from integrity.models import Export, Seat
from integrity.models.export import KEPT

log = logging.getLogger("exports")
CHUNK = 2000


def make_waiting() -> int:
    """Write every waiting export, one after another; killed at any moment it leaves a whole file or none."""
    done = 0
    while make_next():
        done += 1
    return done


@transaction.atomic
def make_next() -> bool:
    """Write the oldest waiting export that no other worker is at; False when there is none."""
    job = (
        Export.objects.waiting()
        .select_for_update(of=("self",), skip_locked=True)
        .select_related(*Export.lock_with)
        .first()
    )
    if job is None:
        return False
    try:
        with transaction.atomic():
            if not still_entitled(job):
                raise ValueError("申请人的岗位或者令牌已失效")
            written = write(job)
            job.finish(by=job.seat, **written)
    except Exception as fault:  # whatever failed, the asker reads it and the next export is made
        log.exception("an export failed", extra={"data": {"export": str(job.pk)}})
        job.path.unlink(missing_ok=True)
        job.fail(by=job.seat, why=str(fault) if isinstance(fault, ValueError) else "系统内部错误，请联系运维人员")
    return True


def still_entitled(job: Export) -> bool:
    """Whether the seat, and the token if one asked, are still in force."""
    live = job.token is None or job.token.is_live
    return live and Seat.objects.in_force().filter(pk=job.seat_id, user__is_active=True).exists()


def write(job: Export) -> dict[str, Any]:
    """Write the file beside its place and move it there; returns rows, size, digest and the log's size."""
    seat = job.token.standing() if job.token else job.seat
    size = sealed_size()
    path, digest, rows = job.path, hashlib.sha256(), 0
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(".part")
    with part.open("wb") as out:
        for count, piece in pieces(LISTINGS[job.resource], seat, job.query, job.format, job.purpose):
            out.write(piece)
            digest.update(piece)
            rows += count
        out.flush()
        os.fsync(out.fileno())
    part.rename(path)
    return {"rows": rows, "size": path.stat().st_size, "sha256": digest.hexdigest(), "checkpoint": size}


def pieces(listing: Listing, seat: Any, query: dict[str, str], form: str, purpose: str) -> Iterator[tuple[int, bytes]]:
    """The file piece by piece with the rows in each; rows about persons are logged as they go."""
    filters = bound(listing, query)
    if filters and filters.errors:
        raise ValueError("过滤条件已不再有效，请重新申请")
    rows = values_of(listing, rows_of(listing, seat, filters, query.get("q", "")), listing.columns_for(seat))
    stream = rows.order_by(*listing.order_for(seat)).iterator(chunk_size=CHUNK)
    shape = Lines() if form == "ndjson" else Table(listing, seat)
    while chunk := list(islice(stream, CHUNK)):
        log_personal(listing, chunk, seat, purpose, f"export:{listing.name}")
        yield len(chunk), shape.of(items(listing, chunk, seat))


class Lines:
    """One JSON object a line."""

    def of(self, found: Iterable[dict[str, Any]]) -> bytes:
        return b"".join(orjson.dumps(item, option=orjson.OPT_APPEND_NEWLINE) for item in found)


class Table:
    """A table that a spreadsheet opens: a byte-order mark, headings in Chinese, named units as columns of their own."""

    def __init__(self, listing: Listing, seat: Any) -> None:
        self.columns = list(columns(listing.schema, not is_public(seat)))
        self.begun = False

    def of(self, found: Iterable[dict[str, Any]]) -> bytes:
        out = io.StringIO()
        writer = csv.writer(out)
        if not self.begun:
            out.write("\ufeff")
            writer.writerow([head for _, _, head in self.columns])
            self.begun = True
        for item in found:
            writer.writerow([text(cell(item, name, part)) for name, part, _ in self.columns])
        return out.getvalue().encode()


def text(value: Any) -> str:
    """A cell's text; what has a shape of its own (facts, flags) as JSON."""
    return harmless(orjson.dumps(value).decode() if isinstance(value, (dict, list, orjson.Fragment)) else value)


def sweep() -> int:
    """Remove files whose seven days are over, and what a killed worker left behind; returns how many."""
    folder, gone = Path(settings.MEDIA_ROOT) / "exports", 0
    oldest = (timezone.now() - KEPT).timestamp()
    for path in folder.glob("*.*"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
