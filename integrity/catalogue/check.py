"""Is the catalogue sound? Every fault in a sentence that names file and entry (house.md 4, 山东条例 10, 25, 27)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any

from integrity.catalogue import ROOT, Catalogue, KindSpec, files, load
from integrity.facts import Fact

# What the specification lists: 50 kinds of records, 35 measures, 47 deadlines.
WANTED = {
    "kinds": {"OF": 13, "AG": 14, "SV": 6, "SE": 12, "DP": 2, "LS": 3},
    "measures": {"P": 9, "A": 11, "E": 7, "R": 6, "M": 2},
    "clocks": {"D": 47},
}
CODES = {"record": r"[A-Z]{2}\d{2}", "measure": r"[PAERM]\d{2}", "matter": r"[A-Z]{2}\d{2}", "pledge": r"[A-Z]{2}\d{2}"}
SUBJECTS = {"agency", "enterprise", "official", "person"}
CLOSED: dict[str, set[str]] = {
    "notice": {"own", "by_document", "none"},
    "polarity": {"negative", "positive", "neutral"},
    "tier": {"minor", "general", "serious", "none", "by_penalty", "by_finding"},
    "disclosure": {"public", "public-org", "public-summary", "shared", "restricted", "consent"},
    "publish": {"by_rule", "on_decision"},
    "publish_if": {"", "court_announced", "local_rule"},
    "repair": {"application", "by_expiry", "none", "by_court", "by_cycle", "by_basis"},
    "up": {"yes", "no", "by_mgmt"},
}
PUBLICITY = {"none", "by_tier", "while_in_force", "court_term", "with_parent"}


def faults() -> list[str]:
    """Everything wrong with the TOML files; an empty list when they are sound."""
    try:
        loaded = load()
    except ValueError as fault:
        return [str(fault)]
    found = list(_missing(loaded))
    for code, spec in loaded.kinds.items():
        checks = {"record": _record, "measure": _measure, "matter": _matter}
        wrong = [*_entry(spec), *checks.get(spec.shape, lambda *_: ())(spec, loaded)]
        found += [f"{_places()[code]}, {code}: {text}" for text in wrong]
    for code, clock in loaded.clocks.items():
        found += [f"{_places()[code]}, {code}: {text}" for text in _clock(clock)]
    for table, key in (("letters", "stem"), ("settings", "default")):
        for code, entry in getattr(loaded, table).items():
            found += [f"{_places()[code]}, {code}: {n} is missing" for n in ("name", key) if not str(entry.get(n, ""))]
    return found


@cache
def _places() -> dict[str, str]:
    """Which file an entry stands in."""
    found = {}
    for _, path in files():
        for table in tomllib.loads(path.read_text(encoding="utf-8")).values():
            for entry in table if isinstance(table, list) else ():
                found[entry.get("code") or entry.get("key", "")] = str(path.relative_to(ROOT))
    return found


def _missing(loaded: Catalogue) -> Iterator[str]:
    have = {"kinds": loaded.kinds, "measures": loaded.kinds, "clocks": loaded.clocks}
    for table, families in WANTED.items():
        for family, count in families.items():
            for number in range(1, count + 1):
                if (code := f"{family}{number:02d}") not in have[table]:
                    yield f"{table}: {code} of the specification is missing"


def _entry(spec: KindSpec) -> Iterator[str]:
    """What entries of every shape need: a well-formed code, a name, a basis in law, facts that can be asked."""
    if not re.fullmatch(CODES[spec.shape], spec.code):
        yield f"the code is not of the form {CODES[spec.shape]}"
    if not spec.name.strip():
        yield "the name is missing"
    if not spec.basis or not all(str(b).strip() for b in spec.basis):
        yield "the basis is missing: no record, measure or matter without its ground"
    for fact in spec.facts:
        yield from _fact(fact)


def _fact(fact: Fact) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", fact.name):
        yield f"fact {fact.name} is not a plain identifier"
    if not fact.label.strip():
        yield f"fact {fact.name} has no label"
    choices = fact.type in ("choice", "multi")
    if choices and (not fact.options or len(set(fact.options)) < len(fact.options)):
        yield f"fact {fact.name} needs options, each once"
    if fact.options and not choices:
        yield f"fact {fact.name} has options but is no choice"
    if fact.max <= 0 or (fact.min is not None and fact.min > fact.max):
        yield f"fact {fact.name} has bounds that nothing can meet"


def _record(spec: KindSpec, loaded: Catalogue) -> Iterator[str]:
    for name, values in CLOSED.items():
        if getattr(spec, name) not in values:
            yield f"{name} is {getattr(spec, name)!r}, not one of {', '.join(sorted(values))}"
    if not spec.subject or set(spec.subject) - SUBJECTS:
        yield f"subject must be some of {', '.join(sorted(SUBJECTS))}"
    if not spec.provider or not spec.standard:
        yield "provider or data standard is missing (the seven elements of 山东条例 10)"
    if not spec.tasks or not set(spec.tasks) <= set(range(1, 21)):
        yield "tasks must name some of 1 to 20"
    if (spec.polarity == "negative") == (spec.tier == "none"):
        yield "a negative kind has a tier, any other has none"
    if not set(spec.subject) & {"agency", "enterprise"} and spec.disclosure in (
        "public",
        "public-org",
        "public-summary",
    ):
        yield "a kind about natural persons alone is never public (山东条例 20)"
    if spec.publish_if == "court_announced" and "court_announced" not in spec.fact_names:
        yield "publish_if asks for a fact court_announced"
    yield from _publicity(spec, loaded)
    yield from _measures(spec, loaded)


def _publicity(spec: KindSpec, loaded: Catalogue) -> Iterator[str]:
    """Periods of negative kinds stay within the tier law in force."""
    if not isinstance(spec.publicity, tuple):
        if spec.publicity not in PUBLICITY:
            yield f"publicity is {spec.publicity!r}"
        return
    low, high = spec.publicity if len(spec.publicity) == 2 else (1, 0)
    if not 0 <= low <= high:
        yield "publicity must be [lowest, highest] in months"
    elif spec.polarity == "negative":
        months = loaded.tier_rules[0].months
        tiers = [spec.tier] if spec.tier in months else list(months)
        if low < min(months[t][0] for t in tiers) or high > max(months[t][1] for t in tiers):
            yield f"publicity {low}-{high} months leaves the tier law ({loaded.tier_rules[0].basis})"
    if spec.disclosure == "restricted":
        yield "a restricted kind has no publicity"


def _measures(spec: KindSpec, loaded: Catalogue) -> Iterator[str]:
    for ref in spec.measures:
        entry = loaded.kinds.get(ref.code)
        if entry is None or entry.shape != "measure":
            yield f"measure {ref.code} is not on the list (山东条例 25)"
            continue
        if not set(entry.extra.get("applies", ())) & set(spec.subject):
            yield f"measure {ref.code} does not apply to {', '.join(spec.subject)}"
        if ref.effect not in ("mandatory", "reference"):
            yield f"measure {ref.code} has effect {ref.effect!r}"
        if ref.effect == "mandatory" and entry.extra.get("effect") != "mandatory":
            yield f"measure {ref.code} is mandatory here but not on the list"
        if ref.months and not re.fullmatch(r"\d{1,2}-\d{1,2}", ref.months):
            yield f"measure {ref.code} has months {ref.months!r}, not like 12-36"


def _measure(spec: KindSpec, loaded: Catalogue) -> Iterator[str]:
    applies = set(spec.extra.get("applies", ()))
    if not applies or applies - SUBJECTS:
        yield f"applies must be some of {', '.join(sorted(SUBJECTS))}"
    for name in ("stage", "period", "decided_by"):
        if not spec.extra.get(name):
            yield f"{name} is missing"
    if spec.extra.get("effect") not in ("mandatory", "reference"):
        yield "effect must be mandatory or reference"


def _matter(spec: KindSpec, loaded: Catalogue) -> Iterator[str]:
    if not re.fullmatch(r"[A-Z]{2}", str(spec.extra.get("prefix", ""))):
        yield "prefix must be two capitals"
    for code in dict(spec.extra.get("clocks", {})).values():
        if str(code).split(".")[0] not in loaded.clocks:
            yield f"clock {code} is not in the catalogue"


def _clock(clock: Any) -> Iterator[str]:
    if clock.kind not in ("law", "check", "setting"):
        yield f"kind is {clock.kind!r}, not law, check or setting"
    if not (clock.event.strip() and clock.basis.strip() and clock.start.strip()):
        yield "event, start or basis is missing"
    if not clock.terms:
        yield "no term"
    for term in clock.terms:
        counted, dated = (
            term.unit in ("WD", "DAY", "MONTH") and term.amount > 0,
            term.unit in ("DATE", "PERIOD") and term.at,
        )
        if not (counted or dated):
            yield f"term {term} cannot be counted"
