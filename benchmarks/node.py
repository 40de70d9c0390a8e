"""A throw-away node with synthetic public records, made by COPY past the acts: only reading is measured on it."""

from __future__ import annotations

import os
import random
import secrets
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

Line = tuple[str, str, str]  # what was measured, the figure, the ratio and its goal

WORDS = "交通建设水利教育市场监管云帆海曲山青石桥岚山东港莒县五莲科技工程商贸物流环保"


def start() -> None:
    """Start the database, set the environment, set Django up, migrate."""
    from config import embedded_pg

    folder = tempfile.mkdtemp(prefix="registry-bench-")
    server = embedded_pg.start(None)
    os.environ.update(
        SECRET_KEY=secrets.token_hex(30), DATA_DIR=folder, KEYS_DIR=f"{folder}/keys", DATABASE_URL=server.owner_url,
        DATABASE_OWNER_URL=server.owner_url, DATABASE_APP_URL=server.app_url, DJANGO_SETTINGS_MODULE="config.settings",
        DEMO="1", SITE_HOST="localhost:8000",
    )  # fmt: skip
    import django

    django.setup()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("keys", "init", verbosity=0)
    call_command("migrate", verbosity=0)


def _name(chance: random.Random) -> str:
    return "".join(chance.choice(WORDS) for _ in range(6)) + "有限公司（演示）"


def fill(count: int, seed: int = 1) -> None:
    """`count` more public penalties on as many enterprises, each found by its name."""
    from django.db import connection

    from integrity.codes import make_uscc
    from integrity.models import Subject
    from integrity.models.copying import copy_rows
    from integrity.search import search_keys, sort_key

    chance = random.Random(seed)
    with connection.cursor() as cursor:
        for table in ("integrity_subject", "integrity_record"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    names = [_name(chance) for _ in range(count)]
    ids = [uuid.UUID(int=chance.getrandbits(128), version=4) for _ in names]
    blank = {f.column: f.get_default() for f in Subject._meta.concrete_fields if not getattr(f, "generated", False)}
    alike = blank | {"form": "ENTERPRISE", "state": "ACTIVE", "version": 1, "area_id": "371100"}
    own = ("id", "code", "name", "path", "sort_key", "keys")
    rows = (
        (i, make_uscc(f"9137{seed:03d}{n:010d}"), name, f"/{i.hex[:12]}", sort_key(name), search_keys(name))
        for n, (i, name) in enumerate(zip(ids, names, strict=True))
    )
    copy_rows("integrity_subject", own, rows, {k: v for k, v in alike.items() if k not in own})
    columns, shared = _record_columns(ids[0])
    copy_rows("integrity_record", columns, _records(count, chance, ids, seed), shared)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE integrity_record, integrity_subject")


OWN = (
    "id", "number", "subject_id", "source_unit_id", "title", "fact", "doc_no", "doc_key", "decided_on", "tier", "facts", "public_from",
    "until", "published_at",
)  # fmt: skip


def _record_columns(unit: uuid.UUID) -> tuple[tuple[str, ...], dict[str, Any]]:
    from django.utils import timezone

    from integrity.models import Record

    blank = {f.column: f.get_default() for f in Record._meta.concrete_fields}
    shared = blank | {
        "version": 5, "kind": "DP02", "kind_edition": 1, "doc_type": "行政处罚决定书", "deciding_name": "市市场监督管理局（演示）",
        "deciding_code": "", "legal_basis": "《中华人民共和国价格法》第十三条、第四十二条", "state": "CONFIRMED", "publicity": "PUBLIC",
        "publish_decided": True, "origin": "bench", "entered_at": timezone.now(), "updated_at": timezone.now(),
    }  # fmt: skip
    return OWN, {k: v for k, v in shared.items() if k not in OWN}


def _records(count: int, chance: random.Random, ids: list[uuid.UUID], seed: int) -> Iterator[tuple[Any, ...]]:
    today = date.today()
    for n in range(count):
        day = today - timedelta(days=chance.randint(1, 300))
        text = "".join(chance.choice(WORDS) for _ in range(chance.randint(60, 160)))
        doc = f"日市监处罚〔2026〕{seed}-{n}号"
        facts = {"violation": text[:20], "penalty_kinds": "罚款", "content": text[:30], "fine_wan": str(n % 50)}
        yield (
            uuid.UUID(int=chance.getrandbits(128), version=4), f"RZ-DP02-{seed:02d}{n:07d}", chance.choice(ids), ids[0], text[:24], text,
            doc, doc, day, "general", facts, day, day + timedelta(days=365), today.isoformat(),
        )  # fmt: skip


def times(runs: dict[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each run, interleaved, ascending."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            started = time.perf_counter()
            run()
            taken[name].append((time.perf_counter() - started) * 1000)
    return {name: sorted(found) for name, found in taken.items()}


def medians(runs: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    return {name: statistics.median(found) for name, found in times(runs, rounds).items()}
