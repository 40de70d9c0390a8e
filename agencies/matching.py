"""Whom a court's list means: agencies found by code and by name, with reasons, for a person to confirm (task 10).

The code decides. A name never does: it gives candidates of the very place it names, so that two districts' bureaus of
one name are not confused; where it names no place, all of that name are shown.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from integrity.codes import AGENCY_PREFIXES, normalise_code, uscc_valid
from integrity.models import Area, Subject
from integrity.search import bigrams, normalise

NAMES = Path(__file__).parent / "names.toml"
NOTE = re.compile(r"[（(][^（）()]*[)）]\s*$")  # a note in brackets at the end: （演示）, （本级）
LEVEL = re.compile(r"^(?:市(?!场|政|容|民)|区(?!域)|县(?!域))")  # 市教育局: the level without the place
SUFFIX = re.compile(r"(?:特别行政区|自治区|街道|[省市区县镇乡])$")
LEAST_ALIKE, MOST = 0.6, 8


@dataclass(frozen=True)
class Place:
    """An area as names tell it; `depth` counts from the country down."""

    code: str
    path: str
    name: str
    kind: str

    @property
    def level(self) -> str:
        return {"CITY": "市", "COUNTY": "县", "FUNCTIONAL_ZONE": "县"}.get(self.kind, "")


@dataclass(frozen=True)
class Reading:
    """A name taken apart: the places it may mean, the level it names alone, its core, and how the core was rewritten."""

    places: tuple[Place, ...]
    level: str
    core: str
    how: str = ""

    @property
    def paths(self) -> set[str]:
        return {p.path for p in self.places}


@dataclass
class Candidate:
    """One agency that may be meant, and why; `sure` only where the code says so."""

    subject: Any
    code: str
    name: str
    reasons: list[str] = field(default_factory=list)
    sure: bool = False
    weight: float = 0

    def as_dict(self) -> dict[str, Any]:
        return {
            "subject": str(self.subject),
            "code": self.code,
            "name": self.name,
            "reasons": self.reasons,
            "sure": self.sure,
        }


@cache
def forms() -> list[tuple[str, str, str]]:
    """Every way an agency is called, longest first: form, full name, how the two differ."""
    found = []
    for entry in tomllib.loads(NAMES.read_text(encoding="utf-8"))["called"]:
        found += [(normalise(f), entry["full"], "简称") for f in entry["forms"]]
        found += [(normalise(f), entry["full"], "机构改革前的名称") for f in entry.get("former", ())]
    return sorted(found, key=lambda x: -len(x[0]))


class Atlas:
    """The places that names begin with."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self.by_name: dict[str, list[Place]] = defaultdict(list)
        self.by_code: dict[str, Place] = {}
        for area in areas:
            plain = normalise(NOTE.sub("", area.name))
            place = Place(area.code, area.path, plain, area.kind)
            self.by_code[area.code] = place
            for name in {plain, SUFFIX.sub("", plain)}:
                if len(name) > 1:
                    self.by_name[name].append(place)
        self.names = sorted(self.by_name, key=len, reverse=True)

    def read(self, name: str) -> Reading:
        """Take a name apart; places must lie in one another."""
        text, places = normalise(NOTE.sub("", name)), ()
        while True:
            start = next((n for n in self.names if text.startswith(n) and len(text) > len(n)), "")
            inside = tuple(
                p for p in self.by_name.get(start, ()) if not places or any(p.path.startswith(o.path) for o in places)
            )
            if not inside:
                break
            text, places = text[len(start) :], inside
        level = ""
        if not places and (found := LEVEL.match(text)):
            level, text = ("市" if found[0] == "市" else "县"), text[1:]
        core, how = rewritten(text)
        return Reading(places, level, core, how)


def rewritten(text: str) -> tuple[str, str]:
    """The core of a name by its full form, and how it was called here; unknown names stay as they are."""
    for form, full, how in forms():
        if text.endswith(form):
            return text[: -len(form)] + full, "" if normalise(full) in form else how
    return text, ""


@dataclass(frozen=True)
class Known:
    """An agency of the register as it is compared."""

    subject: Any
    code: str
    name: str
    plain: str
    reading: Reading
    place: Place | None
    was: str = ""  # the name under which it is found, where that is its predecessor's


class Matcher:
    """All agencies of the register, read once for a list."""

    def __init__(self) -> None:
        self.atlas = Atlas(Area.objects.all())
        self.codes: dict[str, Known] = {}
        self.organs: dict[str, list[Known]] = defaultdict(list)
        self.cores: dict[str, list[Known]] = defaultdict(list)
        self.others = set(
            Subject.objects.organisations().exclude(form="AGENCY").exclude(code="").values_list("code", flat=True)
        )
        for row in Subject.objects.filter(form="AGENCY").select_related("succeeded_by"):
            self._add(row)

    def _add(self, row: Subject) -> None:
        today = row.successor
        reading = self.atlas.read(row.name)
        was = row.name if today.pk != row.pk else ""
        place = max((*reading.places, *self._own(row)), key=lambda p: len(p.path), default=None)
        known = Known(today.pk, today.code, today.name, normalise(NOTE.sub("", row.name)), reading, place, was)
        if row.code:
            self.codes[row.code] = known
            self.organs[row.code[8:17]].append(known)
        self.cores[reading.core].append(known)

    def _own(self, row: Subject) -> tuple[Place, ...]:
        return (self.atlas.by_code[row.area_id],) if row.area_id in self.atlas.by_code else ()

    def find(self, name: str, code: str = "", court: str = "") -> list[Candidate]:
        """Candidates for one line of a list, the likeliest first; none for what is no agency."""
        code = normalise_code(code)
        if uscc_valid(code):
            if (known := self.codes.get(code)) is not None:
                return [self._by_code(known, name, "统一社会信用代码一致")]
            if code in self.others or not code.startswith(AGENCY_PREFIXES):
                return []
            return [_warned(c, "名单所列代码与该机构登记的代码不同，请核实") for c in self._by_name(name, court)]
        if len(code) == 9 and len(found := self.organs.get(code, [])) == 1:
            return [self._by_code(found[0], name, "组织机构代码一致")]
        return self._by_name(name, court)

    def _by_code(self, known: Known, name: str, why: str) -> Candidate:
        made = Candidate(known.subject, known.code, known.name, [why], sure=True)
        if known.was:
            made.reasons.append(f"原单位“{known.was}”由其承继")
        if normalise(NOTE.sub("", name)) != known.plain and self.atlas.read(name).core != known.reading.core:
            made.reasons.append(f"名单所列名称“{name}”与登记的不一致，请核实")
        return made

    def _by_name(self, name: str, court: str) -> list[Candidate]:
        asked, seat = self.atlas.read(name), self.atlas.read(court)
        plain = normalise(NOTE.sub("", name))
        rows = [k for k in self.cores.get(asked.core, []) if _in_place(asked, k)]
        found = {k.subject: self._candidate(k, asked, plain, seat) for k in rows}
        if not found:
            found = {c.subject: c for c in self._alike(asked)}
        ranked = sorted(found.values(), key=lambda c: (-c.weight, c.name))[:MOST]
        if len(ranked) > 1 and not asked.places:
            for candidate in ranked:
                candidate.reasons.append("名单未写明区划，同名单位不止一个，须核对")
        return ranked

    def _candidate(self, known: Known, asked: Reading, plain: str, court: Reading) -> Candidate:
        made = Candidate(known.subject, known.code, known.name, weight=1)
        same = plain == known.plain
        made.reasons.append("名称一致" if same else f"{asked.how or known.reading.how or '名称主体'}相符")
        made.weight += same
        if known.place and asked.places:
            made.reasons.append(f"区划一致（{known.place.name}）")
        elif known.place and known.place.path in court.paths:
            made.reasons.append(f"执行法院所在区划一致（{known.place.name}）")
            made.weight += 0.5
        if known.was:
            made.reasons.append(f"原单位“{known.was}”由其承继")
        return made

    def _alike(self, asked: Reading) -> list[Candidate]:
        """Agencies of the place named whose names share most of their pairs of characters."""
        pairs, found = set(bigrams(asked.core)), []
        if not (asked.places or asked.level) or len(pairs) < 3:
            return []
        for core, rows in self.cores.items():
            other = set(bigrams(core))
            alike = len(pairs & other) / len(pairs | other) if other else 0
            if alike >= LEAST_ALIKE:
                found += [
                    Candidate(k.subject, k.code, k.name, [f"名称相近（{alike:.0%}），区划一致"], weight=alike)
                    for k in rows
                    if _in_place(asked, k)
                ]
        return found


def _in_place(asked: Reading, known: Known) -> bool:
    """Whether an agency sits exactly where a name says; a name without a place fits every one of its level."""
    if asked.places:
        return known.place is not None and known.place.path in asked.paths
    if asked.level:
        return known.place is not None and known.place.level == asked.level
    return True


def _warned(candidate: Candidate, why: str) -> Candidate:
    candidate.reasons.append(why)
    return candidate
