"""The roll of officials as a table to import: found again by number, released by a second person of the same authority."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from integrity.codes import id_number_valid, normalise_code
from integrity.facts import Fact
from integrity.intake import register
from integrity.intake.profile import Table, register_table
from integrity.intake.staging import private_texts
from integrity.models import Subject
from officials.models import Official

CATEGORIES = {label: code for code, label in Official.Category.choices}
FACTS = (
    Fact("full_name", "姓名", max=60),
    Fact("id_number", "公民身份号码", max=18),
    Fact("org_code", "所在单位统一社会信用代码", "code"),
    Fact("category", "人员类别", "choice", options=tuple(CATEGORIES)),
    Fact("post", "职务", max=100),
    Fact("rank", "职级", required=False, max=40),
    Fact("leading", "领导班子成员", "bool", required=False),
    Fact("appointed_on", "任现职日期", "date"),
)


def look(checker: Any, rows: Sequence[Any]) -> None:
    """Number, unit, date, and who is registered already; the number itself is not kept among the row's values."""
    numbers = {row.serial: normalise_code(row.columns.pop("id_number")) for row in rows}
    persons = register.by_number(numbers.values())
    units = register.by_code(row.columns["org_code"] for row in rows)
    held = _held([p.id for p in persons.values()])
    for row in rows:
        number, c = numbers[row.serial], row.columns
        if not id_number_valid(number):
            row.wrong("id_number", "E06", "公民身份号码校验位不正确，请核对")
            continue
        unit = units.get(c["org_code"])
        if unit is None:
            row.wrong("org_code", "E10", "机构表中没有这个代码，请先登记所在单位")
        elif unit.form not in ("AGENCY", "ENTERPRISE"):
            row.wrong("org_code", "E13", "所在单位须为政府机构、事业单位、基层自治组织或者国有企业")
        if date.fromisoformat(c["appointed_on"]) > checker.today:
            row.wrong("appointed_on", "E08", "任职日期不能晚于今天")
        if person := persons.get(number):
            _registered(row, person, held.get(person.id), checker.seat)
        checker.once(row, number)


def _held(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[Any, bool]]:
    """Of registered persons: who manages them, and whether they have a file."""
    rows = Subject.objects.filter(pk__in=ids).values_list("pk", "managed_by_id", "official__pk")
    return {pk: (authority, bool(file)) for pk, authority, file in rows}


def _registered(row: Any, person: Any, held: tuple[Any, bool] | None, seat: Any) -> None:
    authority, filed = held or (None, False)
    if authority not in (None, seat.org_id):
        row.wrong("id_number", "E13", "该人员由其他单位管理，请由其管理机关办理")
    elif person.name != row.columns["full_name"].strip():
        row.wrong("full_name", "E11", "姓名与该公民身份号码登记的不一致，请核对")
    elif filed:
        row.repeated = "该人员已有诚信档案"


def enter(batch: Any, rows: Sequence[dict[str, Any]], *, by: Any) -> dict[int, uuid.UUID | None]:
    """Open the files of checked rows; they count once a second person has confirmed the batch."""
    numbers = private_texts(batch, [row["serial"] for row in rows])
    units = {u.code: u for u in Subject.objects.filter(code__in={r["values"]["columns"]["org_code"] for r in rows})}
    made: dict[int, uuid.UUID | None] = {}
    for row in rows:
        c = row["values"]["columns"]
        file = Official(
            category=CATEGORIES[c["category"]], post=c["post"], rank=c.get("rank") or "", leading=bool(c.get("leading")),
            appointed_on=date.fromisoformat(c["appointed_on"]),
        )  # fmt: skip
        number = normalise_code(numbers[row["serial"]][0])
        made[row["serial"]] = file.enlist(
            by=by, full_name=c["full_name"], id_number=number, workplace=units[c["org_code"]]
        ).pk
    return made


register_table(
    "officials", Table(FACTS, "official.manage", look, enter, "您的岗位不能导入公务人员名册"), unit_only=True
)
