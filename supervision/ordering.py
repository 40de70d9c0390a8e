"""How rows of a hotline file are read: each order against the register and against orders known (intake, domain.md 4.8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from integrity import catalogue
from integrity.codes import normalise_code
from integrity.crypto.sealed import blind_index
from integrity.facts import Fact
from integrity.intake import register
from integrity.intake.profile import Table, register_table
from integrity.intake.rows import Row
from supervision.models import Complaint
from supervision.models.complaint_fields import HARMS, SPHERES
from supervision.models.orders import enter_many

CATEGORIES = {label: code for code, label in Complaint.Category.choices}
FACTS = (
    Fact("order_no", "工单编号", max=60),
    Fact("order_kind", "工单类型", "choice", required=False, options=("咨询", "诉求", "意见建议", "投诉举报")),
    Fact("category", "事项类别", "choice", required=False, options=tuple(CATEGORIES)),
    Fact("title", "标题", required=False, max=200),
    Fact("text", "主要内容", max=4000),
    Fact("received_on", "受理时间", "date"),
    Fact("dispatched_on", "转办时间", "date", required=False),
    Fact("unit", "办理单位", max=200),
    Fact("about", "被反映单位", required=False, max=200),
    Fact("harm", "危害类型", "choice", required=False, options=HARMS),
    Fact("sphere", "涉及领域", "choice", required=False, options=SPHERES),
    Fact("replied_on", "办结时间", "date", required=False),
    Fact("outcome", "办理结果", "choice", required=False, options=tuple(catalogue.load().kinds["GD01"].extra["outcomes"])),
    Fact("reply", "答复内容", required=False, max=4000),
    Fact("rating", "满意度", "choice", required=False, options=("满意", "基本满意", "不满意")),
    Fact("caller", "来电号码", required=False, max=40),
)  # fmt: skip


def look(checker: Any, rows: Sequence[Row]) -> None:
    """Check good rows of a chunk against the register and earlier orders; the caller's number becomes a hash, forgotten."""
    _units(rows, checker.seat)
    for row in rows:
        if caller := row.columns.pop("caller", ""):
            row.columns["caller_hash"] = blind_index(normalise_code(caller), "complaint.caller")
        row.columns["category"] = CATEGORIES.get(row.columns.get("category", ""), "OTHER")
        _days(row, checker.today)
    numbers = [row.columns["order_no"] for row in rows]
    known = set(Complaint.objects.filter(order_no__in=numbers).values_list("order_no", flat=True))
    for row in rows:
        checker.once(row, row.columns["order_no"])
        if row.columns["order_no"] in known:
            row.repeated = "该工单已经登记"


def _units(rows: Sequence[Row], seat: Any) -> None:
    texts = {row.columns[n] for row in rows for n in ("unit", "about") if row.columns.get(n)}
    known = register.by_name(texts) | register.by_code({normalise_code(t) for t in texts})
    for row in rows:
        for name, label in (("unit", "办理单位"), ("about", "被反映单位")):
            if text := row.columns.get(name):
                found = known.get(text) or known.get(normalise_code(text))
                if found is None:
                    row.wrong(name, "E10", f"机构表中没有{label}“{text[:30]}”，请填写全称或者统一社会信用代码")
                else:
                    row.columns[name] = str(found.id)
        if row.columns["unit"] == row.columns.get("about"):
            row.columns["unit"] = str(seat.org_id)
            row.hint("unit", "E13", "办理单位就是被反映单位，改由导入单位督办")


def _days(row: Row, today: date) -> None:
    c = row.columns
    received = date.fromisoformat(c["received_on"])
    if received > today:
        row.wrong("received_on", "E08", "受理时间不能晚于今天")
    for name, label in (("dispatched_on", "转办时间"), ("replied_on", "办结时间")):
        day = date.fromisoformat(c[name]) if c.get(name) else received
        if day < received or day > today:
            row.wrong(name, "E08", f"{label}不能早于受理时间或者晚于今天")
    if c.get("replied_on") and not c.get("reply"):
        row.wrong("reply", "E01", "已办结的工单请填写答复内容")
    if not c.get("replied_on") and (c.get("reply") or c.get("rating")):
        row.wrong("replied_on", "E01", "有答复或者评价的工单请填写办结时间")


WHOSE = "12345 热线工单由热线机构的监督联络员或者市信用办导入"
ORDERS = Table(FACTS, "matter.assign", look, enter_many, whose=WHOSE, chunked=True)
register_table("orders", ORDERS, final=True)
