"""Codes and numbers out of any spreadsheet: a list of whom to ask about, wherever the column stands."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File

from integrity.codes import id_number_valid, normalise_code, uscc_problem
from integrity.intake.guard import Unfit
from integrity.intake.table import opened, text_of

LIKE = re.compile(r"[0-9A-Z]{18}")
MOST = 10_000


def codes_in(file: File) -> list[str]:
    """The unified codes and citizens' numbers of a file in their order; raises ValidationError naming wrong cells."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        with path.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
        try:
            return list(dict.fromkeys(_codes(path, file.name or "list.xlsx")))
        except Unfit as why:
            raise ValidationError(str(why)) from why


def _codes(path: Path, name: str) -> Iterator[str]:
    wrong, count = [], 0
    with opened(path, name) as sheets:
        for sheet in sheets:
            for number, cells in sheet.rows:
                for place, cell in enumerate(cells):
                    text = normalise_code(text_of(cell))
                    if not (LIKE.fullmatch(text) or _spoiled(cell)):
                        continue
                    if _spoiled(cell) or (uscc_problem(text) and not id_number_valid(text)):
                        wrong.append(sheet.cell(number, place))
                        continue
                    count += 1
                    if count > MOST:
                        raise ValidationError(f"名单超过 {MOST} 个主体，请分次核查")
                    yield text
    if wrong:
        cells = "、".join(wrong[:5])
        words = "代码或者号码有误，或者被表格软件改成了数字（请把该列设为文本格式后重填）"
        raise ValidationError(f"{cells} 等 {len(wrong)} 个单元格：{words}")
    if not count:
        raise ValidationError("文件中没有找到统一社会信用代码或者公民身份号码")


def _spoiled(cell: Any) -> bool:
    """A number so long that the spreadsheet has already lost its end."""
    return isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) >= 1e14
