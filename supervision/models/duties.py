"""任务分工和联席会议: who leads each of the twenty tasks in a year, how far it is, what the joint meeting decided (保障措施)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.models import Subject

TASKS = (
    "建立公务人员诚信档案", "建立公务人员信用承诺制度", "建立公务人员守信激励和失信惩戒机制", "建立公务人员信用修复机制", "加强公务人员诚信教育",
    "坚持依法行政和政务公开", "建立政务信用承诺制度", "推行使用信用记录和信用报告", "建立政府机构失信惩戒机制", "强化政府机构失信行为专项治理",
    "建立纵向政务诚信专项督察机制", "建立横向政务诚信监督机制", "加强和完善社会监督机制", "政府采购领域政务诚信建设", "政府和社会资本合作领域政务诚信建设",
    "公共资源交易领域政务诚信建设", "招投标领域政务诚信建设", "招商引资领域政务诚信建设", "政府债务领域政务诚信建设", "街道和乡镇政务诚信建设",
)  # fmt: skip


class InnerQuerySet(ActedQuerySet):
    """Every staff seat sees who leads what; nothing here is for the public."""

    def visible_to(self, seat: Any) -> InnerQuerySet:
        return self if seat.role.automatic or (seat.role.staff and seat.org_id) else self.none()


class TaskDuty(Acted):
    """任务分工: one of the notice's twenty tasks in one year: lead and assisting units, measures, due date, progress."""

    class State(models.TextChoices):
        OPEN = "OPEN", "推进中"
        DONE = "DONE", "已完成"

    task = models.PositiveSmallIntegerField("任务", choices=[(n, f"{n}. {name}") for n, name in enumerate(TASKS, 1)])
    year = models.PositiveSmallIntegerField("年度")
    lead = models.ForeignKey(Subject, models.PROTECT, related_name="+", verbose_name="牵头单位")
    assisting = models.CharField("配合单位", max_length=500, blank=True)
    measures = models.TextField("工作措施", max_length=4000)
    due_on = models.DateField("完成期限")
    progress = models.TextField("年度进展", blank=True)
    progress_on = models.DateField("进展日期", null=True)
    state = models.CharField("状态", max_length=8, choices=State, default=State.OPEN)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="录入人")

    objects = InnerQuerySet.as_manager()
    lock_with = ("lead",)

    class Meta:
        verbose_name = verbose_name_plural = "任务分工"
        constraints = [
            models.UniqueConstraint(
                fields=["task", "year"], name="task_once_a_year", violation_error_message="该任务本年度已有分工"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} 年度 {self.get_task_display()}"

    def refuses(self, spec: Any, by: Any) -> str:
        if by.role.automatic:
            return ""
        if spec.verb == "task.progressed":
            return "" if by.org_id == self.lead_id else "由牵头单位填报"
        return "" if by.role_code == "CREDIT_CITY" else "由市信用办办理"

    @act("task.set", label="登记任务分工", right="matter.assign", creates=True)
    def set(self, *, by: Any) -> None:
        """Who leads a task this year, by when."""
        self.entered_by = by.user

    @act("task.progressed", label="填报进展", right="matter.handle", source=["OPEN"], form=("year_progress",))
    def report(self, *, by: Any, year_progress: str) -> None:
        """The lead unit says how far it is."""
        self.progress, self.progress_on = year_progress.strip(), timezone.localdate()

    @act("task.finished", label="确认完成", right="matter.assign", source=["OPEN"], target="DONE")
    def finish(self, *, by: Any) -> None:
        """Accepted as done, on a progress report."""
        if not self.progress:
            raise ValidationError("牵头单位还没有填报进展")


class JointMeeting(Acted):
    """联席会议: members, minutes and what was decided."""

    held_on = models.DateField("会议日期")
    topic = models.CharField("议题", max_length=200)
    members = models.TextField("参加单位和人员", max_length=2000)
    minutes = models.TextField("会议纪要", max_length=20000)
    decisions = models.TextField("议定事项", max_length=8000)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="录入人")

    objects = InnerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "联席会议"

    def __str__(self) -> str:
        return f"{self.held_on} {self.topic}"

    def refuses(self, spec: Any, by: Any) -> str:
        return "" if by.role.automatic or by.role_code == "CREDIT_CITY" else "由市信用办办理"

    @act("meeting.recorded", label="登记联席会议", right="matter.assign", creates=True)
    def record(self, *, by: Any) -> None:
        """Minutes of a meeting that was held."""
        if self.held_on > timezone.localdate():
            raise ValidationError({"held_on": "会议日期不能晚于今天"})
        self.entered_by = by.user
