"""Logs for tests: many small acts, sealed and published, and readers that know only the published files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connection

from integrity.ledger import merkle, note, policy, tiles, verifier
from integrity.models import Event, Setting
from integrity.models.copying import copy_rows
from tests import nodes


def acts(cast: Any, count: int) -> None:
    """Small acts of one person."""
    for i in range(count):
        Setting(key="D14", value=str(i % 9 + 1), ground="试验", valid_from="2030-01-01").propose(by=cast.credit)


def pad(count: int) -> None:
    """Many pending events at once, for the size of a log only: COPY of events without rows."""
    columns = ["verb", "target_type", "target", "version", "changes", "opened", "full", "at", "user_name", "seat_name", "unit_code", "leaf"]  # fmt: skip
    nil = "00000000000000000000000000000000"
    rows = ([b'{"pad":%d,"salt":"%s"}' % (i, os.urandom(8).hex().encode())] for i in range(count))
    alike = ["padded", "setting", nil, 0, False, False, False, "2026-01-01T00:00:00+08:00", "", "", ""]
    copy_rows("integrity_event", ["leaf"], rows, dict(zip(columns[:-1], alike, strict=True)))


def home() -> Path:
    return Path(settings.PUBLIC_LOG_DIR)


def read_log(folder: Path) -> tuple[int, bytes, list[bytes]]:
    """Size, root and entries of a published log, every hash recomputed and every tile checked."""
    _, size, root = note.parse_checkpoint(note.verify((folder / "checkpoint").read_text(), note.own_verifiers()))
    entries = []
    for index in range(-(-size // tiles.WIDTH)):
        width = min(tiles.WIDTH, size - index * tiles.WIDTH)
        entries += tiles.unbundle((folder / tiles.tile_path("entries", index, width)).read_bytes())
    made = merkle.grow(0, map(merkle.leaf_hash, entries), lambda *at: b"")
    store = {(level, index): value for level, index, value in made}
    assert len(entries) == size and merkle.root(size, lambda *at: store[at]) == root
    for level, index, width in tiles.due(0, size):
        first = index * tiles.WIDTH
        wanted = b"".join(store[8 * level, first + i] for i in range(width))
        assert (folder / tiles.tile_path(level, index, width)).read_bytes() == wanted
    return size, root, entries


def database_leaves() -> list[bytes]:
    return [bytes(leaf) for leaf in Event.objects.exclude(seq=None).order_by("seq").values_list("leaf", flat=True)]


def gi_verify(*args: object) -> tuple[int, str]:
    """Run the published script with nothing but Python; exit code and output."""
    script = Path(verifier.HERE) / "gi_verify.py"
    done = subprocess.run(
        [sys.executable, "-I", "-S", script, *map(str, args)], capture_output=True, text=True, timeout=120
    )
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def own_node(folder: Path) -> nodes.Node:
    """A node with a database of its own that can read what the tests' city has sealed."""
    keys_dir = Path(settings.KEYS_DIR)
    (node,) = nodes.make(["alone"], folder)
    for name in ("field-k001.json", "index-k001.json"):
        (node.folder / "keys" / name).unlink()
        shutil.copy(keys_dir / name, node.folder / "keys")
    return node


def tamper(node: Any, sql: str) -> None:
    """What somebody with the owner's password does to a node's database, its guards switched off."""
    at = connection.settings_dict
    owner = settings.DATABASE_APP_ROLE.replace("_app", "_owner")
    link = psycopg2.connect(dbname=node.database, user=owner, host=at["HOST"], port=at["PORT"] or None)
    tables = [
        f"integrity_{n}"
        for n in ("record", "seat", "subject", "event", "payload", "ledgernode", "checkpoint", "version")
    ]
    with link, link.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"{sql}; SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    link.close()


def policy_file(folder: Path) -> Path:
    path = folder / "policy.txt"
    path.write_text(policy.policy_text(), encoding="utf-8")
    return path
