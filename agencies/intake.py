"""Lists of duties, powers and services as a table to import: found again by list and code (task 7)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from agencies.models import DutyItem
from integrity.facts import Fact
from integrity.intake.profile import Table, register_table

LISTS = {label: code for code, label in DutyItem.List.choices}
FACTS = (
    Fact("list", "清单", "choice", options=tuple(LISTS)),
    Fact("code", "事项编码", max=40),
    Fact("name", "事项名称", max=200),
    Fact("basis", "依据", required=False, max=500),
    Fact("link", "办事指南地址", required=False, max=300),
)
is_address = URLValidator(schemes=["http", "https"])


def look(checker: Any, rows: Sequence[Any]) -> None:
    """What the unit's lists hold already, and addresses that are none."""
    mine = DutyItem.objects.public().filter(agency=checker.seat.org_id)
    known = set(mine.values_list("kind", "code"))
    for row in rows:
        c = row.columns
        if link := c.get("link"):
            try:
                is_address(link)
            except ValidationError:
                row.wrong("link", "E06", "网址不正确，应以 http:// 或者 https:// 开头")
        if (LISTS.get(c["list"]), c["code"].strip()) in known:
            row.repeated = "本单位该清单已有这个编码的事项"
        checker.once(row, (c["list"], c["code"].strip()))


def enter(batch: Any, rows: Sequence[dict[str, Any]], *, by: Any) -> dict[int, uuid.UUID | None]:
    """Add checked rows to the importing unit's lists."""
    made: dict[int, uuid.UUID | None] = {}
    for row in rows:
        c = row["values"]["columns"]
        item = DutyItem(
            agency=by.org, kind=LISTS[c["list"]], code=c["code"].strip(), name=c["name"].strip(), basis=c.get("basis") or "",
            link=c.get("link") or "",
        )  # fmt: skip
        made[row["serial"]] = item.enter(by=by).pk
    return made


register_table("duties", Table(FACTS, "pledge.issue", look, enter, "您的岗位不能导入清单"), unit_only=False)
