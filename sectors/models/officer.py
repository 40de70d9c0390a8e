"""项目政府方责任人: who answers for which stage, in the post of that time, and what he handed on (tasks 15 and 18)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from integrity.acts import Acted, act
from integrity.models import Subject, as_rule, find_person
from sectors.models.belonging import OfPerson
from sectors.models.project import Project


class OfficerQuerySet(OfPerson):
    """Who answered on a day."""

    def in_charge(self, on: date, stage: str = "") -> OfficerQuerySet:
        """Those responsible on a day, for one stage or for the whole project."""
        rows = self.filter(Q(until_on__isnull=True) | Q(until_on__gt=on), from_on__lte=on)
        return rows.filter(stage__in=("", stage)) if stage else rows


class Officer(Acted):
    """A named responsible official of a project's public side; his responsibility outlasts transfer and retirement."""

    class State(models.TextChoices):
        ACTIVE = "ACTIVE", "在任"
        ENDED = "ENDED", "已交接"

    project = models.ForeignKey(Project, models.PROTECT, related_name="officers", verbose_name="项目")
    stage = models.CharField("负责阶段", max_length=20, blank=True, help_text="不选为全程负责")
    person = models.ForeignKey(Subject, models.PROTECT, related_name="project_posts", verbose_name="责任人")
    post = models.CharField("当时职务", max_length=100)
    unit_name = models.CharField("当时单位", max_length=200)
    duty = models.TextField("诚信职责", max_length=500)
    document = models.CharField("任命、分工文件", max_length=200)
    from_on = models.DateField("负责起始日期")
    until_on = models.DateField("交接日期", null=True, blank=True)
    after = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="前任")
    handed = models.JSONField("接续的事项", default=list)
    state = models.CharField("状态", max_length=10, choices=State, default=State.ACTIVE)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="登记人")

    objects = OfficerQuerySet.as_manager()
    lock_with = ("project", "project__unit", "project__source_unit", "person")

    class Meta:
        verbose_name = verbose_name_plural = "项目责任人"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "stage"], condition=Q(state="ACTIVE"), name="officer_one_a_stage",
                violation_error_message="一个阶段同一时间只登记一名责任人",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["person"], name="officer_person")]

    def __str__(self) -> str:
        return f"{self.person.name}（{self.stage_name}）"

    def get_absolute_url(self) -> str:
        return self.project.get_absolute_url()

    @property
    def stage_name(self) -> str:
        return self.project.plan.stage(self.stage).name if self.stage else "全程"

    def within(self, by: Any) -> bool:
        return self.project.within(by)

    def refuses(self, spec: Any, by: Any) -> str:
        return "" if self.within(by) else "不在您的管理范围内"

    @act("officer.named", label="登记责任人", right="sector.enter", creates=True, form=("official_number",))
    def name(self, *, by: Any, official_number: str) -> None:
        """Name who answers from a day on; whoever answered before hands over, and what is still owed goes on to him."""
        project = self.project
        if project.state not in ("DRAFT", "OPEN"):
            raise ValidationError("项目已经结束，不能再登记责任人")
        if self.stage and self.stage not in {s.code for s in project.plan.stages}:
            raise ValidationError({"stage": "该类项目没有这个阶段"})
        if self.from_on > timezone.localdate():
            raise ValidationError({"from_on": "不能晚于今天"})
        person = find_person(official_number)
        if (
            person is None
            or not person.is_official
            or person.parent_id not in (project.unit_id, project.source_unit_id)
        ):
            raise ValidationError(
                {"official_number": "政府方单位没有这名公务人员，请核对公民身份号码，或者先登记诚信档案"}
            )
        self.person, self.unit_name, self.entered_by = person, person.parent.name if person.parent else "", by.user
        former = Officer.objects.filter(project=project, stage=self.stage, state="ACTIVE").first()
        if former is not None:
            former.relieve(by=as_rule(by), on=self.from_on)
            self.after, self.handed = former, self._open_duties()

    def _open_duties(self) -> list[str]:
        """What is still owed: a successor keeps the promises of his predecessor (优化营商环境条例 31)."""
        rows = self.project.duties.filter(state="OPEN").order_by("due_on", "id")
        return [f"{d.text}（期限 {d.due_on}）" for d in rows if d.stage == self.stage or not self.stage]

    @act("officer.relieved", label="交接", right="sector.enter", source=["ACTIVE"], target="ENDED", button=False)
    def relieve(self, *, by: Any, on: date) -> None:
        """Handed over to a successor; for his own time he goes on to answer."""
        if on <= self.from_on:
            raise ValidationError({"from_on": f"应晚于前任的起始日期（{self.from_on}）"})
        self.until_on = on
