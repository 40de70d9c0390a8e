"""The log as static files: tiles and entry bundles first, the checkpoint last, so that readers never see half a tree."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from integrity.ledger import cosigning, guard, note, tiles, verifier
from integrity.ledger.guard import LogForked
from integrity.ledger.policy import policy_text
from integrity.models import Checkpoint, Event, LedgerNode


def publish(everything: bool = False) -> int:
    """Write what the public folder lacks, or all of it again; returns the published size. Idempotent after a crash."""
    with _alone() as shelf:
        held, last = guard.published(), Checkpoint.objects.last()
        write_tools(shelf)
        if last is None:
            return 0
        if held and held.origin != note.origin():
            set_aside(shelf.home, held.origin)
            held = None
        if held and held.size > last.size:
            raise LogForked(f"已公布 {held.size} 条，数据库只签署到 {last.size} 条")
        start = 0 if held is None or everything else held.size
        write_tiles(shelf, start, last.size)
        shelf.settle()
        signed = cosigning.collect(last)
        if held is None or held.note != signed:
            shelf.put("checkpoint", signed.encode())
            shelf.settle()
        drop_partials(shelf.home, start, last.size)
        return last.size


def set_aside(home: Path, origin: str) -> None:
    """The files of a log that is closed stay published, below those of the log that follows it."""
    aside = home / "closed" / hashlib.sha256(origin.encode()).hexdigest()[:16]
    aside.mkdir(parents=True, exist_ok=True)
    for name in ("tile", "checkpoint"):  # the checkpoint last: until it is gone, this is done again after a crash
        if (home / name).exists():
            os.replace(home / name, aside / name)


@contextmanager
def _alone() -> Iterator[tiles.Shelf]:
    """The public folder, while no other process writes it; the kernel drops the lock when we die."""
    home = Path(settings.PUBLIC_LOG_DIR)
    home.mkdir(parents=True, exist_ok=True)
    fd = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield tiles.Shelf(home)
    finally:
        os.close(fd)


def write_tools(shelf: tiles.Shelf) -> None:
    """Policy and verifiers, when they are not there or have changed."""
    tools = {"policy": policy_text().encode(), "verify.html": verifier.page(), "gi_verify.py": verifier.script()}
    for name, data in tools.items():
        path = shelf.home / name
        if not path.exists() or path.read_bytes() != data:
            shelf.put(name, data)


def write_tiles(shelf: tiles.Shelf, old: int, size: int) -> None:
    """Every tile and entry bundle that a log of `size` has and one of `old` entries had not."""
    for level, index, width in tiles.due(old, size):
        shelf.put(tiles.tile_path(level, index, width), b"".join(_hashes(level, index, width)))
        if level == 0:
            shelf.put(tiles.tile_path("entries", index, width), tiles.bundle(_leaves(index, width)))


def _hashes(level: int, index: int, width: int) -> list[bytes]:
    rows = LedgerNode.objects.filter(
        level=8 * level, index__gte=index * tiles.WIDTH, index__lt=index * tiles.WIDTH + width
    )
    return _whole(rows.order_by("index").values_list("hash", flat=True), width, f"tile {level}/{index}")


def _leaves(index: int, width: int) -> list[bytes]:
    rows = Event.objects.filter(seq__gte=index * tiles.WIDTH, seq__lt=index * tiles.WIDTH + width)
    return _whole(rows.order_by("seq").values_list("leaf", flat=True), width, f"bundle {index}")


def _whole(rows: Iterable[memoryview], width: int, name: str) -> list[bytes]:
    found = [bytes(row) for row in rows]
    if len(found) != width:
        raise LogForked(f"数据库缺少日志内容（{name}：应有 {width} 项，实有 {len(found)} 项）")
    return found


def drop_partials(home: Path, old: int, size: int) -> None:
    """Remove partial tiles whose full tile now stands beside them (tlog-tiles allows it)."""
    for level, index, width in tiles.due(old, size):
        if width == tiles.WIDTH:
            for kind in (level, "entries") if level == 0 else (level,):
                shutil.rmtree(home / f"{tiles.tile_path(kind, index)}.p", ignore_errors=True)
