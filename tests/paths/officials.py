"""Paths of officials' files (task 1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from integrity.models import Seat
from integrity.models.access import as_rule
from officials.models import Course, Handbook, Learning, Official, Session

PERSON = {"full_name": "李守诺", "id_number": "371199197001010010"}
TODAY = timezone.localdate
POST = {"new_post": "副局长", "new_rank": "二级调研员", "since": TODAY(), "document": "日组干字〔2026〕9号"}


def file(cast: Any) -> Official:
    return Official(category="CIVIL_SERVANT", post="副科长", appointed_on=TODAY() - timedelta(days=400))


def listed(cast: Any) -> Official:
    return file(cast).enlist(by=cast.hr, workplace=cast.orgs.bureau, **PERSON)


def in_office(cast: Any) -> Official:
    return listed(cast).release(by=cast.hr2)


def retired(cast: Any) -> Official:
    return in_office(cast).retire(by=cast.hr, ended_on=TODAY())


def own_seat(cast: Any) -> Seat:
    return Seat.objects.get(pk=cast.official.pk)


CHAPTERS = "# 一\n\n甲。\n\n# 二\n\n乙。\n\n# 三\n\n丙。"
QUESTIONS = "\n\n".join(f"第 {n} 问？\nA. 是\nB. 否\n答：A" for n in range(1, 6))


def book(cast: Any) -> Handbook:
    return Handbook(title="诚信手册", text=CHAPTERS)


def written(cast: Any) -> Handbook:
    return book(cast).write(by=cast.hr)


def course(cast: Any, **more: Any) -> Course:
    return Course(title="诚信基础", about="读手册。", hours=2, questions=QUESTIONS, **more)


def offered(cast: Any) -> Course:
    return course(cast).offer(by=cast.hr)


def session(cast: Any, of: Course | None = None) -> Session:
    return Session(course=of or offered(cast), held_on=TODAY(), place="市委党校")


def planned(cast: Any) -> Session:
    return session(cast).plan(by=cast.hr)


def task(cast: Any, of: Course | None = None) -> Learning:
    return Learning(subject=cast.wang, course=of or offered(cast), due_on=TODAY() + timedelta(days=30))


def assigned(cast: Any, of: Course | None = None) -> Learning:
    return task(cast, of).assign(by=cast.hr)


def to_attend(cast: Any) -> tuple[Learning, Any, dict[str, Any]]:
    held = planned(cast)
    return assigned(cast, held.course), cast.hr, {"session": held}


PATHS = {
    "handbook.written": lambda c: (book(c), c.hr, {}),
    "handbook.amended": lambda c: (written(c), c.hr, {"book_text": CHAPTERS}),
    "handbook.released": lambda c: (written(c), c.hr2, {}),
    "handbook.ended": lambda c: (written(c).release(by=c.hr2), c.hr, {}),
    "course.opened": lambda c: (course(c), c.hr, {}),
    "course.ended": lambda c: (offered(c), c.hr, {}),
    "session.planned": lambda c: (session(c), c.hr, {}),
    "session.held": lambda c: (planned(c), c.hr, {"attended": []}),
    "session.cancelled": lambda c: (planned(c), c.hr, {"reason": "场地不可用"}),
    "learning.assigned": lambda c: (task(c), c.hr, {}),
    "learning.attended": to_attend,
    "learning.tested": lambda c: (assigned(c), c.official, {"answers": [0, 0, 0, 0, 0]}),
    "official.appointed": lambda c: (
        file(c), c.hr, PERSON | {"workplace": c.orgs.bureau, "document": "日组干字〔2025〕3号"},
    ),
    "official.listed": lambda c: (file(c), c.hr, PERSON | {"workplace": c.orgs.bureau}),
    "official.released": lambda c: (listed(c), c.hr2, {}),
    "official.amended": lambda c: (in_office(c), c.hr, {"category": "CIVIL_SERVANT", "new_post": "科长"}),
    "official.promoted": lambda c: (in_office(c), c.hr, POST),
    "official.transferred": lambda c: (in_office(c), c.hr, POST | {"workplace": c.orgs.stranger}),
    "official.departed": lambda c: (in_office(c), c.hr, {"destination": "省交通运输厅", "ended_on": TODAY()}),
    "official.retired": lambda c: (in_office(c), c.hr, {"ended_on": TODAY()}),
    "official.left": lambda c: (in_office(c), c.hr, {"ended_on": TODAY(), "reason": "辞职"}),
    "official.viewed": lambda c: (in_office(c), c.hr, {"purpose": "复核审批"}),
    "official.sealed": lambda c: (retired(c), c.hr, {"reason": "保管期满"}),
    "subject.moved": lambda c: (c.wang, as_rule(c.hr), {"unit": c.orgs.stranger, "authority": c.orgs.personnel}),
    "seat.lapsed": lambda c: (own_seat(c), as_rule(c.hr), {}),
    "seat.moved": lambda c: (own_seat(c), as_rule(c.hr), {"org": c.orgs.stranger}),
}  # fmt: skip
