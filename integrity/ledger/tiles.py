"""Tiles and entry bundles of C2SP tlog-tiles: 256 wide, addressed as x001/x234/067, written so that a crash harms nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

WIDTH = 256
ADDRESS = re.compile(
    r"(?:[0-9]|[1-5][0-9]|6[0-3]|entries)/(?:x\d{3}/)*\d{3}(?:\.p/(?:[1-9]\d?|1\d\d|2[0-4]\d|25[0-5]))?"
)


def number_path(number: int) -> str:
    """1234067 as x001/x234/067."""
    parts = [f"{number % 1000:03d}"]
    while number := number // 1000:
        parts.append(f"x{number % 1000:03d}")
    return "/".join(reversed(parts))


def tile_path(level: int | str, index: int, width: int = WIDTH) -> str:
    """Address of a tile below the log's prefix; level is a number or `entries`."""
    return f"tile/{level}/{number_path(index)}" + ("" if width == WIDTH else f".p/{width}")


def due(old: int, size: int) -> Iterator[tuple[int, int, int]]:
    """Tiles (level, index, width) that a tree of `size` has and one of `old` leaves had not."""
    level = 0
    while count := size >> 8 * level:
        before = old >> 8 * level
        if count > before:
            for index in range(before // WIDTH, -(-count // WIDTH)):
                yield level, index, min(WIDTH, count - index * WIDTH)
        level += 1


def bundle(leaves: Iterable[bytes]) -> bytes:
    """Entries with a 16-bit length each."""
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def unbundle(data: bytes) -> list[bytes]:
    """The entries of a bundle; ValueError when it is cut off."""
    found, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        entry = data[at + 2 : at + 2 + length]
        if len(entry) != length:
            raise ValueError("entry bundle is cut off")
        found.append(entry)
        at += 2 + length
    return found


@dataclass
class Shelf:
    """A folder of published files: each is whole or absent, and on the disk before anything refers to it."""

    home: Path
    touched: set[Path] = field(default_factory=set)

    def put(self, name: str, data: bytes) -> None:
        """Write one file: beside, to the disk, then renamed into place. Same bytes again do no harm."""
        path, beside = self.home / name, self.home / ".new"
        if not path.parent.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            self.touched.update(p for p in path.parents if p.is_relative_to(self.home))
        with open(beside, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.replace(beside, path)
        self.touched.add(path.parent)

    def settle(self) -> None:
        """Bring the names of all written files to the disk."""
        for folder in sorted(self.touched, reverse=True):
            fd = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(fd)
            finally:
                os.close(fd)
        self.touched.clear()
