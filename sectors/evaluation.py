"""How schemes grade: cases counted by indicators that stand as data in the sector's file (tasks 14, 17)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Q

from integrity import catalogue
from integrity.models import Record

LETTERS = "ABCD"
SOURCES = ("duty", "fact", "records")


@dataclass(frozen=True)
class Result:
    """Score, letter, and what each indicator counted."""

    score: Decimal
    letter: str
    parts: list[dict[str, Any]]


@cache
def schemes() -> dict[str, dict[str, Any]]:
    """The texts of all schemes by code, as JSON can hold them; a fault is an error at start."""
    found: dict[str, dict[str, Any]] = {}
    for app, path in catalogue.files():
        for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("schemes", []):
            if missing := {"code", "name", "role", "basis", "least", "indicators", "bounds"} - entry.keys():
                raise ValueError(f"{app}/{path.name}, {entry.get('code')}: {missing} is missing")
            if wrong := {i["of"] for i in entry["indicators"]} - set(SOURCES):
                raise ValueError(f"{app}/{path.name}, {entry['code']}: {wrong} cannot be counted")
            found[entry["code"]] = entry | {"sector": path.stem}
    return found


def evaluate(text: dict[str, Any], subject: Any, since: date, until: date) -> Result:
    """Reckon a subject by a scheme's text over the days given; raises ValidationError when there are too few cases.

    Each indicator gives its weight times the share of cases kept; indicators without cases are left out and the others
    fill their place. Records take off points.
    """
    role, parts, weight, won, minus = text["role"], [], 0, Decimal(0), 0
    for entry in text["indicators"]:
        if entry["of"] == "records":
            count = _records(entry, subject, since, until)
            minus += count * entry["each"]
            parts.append({"name": entry["name"], "cases": count, "off": count * entry["each"]})
            continue
        cases, kept = COUNTS[entry["of"]](entry, role, subject, since, until)
        parts.append({"name": entry["name"], "cases": cases, "kept": kept, "weight": entry["weight"]})
        if cases:
            weight += entry["weight"]
            won += Decimal(entry["weight"]) * kept / cases
    total = sum(p["cases"] for p in parts if "kept" in p)
    if total < text["least"]:
        raise ValidationError(f"评价期内只有 {total} 件可评价的事项，少于 {text['least']} 件，不评等级")
    score = max(Decimal(0), won * 100 / weight - minus).quantize(Decimal("0.01"))
    bounds = zip(LETTERS, text["bounds"], strict=False)
    return Result(score, next((letter for letter, low in bounds if score >= low), LETTERS[-1]), parts)


def _duties(entry: dict[str, Any], role: str, subject: Any, since: date, until: date) -> tuple[int, int]:
    """Duties of the subject's released projects that fell due or were done in the period, and those done in time."""
    duty = apps.get_model("sectors", "Duty")
    days = Q(state="DONE", done_on__range=(since, until)) | Q(
        state="OPEN", due_on__range=(since, until), due_on__lt=until
    )
    rows = duty.objects.public().filter(days, code__in=entry["codes"], **{f"project__{role}": subject})
    return rows.count(), rows.filter(state="DONE").count() - rows.late().filter(state="DONE").count()


def _facts(entry: dict[str, Any], role: str, subject: Any, since: date, until: date) -> tuple[int, int]:
    """Released projects of the period in which a fact was written down, and those where it is as it should be."""
    project = apps.get_model("sectors", "Project")
    rows = project.objects.public().filter(
        stage_on__range=(since, until), facts__has_key=entry["fact"], **{role: subject}
    )
    return rows.count(), rows.filter(**{f"facts__{entry['fact']}": entry["is"]}).count()


def _records(entry: dict[str, Any], subject: Any, since: date, until: date) -> int:
    """Registered records of these kinds decided in the period."""
    rows = Record.objects.filter(subject=subject, kind__in=entry["kinds"], state="CONFIRMED")
    return rows.filter(decided_on__range=(since, until)).count()


COUNTS = {"duty": _duties, "fact": _facts}
