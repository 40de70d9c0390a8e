"""The scores for the city's performance assessment as XLSX and PDF: formula version, state of the log, signature line (brief L3)."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from django.utils import timezone

from integrity.cells import harmless
from integrity.reports.pdf import render
from supervision.models import Assessment

HEAD = ("单位", "统一社会信用代码")


def lines(row: Assessment) -> list[str]:
    """What the reader must know to check it."""
    reckoned = timezone.localtime(row.reckoned_at).strftime("%Y-%m-%d %H:%M") if row.reckoned_at else "尚未计分"
    return [
        f"考核年度：{row.year}　方案：{row.name}（{row.doc_no}）", f"公式版本（SHA-256）：{row.digest}",
        f"计分时间：{reckoned}　计分时存证日志条目数：{row.checkpoint or 0}",
        "状态：已公布" if row.state == "PUBLISHED" else "状态：草稿，数据未冻结",
    ]  # fmt: skip


def table(row: Assessment, scores: Any) -> list[list[str]]:
    """Heading and a line a unit, by code: the scheme allows no ranking besides its points."""
    heads = [*HEAD, *(f"{i['name']}（{i['weight']}）" for i in row.indicators), "总分"]
    found = scores.select_related("unit").order_by("unit__code", "unit__name")
    return [heads] + [
        [s.unit.name, s.unit.code, *(s.points.get(i["code"], "") for i in row.indicators), str(s.total)] for s in found
    ]


def workbook(row: Assessment, scores: Any) -> bytes:
    """The XLSX: the table, and a second sheet with every item."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, bold = book.add_worksheet("得分"), book.add_format({"bold": True})
    for n, line in enumerate(lines(row)):
        sheet.write_string(n, 0, line)
    for n, cells in enumerate(table(row, scores), len(lines(row)) + 1):
        for c, text in enumerate(cells):
            sheet.write_string(n, c, str(harmless(text)), bold if n == len(lines(row)) + 1 else None)
    _items(book.add_worksheet("计分事项"), row, scores, bold)
    book.close()
    return out.getvalue()


def _items(sheet: Any, row: Assessment, scores: Any, bold: Any) -> None:
    names = {i["code"]: i["name"] for i in row.indicators}
    for c, text in enumerate(("统一社会信用代码", "指标", "类型", "编号", "uid", "版本", "计好", "计件")):
        sheet.write_string(0, c, text, bold)
    n = 0
    for score in scores.select_related("unit").order_by("unit__code"):
        for i in score.items:
            n += 1
            cells = (
                score.unit.code, names[i["indicator"]], i["type"], i["number"], i["uid"], str(i["version"]), "是" if i["good"] else "否",
                str(i["counts"]),
            )  # fmt: skip
            for c, text in enumerate(cells):
                sheet.write_string(n, c, str(harmless(text)))


def paper(row: Assessment, scores: Any) -> bytes:
    """The PDF/A; marked as draft until it is published."""
    data = {
        "title": f"{row.year} 年度政务诚信考核得分表", "author": "政务诚信信用信息平台", "draft": "" if row.state == "PUBLISHED" else "草稿",
        "lines": lines(row), "rows": table(row, scores), "signature": "审核人：　　　　　　　　　负责人：　　　　　　　　　日期：",
    }  # fmt: skip
    return render("table", data, row.published_at or row.reckoned_at or timezone.now())
