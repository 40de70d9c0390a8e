"""Procurement intentions and contracts as tables to import; a second person's confirmation makes them public (task 14)."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from integrity.facts import Bad, Fact, parse_amount, parse_date
from integrity.intake import register
from integrity.intake.profile import Table, normal, register_table
from integrity.models import Subject
from sectors.models import Project

INTENTION = (
    Fact("unit_name", "采购人", required=False),
    Fact("title", "标题", required=False, max=300),
    Fact("name", "项目名称", max=2000),
    Fact("object", "采购需求概况", required=False, max=2000),
    Fact("amount", "预算金额（万元）", required=False, max=40),
    Fact("planned", "预计采购时间", required=False, max=40),
    Fact("for_sme", "拟面向中小企业预留", required=False, max=40),
    Fact("published_on", "公开日期", required=False, max=40, help="表中没有公开日期的，填写这份表的公开日期"),
    Fact("source", "公开网址", required=False, max=500),
)
CONTRACT = (
    Fact("reference", "项目编号", max=100),
    Fact("name", "项目名称", max=200),
    Fact("unit_code", "采购人统一社会信用代码", "code"),
    Fact("partner_name", "供应商名称"),
    Fact("partner_code", "供应商统一社会信用代码", "code"),
    Fact("contract_no", "合同编号", max=100),
    Fact("amount", "合同金额（万元）", "amount"),
    Fact("signed_on", "签订日期", "date"),
    Fact("announced_on", "合同公告日期", "date", required=False),
    Fact("accept_due", "约定验收日期", "date"),
    Fact("payment_days", "约定付款期限（日）", "int", required=False, min=1, max=60),
)
_UNIT = re.compile(r"^(?P<unit>.{2,100}?)\s*20\d\d\s*年")
_MONTH = re.compile(r"^(20\d\d)[-/.年](\d{1,2})(?:月|[-/.月](\d{1,2})日?)?$")
_CLOCK = re.compile(r"[ T]\d{1,2}:\d\d(:\d\d)?$")


def month(text: str) -> str:
    """A month, or a day taken for its month, in one form: 2026年07月; raises Bad."""
    match = _MONTH.match(unicodedata.normalize("NFKC", text).replace(" ", ""))
    if match is None or not 1 <= int(match[2]) <= 12:
        raise Bad(f"预计采购时间“{text[:20]}”看不出年月，请写成 2026年07月")
    return f"{match[1]}年{int(match[2]):02d}月"


# ---- intentions ----


def look_intentions(checker: Any, rows: Sequence[Any]) -> None:
    """Headings inside the body are passed over; who buys, how much, when; and what is known already."""
    other = 0
    for row in rows:
        if _is_heading(checker.profile, row):
            row.repeated, other = "重复的表头，未作为数据", row.serial
        elif other and row.columns.get("amount") in (None, "", "是", "否"):
            text = f"本行接在第 {other} 行的另一种表头下，内容是采购需求概况，没有项目名称和金额，请补全后重新上传"
            row.wrong("name", "E01", text)
        else:
            _read(row, checker.today)
            other = 0
    good = [row for row in rows if not row.bad and not row.repeated]
    held = _held([row.columns["name"] for row in good])
    for row in good:
        c = row.columns
        if _key(c) in held:
            row.repeated = "已录入该单位的同名采购意向"
        checker.once(row, _key(c))


def _is_heading(profile: Any, row: Any) -> bool:
    """Whether every cell that is filled, apart from unit and address, is the name of some column."""
    cells = [v for k, v in row.columns.items() if k not in ("unit_name", "title", "source", "published_on")]
    words = set(profile.names) | {"备注", "序号"}
    return bool(cells) and all(normal(cell) in words for cell in cells)


def _key(c: dict[str, Any]) -> tuple[str, str, str]:
    return c["unit_name"], c["name"], c.get("planned", "")


def _held(names: list[str]) -> set[tuple[str, str, str]]:
    rows = Project.objects.filter(kind="procurement", name__in=names).exclude(state="WITHDRAWN")
    return {(u, n, f.get("planned", "")) for u, n, f in rows.values_list("unit_name", "name", "facts")}


def _read(row: Any, today: date) -> None:
    c = row.columns
    if len(c["name"]) > 200:
        row.wrong("name", "E03", f"项目名称不能超过 200 字，现为 {len(c['name'])} 字")
    if not c.get("unit_name"):
        match = _UNIT.match(c.get("title", ""))
        if match is None:
            row.wrong("unit_name", "E01", "缺少采购人，从标题中也识别不出")
        c["unit_name"] = match["unit"].strip() if match else ""
    day = _CLOCK.sub("", c.get("published_on", ""))
    if not day:
        row.wrong("published_on", "E01", "缺少公开日期，请在上传时填写这份表的公开日期")
    for name, parse in (
        ("amount", lambda t: format(parse_amount(t, "预算金额"), "f")),
        ("planned", month),
        ("published_on", lambda t: parse_date(_CLOCK.sub("", t), "公开日期").isoformat()),
    ):
        if c.get(name):
            try:
                c[name] = parse(c[name])
            except Bad as bad:
                row.wrong(name, bad.code, str(bad))
    if c.get("for_sme") not in (None, "", "是", "否"):
        row.wrong("for_sme", "E04", f"拟面向中小企业预留“{c['for_sme'][:20]}”请填写“是”或者“否”")
    if not row.bad and c["published_on"] > today.isoformat():
        row.wrong("published_on", "E08", "公开日期不能晚于今天")


def enter_intentions(batch: Any, rows: Sequence[dict[str, Any]], *, by: Any) -> dict[int, uuid.UUID | None]:
    """Write the checked rows down as projects at their first stage."""
    units = _units([row["values"]["columns"]["unit_name"] for row in rows])
    made: dict[int, uuid.UUID | None] = {}
    for row in rows:
        c = row["values"]["columns"]
        values = {n: c[n] for n in ("planned", "object", "source") if c.get(n)} | {"for_sme": c.get("for_sme") or "否"}
        project = Project(
            kind="procurement", name=c["name"], unit=units.get(c["unit_name"]), unit_name=c["unit_name"], amount_wan=c.get("amount")
        )  # fmt: skip
        made[row["serial"]] = project.enter(by=by, on=date.fromisoformat(c["published_on"]), values=values).pk
    return made


def _units(names: list[str]) -> dict[str, Subject]:
    known = register.by_name(names)
    rows = Subject.objects.in_bulk([k.id for k in known.values()])
    return {name: rows[k.id] for name, k in known.items()}


# ---- contracts ----


def look_contracts(checker: Any, rows: Sequence[Any]) -> None:
    """Known purchaser, sensible days, and no contract twice."""
    known = register.by_code(row.columns["unit_code"] for row in rows)
    partners = register.by_code(row.columns["partner_code"] for row in rows)
    numbers = [row.columns["contract_no"] for row in rows]
    held = set(Project.objects.filter(facts__contract_no__in=numbers).values_list("facts__contract_no", flat=True))
    for row in rows:
        c = row.columns
        if c["unit_code"] not in known:
            row.wrong("unit_code", "E10", "机构表中没有采购人的代码，请先登记")
        registered = partners.get(c["partner_code"])
        if registered and registered.name != c["partner_name"]:
            row.wrong("partner_name", "E11", f"该代码登记的名称是“{registered.name}”，与文件中的不一致")
        if c["signed_on"] > checker.today.isoformat():
            row.wrong("signed_on", "E08", "签订日期不能晚于今天")
        if c["accept_due"] < c["signed_on"]:
            row.wrong("accept_due", "E07", "约定验收日期不能早于签订日期")
        if c.get("announced_on") and not c["signed_on"] <= c["announced_on"] <= checker.today.isoformat():
            row.wrong("announced_on", "E07", "合同公告日期应在签订日期至今天之间")
        if c["contract_no"] in held:
            row.repeated = "该合同已录入"
        checker.once(row, c["contract_no"])


def enter_contracts(batch: Any, rows: Sequence[dict[str, Any]], *, by: Any) -> dict[int, uuid.UUID | None]:
    """Each contract joins the project of its number, or begins one; what was announced is noted."""
    return {row["serial"]: _contract(row["values"]["columns"], by).pk for row in rows}


def _contract(c: dict[str, Any], by: Any) -> Project:
    unit = Subject.objects.get(code=c["unit_code"])
    partner = Subject.objects.filter(code=c["partner_code"]).first()
    if partner is None:
        form = register.provisional_form(c["partner_code"]) or Subject.Form.ENTERPRISE
        partner = Subject(form=form, name=c["partner_name"], code=c["partner_code"]).provide(by=by)
    on = date.fromisoformat(c["signed_on"])
    values = {n: c[n] for n in ("contract_no", "accept_due", "payment_days") if c.get(n)}
    earlier = Project.objects.filter(kind="procurement", reference=c["reference"], unit=unit, state="OPEN")
    project = earlier.filter(stage__in=("intention", "announced", "awarded"), source_unit=by.org_id).first()
    if project is None:
        project = Project(
            kind="procurement", reference=c["reference"], name=c["name"], unit=unit, partner=partner, amount_wan=c["amount"]
        ).enter(by=by, stage="contract", on=on, values=values)  # fmt: skip
    else:
        project.advance(by=by, stage="contract", on=on, values=values, partner=partner, amount_wan=c["amount"])
    if c.get("announced_on"):
        duty = project.duties.get(code="contract_announced")
        duty.fulfil(by=by, done_on=date.fromisoformat(c["announced_on"]), done_note="随合同导入")
    return project


register_table(
    "intentions", Table(INTENTION, "sector.enter", look_intentions, enter_intentions, "您的岗位不能导入采购意向")
)
register_table(
    "contracts", Table(CONTRACT, "sector.enter", look_contracts, enter_contracts, "您的岗位不能导入采购合同")
)
