"""The catalogue as data: kinds, measures, clocks, matters, letters and settings read from the TOML files of every app."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from integrity.facts import Fact, from_toml

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("integrity", "officials", "agencies", "supervision", "sectors")
SHAPES = {"kinds": "record", "matters": "matter", "measures": "measure", "pledges": "pledge"}
SECTORS = {  # the seven key sectors, in the notice's order (tasks 14-20)
    "procurement": "政府采购",
    "ppp": "政府和社会资本合作",
    "trading": "公共资源交易",
    "bidding": "招标投标",
    "investment": "招商引资",
    "debt": "政府债务",
    "township": "街道和乡镇",
}


@dataclass(frozen=True)
class MeasureRef:
    """A measure that a kind of record may bring: MANDATORY only where a statute says so."""

    code: str
    effect: str
    months: str = ""


@dataclass(frozen=True)
class KindSpec:
    """One catalogue entry (山东条例 10: 事项、性质、代码、数据标准、披露方式、有效期限、提供单位)."""

    code: str
    name: str
    shape: str
    app: str
    name_en: str = ""
    basis: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    notice: str = "none"
    polarity: str = "neutral"
    tier: str = "none"
    disclosure: str = "shared"
    publish: str = "by_rule"
    publish_if: str = ""
    publicity: Any = "none"
    repair: str = "none"
    up: str = "no"
    tasks: tuple[int, ...] = ()
    provider: str = ""
    standard: str = "GB/T 39441-2020"
    sector: str = ""
    facts: tuple[Fact, ...] = ()
    measures: tuple[MeasureRef, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def nature(self) -> str:
        """信息性质 (山东条例 11): 失信信息 for negative kinds, 其他信息 for honours, 基础信息 otherwise."""
        return {"negative": "失信信息", "positive": "其他信息"}.get(self.polarity, "基础信息")

    @property
    def family(self) -> str:
        return self.code[:2]

    @property
    def fact_names(self) -> dict[str, Fact]:
        return {f.name: f for f in self.facts}

    @property
    def is_pledge(self) -> bool:
        """Whether a pledge is filed under this entry: its own shape, or the records that hold a pledge's text."""
        return self.shape == "pledge" or {"pledge_no", "text"} <= self.fact_names.keys()

    @property
    def may_be_public(self) -> bool:
        """Whether any record of this kind can ever stand on a public page."""
        return self.disclosure in ("public", "public-org", "public-summary", "consent") or self.publish == "on_decision"


@dataclass(frozen=True)
class Term:
    """One length of time of a clock: amount and unit (WD, DAY, MONTH), or a date of the year, or a period."""

    amount: int
    unit: str
    at: str = ""


@dataclass(frozen=True)
class ClockSpec:
    """A deadline of the field: what it is for, its terms, from when, on what ground; `setting` may be changed."""

    code: str
    event: str
    terms: tuple[Term, ...]
    start: str
    basis: str
    kind: str
    event_en: str = ""


@dataclass(frozen=True)
class TierRule:
    """How many months each tier is shown, lowest and highest, for decisions from a date on."""

    valid_from: date
    basis: str
    months: dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Catalogue:
    """Everything the TOML files say."""

    kinds: dict[str, KindSpec]
    clocks: dict[str, ClockSpec]
    tier_rules: tuple[TierRule, ...]
    penalty_tiers: dict[str, str]
    letters: dict[str, dict[str, Any]]
    settings: dict[str, dict[str, Any]]
    texts: dict[str, str]

    def tier_rule(self, decided_on: date) -> TierRule:
        """The rule in force on the decision date."""
        return next(r for r in self.tier_rules if r.valid_from <= decided_on)

    def of_shape(self, shape: str) -> list[KindSpec]:
        return [k for k in self.kinds.values() if k.shape == shape]


def files() -> list[tuple[str, Path]]:
    """Every TOML file of every app, with the app's name."""
    found = []
    for app in APPS:
        if (single := ROOT / app / "catalogue.toml").exists():
            found.append((app, single))
        found += [(app, p) for p in sorted((ROOT / app / "catalogue").glob("*.toml")) if p.stem != "areas"]
    return found


@cache
def load() -> Catalogue:
    """Read all files once; any fault is an exception at start that names file and entry."""
    kinds: dict[str, KindSpec] = {}
    clocks: dict[str, ClockSpec] = {}
    rules: list[TierRule] = []
    penalty: dict[str, str] = {}
    letters: dict[str, dict[str, Any]] = {}
    settings: dict[str, dict[str, Any]] = {}
    texts: dict[str, str] = {}
    for app, path in files():
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            for table, shape in SHAPES.items():
                for entry in data.get(table, []):
                    spec = _kind(entry, shape, app, path)
                    _once(kinds, spec.code, spec)
                    texts[spec.code] = json.dumps(entry, ensure_ascii=False, sort_keys=True, default=str)
            for entry in data.get("clocks", []):
                _once(clocks, entry["code"], _clock(entry))
            rules += [_tier_rule(r) for r in data.get("tier_rules", [])]
            penalty |= data.get("penalty_tiers", {})
            for entry in data.get("letters", []):
                _once(letters, entry["code"], entry)
            for entry in data.get("settings", []):
                _once(settings, entry["key"], entry)
        except (KeyError, TypeError, ValueError) as fault:
            raise ValueError(f"{path.relative_to(ROOT)}: {fault}") from fault
    rules.sort(key=lambda r: r.valid_from, reverse=True)
    return Catalogue(kinds, clocks, tuple(rules), penalty, letters, settings, texts)


def text_hash(code: str) -> str:
    """SHA-256 of an entry's text: when it changes, the entry returns to PROPOSED."""
    return hashlib.sha256(load().texts[code].encode()).hexdigest()


def _once(table: dict[str, Any], code: str, value: Any) -> None:
    if code in table:
        raise ValueError(f"{code} stands twice in the catalogue")
    table[code] = value


_KIND_KEYS = {f for f in KindSpec.__dataclass_fields__ if f not in ("shape", "app", "extra", "sector")}


def _kind(entry: dict[str, Any], shape: str, app: str, path: Path) -> KindSpec:
    data = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items() if k in _KIND_KEYS}
    data["facts"] = from_toml(entry.get("facts", {}))
    data["measures"] = tuple(MeasureRef(**m) for m in entry.get("measures", []))
    sector = path.stem if app == "sectors" and path.stem in SECTORS else ""
    extra = {k: v for k, v in entry.items() if k not in _KIND_KEYS}
    return KindSpec(shape=shape, app=app, sector=sector, extra=extra, **data)


def _clock(entry: dict[str, Any]) -> ClockSpec:
    terms = []
    for text in entry["terms"]:
        amount, unit = text.split(" ")
        terms.append(Term(int(amount), unit) if unit in ("WD", "DAY", "MONTH") else Term(0, unit, amount))
    return ClockSpec(
        entry["code"],
        entry["event"],
        tuple(terms),
        entry["from"],
        entry["basis"],
        entry["kind"],
        entry.get("event_en", ""),
    )


def _tier_rule(entry: dict[str, Any]) -> TierRule:
    months = {tier: tuple(entry[tier]) for tier in ("minor", "general", "serious")}
    return TierRule(entry["valid_from"], entry["basis"], months)
