"""重点领域项目: one procurement, PPP project, tender or investment promise, stage by stage (tasks 14-18)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.catalogue import SECTORS
from integrity.codes import public_number
from integrity.facts import check, public_facts
from integrity.models import Subject
from sectors.plan import Plan, Stage, plans

SHOWN = ("OPEN", "ENDED", "BROKEN_OFF")


class ProjectQuerySet(ActedQuerySet):
    """Released projects of public kinds are everybody's; drafts are seen by the unit that entered them and its superiors."""

    def public(self) -> ProjectQuerySet:
        return self.filter(state__in=SHOWN, kind__in=[p.code for p in plans().values() if p.public])

    def inside(self, seat: Any) -> ProjectQuerySet:
        return self.filter(_inside(seat))

    def visible_to(self, seat: Any) -> ProjectQuerySet:
        return self.filter(_inside(seat) | Q(pk__in=self.model.objects.public().values("pk")))

    def search(self, query: str) -> ProjectQuerySet:
        """Part of the name, or the exact number."""
        text = query.strip()
        return self.filter(Q(name__icontains=text) | Q(number=text.upper()) | Q(reference=text))

    def of(self, subject: Any) -> ProjectQuerySet:
        """What a subject takes part in."""
        return self.filter(Q(unit=subject) | Q(partner=subject) | Q(agent=subject))


def _inside(seat: Any) -> Q:
    role, org = seat.role, seat.org_id
    if role.automatic or role.code in ("CREDIT_CITY", "AUDITOR", "LEADER"):
        return ~Q(pk=None)
    if role.code == "COMPANY_REP" and org:
        return Q(state__in=SHOWN) & (Q(partner_id=org) | Q(agent_id=org))
    if role.scope == "county" and org:
        return Q(source_unit__area__path__startswith=seat.org.area.path)
    if role.scope in ("own unit", "managed") and org:
        return Q(source_unit_id=org) | Q(unit_id=org)
    return Q(pk__in=[])


class Project(Acted):
    """One undertaking between a public body and others: who, what for, how much, how far (domain.md, tasks 14-18)."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", "待复核"
        RETURNED = "RETURNED", "退回"
        OPEN = "OPEN", "进行中"
        ENDED = "ENDED", "已完成"
        BROKEN_OFF = "BROKEN_OFF", "已终止"
        WITHDRAWN = "WITHDRAWN", "已撤回"

    number = models.CharField("编号", max_length=40, unique=True)
    sector = models.CharField("领域", max_length=12, choices=list(SECTORS.items()))
    kind = models.CharField("项目类型", max_length=20)
    reference = models.CharField("项目编号", max_length=100, blank=True, help_text="采购、招标或者合同上的编号")
    name = models.CharField("项目名称", max_length=200)
    unit = models.ForeignKey(Subject, models.PROTECT, null=True, related_name="projects", verbose_name="政府方单位")
    unit_name = models.CharField("政府方单位名称", max_length=200)
    partner = models.ForeignKey(Subject, models.PROTECT, null=True, related_name="won_projects", verbose_name="相对方")
    partner_name = models.CharField("相对方名称", max_length=200, blank=True)
    agent = models.ForeignKey(
        Subject, models.PROTECT, null=True, related_name="agency_projects", verbose_name="代理机构"
    )
    agent_name = models.CharField("代理机构名称", max_length=200, blank=True)
    amount_wan = models.DecimalField("金额（万元）", max_digits=18, decimal_places=6, null=True, blank=True)
    amount_hidden = models.BooleanField("金额不公开", default=False, help_text="相对方要求保密的金额")
    facts = models.JSONField("数据项", default=dict)
    stage = models.CharField("阶段", max_length=20)
    stage_on = models.DateField("进入阶段日期")
    stages = models.JSONField("经过的阶段", default=list)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    source_unit = models.ForeignKey(Subject, models.PROTECT, related_name="+", verbose_name="信息提供单位")
    ended_on = models.DateField("结束日期", null=True, blank=True)
    ended_reason = models.CharField("结束原因", max_length=300, blank=True)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="录入人")
    released_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="复核人"
    )
    released_at = models.DateTimeField("公开时间", null=True, blank=True)
    updated_at = models.DateTimeField("更新时间", default=timezone.now)

    objects = ProjectQuerySet.as_manager()
    lock_with = ("unit", "partner", "agent", "source_unit", "source_unit__area")

    class Meta:
        verbose_name = verbose_name_plural = "重点领域项目"
        constraints = [
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("entered_by")),
                name="project_two_people",
                violation_error_message="项目须由一人录入、另一人复核",
            ),
        ]
        indexes = [
            models.Index(fields=["sector", "-stage_on", "id"], name="project_sector"),
            models.Index(fields=["unit", "sector"], name="project_unit"),
            models.Index(fields=["partner"], name="project_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.number}）"

    def get_absolute_url(self) -> str:
        return f"/desk/sector/{self.pk}/"

    @property
    def public_url(self) -> str:
        return f"/sector/{self.sector}/{self.number}"

    @property
    def plan(self) -> Plan:
        return plans()[self.kind]

    @property
    def stage_name(self) -> str:
        return self.plan.stage(self.stage).name

    def way(self) -> list[tuple[Stage, date | None, list[tuple[str, Any]]]]:
        """Every stage with its day, if it was reached, and what of it may be shown."""
        days = {code: date.fromisoformat(on) for code, on in self.stages}
        return [(s, days.get(s.code), public_facts(s.facts, self.facts)) for s in self.plan.stages]

    def lines(self) -> list[tuple[str, Any]]:
        """What of the project itself may be shown."""
        return public_facts(self.plan.facts, self.facts)

    def within(self, by: Any) -> bool:
        return by.role.automatic or by.role.code == "CREDIT_CITY" or by.org_id in (self.source_unit_id, self.unit_id)

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.creates:
            return "" if by.org_id else "岗位没有所属单位，不能录入"
        return "" if self.within(by) else "不在您的管理范围内"

    # ---- entry and release ----

    @act("project.entered", label="录入项目", right="sector.enter", creates=True, button=False)
    def enter(self, *, by: Any, on: date, values: Mapping[str, Any], stage: str = "") -> None:
        """Write a project down at its first stage, or where it has come to; public once a second person has released it."""
        plan = self.plan
        begun = plan.stage(stage) if stage else plan.stages[0]
        self.sector, self.source_unit, self.entered_by = plan.sector, by.org, by.user
        self.number = public_number(f"RZ-{plan.prefix}", timezone.localdate().year)
        self._name_parties()
        self._take(begun, on, values, plan.facts)

    @act("project.amended", label="修改项目", right="sector.enter", source=["DRAFT", "RETURNED"], target="DRAFT", button=False)  # fmt: skip
    def amend(self, *, by: Any, values: Mapping[str, Any], **columns: Any) -> None:
        """Change a project that nobody has released yet."""
        self._put(columns, values)

    @act("project.corrected", label="更正项目", right="sector.release", source=SHOWN, button=False)
    def correct(self, *, by: Any, reason: str, values: Mapping[str, Any], **columns: Any) -> dict[str, str]:
        """A second person puts right what stands in public, with the reason."""
        if not reason.strip():
            raise ValidationError({"reason": "请写明更正理由"})
        self._put(columns, values)
        return {"reason": reason.strip()}

    def _put(self, columns: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        for name, value in columns.items():
            setattr(self, name, value)
        self._name_parties()
        reached = {code for code, _ in self.stages}
        facts = (*self.plan.facts, *(f for s in self.plan.stages if s.code in reached for f in s.facts))
        self.facts = _checked(facts, values)
        self._ask()
        self.updated_at = timezone.now()

    def _ask(self) -> None:
        if missed := self.plan.refusal(self.facts, release=self.state in SHOWN):
            raise ValidationError(missed)

    @act("project.released", label="复核公开", right="sector.release", source=["DRAFT"], target="OPEN")
    def release(self, *, by: Any) -> None:
        """A second person has compared it with the papers; from now on it is public."""
        if missed := self.plan.refusal(self.facts, release=True):
            raise ValidationError("；".join(missed.values()))
        self.released_by, self.released_at, self.updated_at = by.user, timezone.now(), timezone.now()

    @act("project.returned", label="退回修改", right="sector.release", source=["DRAFT"], target="RETURNED", form=("reason",))  # fmt: skip
    def return_(self, *, by: Any, reason: str) -> dict[str, str]:
        """Back to the clerk with what is wrong."""
        return {"reason": reason.strip()}

    # ---- the way through the stages ----

    @act("project.advanced", label="进入阶段", right="sector.enter", source=["DRAFT", "OPEN"], button=False)
    def advance(self, *, by: Any, stage: str, on: date, values: Mapping[str, Any], **columns: Any) -> dict[str, str]:
        """Enter a later stage with its day and facts; the duties of the stage begin (rule, tasks 14-18)."""
        following = {s.code: s for s in self.plan.after(self.stage)}
        if stage not in following:
            raise ValidationError({"stage": f"“{self.stage_name}”之后没有这个阶段"})
        if on < self.stage_on:
            raise ValidationError({"on": f"不能早于上一阶段的日期（{self.stage_on}）"})
        for name in following[stage].sets:
            if columns.get(name) is not None:
                setattr(self, name, columns[name])
        self._name_parties()
        self._take(following[stage], on, values)
        return {"stage": stage}

    def _take(self, stage: Stage, on: date, values: Mapping[str, Any], more: tuple[Any, ...] = ()) -> None:
        if on > timezone.localdate():
            raise ValidationError({"on": f"{stage.day}不能晚于今天"})
        self.facts = self.facts | _checked((*more, *stage.facts), values)
        self._ask()
        self.stage, self.stage_on, self.updated_at = stage.code, on, timezone.now()
        self.stages = [*self.stages, [stage.code, on.isoformat()]]

    def _name_parties(self) -> None:
        """Keep the names of that time as text; natural persons are no party that could stand in public."""
        for name in ("unit", "partner", "agent"):
            if (row := getattr(self, name)) is not None:
                if not row.is_organisation:
                    raise ValidationError({name: "只登记单位，自然人不在公开项目中登记"})
                setattr(self, f"{name}_name", row.name)
        if self.amount_wan not in (None, ""):
            self.amount_wan = Decimal(self.amount_wan)
        self.unit_name = self.unit_name.strip()
        if not self.unit_name:
            raise ValidationError({"unit": f"请填写{self.plan.unit}"})

    # ---- the end ----

    @act("project.ended", label="完成", right="sector.enter", source=["OPEN"], target="ENDED", form=("done_note",))
    def end(self, *, by: Any, done_note: str = "") -> None:
        """Everything promised has been done; open duties forbid it."""
        if self.duties.filter(state="OPEN").exists():
            raise ValidationError("还有未完成的责任事项，不能办理完成")
        self._stop(done_note)

    @act("project.broken_off", label="终止", right="sector.release", source=["OPEN"], target="BROKEN_OFF", form=("reason",))  # fmt: skip
    def break_off(self, *, by: Any, reason: str) -> None:
        """It will not go on; why is public."""
        self._stop(reason)

    @act(
        "project.withdrawn", label="撤回", right="sector.release", source=["DRAFT", "RETURNED", *SHOWN], target="WITHDRAWN",
        form=("reason",), confirm="撤回后不再公开，仅用于录入错误",
    )  # fmt: skip
    def withdraw(self, *, by: Any, reason: str) -> None:
        """It should not have been written down at all."""
        self._stop(reason)

    def _stop(self, reason: str) -> None:
        self.ended_on, self.ended_reason, self.updated_at = timezone.localdate(), reason.strip()[:300], timezone.now()


def _checked(facts: tuple[Any, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """The clean facts; raises ValidationError by field."""
    clean, wrong = check(facts, values)
    if wrong:
        raise ValidationError({name: str(bad) for name, bad in wrong.items()})
    return clean
