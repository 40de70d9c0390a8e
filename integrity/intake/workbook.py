"""Workbooks that leave the house: the template of a profile, and the rows that have to be mended."""

from __future__ import annotations

import re
import tempfile
from typing import IO, Any

import xlsxwriter

from integrity.intake.heading import REASON
from integrity.intake.profile import Column, Profile
from integrity.intake.staging import original, sentence
from integrity.intake.table import NOTES
from integrity.models import ImportBatch
from integrity.models.record.spec import TIERS

ROWS = 5000  # rows of a template that are prepared as text with their choices
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_SEA, _BAD = "#0b4f94", "#a31d18"
_SHEET_FORBIDS = re.compile(r"[\[\]:*?/\\']")


def _book(folder_file: IO[bytes]) -> xlsxwriter.Workbook:
    return xlsxwriter.Workbook(folder_file, _OPTIONS)


def template(form: Profile) -> IO[bytes]:
    """The workbook to fill in: title with version, a line of notes, headings, choices; cells are text so codes keep.

    The caller closes the file.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115
    book = xlsxwriter.Workbook(file, _OPTIONS | {"constant_memory": False})
    book.set_properties({"title": form.name, "comments": f"模板：{form.name}（{form.code}） 版本：{form.version}"})
    sheet = book.add_worksheet("数据")
    columns = _once(form.columns)
    _head(book, sheet, form, columns)
    _choices(book, sheet, form, columns)
    _notes(book, form, columns)
    sheet.freeze_panes(3, 1)
    book.close()
    file.seek(0)
    return file


def _once(columns: tuple[Column, ...]) -> list[Column]:
    """Each heading once: labels of a kind may be alike, then one column fills both."""
    return list({c.label: c for c in reversed(columns)}.values())[::-1]


def _head(book: xlsxwriter.Workbook, sheet: Any, form: Profile, columns: list[Column]) -> None:
    bold = book.add_format({"bold": True, "font_size": 13})
    wrap = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#414e5d"})
    must = book.add_format({"bold": True, "bg_color": _SEA, "font_color": "white", "border": 1, "text_wrap": True})
    may = book.add_format({"bold": True, "bg_color": "#dbe7f3", "border": 1, "text_wrap": True})
    text = book.add_format({"num_format": "@"})
    sheet.write(0, 0, f"模板：{form.name}（{form.code}） 版本：{form.version}", bold)
    notes = "深色列必填。请勿修改表头文字；可以调整列的次序，可以删除不用的列。日期写成 2026-01-31；金额只填数值，单位见列名；不要使用公式。"
    sheet.merge_range(1, 0, 1, min(9, max(1, len(columns) - 1)), notes, wrap)
    sheet.set_row(1, 48)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, max(14, min(32, 2 * len(column.label) + 2)), text)
        sheet.write(2, place, column.label, must if column.required else may)


def _choices(book: xlsxwriter.Workbook, sheet: Any, form: Profile, columns: list[Column]) -> None:
    """Drop-downs from a hidden sheet, since a list in the cell's own rule ends at 255 characters."""
    lists = book.add_worksheet("选项")
    lists.hide()
    for place, column in enumerate(columns):
        fact = form.facts.get(column.to)
        if fact is None or fact.type not in ("choice", "multi", "bool"):
            continue
        options = ["是", "否"] if fact.type == "bool" else [TIERS.get(o, o) for o in fact.options]
        lists.write_column(0, place, options)
        letter = xlsxwriter.utility.xl_col_to_name(place)
        rule: dict[str, Any] = {"validate": "list", "source": f"=选项!${letter}$1:${letter}${len(options)}"}
        if fact.type == "multi" or any("其他" in o for o in options):
            rule |= {"error_type": "information", "error_message": "不在选项中的内容将在导入时再次核对"}
        sheet.data_validation(3, place, ROWS, place, rule | {"ignore_blank": True})


def _notes(book: xlsxwriter.Workbook, form: Profile, columns: list[Column]) -> None:
    sheet = book.add_worksheet(NOTES)
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 40, wrap)
    sheet.set_column(1, 3, 18, wrap)
    sheet.set_column(4, 4, 60, wrap)
    sheet.write(0, 0, form.about)
    sheet.write_row(2, 0, ["列名", "标准代码", "是否必填", "格式", "说明"], bold)
    words = {
        "date": "日期",
        "amount": "数值",
        "int": "整数",
        "choice": "选项",
        "multi": "选项，多项用分号隔开",
        "bool": "是 / 否",
    }
    for line, column in enumerate(columns, 3):
        fact = form.facts.get(column.to)
        kind = words.get(fact.type, f"文本，不超过 {fact.max} 字") if fact else "不导入"
        hint = column.hint or (fact.help if fact else "") or ("不保存，不公开" if column.private else "")
        sheet.write_row(line, 0, [column.label, column.key, "必填" if column.required else "选填", kind, hint])


def errors(batch: ImportBatch) -> IO[bytes]:
    """Every bad row with its original texts in the file's own columns, and one red column that says which field and why.

    The workbook can be mended and uploaded as it is. The caller closes the file.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115
    book = _book(file)
    sheet = book.add_worksheet(_SHEET_FORBIDS.sub("", batch.reading.get("sheet", ""))[:31] or "数据")
    text, head = (
        book.add_format({"num_format": "@"}),
        book.add_format({"bold": True, "bg_color": "#dbe7f3", "border": 1}),
    )
    red = book.add_format({"bold": True, "bg_color": _BAD, "font_color": "white", "border": 1})
    reason = book.add_format({"font_color": _BAD, "num_format": "@"})
    headings = batch.reading.get("headings", [])
    kept = [i for i, h in enumerate(headings) if h != REASON]
    sheet.set_column(0, len(kept), 22, text)
    for place, i in enumerate(kept):
        sheet.write_string(0, place, headings[i], head)
    sheet.write_string(0, len(kept), REASON, red)
    bad = batch.rows.filter(status="BAD").order_by("serial").values("serial", "raw", "errors")
    for line, row in enumerate(bad.iterator(chunk_size=1000), 1):
        texts = original(batch, row)
        for place, i in enumerate(kept):
            sheet.write_string(line, place, texts[i], text)
        sheet.write_string(line, len(kept), f"第 {row['serial']} 行：{sentence(row['errors'])}"[:32_000], reason)
    book.close()
    file.seek(0)
    return file
