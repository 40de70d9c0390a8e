"""Rows of a file as they stand in it: XLSX and XLS by calamine, CSV in UTF-8, UTF-16 or GB18030."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import python_calamine as calamine

from integrity.intake.guard import MAX_ROWS, Unfit, sort_of
from integrity.intake.ole import cell_name

NOTES = "填写说明"  # the sheet of our templates that explains the columns
MAX_COLUMNS = 200
MAX_CELL = 32_767  # what a cell of Excel can hold
Cells = list[Any]


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its rows with their numbers, how many there are (0: not known before), its first column,
    and the other visible sheets."""

    name: str
    rows: Iterator[tuple[int, Cells]]
    height: int = 0
    left: int = 0
    others: tuple[str, ...] = ()

    def cell(self, row: int, place: int) -> str:
        """The name of a cell as Excel shows it."""
        return cell_name(row - 1, self.left + place)


@contextmanager
def opened(path: Path, name: str) -> Iterator[Iterator[Sheet]]:
    """The sheets of a file one after the other; raises Unfit for a file that cannot be taken."""
    if sort_of(path, name) == "csv":
        yield iter([_csv(path)])
        return
    try:
        with calamine.CalamineWorkbook.from_path(str(path)) as book:
            yield _sheets(book)
    except calamine.PasswordError as fault:
        raise Unfit("文件已加密，请去除密码后上传") from fault
    except calamine.CalamineError as fault:
        raise Unfit("工作簿已损坏，无法读取；请用 Excel 打开后另存为 .xlsx 再上传") from fault


def _sheets(book: calamine.CalamineWorkbook) -> Iterator[Sheet]:
    shown, plain = calamine.SheetVisibleEnum.Visible, calamine.SheetTypeEnum.WorkSheet
    names = [e.name for e in book.sheets_metadata if e.typ == plain and e.visible == shown]
    for name in names:
        sheet = book.get_sheet_by_name(name)
        if sheet.end is not None:
            _within(sheet.end[0] + 1, sheet.width)
            others = tuple(n for n in names if n not in (name, NOTES))
            yield Sheet(name, enumerate(sheet.iter_rows(), 1), sheet.end[0] + 1, sheet.start[1], others)


def _within(rows: int, columns: int) -> None:
    if columns > MAX_COLUMNS:
        raise Unfit(f"工作表有 {columns} 列，超过 {MAX_COLUMNS} 列，请用模板填写后上传")
    if rows > MAX_ROWS + 40:  # heading, notes and titles stand above the rows
        raise too_many()


def too_many() -> Unfit:
    return Unfit(f"文件超过 {MAX_ROWS} 行，请拆分后分批导入")


# ---- csv ----


def _csv(path: Path) -> Sheet:
    encoding = _encoding(path)
    return Sheet("CSV", _lines(path, encoding, _delimiter(path, encoding)))


def _encoding(path: Path) -> str:
    """The encoding in which the whole file can be read."""
    head = path.open("rb").read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for name in ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=name, newline="") as file:
                while file.read(2**20):
                    pass
            return name
        except UnicodeDecodeError:
            continue
    raise Unfit("CSV 文件的编码无法识别，请另存为 UTF-8 编码的 CSV，或者另存为 .xlsx")


def _delimiter(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as file:
        head = file.read(8192)
    return max(",\t;", key=head.count)


def _lines(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, Cells]]:
    csv.field_size_limit(MAX_CELL)
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            for number, cells in enumerate(reader, 1):
                _within(number, len(cells))
                yield number, cells
        except (csv.Error, UnicodeError) as fault:
            raise Unfit(
                f"CSV 第 {reader.line_num} 行附近格式有误（引号不成对或者内容过长），请检查后重新上传"
            ) from fault


# ---- cells ----


def text_of(value: Any) -> str:
    """A cell as text, as Excel would show it: whole numbers without a point, days as 2026-01-31."""
    if type(value) is str:
        return value
    if type(value) is float:
        return f"{value:.15g}" if value % 1 or abs(value) >= 1e15 else str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)
