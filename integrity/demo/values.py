"""Believable input for a record of any kind, drawn from texts.toml and the kind's own facts."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from integrity.catalogue import KindSpec, load
from integrity.clocks import add_months
from integrity.facts import Fact


@cache
def texts() -> dict[str, dict[str, Any]]:
    return tomllib.loads((Path(__file__).parent / "texts.toml").read_text(encoding="utf-8"))


class Writer:
    """Fills forms; every document it writes has a number of its own."""

    def __init__(self, rng: Random) -> None:
        self.rng, self.number = rng, 100

    def values(self, code: str, decided: date) -> dict[str, Any]:
        """Columns and facts of one record decided on a day, as a clerk would type them; without its subject."""
        spec, entry = load().kinds[code], texts()[code]
        self.number += 1
        told = {"y": decided.year, "n": self.number}
        raw: dict[str, Any] = {
            "title": self._pick(entry["title"], told), "fact": self._pick(entry.get("fact", [""]), told), "doc_type": entry["doc_type"],
            "doc_no": entry["stem"].format(**told), "deciding_name": entry.get("unit", ""), "decided_on": decided.isoformat(),
            "effective_on": decided.isoformat(), "legal_basis": "、".join(spec.basis),
        }  # fmt: skip
        if spec.notice == "by_document":
            raw["served_on"] = (decided + timedelta(days=self.rng.randint(0, 2))).isoformat()
        if spec.polarity == "negative":
            raw["act_ended_on"] = (decided - timedelta(days=self.rng.randint(10, 90))).isoformat()
        if spec.tier == "by_finding":
            raw["tier"] = self.rng.choice(["minor", "general"])
        for fact in spec.facts:
            lines = entry.get("facts", {}).get(fact.name)
            value = self._pick(lines, told) if lines else self._fact(fact, spec, decided, raw)
            if value is not None:
                raw[fact.name] = value
        return raw | _agree(raw, spec)

    def _pick(self, lines: list[str], told: dict[str, int]) -> str:
        return self.rng.choice(lines).replace("{y}", str(told["y"])).replace("{n}", str(told["n"]))

    def _fact(self, fact: Fact, spec: KindSpec, decided: date, raw: dict[str, Any]) -> Any:
        rng = self.rng
        if fact.type == "multi":
            return rng.choice(["罚款", "警告", "警告；罚款", "罚款；没收违法所得", "通报批评"])
        if fact.type == "choice":
            return rng.choice(fact.options)
        if fact.type == "bool":
            return fact.name == "court_announced" and rng.random() < 0.7
        if fact.type == "amount":
            return f"{rng.choice([0.5, 1, 2, 3.6, 5, 8.25, 12, 30, 86.4, 120])}"
        if fact.type == "int":
            return {"period_months": None, "points": rng.randint(1, 4), "overdue_days": rng.randint(5, 80)}.get(
                fact.name
            )
        if fact.type == "date":
            return _date(fact.name, decided, rng)
        return None


_BEFORE = {"filed_on": 120, "due_on": 30, "ordered_on": 45, "answered_on": 5, "listed_on": 0}


def _date(name: str, decided: date, rng: Random) -> str | None:
    """Dates that stand in a sensible order with the decision."""
    if name in _BEFORE:
        return (decided - timedelta(days=_BEFORE[name])).isoformat()
    months = {"valid_until": rng.choice([12, 36, 60]), "ban_until": rng.choice([12, 24, 36]), "cycle_until": 12}
    if name in months:
        return add_months(decided, months[name]).isoformat()
    return decided.isoformat() if name in ("valid_from", "ban_from") else None


def _agree(raw: dict[str, Any], spec: KindSpec) -> dict[str, Any]:
    """Facts that have to fit one another: amounts with penalty kinds, periods with sanctions, bans with their measures."""
    changed: dict[str, Any] = {}
    kinds = str(raw.get("penalty_kinds", ""))
    if "penalty_kinds" in spec.fact_names:
        changed["fine_wan"] = raw.get("fine_wan") if "罚款" in kinds else None
        changed["seized_wan"] = raw.get("seized_wan") if "没收" in kinds else None
        changed["licence"] = None
    if "period_months" in spec.fact_names:
        changed["period_months"] = {"警告": 6, "记过": 12, "记大过": 18}.get(raw["sanction"], 24)
    if spec.code == "DP02":
        changed["valid_until"] = None
    if raw.get("authority_type"):
        changed["authority_type"] = "处分（任免机关、单位）"
    return changed
