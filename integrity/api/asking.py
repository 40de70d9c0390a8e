"""What a caller asks of a list: known parameters only, each read strictly, faults named by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django_filters import FilterSet

from integrity.api.problems import Problem
from integrity.listing import Listing, bound
from integrity.listing.history import DATED

SIZE, MOST = 100, 500
SHARED = {
    "q": "按名称的部分、拼音、代码、编号或者文书号查找",
    "limit": f"每页条数，默认 {SIZE}，至多 {MOST}",
    "cursor": "上一页返回的 next",
    "count": "true 时返回总数，至多数到 1000",
    "as_of": "截至某日的情况，如 2026-01-31",
    "recorded_as_of": "系统在某一时刻所知的情况，如 2026-01-31T12:00:00+08:00；该页条数可能少于 limit",
}


@dataclass(frozen=True)
class Ask:
    """The parameters of one request for a list."""

    filters: FilterSet | None
    query: str
    limit: int
    cursor: str
    count: bool
    as_of: date | None
    recorded_as_of: datetime | None

    @property
    def narrows(self) -> bool:
        """Whether anything but the page was asked for."""
        return bool(self.filters or self.query or self.as_of or self.recorded_as_of)


@cache
def parameters(listing: Listing) -> dict[str, str]:
    """Every parameter of a listing, with its sentence."""
    own = {name: f.extra.get("help_text", f.label) for name, f in listing.filters.base_filters.items()}
    absent = set() if listing.name in DATED else {"as_of", "recorded_as_of"}
    absent |= set() if listing.search else {"q"}
    return own | {name: text for name, text in SHARED.items() if name not in absent}


def known_only(given: Mapping[str, Any], known: Iterable[str]) -> None:
    """Refuse parameters that do not exist: a misspelt filter must not pass for none."""
    names = sorted(known)
    if unknown := sorted(set(given) - set(names)):
        raise Problem("unknown-parameter", f"不认识的参数：{'、'.join(unknown)}", unknown=unknown, known=names)


def ask(listing: Listing, given: Any) -> Ask:
    """Read a query string; raises Problem with every fault by its parameter."""
    known_only(given, parameters(listing))
    errors: dict[str, list[str]] = {}

    def read(name: str, parse: Any, default: Any) -> Any:
        if not (text := given.get(name, "").strip()):
            return default
        try:
            return parse(text)
        except (ValueError, ValidationError) as fault:
            errors[name] = [str(fault.args[0])]
            return default

    found = {
        "limit": read("limit", size, SIZE),
        "count": read("count", yes, False),
        "as_of": read("as_of", day, None),
        "recorded_as_of": read("recorded_as_of", instant, None),
    }
    filters = bound(listing, given)
    if filters:
        errors |= {name: [str(e) for e in found] for name, found in filters.errors.items()}
    if errors:
        raise Problem("invalid", "参数有误，请按 errors 修改后重试", errors=errors)
    return Ask(filters, given.get("q", "").strip()[:100], cursor=given.get("cursor", ""), **found)


def read(given: Mapping[str, str], parsers: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that were given, each by its parser; raises Problem with every fault."""
    found, errors = {}, {}
    for name in given.keys() & parsers.keys():
        try:
            found[name] = parsers[name](given[name])
        except ValueError as fault:
            errors[name] = [str(fault)]
    if errors:
        raise Problem("invalid", "参数有误，请按 errors 修改后重试", errors=errors)
    return found


def size(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST:
        raise ValueError(f"每页条数应为 1 至 {MOST} 的整数")
    return int(text)


def number(text: str) -> int:
    """A sequence number or size."""
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise ValueError("应为非负整数")
    return int(text)


def yes(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("应为 true 或者 false")
    return text == "true"


def day(text: str) -> date:
    found = parse_date(text)
    if found is None:
        raise ValueError("不是有效日期，请写成 2026-01-31")
    return found


def instant(text: str) -> datetime:
    """An instant; without an offset on the city's clock; a + that a browser made a space is one again."""
    found = parse_datetime(text.replace(" ", "+")) or parse_datetime(text)
    if found is None:
        raise ValueError("不是有效时刻，请写成 2026-01-31T12:00:00+08:00")
    return found if timezone.is_aware(found) else timezone.make_aware(found)
