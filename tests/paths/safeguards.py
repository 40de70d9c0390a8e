"""Paths of articles, task duties and joint meetings."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from supervision.models import Article, JointMeeting, TaskDuty

TODAY = timezone.localdate
CHECKED = {"privacy_ok": True, "secrecy_ok": True}


def written(cast: Any, **more: Any) -> Article:
    given = {
        "section": "POLICY", "title": "政务诚信考核办法（试行）", "text": "第一条 为加强政务诚信建设，制定本办法。", "doc_no": "日政办发〔2026〕5号",
        "issued_by": "日照市人民政府办公室（演示）", "issued_on": date(2026, 2, 1), "valid_from": date(2026, 3, 1),
    }  # fmt: skip
    return Article(**given | more)


def entered(cast: Any, **more: Any) -> Article:
    return written(cast, **more).write(by=cast.credit)


def released(cast: Any, **more: Any) -> Article:
    return entered(cast, **more).release(by=cast.credit2, **CHECKED)


def duty(cast: Any) -> TaskDuty:
    return TaskDuty(
        task=12,
        year=TODAY().year,
        lead=cast.orgs.bureau,
        measures="建议提案按期答复率达到百分之百。",
        due_on=TODAY() + timedelta(days=30),
    )


def progressed(cast: Any) -> TaskDuty:
    return duty(cast).set(by=cast.credit).report(by=cast.reviewer, year_progress="已答复十二件。")


def meeting() -> JointMeeting:
    return JointMeeting(
        held_on=TODAY(), topic="年度部署", members="各成员单位", minutes="通报进展。", decisions="按季通报。"
    )


PATHS = {
    "article.written": lambda c: (written(c), c.credit, {}),
    "article.amended": lambda c: (entered(c), c.credit, {"title": "政务诚信考核办法"}),
    "article.released": lambda c: (entered(c), c.credit2, CHECKED),
    "article.returned": lambda c: (entered(c), c.credit2, {"reason": "文号有误"}),
    "article.withdrawn": lambda c: (released(c), c.credit, {"reason": "内容过时"}),
    "article.repealed": lambda c: (released(c), c.credit, {"ends_on_day": TODAY()}),
    "task.set": lambda c: (duty(c), c.credit, {}),
    "task.progressed": lambda c: (duty(c).set(by=c.credit), c.reviewer, {"year_progress": "已答复十二件。"}),
    "task.finished": lambda c: (progressed(c), c.credit, {}),
    "meeting.recorded": lambda c: (meeting(), c.credit, {}),
}
