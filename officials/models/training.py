"""诚信教育: sessions, and what each official has to learn by when (task 5)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.models import Measure, Subject
from officials.models.learning import PASS, Course, questions_of

TERM = 30  # days for a task that a measure brings


class WithinQuerySet(ActedQuerySet):
    """Seen by the authority whose officials learn, by themselves, and masked by auditors."""

    def visible_to(self, seat: Any) -> WithinQuerySet:
        role = seat.role
        if role.scope == "self":
            return self.filter(subject_id=seat.person_id) if seat.person_id else self.none()
        if role.scope == "managed" and seat.org_id:
            return self.filter(subject__managed_by_id=seat.org_id)
        return self if role.automatic or role.code in ("CREDIT_CITY", "AUDITOR") else self.none()

    def open(self) -> WithinQuerySet:
        return self.filter(state="ASSIGNED")

    def overdue(self, on: date | None = None) -> WithinQuerySet:
        return self.open().filter(due_on__lt=on or timezone.localdate())


class SessionQuerySet(ActedQuerySet):
    """Seen by the unit that holds it, by auditors, and by nobody else in the desk's lists."""

    def visible_to(self, seat: Any) -> SessionQuerySet:
        if seat.role.automatic or seat.role.code in ("CREDIT_CITY", "AUDITOR"):
            return self
        return self.filter(unit_id=seat.org_id) if "learning.manage" in seat.rights and seat.org_id else self.none()


class Session(Acted):
    """培训班: a course held at a place on a day, with who was there."""

    class State(models.TextChoices):
        PLANNED = "PLANNED", "待举办"
        HELD = "HELD", "已举办"
        CANCELLED = "CANCELLED", "已取消"

    course = models.ForeignKey(Course, models.PROTECT, related_name="sessions", verbose_name="课程")
    unit = models.ForeignKey(Subject, models.PROTECT, related_name="+", verbose_name="举办单位")
    held_on = models.DateField("举办日期")
    place = models.CharField("地点", max_length=200)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PLANNED)
    present = models.PositiveIntegerField("到课人数", default=0)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="登记人")

    objects = SessionQuerySet.as_manager()
    lock_with = ("course", "unit")
    people = ()

    class Meta:
        verbose_name = verbose_name_plural = "诚信培训班"

    def __str__(self) -> str:
        return f"{self.course.title}（{self.held_on}，{self.place}）"

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.creates:
            return "" if by.org_id else "岗位没有所属单位，不能举办"
        return "" if self.unit_id == by.org_id else "由举办单位办理"

    @act("session.planned", label="安排培训班", right="learning.manage", creates=True)
    def plan(self, *, by: Any) -> None:
        """Set day and place; those who still have to learn the course are told."""
        if self.course.state != "OPEN":
            raise ValidationError({"course": "该课程已停开"})
        self.unit, self.entered_by = by.org, by.user

    @act("session.held", label="登记到课", right="learning.manage", source=["PLANNED"], target="HELD", button=False)
    def hold(self, *, by: Any, attended: list[Learning]) -> None:
        """Who was there has done the course."""
        if self.held_on > timezone.localdate():
            raise ValidationError("培训班尚未举办，不能登记到课")
        for task in attended:
            task.attend(by=by, session=self)
        self.present = len(attended)

    @act(
        "session.cancelled",
        label="取消培训班",
        right="learning.manage",
        source=["PLANNED"],
        target="CANCELLED",
        form=("reason",),
    )
    def cancel(self, *, by: Any, reason: str) -> dict[str, str]:
        """It does not take place."""
        return {"reason": reason.strip()}


class Learning(Acted):
    """学习任务: what one official has to learn by a day, and how he did it."""

    class State(models.TextChoices):
        ASSIGNED = "ASSIGNED", "待完成"
        DONE = "DONE", "已完成"

    class Way(models.TextChoices):
        SESSION = "SESSION", "参加培训班"
        TEST = "TEST", "自学并通过自测"

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="learning", verbose_name="公务人员")
    course = models.ForeignKey(Course, models.PROTECT, related_name="tasks", verbose_name="课程")
    due_on = models.DateField("完成期限")
    measure = models.ForeignKey(
        Measure, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="依据的措施"
    )
    session = models.ForeignKey(
        Session, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="培训班"
    )
    state = models.CharField("状态", max_length=8, choices=State, default=State.ASSIGNED)
    way = models.CharField("完成方式", max_length=8, choices=Way, blank=True)
    tries = models.PositiveSmallIntegerField("自测次数", default=0)
    score = models.PositiveSmallIntegerField("自测正确率（%）", null=True, blank=True)
    assigned_on = models.DateField("布置日期")
    done_on = models.DateField("完成日期", null=True, blank=True)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="布置人")

    objects = WithinQuerySet.as_manager()
    lock_with = ("subject", "course", "measure")
    people = ()

    class Meta:
        verbose_name = verbose_name_plural = "学习任务"
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "course"], condition=Q(state="ASSIGNED"), name="one_open_task_per_course"
            )
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="learning_due")]

    def __str__(self) -> str:
        return f"{self.course.title}（{self.due_on} 前）"

    def name_for(self, seat: Any) -> str:
        return f"{self.subject.name_for(seat)}：{self.course.title}"

    def within(self, by: Any) -> bool:
        return by.role.automatic or self.subject.managed_by_id == by.org_id

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.right == "learning.take":
            return "" if by.person_id == self.subject_id else "只能由本人自测"
        return "" if self.within(by) else "由管理权限单位办理"

    @act("learning.assigned", label="布置学习", right="learning.manage", creates=True, button=False)
    def assign(self, *, by: Any) -> None:
        """One official has to learn a course by a day (任务5)."""
        today = timezone.localdate()
        if self.course.state != "OPEN":
            raise ValidationError({"course": "该课程已停开"})
        if not today <= self.due_on <= today + timedelta(days=400):
            raise ValidationError({"due_on": "完成期限应在今天之后、400 日之内"})
        self.assigned_on, self.entered_by = today, by.user

    @act(
        "learning.attended", label="登记到课", right="learning.manage", source=["ASSIGNED"], target="DONE", button=False
    )
    def attend(self, *, by: Any, session: Session) -> None:
        """He was at a session."""
        if session.course_id != self.course_id:
            raise ValidationError("培训班的课程与学习任务不一致")
        self.session, self.way, self.done_on = session, self.Way.SESSION, session.held_on

    @act("learning.tested", label="提交自测", right="learning.take", source=["ASSIGNED"], button=False)
    def take_test(self, *, by: Any, answers: list[int | None]) -> dict[str, int]:
        """Four of five right and the course is done; otherwise he reads on and tries again. The score goes nowhere else."""
        asked = questions_of(self.course.questions)
        if len(answers) != len(asked) or None in answers:
            raise ValidationError("请回答全部题目")
        right = sum(a == q["answer"] for a, q in zip(answers, asked, strict=True))
        self.tries += 1
        self.score = 100 * right // len(asked)
        if self.score >= PASS:
            self.state, self.way, self.done_on = self.State.DONE, self.Way.TEST, timezone.localdate()
        return {"right": right}
