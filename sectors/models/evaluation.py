"""绩效评价: how a project performed in a period, made by one, released by another (task 15)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import Acted, act
from sectors.models.belonging import OfProject
from sectors.models.project import Project


class EvaluationQuerySet(OfProject):
    """Public once released, as its project is."""

    def public(self) -> EvaluationQuerySet:
        return self.filter(state="RELEASED", project__in=Project.objects.public())


class Evaluation(Acted):
    """One evaluation of a project's performance: period, grade, what was good and what was not (task 15)."""

    class Grade(models.TextChoices):
        EXCELLENT = "优", "优"
        GOOD = "良", "良"
        FAIR = "合格", "合格"
        POOR = "不合格", "不合格"

    class State(models.TextChoices):
        DRAFT = "DRAFT", "待复核"
        RELEASED = "RELEASED", "已公开"
        DROPPED = "DROPPED", "已撤销"

    project = models.ForeignKey(Project, models.PROTECT, related_name="evaluations", verbose_name="项目")
    period = models.CharField("评价期间", max_length=60, help_text="如：2025 年度")
    evaluator = models.CharField("评价机构", max_length=200)
    evaluated_on = models.DateField("评价日期")
    grade = models.CharField("评价等次", max_length=10, choices=Grade)
    summary = models.TextField("评价结论", max_length=2000)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    released_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="复核人"
    )

    objects = EvaluationQuerySet.as_manager()
    lock_with = ("project", "project__unit", "project__source_unit")

    class Meta:
        verbose_name = verbose_name_plural = "绩效评价"
        constraints = [
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("entered_by")), name="evaluation_two_people",
                violation_error_message="绩效评价须由一人登记、另一人复核",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["project", "evaluated_on"], name="evaluation_project")]

    def __str__(self) -> str:
        return f"{self.period} {self.grade}（{self.project.name}）"

    def get_absolute_url(self) -> str:
        return self.project.get_absolute_url()

    def within(self, by: Any) -> bool:
        return self.project.within(by)

    def refuses(self, spec: Any, by: Any) -> str:
        return "" if self.within(by) else "不在您的管理范围内"

    @act("evaluation.entered", label="登记绩效评价", right="sector.enter", creates=True)
    def enter(self, *, by: Any) -> None:
        """Write down what an evaluation found."""
        if self.evaluated_on > timezone.localdate():
            raise ValidationError({"evaluated_on": "不能晚于今天"})
        self.entered_by = by.user

    @act("evaluation.released", label="复核公开评价", right="sector.release", source=["DRAFT"], target="RELEASED")
    def release(self, *, by: Any) -> None:
        """A second person has compared it with the report."""
        self.released_by = by.user

    @act("evaluation.dropped", label="撤销评价", right="sector.release", source=["DRAFT", "RELEASED"], target="DROPPED", form=("reason",))  # fmt: skip
    def drop(self, *, by: Any, reason: str) -> dict[str, str]:
        """It was wrong; no longer shown."""
        return {"reason": reason.strip()}
