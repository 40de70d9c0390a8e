"""Files of the portal: CSV that opens in a spreadsheet and runs nothing there (trust.md 7)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.http import StreamingHttpResponse

from integrity.cells import harmless

RECORD_HEADINGS = (
    "记录编号", "类目代码", "类目名称", "主体名称", "统一社会信用代码", "事项名称", "摘要", "失信等级", "文书类型", "文书号", "认定单位",
    "认定日期", "认定依据", "公示日期", "停止公示日期", "最早可修复日期", "异议处理中", "整改中", "数据来源单位", "更新时间", "具体内容",
)  # fmt: skip


def record_cells(r: Mapping[str, Any]) -> list[Any]:
    """One shown record in the order of the headings; what only its kind has stands in the last cell."""
    own = "；".join(f"{label}：{'是' if value is True else value}" for label, value in r["lines"])
    return [
        r["number"], r["kind"], r["kind_name"], r["subject"]["name"], r["subject"]["code"], r["title"], r["fact"], r["tier_label"],
        r["doc_type"], r["doc_no"], r["deciding_unit"]["name"], r["decided_on"], r["legal_basis"], r["public_from"], r["until"],
        r["repair_from"], r["flags"]["objection_open"], r["flags"]["rectifying"], r["source_unit"]["name"],
        f"{r['updated_at']:%Y-%m-%d %H:%M}", own,
    ]  # fmt: skip


class _Line:
    """Takes the place of a file: what the writer writes is handed on at once."""

    def write(self, text: str) -> str:
        return text


def csv_lines(headings: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """CSV line by line, beginning with the mark by which spreadsheets know UTF-8."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(headings)
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def csv_response(name: str, headings: Iterable[str], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """A CSV download that streams."""
    response = StreamingHttpResponse(csv_lines(headings, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
