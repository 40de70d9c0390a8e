"""Sanctions (处分): periods by statute, running ones combined, one sanction for one act, the grassroots' three kinds.

公务员法 62-65, 政务处分法 7-8, 15-16, 22, 26; domain.md 2 (task 1), 3.5. The core asks these checks of every record of the
kinds OF03-OF05, wherever it comes from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from integrity.clocks import add_months
from integrity.models import Record
from integrity.models.record import Problem, Window
from integrity.models.record.area_checks import record_check, record_end
from officials.models import Official

PERIODS = {"警告": 6, "记过": 12, "记大过": 18, "降级": 24, "撤职": 24}  # months, 公务员法 64
MOST = 48  # months of combined periods
TIMED = ("OF03", "OF04")
SANCTIONS = (*TIMED, "OF05")
STOOD = ("CONFIRMED", "EXPIRED", "SEALED")
_LAW = "公务员法第六十四条"


def starts_on(record: Record) -> date:
    """A sanction runs from the day it takes effect."""
    return record.effective_on or record.decided_on


def months_of(record: Record) -> int:
    """The period of the decision in months."""
    return int(record.facts.get("period_months") or PERIODS.get(record.facts.get("sanction", ""), 0))


def others(record: Record, codes: tuple[str, ...]) -> list[Record]:
    """Other sanctions of the same person that stand or have stood; revoked ones never ran."""
    rows = Record.objects.filter(subject_id=record.subject_id, kind__in=codes, state__in=STOOD)
    return list(rows.exclude(pk=record.pk))


def combined_ends(rows: list[Record]) -> dict[Any, Window]:
    """The end of each sanction, in the order they took effect: what is left of a running one and the new period together.

    The whole never lasts more than 48 months from the newest decision on (政务处分法 15, domain.md 3.5).
    """
    ends: dict[Any, Window] = {}
    latest: date | None = None
    for row in sorted(rows, key=starts_on):
        start, months = starts_on(row), months_of(row)
        own, cap = add_months(start, months), add_months(start, MOST)
        if latest and latest > start:
            end = min(add_months(latest, months), cap)
            words = f"原处分期至 {latest}，与新处分期 {months} 个月合并，至 {end}"
            words += f"（合并最长 {MOST} 个月）" if end == cap else ""
        else:
            end, words = own, f"处分期 {months} 个月，自 {start} 至 {own}"
        ends[row.pk] = Window(end, end, f"{words}，期满自动解除（{_LAW}）")
        latest = max(latest or end, end)
    return ends


@record_end(*TIMED)
def end_with_running(record: Record, shown: Window) -> Window:
    """The end of one sanction among all that run."""
    return combined_ends([*others(record, TIMED), record])[record.pk]


@record_check(*TIMED)
def period_is_the_statutes(record: Record) -> Iterator[Problem]:
    """No period shorter than the statute's; a longer one only where several acts were judged together."""
    sanction, months = record.facts.get("sanction", ""), months_of(record)
    law = PERIODS.get(sanction, 0)
    if months < law:
        yield Problem("period_months", "E16", f"“{sanction}”的处分期为 {law} 个月，不能少于法定期限（{_LAW}）")
    elif months > law:
        words = f"“{sanction}”的处分期为 {law} 个月；多个违法行为合并确定的，最长 {MOST} 个月，请核对处分决定书"
        yield Problem("period_months", "E16", words, blocks=False)
    stated = record.facts.get("ends_on")
    if stated and record.subject_id and record.decided_on:
        window = end_with_running(record, Window(None, None, ""))
        if stated != window.until.isoformat():
            yield Problem("ends_on", "E07", f"处分期满日应为 {window.until}：{window.explain}；可留空由系统计算")


def _plain(text: str) -> str:
    return re.sub(r"\W", "", text)


@record_check(*SANCTIONS)
def one_act_is_sanctioned_once(record: Record) -> Iterator[Problem]:
    """Either the supervisory body's sanction or the appointing body's, never both for one act (政务处分法 16)."""
    kind = record.facts.get("authority_type")
    for other in others(record, SANCTIONS):
        if other.facts.get("authority_type") == kind:
            continue
        same_text = _plain(other.facts.get("violation", "")) == _plain(record.facts.get("violation", ""))
        same_day = record.act_ended_on and other.act_ended_on == record.act_ended_on
        law = "同一违法行为，监察机关和任免机关、单位不得重复给予政务处分和处分（政务处分法第十六条）"
        if same_text or same_day:
            yield Problem("violation", "E09", f"与 {other.number} 是同一违法行为：{law}")
        else:
            yield Problem("violation", "E09", f"另有 {other.number}，请核对不是同一违法行为：{law}", blocks=False)


@record_check("OF04", "OF05")
def grassroots_officers_have_three_kinds(record: Record) -> Iterator[Problem]:
    """Of village and residents' committee officers only 警告、记过、记大过 (政务处分法 22)."""
    official = Official.objects.filter(subject_id=record.subject_id).first()
    if official and official.category == Official.Category.GRASSROOTS_OFFICER:
        words = "基层群众性自治组织中从事管理的人员，只适用警告、记过、记大过（政务处分法第二十二条）"
        yield Problem("sanction", "E13", words)
