"""Looking at an uploaded file before any parser does: type, size, real inflated bytes, macros, links, formulas (trust.md 7)."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from integrity.intake import ole

MAX_ROWS = 50_000
MAX_INFLATED = 512 * 2**20
MAX_RATIO, RATIO_FROM = 100, 2**20  # a part may grow a hundredfold once it is larger than one megabyte
MAX_PARTS = 200
_CHUNK = 2**20
_DANGERS = (
    (re.compile(r"vbaproject|macrosheets/", re.I), "宏"),
    (re.compile(r"externallinks/|connections\.xml|querytables/", re.I), "外部链接或者数据连接"),
    (re.compile(r"activex/|embeddings/|oleobject", re.I), "嵌入的对象"),
)
_FORMULA = re.compile(rb'<(?:\w+:)?f[\s>/]|\st="e"')
_CELL = re.compile(rb'\sr="([A-Z]{1,3}\d{1,7})"')


class Unfit(ValueError):
    """The file cannot be taken; the text says what is wrong with it and what to do."""


def too_large(size: int) -> str:
    """Why a file of this many bytes is not taken; empty when it is."""
    most = settings.MAX_UPLOAD
    return f"文件为 {size / 2**20:.1f} MB，超过 {most >> 20} MB，请拆分后分批导入" if size > most else ""


def sort_of(path: Path, name: str) -> str:
    """xlsx, xls or csv, by the file's content; raises Unfit for anything else and for dangerous content."""
    size = path.stat().st_size
    if why := too_large(size):
        raise Unfit(why)
    if size == 0:
        raise Unfit("文件是空的，请检查后重新上传")
    with path.open("rb") as file:
        head = file.read(512)
        if head.startswith(b"PK\x03\x04"):
            _check_package(file)
            return "xlsx"
        if head.startswith(ole.MAGIC):
            _check_ole(path)
            return "xls"
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")):
        raise Unfit("文件实际是网页格式，只是扩展名像表格；请用 Excel 打开后另存为 .xlsx 再上传")
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise Unfit(f"“{name}”不是表格文件，只接受 .xlsx、.xls、.csv")
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unfit(f"“{name}”不是文本，也不是 Excel 工作簿，只接受 .xlsx、.xls、.csv")
    return "csv"


# ---- xlsx: a zip package ----


def _check_package(file: BinaryIO) -> None:
    try:
        package = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, struct.error, ValueError) as fault:
        raise Unfit("文件已损坏，无法打开；请重新导出后上传") from fault
    parts = package.infolist()
    names = {p.filename for p in parts}
    if len(parts) > MAX_PARTS:
        raise Unfit(f"工作簿内含 {len(parts)} 个部件，超过 {MAX_PARTS} 个，请另存为只含数据的工作簿")
    if "xl/workbook.bin" in names:
        raise Unfit("不接受 .xlsb 格式，请另存为 .xlsx")
    if "xl/workbook.xml" not in names:
        raise Unfit("文件不是 Excel 工作簿（.xlsx）；请用模板填写后上传")
    for pattern, word in _DANGERS:
        if any(pattern.search(n) for n in names):
            raise Unfit(f"工作簿含有{word}，不能导入；请把数据另存为不含宏、链接和对象的 .xlsx")
    total = 0
    for part in parts:
        for block in _inflated(file, part):
            total += len(block)
            if total > MAX_INFLATED:
                raise Unfit("文件解压后过大，疑似压缩炸弹，不能导入")


def _inflated(file: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The real bytes of a part, whatever its directory entry claims; sheets are searched for formulas on the way."""
    sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
    seen, tail = 0, b""
    for block, taken in _blocks(file, part):
        seen += len(block)
        if seen >= RATIO_FROM and seen > MAX_RATIO * taken:
            raise Unfit("文件压缩比异常，疑似压缩炸弹，不能导入")
        if b"<!DOCTYPE" in block or b"<!ENTITY" in block:
            raise Unfit("工作簿含有不允许的 XML 声明，不能导入")
        if sheet := sheet or b"<sheetData" in block:
            tail = _search(tail + block)
        yield block


def _blocks(file: BinaryIO, part: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """Inflated pieces of a part, each with the compressed bytes taken so far."""
    file.seek(part.header_offset)
    header = file.read(30)
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or header[:4] != b"PK\x03\x04":
        raise Unfit("文件使用了不支持的压缩方式，请用 Excel 另存为 .xlsx")
    if part.flag_bits & 1:
        raise Unfit("文件已加密，请去除密码后上传")
    file.seek(sum(struct.unpack("<HH", header[26:30])), 1)
    left, stored = part.compress_size, part.compress_type == zipfile.ZIP_STORED
    engine = zlib.decompressobj(-15)
    try:
        while left > 0 and (raw := file.read(min(left, _CHUNK))):
            left -= len(raw)
            if stored:
                yield raw, part.compress_size - left
                continue
            while raw:
                block = engine.decompress(raw, _CHUNK)
                raw = engine.unconsumed_tail
                yield block, part.compress_size - left - len(raw)
    except zlib.error as fault:
        raise Unfit("文件已损坏，无法解压；请重新导出后上传") from fault


def _search(text: bytes) -> bytes:
    """Refuse a sheet with a formula or an error value, naming the cell; returns what may begin the next look."""
    if (b"<f" in text or b":f" in text or b't="e"' in text) and (hit := _FORMULA.search(text)):
        cells = _CELL.findall(text, max(0, hit.start() - 400), hit.start())
        cell = cells[-1].decode() if cells else "某个"
        raise Unfit(f"单元格 {cell} 是公式或者错误值，不能导入；请选中数据，复制后“选择性粘贴为数值”再上传")
    return text[-512:]


# ---- xls: a compound file ----


def _check_ole(path: Path) -> None:
    try:
        book = ole.Compound(path.read_bytes())
        names = {n.lower() for n in book.names}
        if "encryptedpackage" in names:
            raise Unfit("文件已加密，请去除密码后上传")
        if not names & {"workbook", "book"}:
            raise Unfit("文件不是 Excel 工作簿；请用模板填写后上传")
        if any("vba" in n or "macro" in n for n in names):
            raise Unfit("工作簿含有宏，不能导入；请把数据另存为不含宏、链接和对象的 .xlsx")
        for kind, place in book.dangers():
            if kind == ole.FILEPASS:
                raise Unfit("文件已加密，请去除密码后上传")
            raise Unfit(f"单元格 {place} 是公式，不能导入；请选中数据，复制后“选择性粘贴为数值”再上传")
    except ole.Broken as fault:
        raise Unfit("文件已损坏或者不是由 Excel 保存的，无法打开；请另存为 .xlsx 后上传") from fault
