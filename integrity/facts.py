"""The facts a kind asks for: one specification gives check, form, columns and masking."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from integrity.codes import EMPTY_WORDS, normalise_code, uscc_problem

TYPES = ("text", "date", "amount", "int", "choice", "multi", "bool", "code")
_DATE = re.compile(
    r"^\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+00:00(?::00)?)?\s*$|^(\d{4})(\d\d)(\d\d)$"
)
_AMOUNT = re.compile(r"^-?\d+(\.\d+)?$")


class Bad(ValueError):
    """A value that cannot be taken, with the sentence the person reads and its rejection code (domain.md 7.3)."""

    def __init__(self, text: str, code: str = "E02") -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of a kind: label, type, bounds, and whether it may stand in public output."""

    name: str
    label: str
    type: str = "text"
    required: bool = True
    max: int = 200
    min: int | None = None
    options: tuple[str, ...] = ()
    public: bool = True
    help: str = ""

    @property
    def long(self) -> bool:
        return self.type == "text" and self.max > 300

    def parse(self, raw: Any) -> Any:
        """The clean JSON value of what was typed or imported; raises Bad. None when empty and not required."""
        if self.type == "bool":
            return _bool(self, raw)
        if self.type == "multi" and not isinstance(raw, str):
            raw = ";".join(raw or [])
        text = raw if isinstance(raw, str) else "" if raw is None else str(raw)
        text = text.strip()
        if text in EMPTY_WORDS:
            if self.required:
                raise Bad(f"请填写{self.label}", "E01")
            return None
        return _PARSERS[self.type](self, text)


_YES, _NO = {"true", "on", "1", "是", "有", "√", "y", "yes"}, {"false", "off", "0", "否", "n", "no"} | EMPTY_WORDS


def _bool(fact: Fact, raw: Any) -> bool:
    word = str("" if raw is None else raw).strip()
    if word.lower() not in _YES and word.lower() not in _NO and word not in _NO:
        raise Bad(f"{fact.label}“{word[:20]}”请填写“是”或者“否”", "E04")
    return word.lower() in _YES


def _text(fact: Fact, text: str) -> str:
    if len(text) > fact.max:
        raise Bad(f"{fact.label}不能超过 {fact.max} 字，现为 {len(text)} 字", "E03")
    if "\x00" in text:
        raise Bad(f"{fact.label}含有不可见的控制字符，请删除")
    return text


@lru_cache(maxsize=4096)
def _day(text: str) -> date | None:
    match = _DATE.match(text if text.isascii() else unicodedata.normalize("NFKC", text))
    try:
        return date(*(int(part) for part in match.groups() if part)) if match else None
    except ValueError:
        return None


def parse_date(text: str, label: str = "日期") -> date:
    """A date written 2026-01-31, 2026/1/31, 2026.1.31, 2026年1月31日 or 20260131; raises Bad."""
    if (day := _day(text)) is None:
        raise Bad(f"{label}“{text[:20]}”不是有效日期，请写成 2026-01-31")
    return day


def parse_amount(text: str, label: str = "金额", places: int = 6) -> Decimal:
    """A non-negative amount with up to six decimals, thousands separators tolerated; raises Bad."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    if not _AMOUNT.match(plain):
        raise Bad(f"{label}“{text[:20]}”不是数字，请只填数值，单位见列名")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise Bad(f"{label}不是数字") from None
    if value < 0:
        raise Bad(f"{label}不能为负数")
    if value >= Decimal(10) ** 12 or -value.as_tuple().exponent > places:
        raise Bad(f"{label}超出范围：整数不超过 12 位，小数不超过 {places} 位")
    return value


def _date(fact: Fact, text: str) -> str:
    return parse_date(text, fact.label).isoformat()


def _amount(fact: Fact, text: str) -> str:
    return format(parse_amount(text, fact.label).normalize(), "f")


def _int(fact: Fact, text: str) -> int:
    plain = unicodedata.normalize("NFKC", text)
    if plain.endswith(".0"):
        plain = plain[:-2]
    if not re.fullmatch(r"-?\d{1,9}", plain):
        raise Bad(f"{fact.label}应为整数")
    value = int(plain)
    if (fact.min is not None and value < fact.min) or (fact.max and value > fact.max):
        raise Bad(f"{fact.label}应在 {fact.min} 至 {fact.max} 之间")
    return value


def _unlisted(fact: Fact, text: str) -> bool:
    """Not an option, nor 其他 with its explanation where 其他 is one (domain.md 4.1)."""
    return text not in fact.options and not (text.startswith("其他") and any("其他" in o for o in fact.options))


def _choice(fact: Fact, text: str) -> str:
    if _unlisted(fact, text):
        raise Bad(f"{fact.label}“{text[:20]}”不在可选项中：{'、'.join(fact.options)}", "E04")
    return _text(fact, text)


def _multi(fact: Fact, text: str) -> str:
    listed = [p.strip() for p in re.split(r"[;；]", text) if p.strip()]
    parts = [q.strip() for p in listed for q in ([p] if p in fact.options else p.split("、")) if q.strip()]
    for part in parts:
        if _unlisted(fact, part):
            raise Bad(f"{fact.label}“{part[:20]}”不在可选项中：{'、'.join(fact.options)}", "E04")
    return "；".join(parts)


def _code(fact: Fact, text: str) -> str:
    code = normalise_code(text)
    if problem := uscc_problem(code):
        raise Bad(problem, "E05")
    return code


_PARSERS: dict[str, Callable[[Fact, str], Any]] = {
    "text": _text,
    "date": _date,
    "amount": _amount,
    "int": _int,
    "choice": _choice,
    "multi": _multi,
    "code": _code,
}


def from_toml(entries: Mapping[str, Mapping[str, Any]]) -> tuple[Fact, ...]:
    """Facts in the order of the TOML table; an unknown key or type is a TypeError or KeyError at start."""
    facts = []
    for name, entry in entries.items():
        data = dict(entry)
        data["options"] = tuple(data.get("options", ()))
        fact = Fact(name=name, **data)
        if fact.type not in TYPES:
            raise KeyError(f"{name}: unknown fact type {fact.type}")
        facts.append(fact)
    return tuple(facts)


def check(facts: tuple[Fact, ...], raw: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Bad]]:
    """Clean values and, by field, what is wrong. A field the kind does not know is an error, never dropped silently."""
    clean: dict[str, Any] = {}
    errors: dict[str, Bad] = {}
    for fact in facts:
        value = raw.get(fact.name)
        if not fact.required and (value is None or value == ""):
            continue
        try:
            value = fact.parse(value)
        except Bad as bad:
            errors[fact.name] = bad
            continue
        if value is not None:
            clean[fact.name] = value
    for name in raw.keys() - {f.name for f in facts}:
        errors[name] = Bad(f"目录中没有字段“{name}”")
    return clean, errors


def public_facts(facts: tuple[Fact, ...], values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Label and value of the whitelisted facts that are filled, in catalogue order."""
    return [(f.label, values[f.name]) for f in facts if f.public and values.get(f.name) not in (None, "", False)]
