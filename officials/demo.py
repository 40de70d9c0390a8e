"""The officials' part of the demonstration city: pledges, learning, checks before rises; all by performing acts."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.utils import timezone

from integrity.models import Check, Kind, Measure, Record, Seat, make_check
from integrity.simulation import Story
from officials.models import Course, Handbook, Learning, Official, Session
from officials.signing import demo as signing
from officials.training import assign_many, remind_learners

FOLDER = Path(__file__).parent / "handbook"
MATTERS = (
    ("APPRAISAL", "年度考核"), ("PROMOTION", "第三季度干部调整"), ("MERIT", "年度先进个人评选"), ("APPOINTMENT", "科级干部任用"),
)  # fmt: skip
GROUND = "山东省社会信用条例第二十二条第三项"


def stories(city: Any, staff: Any, rng: Random, start: date, days: int, share: float) -> list[Story]:
    """Pledges of the officials who have accounts; a year of learning; checks by the personnel department."""
    year = Year(staff, rng)
    found = signing.stories(city, staff, rng, start, days)
    found += [year.learning(start, days), year.reminders(start), year.incentives(start, days)]
    return found + [year.check(start + timedelta(days=days * (i + 1) // 6), *m) for i, m in enumerate(MATTERS)]


class Year:
    """What the personnel department does besides pledges."""

    def __init__(self, staff: Any, rng: Random) -> None:
        self.hr, self.hr2, self.rng = staff["hr"], staff["hr2"], rng

    def course(self, title: str, compulsory: bool) -> Course:
        row = Course(
            title=title, about="阅读《公务人员诚信手册》全文，结合本人岗位查找不足，完成自测。", hours=4, compulsory=compulsory,
            questions=(FOLDER / "questions.txt").read_text(encoding="utf-8"),
        )  # fmt: skip
        return row.offer(by=self.hr)

    def learning(self, start: date, days: int) -> Story:
        """The handbook, two courses, a session in spring and one that is still to come."""
        yield start
        course = self.course("公务人员诚信基础", compulsory=True)
        self.course("守信践诺与新官理旧账", compulsory=False)
        text = (FOLDER / "first-edition.md").read_text(encoding="utf-8")
        book = Handbook(title="公务人员诚信手册", text=text).write(by=self.hr)
        yield 12
        book.release(by=self.hr2)
        yield days // 2
        mine = Official.objects.serving().filter(subject__managed_by=self.hr.org)
        people = [f.subject for f in mine.select_related("subject").order_by("pk")]
        assign_many(course, people, timezone.localdate() + timedelta(days=60), by=self.hr)
        session = Session(course=course, held_on=timezone.localdate() + timedelta(days=14), place="市委党校报告厅")
        session.plan(by=self.hr)
        yield 21
        waiting = list(Learning.objects.open().filter(course=course).select_related(*Learning.lock_with).order_by("pk"))
        session.hold(by=self.hr, attended=[t for t in waiting if self.rng.random() < 0.4])
        yield 7
        self.test_some(course)
        yield max(days // 2 - 60, 10)
        Session(course=course, held_on=timezone.localdate() + timedelta(days=40), place="市民中心三楼会议室").plan(
            by=self.hr
        )

    def test_some(self, course: Course) -> None:
        """Those with an account try the test; most pass."""
        seats = {
            s.user.person_id: s for s in Seat.objects.in_force().filter(role_code="OFFICIAL").select_related("user")
        }
        for task in Learning.objects.open().filter(course=course).select_related(*Learning.lock_with).order_by("pk"):
            if (seat := seats.get(task.subject_id)) and self.rng.random() < 0.7:
                right = [1, 2, 0, 1, 2]
                task.take_test(by=seat, answers=right if self.rng.random() < 0.8 else [0, 0, 0, 1, 2])

    def reminders(self, start: date) -> Story:
        """What is due soon or late is told every week."""
        yield start
        while True:
            remind_learners()
            yield 7

    def check(self, on: date, stage: str, matter: str) -> Story:
        """A list of officials is asked about at a stage, and the decisions are fed back."""
        yield on
        mine = Official.objects.serving().filter(subject__managed_by=self.hr.org)
        people = list(mine.select_related("subject").order_by("pk"))
        asked = [p.subject._opened() for p in self.rng.sample(people, min(8, len(people)))]
        if not asked:
            return
        row = Check(purpose="PERSONNEL", stage=stage, matter=f"{on.year} 年{matter}", ground=GROUND)
        made = make_check(row, [n for n in asked if n], by=self.hr)
        yield 5
        for answer in made.answers.filter(outcome__in=("MANDATORY", "REFERENCE")):
            reason = "依法限制" if answer.outcome == "MANDATORY" else "结合改正情况研究后不作限制"
            answer.feed_back(
                by=self.hr, decision="APPLIED" if answer.outcome == "MANDATORY" else "NOT_APPLIED", reason=reason
            )

    def incentives(self, start: date, days: int) -> Story:
        """Preference in merit selection for those honoured, by the department's decision."""
        yield start + timedelta(days=days * 4 // 5)
        kind = Kind.objects.in_force("measure").filter(code="R06").first()
        had = Measure.objects.filter(kind="R06", state="IN_FORCE").values("record")
        rows = Record.objects.in_use().filter(kind="OF12", subject__managed_by=self.hr.org).exclude(pk__in=had)
        for record in rows.select_related("subject", *Record.lock_with)[:5] if kind else ():
            today = timezone.localdate()
            Measure(
                kind=kind, record=record, basis="任务3", effect="reference", decided_unit=self.hr.org, decided_on=today,
                starts_on=today, until=today + timedelta(days=365),
            ).impose(by=self.hr)  # fmt: skip
