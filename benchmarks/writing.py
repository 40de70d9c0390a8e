"""Import, sealing and single acts against raw COPY and against one save after the other (speed.md, rules 3 and 6)"""

from __future__ import annotations

import csv
import io
import random
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import node

MOST = 50_000  # rows of a file
TABLES = ("record", "event", "payload", "subject", "importrow")


def measure(rows: int) -> list[node.Line]:
    node.start()
    from tests import builders

    cast, count = builders.found_city(), min(rows, MOST)
    batch, read, entered = _import(cast, count)
    copied, size = _copied()
    sealed, events = _sealed()
    single, statements = _single(cast)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        (f"file of {count:,} rows, upload to report", f"{count / read:,.0f} rows/s", "goal 5,000"),
        ("its rows entered with history and leaves", f"{count / entered:,.0f} rows/s",
         f"{copied / entered:.2f} of COPY of the same rows into the same tables ({size / 1e6:.0f} MB)"),
        ("one act after the other", f"{1000 / single:,.0f} rows/s", f"{single * count / 1000 / entered:.0f} x slower (goal 60)"),
        ("peak memory of the process", f"{memory:.0f} MB", "goal 250 MB"),
        ("sealing, with tiles and checkpoint", f"{events / sealed:,.0f} events/s",
         f"goal 20,000; the import makes {(batch.total * 2) / entered:,.0f}"),
        ("a single act (enter)", f"{single:.1f} ms, {statements} statements", "goal 10 ms, 8 statements"),
    ]  # fmt: skip


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    found = work()
    return time.perf_counter() - started, found


def _import(cast: Any, count: int) -> tuple[Any, float, float]:
    """Penalties of double publicity as a file, with companies nobody knows yet in one row of ten."""
    from django.core.files.base import ContentFile

    from integrity.codes import make_uscc
    from integrity.intake.profile import profile
    from integrity.intake.upload import receive, submit
    from integrity.intake.work import wait
    from tests.integrity.intake.sheets import penalty

    out, chance = io.StringIO(), random.Random(3)
    for i in range(count):
        company = chance.randrange(max(count // 10, 1))
        row = penalty(i) | {
            "行政相对人名称": f"{node.WORDS[company % 30]}{company}贸易有限公司（演示）",
            "行政相对人代码_1（统一社会信用代码）": make_uscc(f"91371100YY{company:07d}"),
        }
        if i == 0:
            sheet = csv.DictWriter(out, list(row))
            sheet.writeheader()
        sheet.writerow(row)
    file = ContentFile(out.getvalue().encode("utf-8-sig"), "处罚.csv")
    read, batch = _timed(lambda: wait(receive(profile("dp02"), file, {}, cast.market)))
    assert batch.state == "REPORTED" and batch.good == count, (batch.state, batch.good, batch.failure)
    entered, batch = _timed(lambda: wait(submit(batch, cast.market)))
    assert batch.state == "SUBMITTED", batch.failure
    return batch, read, entered


def _copied() -> tuple[float, int]:
    """Seconds and bytes of COPY of everything the import wrote, into tables with the same indexes."""
    from django.apps import apps
    from django.db import connection

    seconds, size = 0.0, 0
    with connection.cursor() as cursor:
        for model in (apps.get_model("integrity", name) for name in TABLES):
            table, fields = model._meta.db_table, model._meta.concrete_fields
            columns = ", ".join(f'"{f.column}"' for f in fields if not f.generated)
            cursor.execute(f"CREATE TABLE copy_{table} (LIKE {table} INCLUDING ALL)")
            data = io.BytesIO()
            cursor.copy_expert(f"COPY {table} ({columns}) TO STDOUT (FORMAT binary)", data)
            size += data.tell()
            data.seek(0)
            copy = f"COPY copy_{table} ({columns}) FROM STDIN (FORMAT binary)"
            seconds += _timed(lambda c=copy, d=data: cursor.copy_expert(c, d))[0]
    return seconds, size


def _sealed() -> tuple[float, int]:
    from integrity.ledger.sealing import seal_all

    Path("log").mkdir(exist_ok=True)
    return _timed(seal_all)


def _single(cast: Any) -> tuple[float, int]:
    """Milliseconds and statements of entering one record among all of these."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests import builders

    number = iter(range(10_000))

    def enter() -> None:
        builders.draft(cast, doc_no=f"日政字〔2026〕{next(number) + 1000}号")

    enter()
    with CaptureQueriesContext(connection) as queries:
        enter()
    return node.medians({"enter": enter}, 50)["enter"], len(queries)
