"""责任事项: what a party of a project must do by a day, and whether it did (tasks 14-18)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.clocks import due as reckon
from integrity.models import Subject, deadline
from integrity.models.calendar import work_calendar
from sectors.models.project import Project
from sectors.plan import DutySpec

NO_GROUND = re.compile("换届|领导更替|责任人更替|人员更替|区划调整|职能调整")  # never a ground (优化营商环境条例 31)


class DutyQuerySet(ActedQuerySet):
    """Seen as their project is; late is a query (house.md 2.3)."""

    def public(self) -> DutyQuerySet:
        return self.filter(project__in=Project.objects.public())

    def inside(self, seat: Any) -> DutyQuerySet:
        return self.filter(project__in=Project.objects.inside(seat))

    def visible_to(self, seat: Any) -> DutyQuerySet:
        return self.filter(project__in=Project.objects.visible_to(seat))

    def standing(self) -> DutyQuerySet:
        return self.exclude(state="VOID")

    def overdue(self, on: date | None = None) -> DutyQuerySet:
        """Not done although the day has passed."""
        return self.filter(state="OPEN", due_on__lt=on or timezone.localdate())

    def late(self, on: date | None = None) -> DutyQuerySet:
        """Overdue, or done after the day."""
        day = on or timezone.localdate()
        return self.standing().filter(Q(state="OPEN", due_on__lt=day) | Q(state="DONE", done_on__gt=F("due_on")))

    def fallen_due(self, on: date | None = None) -> DutyQuerySet:
        """Done, or due by now: what on-time rates are counted over."""
        return self.standing().filter(Q(state="DONE") | Q(due_on__lt=on or timezone.localdate()))


class Duty(Acted):
    """One thing owed within a project: announcing, accepting, paying, or what was promised (domain.md, tasks 14-18)."""

    class State(models.TextChoices):
        OPEN = "OPEN", "未完成"
        DONE = "DONE", "已完成"
        VOID = "VOID", "不再需要"

    project = models.ForeignKey(Project, models.PROTECT, related_name="duties", verbose_name="项目")
    code = models.CharField("事项代码", max_length=30, blank=True)
    text = models.CharField("责任事项", max_length=500)
    stage = models.CharField("阶段", max_length=20, blank=True)
    owner = models.ForeignKey(Subject, models.PROTECT, null=True, related_name="duties", verbose_name="责任单位")
    amount_wan = models.DecimalField("金额（万元）", max_digits=18, decimal_places=6, null=True, blank=True)
    basis = models.CharField("依据", max_length=300, blank=True)
    starts_on = models.DateField("起算日期")
    due_on = models.DateField("期限")
    due_explain = models.JSONField("期限说明", default=list)
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    done_on = models.DateField("完成日期", null=True, blank=True)
    note = models.CharField("完成情况", max_length=500, blank=True)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    updated_at = models.DateTimeField("更新时间", default=timezone.now)

    objects = DutyQuerySet.as_manager()
    lock_with = ("project", "project__unit", "project__source_unit", "owner")

    class Meta:
        verbose_name = verbose_name_plural = "责任事项"
        indexes = [
            models.Index(fields=["project", "due_on"], name="duty_project"),
            models.Index(fields=["state", "due_on"], name="duty_due"),
            models.Index(fields=["owner", "code"], name="duty_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.text}（{self.project.name}）"

    @property
    def spec(self) -> DutySpec | None:
        """Its entry in the plan; None for what was written in by hand."""
        return next((d for d in self.project.plan.duties if d.code == self.code), None)

    @property
    def is_late(self) -> bool:
        if self.state == "VOID":
            return False
        return (self.done_on or timezone.localdate()) > self.due_on

    @property
    def days_late(self) -> int:
        return max(((self.done_on or timezone.localdate()) - self.due_on).days, 0) if self.is_late else 0

    def within(self, by: Any) -> bool:
        return self.project.within(by)

    def refuses(self, spec: Any, by: Any) -> str:
        return "" if self.within(by) else "不在您的管理范围内"

    @act("duty.set", label="登记责任事项", right="sector.enter", creates=True, button=False)
    def set(self, *, by: Any) -> None:
        """Write down what is owed and by when: by the plan's clock, or by the day that was promised."""
        if self.project.state not in ("DRAFT", "OPEN"):
            raise ValidationError("项目已经结束，不能再登记责任事项")
        if spec := self.spec:
            self._by_plan(spec)
        elif missed := self.project.plan.refusal(self.project.facts, release=True):
            raise ValidationError("；".join(missed.values()))
        elif self.due_on < self.starts_on:
            raise ValidationError({"due_on": f"期限不能早于承诺日期（{self.starts_on}）"})
        self.due_explain = self.due_explain or [f"按承诺，应于 {self.due_on} 前完成"]
        self.entered_by = by.user if by.user_id else None

    def _by_plan(self, spec: DutySpec) -> None:
        facts = self.project.facts
        self.text, self.stage, self.basis = spec.name, spec.stage, spec.basis
        self.owner = getattr(self.project, spec.owes)
        if start := facts.get(spec.not_after):
            self.starts_on = min(self.starts_on, date.fromisoformat(start))
        if spec.due:
            self.due_on = date.fromisoformat(facts[spec.due])
            self.due_explain = [f"约定日期为 {self.due_on}"]
        elif agreed := facts.get(spec.days):
            if agreed > spec.most:
                raise ValidationError({spec.days: f"约定的期限最长 {spec.most} 日（{spec.basis}）"})
            found = reckon(
                self.starts_on, agreed, "DAY", work_calendar(), label=spec.name, basis=f"合同约定，{spec.basis}"
            )
            self.due_on, self.due_explain = found.on, found.explain
        else:
            found = deadline(spec.clock, self.starts_on, term=spec.term)
            self.due_on, self.due_explain = found.on, found.explain

    @act(
        "duty.done",
        label="登记完成",
        right="sector.enter",
        source=["OPEN"],
        target="DONE",
        form=("done_on", "done_note"),
    )
    def fulfil(self, *, by: Any, done_on: date, done_note: str = "") -> None:
        """It was done, on which day; late stays late."""
        if not self.starts_on <= done_on <= timezone.localdate():
            raise ValidationError({"done_on": f"应在 {self.starts_on} 至今天之间"})
        self.done_on, self.note, self.updated_at = done_on, done_note.strip()[:500], timezone.now()

    @act("duty.voided", label="不再需要", right="sector.release", source=["OPEN"], target="VOID", form=("reason",))
    def void(self, *, by: Any, reason: str) -> None:
        """It is no longer owed, such as when the contract was lawfully ended; a second person says so, and why."""
        self.note, self.updated_at = reason.strip()[:500], timezone.now()

    @act("duty.postponed", label="变更期限", right="sector.release", source=["OPEN"], form=("new_due_on", "ground"))
    def postpone(self, *, by: Any, new_due_on: date, ground: str) -> dict[str, str]:
        """Another day was lawfully agreed; a change of government or of officials is no ground (优化营商环境条例 31)."""
        if not ground.strip():
            raise ValidationError({"ground": "请写明变更期限的依据"})
        if word := NO_GROUND.search(ground):
            raise ValidationError({"ground": f"不得以{word[0]}为由变更期限（优化营商环境条例第三十一条）"})
        if new_due_on <= self.due_on:
            raise ValidationError({"new_due_on": f"应晚于原期限（{self.due_on}）"})
        self.due_explain = [*self.due_explain, f"经{ground.strip()}，期限由 {self.due_on} 变更为 {new_due_on}"]
        self.due_on, self.updated_at = new_due_on, timezone.now()
        return {"ground": ground.strip()}
