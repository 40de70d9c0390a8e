"""Enough of the compound file format and of BIFF8 to see macros, encryption and formulas in an .xls (MS-CFB, MS-XLS)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END, _FREE = 0xFFFFFFFE, 0xFFFFFFFF
FORMULA, FILEPASS = 0x0006, 0x002F


class Broken(ValueError):
    """Not a sound compound file."""


def cell_name(row: int, column: int) -> str:
    """A1 for (0, 0)."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


class Compound:
    """The directory of a compound file, and the records of its workbook stream."""

    def __init__(self, data: bytes) -> None:
        try:
            self.data = data
            self.size = 1 << struct.unpack_from("<H", data, 30)[0]
            if self.size not in (512, 4096):
                raise Broken("sector size")
            self.table = self._table()
            self.entries = list(self._directory())
        except struct.error as fault:
            raise Broken("truncated") from fault
        self.names = [name for name, *_ in self.entries]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        sector = self.data[start : start + self.size]
        if not sector:
            raise Broken("sector outside the file")
        return sector

    def _table(self) -> list[int]:
        """The allocation table: for every sector the next one of its chain."""
        per = self.size // 4
        places = list(struct.unpack_from("<109I", self.data, 76))
        more, hops = struct.unpack_from("<I", self.data, 68)[0], 0
        while more not in (_END, _FREE) and hops < len(self.data) // self.size:
            block = struct.unpack(f"<{per}I", self._sector(more))
            places, more, hops = places + list(block[:-1]), block[-1], hops + 1
        table: list[int] = []
        for place in places:
            if place not in (_FREE, _END):
                sector = self._sector(place)
                table += struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4])
        return table

    def _chain(self, first: int) -> bytes:
        parts, seen, number = [], 0, first
        while number not in (_END, _FREE):
            if seen > len(self.table) or number >= len(self.table):
                raise Broken("chain without end")
            parts.append(self._sector(number))
            number, seen = self.table[number], seen + 1
        return b"".join(parts)

    def _directory(self) -> Iterator[tuple[str, int, int]]:
        raw = self._chain(struct.unpack_from("<I", self.data, 48)[0])
        for start in range(0, len(raw) - 127, 128):
            length = struct.unpack_from("<H", raw, start + 64)[0]
            if raw[start + 66] and 2 <= length <= 64:
                name = raw[start : start + length - 2].decode("utf-16-le", "replace")
                first, size = struct.unpack_from("<II", raw, start + 116)
                yield name, first, size

    def dangers(self) -> Iterator[tuple[int, str]]:
        """FILEPASS and FORMULA records of the workbook stream, with the cell of a formula."""
        first, size = next((f, s) for n, f, s in self.entries if n.lower() in ("workbook", "book"))
        if size < 4096:
            raise Broken("Excel never keeps a workbook in the mini stream")
        stream, at = self._chain(first)[:size], 0
        while at + 4 <= len(stream):
            kind, length = struct.unpack_from("<HH", stream, at)
            if kind == FILEPASS:
                yield kind, ""
            if kind == FORMULA and length >= 4:
                yield kind, cell_name(*struct.unpack_from("<HH", stream, at + 4))
            at += 4 + length
