"""What a project of a sector is, as data: its stages, their facts, the duties that follow and whom they bind (house.md 4).

Read from the `[[projects]]` tables of sectors/catalogue/*.toml; a further sector is one more file.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from integrity import catalogue
from integrity.catalogue import SECTORS
from integrity.facts import Fact, from_toml

SETS = ("partner", "agent", "amount_wan")  # columns that a stage may fill in


@dataclass(frozen=True)
class Stage:
    """One stage: what its day is called, what is written down on entering it, which columns it fills in."""

    code: str
    name: str
    day: str
    facts: tuple[Fact, ...] = ()
    sets: tuple[str, ...] = ()


@dataclass(frozen=True)
class DutySpec:
    """What must be done by when once a stage is entered: by a clock, by days agreed in a fact, or by a day in a fact."""

    code: str
    name: str
    stage: str
    basis: str
    clock: str = ""
    term: int = 0
    days: str = ""  # name of the fact with the days agreed
    most: int = 0  # how many days may be agreed
    due: str = ""  # name of the fact that is the due day
    not_after: str = ""  # name of a fact: the clock starts on that day when the stage comes later
    only: str = ""  # fact=value without which nothing is owed
    done_by: str = ""  # the stage whose entry fulfils it
    owes: str = "unit"  # which party: unit, partner, agent
    violation: str = ""  # what the finding calls it when it is not done


@dataclass(frozen=True)
class Requirement:
    """What one fact asks of another; `at_release` asks it only before the project becomes public."""

    requires: str  # fact=value
    text: str
    when: str = ""  # fact=value
    at_release: bool = False

    def missed(self, facts: dict[str, Any]) -> bool:
        name, _, value = self.when.partition("=")
        wanted, _, word = self.requires.partition("=")
        return (not name or facts.get(name) == value) and facts.get(wanted) != word


@dataclass(frozen=True)
class Plan:
    """One kind of project: names of its parties, facts, stages and duties, and the kind of record a breach may become."""

    code: str
    sector: str
    name: str
    prefix: str
    unit: str
    basis: tuple[str, ...]
    partner: str = ""
    agent: str = ""
    facts: tuple[Fact, ...] = ()
    stages: tuple[Stage, ...] = ()
    duties: tuple[DutySpec, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    finding: str = ""  # kind of record
    breach: str = ""  # kind of record that a registered breach becomes when it is not put right after an order
    promises: str = ""  # what a duty written in by hand is called; empty where there are none
    public: bool = True
    responsibilities: tuple[dict[str, str], ...] = ()  # 责任清单: what the public body answers for, with its basis

    @property
    def known(self) -> dict[str, Fact]:
        """Every fact of the project and its stages by name."""
        return {f.name: f for f in (*self.facts, *(f for s in self.stages for f in s.facts))}

    def stage(self, code: str) -> Stage:
        """The stage of this code; KeyError when there is none."""
        return {s.code: s for s in self.stages}[code]

    def refusal(self, facts: dict[str, Any], release: bool = False) -> dict[str, str]:
        """What the facts miss, by the fact to be put right."""
        asked = [r for r in self.requirements if release or not r.at_release]
        return {r.requires.partition("=")[0]: r.text for r in asked if r.missed(facts)}

    def after(self, code: str) -> tuple[Stage, ...]:
        """The stages that may follow."""
        codes = [s.code for s in self.stages]
        return self.stages[codes.index(code) + 1 :]

    def following(self, stage: str) -> list[DutySpec]:
        """The duties that begin with a stage."""
        return [d for d in self.duties if d.stage == stage]


@cache
def plans() -> dict[str, Plan]:
    """Every kind of project by code; a fault is an error at start that names file and entry."""
    found: dict[str, Plan] = {}
    for app, path in catalogue.files():
        for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("projects", []):
            try:
                plan = _plan(dict(entry), path.stem)
                _check(plan)
            except (KeyError, TypeError, ValueError) as fault:
                raise ValueError(f"{app}/{path.name}, {entry.get('code')}: {fault}") from fault
            if plan.code in found:
                raise ValueError(f"{plan.code} stands twice")
            found[plan.code] = plan
    return found


def of_sector(sector: str) -> list[Plan]:
    return [p for p in plans().values() if p.sector == sector]


def _plan(entry: dict[str, Any], sector: str) -> Plan:
    facts = from_toml(entry.pop("facts", {}))
    stages = tuple(_stage(dict(s)) for s in entry.pop("stages"))
    duties = tuple(DutySpec(**d) for d in entry.pop("duties", []))
    for name in ("basis", "responsibilities"):
        entry[name] = tuple(entry.get(name, ()))
    asked = tuple(Requirement(**r) for r in entry.pop("requirements", []))
    return Plan(sector=sector, facts=facts, stages=stages, duties=duties, requirements=asked, **entry)


def _stage(entry: dict[str, Any]) -> Stage:
    return Stage(facts=from_toml(entry.pop("facts", {})), sets=tuple(entry.pop("sets", ())), **entry)


def _check(plan: Plan) -> None:
    loaded, stages = catalogue.load(), {s.code for s in plan.stages}
    if plan.sector not in SECTORS:
        raise ValueError(f"no sector {plan.sector}")
    if unknown := {plan.finding, plan.breach} - {"", *loaded.kinds}:
        raise ValueError(f"no kind {unknown}")
    for asked in plan.requirements:
        for fact in filter(None, (asked.requires.partition("=")[0], asked.when.partition("=")[0])):
            plan.known[fact]
    names = [f.name for f in (*plan.facts, *(f for s in plan.stages for f in s.facts))]
    if len(names) != len(set(names)):
        raise ValueError("a fact stands twice")
    for stage in plan.stages:
        if unknown := set(stage.sets) - set(SETS):
            raise ValueError(f"{stage.code} sets {unknown}")
    for duty in plan.duties:
        if {duty.stage, duty.done_by or duty.stage} - stages or (duty.clock and duty.clock not in loaded.clocks):
            raise ValueError(f"duty {duty.code}: unknown stage or clock")
        for fact in filter(None, (duty.days, duty.due, duty.not_after, duty.only.partition("=")[0])):
            plan.known[fact]
        if not (duty.clock or duty.due):
            raise ValueError(f"duty {duty.code} has no clock and no due day")
