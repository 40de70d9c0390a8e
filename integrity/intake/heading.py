"""Finding the heading of a sheet and what each of its columns fills: any place, any order, extra columns named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Any

from integrity.codes import EMPTY_WORDS
from integrity.intake.guard import MAX_ROWS, Unfit
from integrity.intake.profile import Column, Profile, normal
from integrity.intake.table import Cells, Sheet, text_of, too_many

LOOK = 20  # rows in which a heading is looked for
REASON = "错误原因"  # the column that an error workbook adds
VERSION = re.compile(r"模板：(?P<name>.+?)（(?P<code>[\w-]+)）\s*版本：(?P<version>\d{4}-\d\d)")


@dataclass
class Heading:
    """A heading row understood: its texts, which columns of the profile stand where, and what is not used."""

    profile: Profile
    row: int
    texts: list[str]
    places: list[tuple[int, Column]]
    sheet: str = ""
    ignored: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def fields(self) -> dict[str, str]:
        """The heading of the file by the field it fills."""
        return {c.to: self.texts[i] for i, c in self.places if c.to}

    @property
    def codes(self) -> list[int]:
        """Places of codes and identity numbers, which a spreadsheet spoils when it takes them for numbers."""
        facts = self.profile.facts
        return [i for i, c in self.places if c.to == "id_number" or (c.to and facts[c.to].type == "code")]

    @property
    def old(self) -> bool:
        """Whether this is an old edition of the template, whose codes mean something else."""
        marks = {normal(m) for m in self.profile.old.get("marks", ())}
        return bool(marks & {normal(t) for t in self.texts})

    @property
    def words(self) -> Mapping[str, Mapping[str, str]]:
        """Translations of cell texts by field, those of the old edition where it is one."""
        return dict(self.profile.words) | (self.profile.old.get("words", {}) if self.old else {})

    def repeats(self, texts: list[str]) -> bool:
        """Whether a row of the body is the heading once more."""
        probe = self.places[0][0]
        if texts[probe].strip() != self.texts[probe]:
            return False
        same = sum(1 for a, b in zip(texts, self.texts, strict=False) if b and a.strip() == b)
        return same >= 2 and same * 2 > sum(1 for t in self.texts if t)

    def as_dict(self) -> dict[str, Any]:
        """What the report and the error workbook keep of it."""
        used = {i: c.label for i, c in self.places}
        private = sorted({i for i, c in self.places if c.private})
        return {
            "sheet": self.sheet,
            "row": self.row,
            "headings": self.texts,
            "used": [used.get(i, "") for i in range(len(self.texts))],
            "ignored": self.ignored,
            "private": private,
            "notes": self.notes,
        }


def find(sheets: Iterator[Sheet], profile: Profile, answers: Iterable[str]) -> tuple[Heading, Sheet]:
    """The heading of the first sheet that has one, and the sheet with the rows below it; raises Unfit with names."""
    best: tuple[int, list[str], Sheet] | None = None
    for sheet in sheets:
        top = list(islice(sheet.rows, LOOK))
        heading = _best(top, profile, sheet)
        if heading is None:
            continue
        missing = _missing(heading, profile, set(answers))
        if missing:
            if best is None or len(heading.places) > best[0]:
                best = (len(heading.places), missing, sheet)
            continue
        rest = [(n, c) for n, c in top if n > heading.row]
        heading.notes += [f"另有工作表“{name}”，未读取" for name in sheet.others]
        return heading, replace(sheet, rows=chain(rest, sheet.rows))
    if best:
        raise Unfit(
            f"工作表“{best[2].name}”缺少必填的列：{'、'.join(best[1])}。请补上这些列，或者下载模板；能整份填写的，请在上传页填写"
        )
    raise Unfit(f"前 {LOOK} 行中没有找到“{profile.name}”的表头，请下载模板对照列名")


def _best(top: list[tuple[int, Cells]], profile: Profile, sheet: Sheet) -> Heading | None:
    found = None
    for number, cells in top:
        texts = [text_of(c).strip() for c in cells]
        _check_template(texts, profile)
        heading = _match(texts, profile, number, sheet.name)
        if len(heading.places) >= 2 and (found is None or len(heading.places) > len(found.places)):
            found = heading
    return found


def _check_template(texts: list[str], profile: Profile) -> None:
    """A downloaded template says which one it is: another one, or an old version, is refused."""
    for text in filter(None, texts[:3]):
        if stated := VERSION.search(text):
            if stated["code"] != profile.code:
                raise Unfit(f"这是“{stated['name']}”的模板，您选择的是“{profile.name}”，请改选后重新上传")
            if stated["version"] < profile.version:
                raise Unfit(f"模板版本过旧（{stated['version']}），请下载 {profile.version} 版")


def _match(texts: list[str], profile: Profile, row: int, sheet: str) -> Heading:
    """Which columns of the profile the texts of a row name.

    A heading may fill several columns, as labels may be alike; of several headings for one column the standard name
    comes first, unless the column takes several values.
    """
    heading, taken = Heading(profile, row, texts, [], sheet), set()
    found = [(rank, place, c) for place, text in enumerate(texts) if text for rank, c in _named(text, profile)]
    for _, place, column in sorted(found, key=lambda f: f[:2]):
        if column.key not in taken or (column.to and profile.facts[column.to].type == "multi"):
            taken.add(column.key)
            heading.places.append((place, column))
    used = {place for place, _ in heading.places}
    heading.places.sort(key=lambda p: p[0])
    heading.ignored = [t for i, t in enumerate(texts) if t and i not in used and t != REASON]
    return heading


def _named(text: str, profile: Profile) -> list[tuple[int, Column]]:
    """The columns a heading may mean: 0 by key or label, 1 by another name; its trailing bracket may be a mere hint."""
    for name in (normal(text), normal(re.sub(r"[（(][^（）()]*[）)]\s*$", "", text)) if not _unit(text) else ""):
        if name and name in profile.names:
            return profile.names[name]
    return []


def _unit(text: str) -> bool:
    """Whether a heading ends with a unit of its own: 元 is not 万元."""
    return bool(re.search(r"[（(]\s*(元|千元|百万元|亿元|美元)\s*[）)]\s*$", text))


def _missing(heading: Heading, profile: Profile, answers: set[str]) -> list[str]:
    """Labels of what must be there and neither stands in the file nor was answered or is filled in."""
    there = {c.to or c.key for _, c in heading.places} | answers | profile.fill.keys()
    labels = {c.to: c.label for c in profile.columns}
    wanted = {c.to or c.key: c.label for c in profile.columns if c.required}
    wanted |= {f.name: labels.get(f.name, f.label) for f in profile.asked if f.required}
    wanted |= {name: labels.get(name, label) for name, label in profile.needed.items()}
    missing = [label for name, label in wanted.items() if name not in there]
    if profile.target == "records" and not {"deciding_name", "deciding_code"} & there:
        missing.append("认定单位名称")
    return missing


def body(heading: Heading, sheet: Sheet) -> Iterator[tuple[int, list[str], list[int]]]:
    """Rows below the heading: number, texts, and the places where a code was kept as a number; empty ones are left out."""
    width, seen, repeated, codes = len(heading.texts), 0, 0, heading.codes
    for number, cells in sheet.rows:
        cells = cells[:width]
        texts = [c if type(c) is str else text_of(c) for c in cells]
        if not any(texts) or all(t.strip() in EMPTY_WORDS for t in texts):
            continue
        for place, text in enumerate(texts) if "\n=" in "\n" + "\n".join(texts) else ():
            if text[:1] == "=" and len(text) > 1:
                raise Unfit(f"单元格 {sheet.cell(number, place)} 以“=”开头，是公式，不能导入；请改为文本或者数值再上传")
        texts += [""] * (width - len(texts))
        if heading.repeats(texts):
            repeated += 1
            continue
        seen += 1
        if seen > MAX_ROWS:
            raise too_many()
        yield number, texts, [i for i in codes if i < len(cells) and type(cells[i]) is float]
    if repeated:
        heading.notes.append(f"表中重复的表头 {repeated} 行，未作为数据")
