"""Figures of the sectors, each with its definition and the list it counts (brief P4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Sum

from integrity.catalogue import SECTORS
from sectors.models import Duty, Project
from sectors.plan import of_sector

FEW = 5  # of fewer cases the count is shown, never a rate


@dataclass(frozen=True)
class Figure:
    """A number with what it means and where its rows stand."""

    label: str
    value: str
    means: str
    link: str = ""


def rate(part: int, whole: int) -> str:
    """A percentage of enough cases, else the bare counts."""
    return f"{part / whole:.1%}" if whole >= FEW else f"{part}/{whole}"


def figures(sector: str, projects: Any, duties: Any, at: str) -> list[Figure]:
    """What stands where in one sector, among the projects and duties given; `at` is the list's address."""
    counts = dict(projects.order_by().values_list("state").annotate(n=Count("pk")))
    due, late = duties.fallen_due().count(), duties.late().count()
    amount = projects.filter(amount_hidden=False).aggregate(sum=Sum("amount_wan"))["sum"] or 0
    found = [
        Figure("项目", str(sum(counts.values())), "本页所列范围内的全部项目", at),
        Figure("进行中", str(counts.get("OPEN", 0)), "已公开、尚未完成或者终止的项目", f"{at}?state=OPEN"),
        Figure("金额（万元）", f"{amount:,.2f}".rstrip("0").rstrip("."), "公开金额的合计，不含要求保密的金额", at),
        Figure(
            "按期完成率",
            rate(due - late, due) if due else "—",
            f"已完成或者已到期的责任事项 {due} 项，其中按期完成 {due - late} 项；少于 {FEW} 项只列数字",
            at,
        ),
        Figure("逾期", str(late), "已到期未完成，或者晚于期限完成的责任事项所在项目", f"{at}?late=true"),
    ]
    stages = dict(projects.filter(state="OPEN").order_by().values_list("stage").annotate(n=Count("pk")))
    for plan in of_sector(sector):
        found += [Figure(s.name, str(stages[s.code]), "处于该阶段、进行中的项目", f"{at}?state=OPEN&stage={s.code}") for s in plan.stages if s.code in stages]  # fmt: skip
    return found


def overview(seat: Any) -> list[tuple[str, str, int, int]]:
    """Every sector with its projects and late duties within a seat's reach."""
    projects = dict(Project.objects.inside(seat).order_by().values_list("sector").annotate(n=Count("pk")))
    late = Duty.objects.inside(seat).late().order_by()
    overdue = dict(late.values_list("project__sector").annotate(n=Count("project", distinct=True)))
    return [(code, name, projects.get(code, 0), overdue.get(code, 0)) for code, name in SECTORS.items()]
