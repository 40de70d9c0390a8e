"""From the texts of a row to a checked entry: fields by the heading, answers, fillings, and the kind's own check."""

from __future__ import annotations

import re
import string
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from integrity import catalogue
from integrity.codes import EMPTY_WORDS, id_number_valid, normalise_code, uscc_problem
from integrity.intake.heading import Heading
from integrity.models.record.spec import Problem, check_values

SCIENTIFIC = re.compile(r"^\d(\.\d+)?[Ee]\+\d+$")
PERSON_WORDS = ("自然人", "个人", "公民")
_SUBJECT = ("subject_name", "subject_code", "subject_class", "id_number", "old_code", "source_name", "source_code")


@dataclass(slots=True)
class Row:
    """One row on its way: texts as they stand, what was understood, what is wrong."""

    serial: int
    texts: list[str]
    numbers: list[int]
    fields: dict[str, str] = field(default_factory=dict)
    name: str = ""
    code: str = ""
    person: bool = False
    subject: uuid.UUID | None = None
    kind: str = ""
    columns: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    repeated: str = ""

    def wrong(self, name: str, code: str, text: str) -> None:
        self.problems.append(Problem(name, code, text))

    def hint(self, name: str, code: str, text: str) -> None:
        self.problems.append(Problem(name, code, text, blocks=False))

    @property
    def bad(self) -> bool:
        return any(p.blocks for p in self.problems)

    @property
    def status(self) -> str:
        return "BAD" if self.bad else "REPEATED" if self.repeated else "GOOD"


class Reader:
    """Turns texts into fields: where each stands, which words are translated, what is filled in. Made once a file."""

    def __init__(self, heading: Heading, answers: Mapping[str, str]) -> None:
        profile = heading.profile
        self.multi = {n for n, f in profile.facts.items() if f.type == "multi"}
        self.places = [(i, c.to) for i, c in heading.places if c.to]
        self.refusals = [(i, c.to or c.key, c.refuse) for i, c in heading.places if c.refuse]
        self.words = heading.words
        self.at = dict(self.places)
        self.there = set(self.at.values())
        self.answers = {k: v for k, v in answers.items() if v and k not in self.there}
        fills = {k: v for k, v in profile.fill.items() if k not in self.there and k not in self.answers}
        self.fills = [(k, [(t, _names(t)) for t in options]) for k, options in fills.items()]
        self.limits = {n: f.max for n, f in profile.facts.items()}

    def fields(self, row: Row) -> dict[str, str]:
        """Fields of a row by name; a field that several columns fill holds them joined by a semicolon."""
        found = dict(self.answers)
        for place, name in self.places:
            text = row.texts[place].strip()
            if name in self.multi and found.get(name):
                text = found[name] if text in EMPTY_WORDS else f"{found[name]}；{text}"
            found[name] = text
        for name, table in self.words.items():
            if (text := found.get(name)) in table:
                found[name] = table[text]
        for name, options in self.fills:
            found[name] = next((_filled(t, found, self.limits[name]) for t, w in options if all(map(found.get, w))), "")
        return found

    def look(self, row: Row) -> None:
        """Read the fields; note codes spoiled by the spreadsheet and rows that their own state excludes."""
        row.fields = self.fields(row)
        for place in row.numbers:
            why = "单元格是数字格式，代码可能已被表格软件改动，请把该列设为文本格式后重填"
            row.wrong(self.at[place], "E02", why)
        for place, name, table in self.refusals:
            if why := table.get(row.texts[place].strip()):
                row.wrong(name, "E18", why)


def _names(template: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(template) if name]


def _filled(template: str, fields: Mapping[str, str], limit: int) -> str:
    text = template.format_map(fields)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def read_subject(row: Row, persons: bool) -> None:
    """The subject as the row names it: name, code, whether a person; what is wrong with these alone."""
    get = row.fields.get
    row.name, raw = get("subject_name", "").strip(), get("subject_code", "")
    row.code = "" if raw in EMPTY_WORDS else normalise_code(raw)
    number = normalise_code(get("id_number", ""))
    row.person = get("subject_class", "") in PERSON_WORDS or bool(number) or _looks_like_person(row.code)
    if row.person:
        row.code = ""
        if not persons:
            row.wrong("subject_class", "E13", "自然人的信息不在此归集，请从文件中删除该行")
        elif not id_number_valid(number):
            row.wrong("id_number", "E06" if number else "E01", "请填写正确的公民身份号码，用于比对本人")
        return
    if not row.code:
        row.wrong("subject_code", "E01", "缺少统一社会信用代码")
    elif SCIENTIFIC.match(row.code):
        row.wrong("subject_code", "E05", "统一社会信用代码被表格软件改成了科学计数，请把该列设为文本格式后重填")
    elif problem := uscc_problem(row.code):
        row.wrong("subject_code", "E05", problem)


def _looks_like_person(code: str) -> bool:
    return "*" in code or id_number_valid(code) or (len(code) == 15 and code.isdigit())


def check_row(row: Row, today: date) -> None:
    """The kind's own check of the row's fields (domain.md 4.1, codes of 7.3)."""
    spec = catalogue.load().kinds[row.kind]
    raw = {k: v for k, v in row.fields.items() if k not in _SUBJECT and k != "shown_until"}
    row.columns, row.facts, problems = check_values(spec, raw, today)
    row.problems += problems
