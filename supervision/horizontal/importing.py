"""A session's list of suggestions and proposals from a file: each row checked, then assigned by its own act (task 12)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from integrity.codes import normalise_code
from integrity.facts import Fact
from integrity.intake import register
from integrity.intake.profile import Table, register_table
from integrity.intake.rows import Row
from integrity.models import Subject
from supervision.models import Motion
from supervision.models.motion.assigning import units_of
from supervision.models.motion.fields import RATED, SORTS

CHANNELS = {Motion.Channel(code).label: code for code in RATED}
SORT_NAMES = tuple(s for code in RATED for s in SORTS[code])
FACTS = (
    Fact("channel", "类别", "choice", options=tuple(CHANNELS)),
    Fact("sort", "类型", "choice", options=SORT_NAMES),
    Fact("reference", "编号", max=60),
    Fact("session", "会议届次", max=60),
    Fact("topic", "题目", max=200),
    Fact("text", "内容", max=8000),
    Fact("proposer", "提出人", max=100),
    Fact("secret", "要求保密", "choice", required=False, options=("是", "否")),
    Fact("hard", "六个月期限", "choice", required=False, options=("是", "否")),
    Fact("assigned_on", "交办日期", "date"),
    Fact("unit", "主办单位", max=200),
    Fact("assisting", "协办单位", required=False, max=1000),
)  # fmt: skip


def look(checker: Any, rows: Sequence[Row]) -> None:
    """Units must be known, sorts must fit, dates must have come; what is assigned already is named as repeated."""
    texts = {row.columns["unit"] for row in rows}
    known = register.by_name(texts) | register.by_code({normalise_code(t) for t in texts})
    done = set(
        Motion.objects.filter(reference__in=[r.columns["reference"] for r in rows]).values_list(
            "channel", "session", "reference"
        )
    )
    for row in rows:
        c = row.columns
        c["channel"] = CHANNELS[c["channel"]]
        if c["sort"] not in SORTS[c["channel"]]:
            row.wrong("sort", "E02", f"类型须为：{'、'.join(SORTS[c['channel']])}")
        if date.fromisoformat(c["assigned_on"]) > checker.today:
            row.wrong("assigned_on", "E08", "交办日期不能晚于今天")
        found = known.get(c["unit"]) or known.get(normalise_code(c["unit"]))
        if found is None:
            row.wrong("unit", "E10", f"机构表中没有主办单位“{c['unit'][:30]}”，请填写全称或者统一社会信用代码")
        else:
            _helpers(row, found)
        key = (c["channel"], c["session"], c["reference"])
        if key in done:
            row.repeated = "该编号已经交办"
        checker.once(row, key)


def _helpers(row: Row, main: Any) -> None:
    row.columns["unit"] = str(main.id)
    try:
        if any(u.pk == main.id for u in units_of(row.columns.get("assisting") or "")):
            row.wrong("assisting", "E02", "主办单位不能同时是协办单位")
    except ValidationError as fault:
        row.wrong("assisting", "E10", "；".join(fault.messages))


def enter(batch: Any, rows: Sequence[dict[str, Any]], *, by: Any) -> dict[int, uuid.UUID | None]:
    """Assign each row in the caller's transaction: ids by row number."""
    made: dict[int, uuid.UUID | None] = {}
    for row in rows:
        c = dict(row["values"]["columns"])
        units, helpers = Subject.objects.get(pk=c.pop("unit")), c.pop("assisting", "") or ""
        c["assigned_on"] = date.fromisoformat(c["assigned_on"])
        c |= {name: c.get(name) == "是" for name in ("secret", "hard")}
        made[row["serial"]] = Motion(main_unit=units, **c).assign(by=by, assisting=helpers).pk
    return made


WHOSE = "建议、提案清单由人大、政协的监督联络员导入"
register_table("motions", Table(FACTS, "matter.rate", look, enter, whose=WHOSE, chunked=True), final=True)
