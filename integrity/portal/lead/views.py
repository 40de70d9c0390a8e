"""The overview for leadership, block by block, and the same as a file (brief 4.5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from integrity.clocks import add_months
from integrity.ledger.position import log_head
from integrity.models import Area
from integrity.portal.doors import staff
from integrity.portal.exports import csv_response
from integrity.statistics import BLOCKS, Block, Figure, Scope, Share, Table, blocks, places

PERIODS = {"year": "今年以来", "quarter": "本季度以来", "months": "近 12 个月", "last": "上一年度"}
HEADINGS = ("板块", "项目", "范围或者分组", "数值", "总数", "百分比", "单位", "口径", "统计期", "存证位置")


def days_of(period: str, today: date) -> tuple[date, date]:
    """First and last day of a period."""
    if period == "last":
        return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
    if period == "quarter":
        return date(today.year, (today.month - 1) // 3 * 3 + 1, 1), today
    return (add_months(today, -12) if period == "months" else date(today.year, 1, 1)), today


@dataclass(frozen=True)
class Asked:
    """What the filter of the page says: which days, which area; and the areas this seat may choose."""

    scope: Scope
    period: str
    area: str
    areas: list[tuple[str, str]]

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        seat: Any = request.seat  # type: ignore[attr-defined]
        period = request.GET.get("period", "")
        period = period if period in PERIODS else "year"
        city = Area.objects.get(code=settings.CITY_AREA)
        widest = city
        if seat.role.scope == "county":
            if not seat.org_id:
                raise PermissionDenied("您的岗位没有所属单位，不能查看统计。")
            widest = seat.org.area
        chosen = {p.code: p for p in places().values() if p.path.startswith(widest.path)}
        names = [(c, p.name) for c, p in chosen.items() if c != widest.code]
        code = request.GET.get("area", "")
        path = chosen[code].path if code in chosen else widest.path
        since, until = days_of(period, timezone.localdate())
        area = code if code in chosen else widest.code
        return cls(Scope(seat, path, since, until), period, area, [(widest.code, "全部"), *names])


@dataclass(frozen=True)
class Tile:
    """A figure as it is shown, with its change in words."""

    figure: Figure
    before: Figure | None

    @property
    def shown(self) -> tuple[str, str]:
        """Number and unit: a rate where there are cases enough, else the count."""
        value = self.figure.value
        if isinstance(value, Share):
            if value.percent is not None:
                return f"{value.percent}", "%"
            return (f"{value.part}", self.figure.unit) if value.whole else ("—", "")
        return f"{value:,}", self.figure.unit

    @property
    def note(self) -> str:
        """Of how many, or the change against the year before."""
        value, words = self.figure.value, self._change()
        if not isinstance(value, Share):
            return words
        if value.percent is None:
            return (
                f"共 {value.whole} {self.figure.unit}，少于 5 {self.figure.unit}，不计算比率"
                if value.whole
                else "没有到期的"
            )
        return f"{value.part} / {value.whole} {self.figure.unit}{'，' if words else ''}{words}"

    def _change(self) -> str:
        old = self.before.value if self.before else None
        new = self.figure.value
        if isinstance(new, Share) and isinstance(old, Share):
            if new.percent is None or old.percent is None:
                return ""
            return _said(round(new.percent - old.percent, 1), " 个百分点")
        return _said(new - old, "") if isinstance(new, int) and isinstance(old, int) else ""


def _said(change: float, unit: str) -> str:
    if not change:
        return "与上年同期持平"
    return f"{'▲' if change > 0 else '▼'} 较上年同期 {change:+}{unit}"


@dataclass(frozen=True)
class Counted:
    """A block as counted for one scope."""

    block: Block
    tiles: list[Tile]
    tables: list[tuple[Table, dict[str, Any] | None]]  # with its bars, where it has any


def counted(block: Block, scope: Scope) -> Counted:
    """Count a block, and its flows for the year before."""
    parts = list(block.count(scope))
    figures = [p for p in parts if isinstance(p, Figure)]
    old: dict[str, Figure] = {}
    if any(f.flow for f in figures):
        old = {f.label: f for f in block.count(scope.year_before()) if isinstance(f, Figure) and f.flow}
    tiles = [Tile(f, old.get(f.label) if f.flow else None) for f in figures]
    return Counted(block, tiles, [(p, chart(p)) for p in parts if isinstance(p, Table)])


def chart(table: Table) -> dict[str, Any] | None:
    """Bars of a table's column of shares: rows with cases enough, and the mean of all."""
    if table.bars not in table.columns:
        return None
    place = list(table.columns).index(table.bars)
    shares = [(row.name, row.cells[place]) for row in table.rows]
    drawn = [{"name": n, "percent": s.percent} for n, s in shares if isinstance(s, Share) and s.percent is not None]
    whole = sum(s.whole for _, s in shares if isinstance(s, Share))
    part = sum(s.part for _, s in shares if isinstance(s, Share))
    if len(drawn) < 2:
        return None
    mean = round(100 * part / whole, 1)
    drawn.sort(key=lambda r: -r["percent"])
    return {
        "rows": drawn,
        "mean": mean,
        "caption": f"{table.bars}，单位：%。竖线为平均 {mean}，橙色低于平均；少于 5 件的不计算。",
    }


def _page(request: HttpRequest, chosen: list[Block], template: str, **more: Any) -> HttpResponse:
    asked = Asked.of(request)
    found = [counted(b, asked.scope) for b in chosen]
    context = more | {"asked": asked, "blocks": found, "periods": PERIODS, "head": log_head(), "now": timezone.now()}
    return render(request, template, context)


@staff("figures")
def overview(request: HttpRequest) -> HttpResponse:
    """Every block with its figures; tables and definitions stand one page deeper."""
    return _page(request, blocks(), "lead/overview.html")


@staff("figures")
def one(request: HttpRequest, name: str) -> HttpResponse:
    """One block: figures, definitions, breakdowns."""
    if name not in BLOCKS:
        raise Http404
    return _page(request, [BLOCKS[name]], "lead/block.html")


@staff("figures")
def download(request: HttpRequest) -> HttpResponse:
    """Every figure and table of this filter as CSV, with definition, days and the ledger position counted at."""
    asked, at = Asked.of(request), log_head().size
    days = f"{asked.scope.since} 至 {asked.scope.until}"
    area = dict(asked.areas).get(asked.area, "")
    lines = ((*line, days, at) for block in blocks() for line in _lines(counted(block, asked.scope), area))
    return csv_response(f"figures-{timezone.localdate():%Y%m%d}.csv", HEADINGS, lines)


def _lines(found: Counted, area: str) -> Iterator[tuple[Any, ...]]:
    for tile in found.tiles:
        f = tile.figure
        yield found.block.title, f.label, area, *_cells(f.value), f.unit, f.definition
    for table, _ in found.tables:
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                yield found.block.title, f"{table.title}：{column}", row.name, *_cells(cell), "", table.definition


def _cells(value: int | Share) -> tuple[Any, ...]:
    if isinstance(value, Share):
        return value.part, value.whole, "" if value.percent is None else value.percent
    return value, "", ""
