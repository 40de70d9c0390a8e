"""Import profiles: which columns a file may have and what each fills; data in profiles/*.toml, and one for every kind."""

from __future__ import annotations

import re
import tomllib
import unicodedata
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from integrity import catalogue
from integrity.acts import NotAllowed
from integrity.facts import Fact
from integrity.models import Kind, Subject
from integrity.models.access import GRANTABLE
from integrity.models.batch import ACCOUNTS, FINAL, UNIT_ONLY
from integrity.models.record.spec import base_facts

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = (ROOT / "integrity/intake/profiles", *(ROOT / app / "profiles" for app in catalogue.APPS))
GENERIC_VERSION = "2026-11"
CLASSES = ("法人及非法人组织", "自然人", "个体工商户")
PLAIN = {  # what a column may fill besides the facts of its kind
    "subject_name": Fact("subject_name", "主体名称"),
    "subject_code": Fact("subject_code", "统一社会信用代码", "code", max=18),
    "subject_class": Fact("subject_class", "行政相对人类别", "choice", required=False, options=CLASSES),
    "id_number": Fact("id_number", "公民身份号码", required=False, max=18),
    "old_code": Fact("old_code", "原代码", required=False, max=50),
    "source_name": Fact("source_name", "数据来源单位", required=False),
    "source_code": Fact("source_code", "数据来源单位统一社会信用代码", "code", required=False, max=18),
    "shown_until": Fact("shown_until", "公示截止期", "date", required=False),
}
ORGANISATION = (
    Fact("name", "机构名称"),
    Fact("code", "统一社会信用代码", "code"),
    Fact("agency_kind", "机构类别", "choice", options=tuple(Subject.AgencyKind.labels)),
    Fact("parent_code", "上级单位统一社会信用代码", "code", required=False),
    Fact("area_code", "区划代码", max=12),
    Fact("predecessor_code", "原单位统一社会信用代码", "code", required=False),
    Fact("succeeded_on", "承继日期", "date", required=False),
    Fact("head", "负责人", required=False, max=60),
    Fact("address", "地址", required=False, max=300),
)
PERSON = (
    Fact("username", "用户名", max=60),
    Fact("name", "姓名", max=60),
    Fact("email", "电子邮箱", required=False, max=254),
    Fact("phone", "手机号", required=False, max=20),
    Fact("role", "角色", "choice", options=tuple(label for _, label in GRANTABLE)),
    Fact("org_code", "单位统一社会信用代码", "code", required=False),
)


@dataclass(frozen=True)
class Table:
    """A table whose rows become no records: its fields, the right to import it, how its rows are checked and entered."""

    facts: tuple[Fact, ...]
    right: str
    look: Callable[[Any, Sequence[Any]], None]  # checker and rows: fill in what is wrong beyond the fields themselves
    enter: Callable[..., dict[int, uuid.UUID | None]]  # batch (None on the first day), rows, by: ids by row number
    whose: str = "您的岗位不能导入机构或者人员"
    chunked: bool = False  # rows stand for themselves and may be many: checked and entered portion by portion


TABLES: dict[str, Table] = {}


def register_table(code: str, table: Table, *, unit_only: bool = False, final: bool = False) -> None:
    """Add a table that profiles may name as their target.

    `unit_only` keeps its batches within the unit; `final` ones are not sent back, since their rows are in hand at once.
    """
    TABLES[code] = table
    ACCOUNTS.add(code)
    if unit_only:
        UNIT_ONLY.add(code)
    if final:
        FINAL.add(code)


def normal(heading: str) -> str:
    """A heading as it is compared: half-width, lower case, without spaces, punctuation and marks of duty."""
    return re.sub(r"[^\w]|_", "", unicodedata.normalize("NFKC", heading)).lower()


@dataclass(frozen=True)
class Column:
    """One column of a profile: its standard key, its heading, what it fills, and other headings it goes by."""

    key: str
    label: str
    to: str = ""
    required: bool = False
    also: tuple[str, ...] = ()
    private: bool = False
    hint: str = ""
    refuse: Mapping[str, str] = field(default_factory=dict)
    unkept: bool = False  # read, never stored; then nothing else than the profile's columns is stored either


@dataclass(frozen=True)
class Profile:
    """How files of one sort are read: columns, what is asked once for the file, what is filled in, words translated."""

    code: str
    name: str
    version: str
    columns: tuple[Column, ...]
    about: str = ""
    target: str = "records"
    kinds: tuple[str, ...] = ()
    asks: Mapping[str, bool] = field(default_factory=dict)
    fill: Mapping[str, list[str]] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    old: Mapping[str, Any] = field(default_factory=dict)
    known_unit: bool = False
    clock: str = ""

    @cached_property
    def sparing(self) -> bool:
        """Whether some column must never be stored, and with it whatever the profile does not know."""
        return any(c.unkept for c in self.columns)

    @property
    def chunked(self) -> bool:
        """Whether its rows are handled portion by portion: all but those that refer to one another."""
        return self.target == "records" or TABLES[self.target].chunked

    @cached_property
    def names(self) -> dict[str, list[tuple[int, Column]]]:
        """The columns by every name they go by: 0 their own key and label, 1 the others."""
        found: dict[str, list[tuple[int, Column]]] = {}
        for column in self.columns:
            own = {normal(column.key), normal(column.label)}
            for name in own | {normal(n) for n in (*column.also, column.to) if n}:
                found.setdefault(name, []).append((0 if name in own else 1, column))
        return found

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """Every field a column or an answer may fill, by name."""
        if self.target in TABLES:
            return {f.name: f for f in TABLES[self.target].facts}
        kind = self.kinds[0]
        return PLAIN | {f.name: f for f in (*base_facts(kind), *catalogue.load().kinds[kind].facts)}

    @property
    def needed(self) -> dict[str, str]:
        """Fields without which no row can be taken, with their labels."""
        if self.target != "records":
            return {}
        return {name: fact.label for name, fact in self.facts.items() if fact.required and name not in PLAIN}

    @property
    def asked(self) -> list[Fact]:
        """The questions of the upload page, with whether an answer must be given."""
        known = self.facts
        return [_asked(known[name], must) for name, must in self.asks.items()]


def _asked(fact: Fact, must: bool) -> Fact:
    return Fact(fact.name, fact.label, fact.type, must, fact.max, fact.min, fact.options, fact.public, fact.help)


@cache
def stored() -> dict[str, Profile]:
    """The profiles of the TOML files; an unknown key or field is an error at start that names the file."""
    found = {}
    for path in sorted(path for folder in FOLDERS for path in folder.glob("*.toml")):
        try:
            profile = _profile(tomllib.loads(path.read_text(encoding="utf-8")))
            for name in [c.to for c in profile.columns if c.to] + [*profile.asks, *profile.fill, *profile.words]:
                profile.facts[name]
        except (KeyError, TypeError) as fault:
            raise ValueError(f"profiles/{path.name}: {fault!r}") from fault
        found[profile.code] = profile
    return found


def _profile(data: dict[str, Any]) -> Profile:
    columns = tuple(Column(**{k: tuple(v) if k == "also" else v for k, v in c.items()}) for c in data.pop("columns"))
    return Profile(columns=columns, kinds=tuple(data.pop("kinds", ())), **data)


@cache
def generic(code: str) -> Profile:
    """The profile of any kind, made from its facts: one column each, headed by its label."""
    spec = catalogue.load().kinds[code]
    persons = {"person", "official"} & set(spec.subject)
    subject = [Column("subject_name", "主体名称", "subject_name", required=not persons, also=("单位名称", "企业名称"))]
    if {"agency", "enterprise"} & set(spec.subject):
        subject.append(Column("subject_code", "统一社会信用代码", "subject_code", required=not persons))
    if persons:
        subject.append(Column("id_number", "公民身份号码", "id_number", required=len(subject) == 1, private=True))
    facts = (*base_facts(code), *spec.facts)
    columns = [*subject, *(Column(f.name, f.label, f.name, f.required, hint=f.help) for f in facts)]
    asks = dict.fromkeys(("doc_type", "doc_no", "deciding_code", "deciding_name", "decided_on", "legal_basis"), False)
    if any(f.name == "served_on" and f.required for f in facts):
        asks["served_on"] = False
    words = {"tier": {"轻微": "minor", "一般": "general", "严重": "serious"}} if spec.polarity == "negative" else {}
    about = f"目录类目“{spec.name}”（{code}），列名即录入页的各项名称。"
    return Profile(code, spec.name, GENERIC_VERSION, tuple(columns), about, kinds=(code,), asks=asks, words=words)


def profile(code: str) -> Profile:
    """The profile by its code, or a kind's own; KeyError when there is none."""
    if code in stored():
        return stored()[code]
    if catalogue.load().kinds[code].shape != "record":
        raise KeyError(code)
    return generic(code)


def obstacle(profile: Profile, seat: Any) -> str:
    """Why this seat may not import by this profile now; empty when it may."""
    if profile.target in TABLES:
        table = TABLES[profile.target]
        return "" if {table.right, "import.submit"} <= seat.rights else table.whose
    if not open_kinds(profile, seat):
        return f"您的岗位不能录入“{profile.name}”（E13）"
    approved = Kind.objects.in_force("record").filter(code__in=profile.kinds).count()
    return "" if approved else f"目录类目“{profile.name}”尚未批准，不能导入（E12）"


def open_kinds(profile: Profile, seat: Any) -> tuple[str, ...]:
    """Those kinds of a profile that the seat's role enters."""
    if "record.enter" not in seat.rights:
        return ()
    return tuple(k for k in profile.kinds if k[:2] in seat.role.families)


def offered(seat: Any) -> tuple[list[Profile], list[Profile]]:
    """The profiles a seat may use: those of files known in the field, and those of single kinds."""
    known = [p for p in stored().values() if not obstacle(p, seat)]
    approved = set(Kind.objects.in_force("record").values_list("code", flat=True))
    specs = [k for k in catalogue.load().of_shape("record") if k.code in approved and k.family in seat.role.families]
    return known, [generic(k.code) for k in specs] if "record.enter" in seat.rights else []


def required(profile: Profile, seat: Any) -> None:
    """Refuse a seat that may not import by this profile."""
    if why := obstacle(profile, seat):
        raise NotAllowed(why)
