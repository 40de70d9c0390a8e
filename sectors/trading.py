"""Notices of the trading centre as a table: by file or by POST intake/trades; a second person's confirmation releases them (task 16)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from integrity.facts import Fact
from integrity.intake import register
from integrity.intake.profile import Table, register_table
from integrity.models import Subject
from sectors.models import Notice, Project
from sectors.plan import plans

KINDS = {label: code for code, label in Notice.Kind.choices}
NOTICE = (
    Fact("reference", "交易编号", max=100),
    Fact("name", "项目名称", max=200),
    Fact("trade_kind", "交易类别", "choice", options=plans()["trade"].known["trade_kind"].options),
    Fact("unit_code", "招标人统一社会信用代码", "code"),
    Fact("kind", "公告类型", "choice", options=tuple(KINDS)),
    Fact("number", "公告编号", max=100),
    Fact("title", "标题", max=300),
    Fact("content", "内容", required=False, max=4000),
    Fact("url", "原文网址", required=False, max=500),
    Fact("made_on", "形成日期", "date"),
    Fact("published_on", "公开日期", "date"),
    Fact("partner_code", "中标人统一社会信用代码", "code", required=False),
    Fact("amount", "成交金额（万元）", "amount", required=False),
)


def look(checker: Any, rows: Sequence[Any]) -> None:
    """Known units, sensible days, a transaction that begins with its announcement, and no notice twice."""
    codes = register.by_code(
        c for row in rows for c in (row.columns["unit_code"], row.columns.get("partner_code")) if c
    )
    held = set(Notice.objects.filter(number__in=[r.columns["number"] for r in rows]).values_list("number", flat=True))
    begun = set(_transactions([r.columns["reference"] for r in rows]))
    begun |= {_key(r.columns) for r in rows if KINDS[r.columns["kind"]] == "announcement"}
    for row in rows:
        c = row.columns
        for name in ("unit_code", "partner_code"):
            if c.get(name) and c[name] not in codes:
                row.wrong(name, "E10", "机构表中没有这个代码，请先登记")
        if not c["made_on"] <= c["published_on"] <= checker.today.isoformat():
            row.wrong("published_on", "E07", "公开日期应在形成日期至今天之间")
        if _key(c) not in begun:
            row.wrong("kind", "E13", "该交易还没有交易公告，请先提交交易公告")
        if c["number"] in held:
            row.repeated = "该公告已登记"
        checker.once(row, c["number"])


def _key(c: dict[str, Any]) -> tuple[str, str]:
    return c["reference"], c["unit_code"]


def _transactions(numbers: list[str]) -> Any:
    rows = Project.objects.filter(kind="trade", reference__in=numbers).exclude(state="WITHDRAWN")
    return rows.values_list("reference", "unit__code")


def enter(batch: Any, rows: Sequence[dict[str, Any]], *, by: Any) -> dict[int, uuid.UUID | None]:
    """Each notice joins the transaction of its number; announcements come first and begin it."""
    order = list(KINDS.values())
    sorted_rows = sorted(rows, key=lambda r: (order.index(KINDS[r["values"]["columns"]["kind"]]), r["serial"]))
    return {row["serial"]: _notice(row["values"]["columns"], by).pk for row in sorted_rows}


def _notice(c: dict[str, Any], by: Any) -> Notice:
    made, kind = date.fromisoformat(c["made_on"]), KINDS[c["kind"]]
    known = Project.objects.filter(kind="trade", reference=c["reference"], unit__code=c["unit_code"])
    project = known.exclude(state="WITHDRAWN").select_related(*Project.lock_with).first()
    if project is None:
        unit = Subject.objects.get(code=c["unit_code"])
        new = Project(kind="trade", reference=c["reference"], name=c["name"], unit=unit)
        project = new.enter(by=by, on=made, values={"trade_kind": c["trade_kind"]})
    return Notice(
        project=project, kind=kind, number=c["number"], title=c["title"], content=c.get("content") or "", url=c.get("url") or "",
        made_on=made, published_on=date.fromisoformat(c["published_on"]), partner=_partner(c), amount_wan=c.get("amount"),
    ).receive(by=by)  # fmt: skip


def _partner(c: dict[str, Any]) -> Subject | None:
    code = c.get("partner_code")
    return Subject.objects.filter(code=code).first() if code else None


register_table("trades", Table(NOTICE, "sector.enter", look, enter, "您的岗位不能导入交易公告"))
