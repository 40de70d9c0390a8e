"""诚信教育: handbook editions, and courses with their self-test (task 5)."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.models import Subject

PASS = 80  # per cent of a self-test
QUESTIONS = 5  # at least


class HandbookQuerySet(ActedQuerySet):
    """The edition in force is public; drafts belong to those who write them."""

    def public(self) -> HandbookQuerySet:
        return self.filter(state="RELEASED")

    def visible_to(self, seat: Any) -> HandbookQuerySet:
        return self if {"learning.manage", "audit"} & seat.rights else self.public()


class Handbook(Acted):
    """公务人员诚信手册: one edition, written by one person and released by another."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", "拟定"
        RELEASED = "RELEASED", "现行"
        ENDED = "ENDED", "已被替换"

    edition = models.PositiveIntegerField("版次", unique=True)
    title = models.CharField("书名", max_length=100)
    text = models.TextField("正文", help_text="每章以“# 章名”开头，段落之间空一行，以“- ”开头的是要点")
    unit = models.ForeignKey(Subject, models.PROTECT, null=True, related_name="+", verbose_name="编写单位")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    released_on = models.DateField("发布日期", null=True, blank=True)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="编写人")
    released_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="发布人"
    )

    objects = HandbookQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "诚信手册"
        constraints = [
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("entered_by")),
                name="handbook_two_people",
                violation_error_message="编写人不能发布，请由他人发布",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}（第 {self.edition} 版）"

    @property
    def chapters(self) -> list[tuple[str, list[str]]]:
        """Chapter by chapter: heading and paragraphs; a paragraph of points keeps its lines."""
        parts = re.split(r"^# +(.+)$", self.text, flags=re.M)[1:]
        pairs = zip(parts[::2], parts[1::2], strict=True)
        return [(h.strip(), [p.strip() for p in re.split(r"\n\s*\n", body) if p.strip()]) for h, body in pairs]

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.creates:
            return "" if by.org_id else "岗位没有所属单位，不能编写"
        if self.unit_id != by.org_id:
            return "由编写单位办理"
        if spec.verb == "handbook.released" and by.user_id == self.entered_by_id:
            return "编写人不能发布，请由他人发布"
        return ""

    @act("handbook.written", label="编写手册", right="learning.manage", creates=True)
    def write(self, *, by: Any) -> None:
        """A new edition as a draft."""
        self.edition = (Handbook.objects.aggregate(n=models.Max("edition"))["n"] or 0) + 1
        self.entered_by, self.unit = by.user, by.org
        self._check()

    @act("handbook.amended", label="修改手册", right="learning.manage", source=["DRAFT"], form=("book_text",))
    def amend(self, *, by: Any, book_text: str) -> None:
        """Change the draft; whoever changed it last does not release it."""
        self.text, self.entered_by = book_text.strip(), by.user
        self._check()

    @act(
        "handbook.released",
        label="发布手册",
        right="learning.manage",
        source=["DRAFT"],
        target="RELEASED",
        confirm="发布后向社会公开，原版同时停用",
    )
    def release(self, *, by: Any) -> None:
        """Another person releases it; the edition before ends."""
        self.released_by, self.released_on = by.user, timezone.localdate()
        for old in Handbook.objects.filter(state="RELEASED"):
            old.end(by=by)

    @act("handbook.ended", label="停用", right="learning.manage", source=["RELEASED"], target="ENDED", button=False)
    def end(self, *, by: Any) -> None:
        """Replaced by a newer edition."""

    def _check(self) -> None:
        if len(self.chapters) < 3:
            raise ValidationError(
                {"text": "手册至少有三章，每章以“# 章名”开头", "book_text": "手册至少有三章，每章以“# 章名”开头"}
            )


def questions_of(text: str) -> list[dict[str, Any]]:
    """The questions as they are typed: a question, its options A to D, the line 答：B. Raises ValidationError."""
    found = []
    for number, part in enumerate(re.split(r"\n\s*\n", text.strip().replace("\r", "")), 1):
        lines = [line.strip() for line in part.splitlines() if line.strip()]
        options = [m[2].strip() for line in lines[1:-1] if (m := re.fullmatch(r"([A-D])[.．、]\s*(.+)", line))]
        answer = re.fullmatch(r"答[：:]\s*([A-D])", lines[-1]) if lines else None
        if len(lines) < 4 or len(options) != len(lines) - 2 or not answer or ord(answer[1]) - 65 >= len(options):
            words = f"第 {number} 题格式有误：先写题目，再逐行写“A. 选项”，最后一行写“答：A”，题与题之间空一行"
            raise ValidationError({"questions": words})
        found.append({"text": lines[0], "options": options, "answer": ord(answer[1]) - 65})
    if len(found) < QUESTIONS:
        raise ValidationError({"questions": f"自测题至少 {QUESTIONS} 题"})
    return found


class CourseQuerySet(ActedQuerySet):
    """Courses are known to all who learn or teach."""

    def visible_to(self, seat: Any) -> CourseQuerySet:
        return self if {"learning.manage", "learning.take", "audit", "record.clock"} & seat.rights else self.none()

    def open(self) -> CourseQuerySet:
        return self.filter(state="OPEN")


class Course(Acted):
    """诚信课程: what is learned, for how many hours, with its self-test."""

    class State(models.TextChoices):
        OPEN = "OPEN", "开设中"
        ENDED = "ENDED", "已停开"

    title = models.CharField("课程名称", max_length=100)
    about = models.TextField("课程内容", max_length=4000)
    hours = models.PositiveSmallIntegerField("学时", default=2)
    compulsory = models.BooleanField("可作为惩戒性必修课程", default=False)
    questions = models.TextField(
        "自测题", help_text="每题：题目一行，选项各一行，以“A. ”开头，最后一行“答：A”；题间空一行"
    )
    unit = models.ForeignKey(Subject, models.PROTECT, null=True, related_name="+", verbose_name="开设单位")
    state = models.CharField("状态", max_length=6, choices=State, default=State.OPEN)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="开设人")

    objects = CourseQuerySet.as_manager()
    people = ()

    class Meta:
        verbose_name = verbose_name_plural = "诚信课程"

    def __str__(self) -> str:
        return self.title

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.creates:
            return "" if by.org_id else "岗位没有所属单位，不能开设课程"
        return "" if self.unit_id == by.org_id else "由开设单位办理"

    @act("course.opened", label="开设课程", right="learning.manage", creates=True)
    def offer(self, *, by: Any) -> None:
        """Open a course for everybody's officials (任务5)."""
        questions_of(self.questions)
        if not 1 <= self.hours <= 80:
            raise ValidationError({"hours": "学时应在 1 至 80 之间"})
        self.entered_by, self.unit = by.user, by.org

    @act("course.ended", label="停开课程", right="learning.manage", source=["OPEN"], target="ENDED")
    def end(self, *, by: Any) -> None:
        """Nobody is assigned to it any more; what was assigned may be finished."""
