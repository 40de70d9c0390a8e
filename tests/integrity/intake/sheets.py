"""Files for the import's stories: good ones, odd ones, hostile ones; everything in them is invented."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import timedelta
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from integrity.codes import make_uscc

LIST_HEAD = ["企业名称", "工商注册号", "组织机构代码", "统一信用代码", "失信领域"]


def day(back: int = 30) -> str:
    return (timezone.localdate() - timedelta(days=back)).isoformat()


def list_answers(**more: str) -> dict[str, str]:
    """What is asked once for a list that names only companies, codes and fields."""
    return {
        "list_name": "电子商务失信主体名单（演示）",
        "doc_type": "名单公告",
        "doc_no": "日信公告〔2026〕3号",
        "deciding_name": "日照市发展和改革委员会（演示）",
        "decided_on": day(),
        "legal_basis": "《国务院办公厅关于进一步完善失信约束制度构建诚信建设长效机制的指导意见》",
        "state_basis": "国办发〔2020〕49号",
    } | more


def company(i: int) -> tuple[str, str]:
    return f"（演示）云岭第{i}贸易有限公司", make_uscc(f"91371100YYYY3{i:04d}")


def listed(count: int, start: int = 0) -> list[list[str]]:
    """Rows of a list, each a company of its own."""
    return [
        [company(i)[0], f"37110020000{i:04d}", "", company(i)[1], "失信被执行人名单"]
        for i in range(start, start + count)
    ]


def penalty(i: int = 1, **more: str) -> dict[str, str]:
    """One good row of double publicity, by the standard headings."""
    name, code = company(i)
    market = make_uscc("11371100YYYY10005")
    return {
        "行政相对人名称": name,
        "行政相对人类别": "法人及非法人组织",
        "行政相对人代码_1（统一社会信用代码）": code,
        "法定代表人": "张三丰",
        "法定代表人证件类型": "身份证",
        "法定代表人证件号码": "371199197001010010",
        "行政处罚决定书文号": f"日市监处罚〔2026〕{i}号",
        "违法行为类型": "未明码标价",
        "违法事实": "在经营场所未按规定公示收费标准，责令改正后仍未改正。",
        "处罚依据": "《中华人民共和国价格法》第十三条、第四十二条",
        "处罚类别": "罚款",
        "处罚内容": "罚款五千元",
        "罚款金额（万元）": "0.5",
        "处罚决定日期": day(3),
        "文书送达日期": day(2),
        "处罚有效期": "2099/12/31",
        "处罚机关": "市市场监督管理局（演示）",
        "处罚机关统一社会信用代码": market,
        "数据来源单位": "市市场监督管理局（演示）",
        "数据来源单位统一社会信用代码": market,
    } | more


def table(rows: list[dict[str, Any]]) -> list[list[Any]]:
    """Objects as a table with a heading."""
    head = list(dict.fromkeys(name for row in rows for name in row))
    return [head, *[[row.get(name, "") for name in head] for row in rows]]


def xlsx(rows: list[list[Any]], name: str = "名单.xlsx", sheet: str = "Sheet1") -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    return upload(_saved(book), name)


def _saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(data: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def csv(
    rows: list[list[str]], encoding: str = "utf-8-sig", name: str = "名单.csv", sep: str = ","
) -> SimpleUploadedFile:
    return upload("\r\n".join(sep.join(row) for row in rows).encode(encoding), name)


# ---- hostile ----


def package(parts: dict[str, bytes], base: bytes | None = None) -> bytes:
    """A workbook with further parts, or parts exchanged."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        with zipfile.ZipFile(io.BytesIO(base or xlsx([LIST_HEAD, *listed(1)]).read())) as old:
            for part in old.namelist():
                if part not in parts:
                    made.writestr(part, old.read(part))
        for part, data in parts.items():
            made.writestr(part, data)
    return out.getvalue()


def bomb(megabytes: int = 512) -> bytes:
    """A workbook whose sheet inflates to many megabytes of nothing."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", b"<workbook/>")
        with made.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(megabytes):
                part.write(b" " * 2**20)
    return out.getvalue()


# ---- xls, written by hand: a compound file with one BIFF8 stream ----


def xls(rows: list[list[Any]], *, formula: bool = False, encrypted: bool = False, extra: str = "") -> bytes:
    """An .xls of text and number cells; with a formula, a password or a further stream on request."""

    def record(kind: int, body: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    bof = lambda what: record(0x0809, struct.pack("<HHHHII", 0x0600, what, 0x0DBB, 0x07CC, 0, 6))  # noqa: E731
    cells = b""
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, float):
                cells += record(0x0203, struct.pack("<HHHd", r, c, 15, value))
            else:
                text = value.encode("utf-16-le")
                cells += record(0x0204, struct.pack("<HHHHB", r, c, 15, len(value), 1) + text)
    if formula:
        cells += record(0x0006, struct.pack("<HHHdHIH", 4, 2, 15, 1.0, 0, 0, 0))
    size = struct.pack("<IIHHH", 0, len(rows), 0, 20, 0)
    page = bof(0x10) + record(0x0200, size) + cells + record(0x0A)
    name = "Sheet1"
    globals_ = bof(0x05) + (record(0x2F, b"\0" * 6) if encrypted else b"")
    entry = 8 + len(name)
    offset = len(globals_) + 4 + entry + 4
    globals_ += record(0x85, struct.pack("<IBBBB", offset, 0, 0, len(name), 0) + name.encode()) + record(0x0A)
    return compound({"Workbook": globals_ + page} | ({extra: b"\0" * 5000} if extra else {}))


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file of streams, each padded beyond the mini stream's limit."""
    bodies = [data + b"\0" * (max(4608, -(-len(data) // 512) * 512) - len(data)) for data in streams.values()]
    chains, table, first = [], [], 0
    for data in bodies:
        count = len(data) // 512
        chains.append(first)
        table += [*range(first + 1, first + count), 0xFFFFFFFE]
        first += count
    directory = first
    table.append(0xFFFFFFFE)
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)]
    for i, (name, data) in enumerate(zip(streams, bodies, strict=True), 1):
        right = i + 1 if i < len(streams) else 0xFFFFFFFF
        entries.append(_entry(name, 2, chains[i - 1], len(data), right=right))
    entries += [b"\0" * 128] * (4 - len(entries))
    fats = -(-(len(table) + 1) // 128)
    while len(table) + fats > fats * 128:
        fats += 1
    places = [len(table) + i for i in range(fats)]
    table += [0xFFFFFFFD] * fats
    table += [0xFFFFFFFF] * (fats * 128 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, fats, directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", *(places + [0xFFFFFFFF] * (109 - len(places))))
    return header + b"".join(bodies) + b"".join(entries) + struct.pack(f"<{len(table)}I", *table)


def _entry(name: str, kind: int, first: int, size: int, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    body = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    body += struct.pack("<III", 0xFFFFFFFF, right, child) + b"\0" * 36 + struct.pack("<III", first, size, 0)
    return body.ljust(128, b"\0")
