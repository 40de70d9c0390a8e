"""The year in figures, from the ledger: the goal board and the yearly report (总体目标；保障措施); each links to its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from integrity.models import Commitment, Matter, Measure, Record
from supervision.horizontal.figures import rate
from supervision.models import Motion


@dataclass(frozen=True)
class Goal:
    """A goal of the notice with the figures that tell how far it is."""

    name: str
    figures: tuple[tuple[str, str, str, str], ...]  # label, value, definition, link


def _agency(rows: Any) -> Any:
    return rows.filter(subject__form="AGENCY")


def goals(seat: Any, year: int) -> list[Goal]:
    """The notice's general goal in six parts, counted for one year within a seat's reach."""
    start, end = date(year, 1, 1), min(date(year, 12, 31), timezone.localdate())
    due = Commitment.objects.visible_to(seat).filter(due_on__range=(start, end))
    kept = due.filter(state="FULFILLED", fulfilled_on__lte=F("due_on")).count()
    records = _agency(Record.objects.inside(seat)).filter(state="CONFIRMED", decided_on__range=(start, end))
    shown = records.filter(publicity="PUBLIC").count()
    matters = (
        Matter.objects.visible_to(seat).filter(due_on__range=(start, end)).exclude(state__in=("WITHDRAWN", "REFUSED"))
    )
    late = matters.filter(Q(replied_at__date__gt=F("due_on")) | Q(replied_at__isnull=True)).count()
    motions = Motion.objects.inside(seat).filter(due_on__range=(start, end))
    imposed = _agency(Measure.objects.inside(seat)).filter(decided_on__range=(start, end)).count()
    total, asked = matters.count(), motions.count()
    return [
        Goal("政务信息公开透明", (("公示的政府机构记录", str(shown), "本年认定、正在公示的记录", "/desk/records/"),)),
        Goal("失信记录健全完善", (("入库的政府机构记录", str(records.count()), "本年认定并在库的记录", "/desk/records/"),)),
        Goal("失信惩戒机制建立", (("对政府机构实施的措施", str(imposed), "本年决定的惩戒、激励措施", "/desk/records/"),)),
        Goal(
            "政务监督机制建立",
            (("议提案按期办理", rate(asked - motions.late().count(), asked), "本年到期的议提案和监督意见中没有逾期的", "/desk/motions/"),),
        ),
        Goal("政府工作效率提高", (("事项按期答复", rate(total - late, total), "本年到期的事项中按期答复的", "/desk/matters/?all=1"),)),
        Goal("政民关系更加和谐", (("承诺按期兑现", rate(kept, due.count()), "本年到期的承诺事项中按期兑现的", "/pledge/"),)),
    ]  # fmt: skip


def report(seat: Any, year: int, tasks: Any, meetings: Any) -> list[str]:
    """The yearly report as paragraphs, every number counted when it is opened."""
    done, all_ = tasks.filter(state="DONE").count(), tasks.count()
    lines = [
        f"{year} 年，全市政务诚信建设 20 项任务已分工 {all_} 项，完成 {done} 项；召开联席会议 {meetings.count()} 次。"
    ]
    for goal in goals(seat, year):
        lines.append(
            f"{goal.name}："
            + "；".join(f"{label} {value}（{means}）" for label, value, means, _ in goal.figures)
            + "。"
        )
    lines += [f"{t.get_task_display()}（牵头单位：{t.lead.name}）：{t.progress or '尚未填报进展'}" for t in tasks]
    return lines
