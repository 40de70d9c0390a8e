"""考核: a scheme approved by two people and frozen, and every unit's score with the items it rests on (task 11)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.ledger.feed import sealed_size
from integrity.models import Kind, Matter, Subject, as_rule
from integrity.models.redress import credit_office
from supervision.models.motion.fields import Said
from supervision.vertical import scoring

SEES_ALL = ("CREDIT_CITY", "AUDITOR", "LEADER")


class AssessmentQuerySet(ActedQuerySet):
    """Drafts are the credit office's; a frozen scheme is every unit's; the public sees it once published."""

    def public(self) -> AssessmentQuerySet:
        return self.filter(state="PUBLISHED")

    def visible_to(self, seat: Any) -> AssessmentQuerySet:
        if seat.role.automatic or seat.role_code in SEES_ALL:
            return self
        return (
            self.filter(state__in=("FROZEN", "RECKONED", "PUBLISHED"))
            if seat.role.staff and seat.org_id
            else self.public()
        )


class Assessment(Acted):
    """考核方案: the indicators of a year with weights and sources; its digest is the formula's version."""

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", "待批准"
        REFUSED = "REFUSED", "未批准"
        FROZEN = "FROZEN", "已冻结"
        RECKONED = "RECKONED", "已计分"
        PUBLISHED = "PUBLISHED", "已公布"

    year = models.PositiveSmallIntegerField("考核年度")
    name = models.CharField("方案名称", max_length=100)
    doc_no = models.CharField("批准文号", max_length=100)
    indicators = models.JSONField("指标", default=list)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    digest = models.CharField("公式版本", max_length=64, blank=True)
    totals_public = models.BooleanField("公布各单位得分", default=False)
    summary = models.TextField("年度综述", blank=True)
    reckoned_at = models.DateTimeField("计分时间", null=True)
    checkpoint = models.PositiveBigIntegerField("计分时的日志条目数", null=True)
    published_at = models.DateTimeField("公布时间", null=True)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    approved_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="批准人"
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "考核方案"
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("entered_by")), name="assessment_two_people",
                violation_error_message="考核方案须由两人批准",
            ),
            models.UniqueConstraint(
                fields=["year"], condition=Q(state__in=("FROZEN", "RECKONED", "PUBLISHED")), name="assessment_of_a_year",
                violation_error_message="该年度已有冻结的考核方案",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.year} 年度{self.name}"

    def refuses(self, spec: Any, by: Any) -> str:
        if not by.role.automatic and by.role_code != "CREDIT_CITY":
            return "由市信用办办理"
        if spec.verb in ("assessment.approved", "assessment.refused") and by.user_id == self.entered_by_id:
            return "本人提出的方案，须由他人批准"
        return ""

    @act("assessment.proposed", label="提出考核方案", right="setting.change", creates=True, form=("indicators_text",))
    def propose(self, *, by: Any, indicators_text: str) -> None:
        """Indicators, weights and sources of a year; nothing counts that is not in an approved scheme (乡镇工作条例 19、27)."""
        self.indicators, self.entered_by = scoring.indicators_of(indicators_text), by.user

    @act("assessment.approved", label="批准并冻结", right="setting.change", source=["PROPOSED"], target="FROZEN")
    def approve(self, *, by: Any) -> None:
        """A second person approves; from now on nobody changes it."""
        self.approved_by = by.user
        text = json.dumps([self.year, self.indicators], ensure_ascii=False, sort_keys=True)
        self.digest = hashlib.sha256(text.encode()).hexdigest()

    @act(
        "assessment.refused",
        label="不批准",
        right="setting.change",
        source=["PROPOSED"],
        target="REFUSED",
        form=("reason",),
    )
    def refuse(self, *, by: Any, reason: str) -> dict[str, str]:
        """The second person says no."""
        return {"reason": reason}

    @act("assessment.reckoned", label="计分", right="setting.change", source=["FROZEN", "RECKONED"], target="RECKONED")
    def reckon(self, *, by: Any) -> None:
        """Count every unit's items anew; scores under objection keep what was settled about them."""
        found = scoring.collect(self.indicators, self.year)
        known = {s.unit_id: s for s in Score.objects.filter(assessment=self)}
        for unit in Subject.objects.filter(pk__in=found):
            if unit.pk not in known:
                Score(assessment=self, unit=unit).enter(by=by, items=found[unit.pk])
            elif known[unit.pk].state == "RECKONED":
                known[unit.pk].renew(by=by, items=found[unit.pk])
        self.reckoned_at, self.checkpoint = timezone.now(), sealed_size()

    @act(
        "assessment.published", label="公布", right="setting.change", source=["RECKONED"], target="PUBLISHED",
        form=("year_summary", "totals_public"), confirm="公布后不再计分；方案和年度综述公开，各单位得分依所选公开。",
    )  # fmt: skip
    def publish(self, *, by: Any, year_summary: str, totals_public: bool) -> None:
        """The yearly summary; totals of units as far as the city decides."""
        if Score.objects.filter(assessment=self, state="OBJECTED").exists():
            raise ValidationError("还有未答复的得分异议")
        if not year_summary.strip():
            raise ValidationError({"year_summary": "请填写年度综述"})
        self.summary, self.totals_public, self.published_at = year_summary.strip(), totals_public, timezone.now()


class ScoreQuerySet(ActedQuerySet):
    """A unit sees its own score, a county those of its area; the public totals where that was decided."""

    def public(self) -> ScoreQuerySet:
        return self.filter(assessment__state="PUBLISHED", assessment__totals_public=True)

    def inside(self, seat: Any) -> ScoreQuerySet:
        if seat.role.automatic or seat.role_code in SEES_ALL:
            return self
        if not seat.org_id or not seat.role.staff:
            return self.none()
        mine = Q(unit_id=seat.org_id)
        return self.filter(
            mine | Q(unit__area__path__startswith=seat.org.area.path) if seat.role.scope == "county" else mine
        )

    def visible_to(self, seat: Any) -> ScoreQuerySet:
        return self.public() if seat.role_code == "PUBLIC" else self.inside(seat)


class Score(Acted):
    """考核得分: a unit's points by indicator and every item they rest on."""

    class State(models.TextChoices):
        RECKONED = "RECKONED", "已计分"
        OBJECTED = "OBJECTED", "异议处理中"
        SETTLED = "SETTLED", "异议已答复"

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="scores", verbose_name="考核方案")
    unit = models.ForeignKey(Subject, models.PROTECT, related_name="scores", verbose_name="单位")
    state = models.CharField("状态", max_length=10, choices=State, default=State.RECKONED)
    total = models.DecimalField("总分", max_digits=6, decimal_places=2, default=0)
    points = models.JSONField("各项得分", default=dict)
    items = models.JSONField("计分事项", default=list)
    excluded = models.JSONField("异议成立不计入的事项", default=list)
    matter = models.OneToOneField(Matter, models.PROTECT, null=True, related_name="score", verbose_name="异议")
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="计分人")

    objects = ScoreQuerySet.as_manager()
    matter_acts = ("urge", "escalate")
    lock_with = ("assessment", "unit", "matter")

    class Meta:
        verbose_name = verbose_name_plural = "考核得分"
        constraints = [models.UniqueConstraint(fields=["assessment", "unit"], name="one_score_a_unit")]

    def __str__(self) -> str:
        return f"{self.unit.name} {self.assessment.year} 年度得分 {self.total}"

    def refuses(self, spec: Any, by: Any) -> str:
        if by.role.automatic:
            return ""
        if spec.verb == "score.objected":
            return "" if by.org_id == self.unit_id else "由被考核单位提出"
        return "" if by.role_code == "CREDIT_CITY" else "由市信用办办理"

    def _count(self, items: list[dict[str, Any]]) -> None:
        self.items = [i for i in items if i["uid"] not in self.excluded]
        self.total, self.points = scoring.total(self.assessment.indicators, self.items)

    def by_indicator(self) -> list[tuple[dict[str, str], str, list[dict[str, Any]]]]:
        """Each indicator with its points and items."""
        return [
            (i, self.points.get(i["code"], ""), [x for x in self.items if x["indicator"] == i["code"]])
            for i in self.assessment.indicators
        ]

    def sections(self, seat: Any) -> list[tuple[str, list[Said]]]:
        """The score under objection."""
        lines = [Said("总分", self.total)] + [Said(i["name"], f"{p}（{len(x)} 项）") for i, p, x in self.by_indicator()]
        return [("考核得分", lines)]

    @act("score.entered", label="计分", right="setting.change", creates=True, button=False)
    def enter(self, *, by: Any, items: list[dict[str, Any]]) -> None:
        """A unit's score by the frozen scheme."""
        if self.assessment.state not in ("FROZEN", "RECKONED"):
            raise ValidationError("方案没有冻结或者已经公布，不能计分")
        self.entered_by = by.user
        self._count(items)

    @act("score.renewed", label="重新计分", right="setting.change", source=["RECKONED"], button=False)
    def renew(self, *, by: Any, items: list[dict[str, Any]]) -> None:
        """Counted anew while nobody objects and nothing is published."""
        if self.assessment.state == "PUBLISHED":
            raise ValidationError("考核结果已经公布")
        self._count(items)

    @act(
        "score.objected",
        label="提出得分异议",
        right="matter.file",
        source=["RECKONED"],
        target="OBJECTED",
        form=("reason",),
    )
    def object(self, *, by: Any, reason: str) -> dict[str, str]:
        """The unit says which items are wrong; answered within its clock."""
        if self.assessment.state != "RECKONED":
            raise ValidationError("考核结果已经公布，不再受理异议")
        office = credit_office(self.unit)
        matter = Matter(
            kind=Kind.objects.get(code="KH01"), title=f"考核得分异议：{self.unit.name}", text=reason, applicant=self.unit,
            unit=office, received_unit=office,
        )  # fmt: skip
        self.matter = matter.receive(by=as_rule(by))
        return {"reason": reason}

    @act(
        "score.settled",
        label="答复异议",
        right="setting.change",
        source=["OBJECTED"],
        target="SETTLED",
        form=("uncounted", "reply"),
    )
    def settle(self, *, by: Any, uncounted: str = "", reply: str = "") -> None:
        """Named items no longer count, or the score stands; either way with the reason."""
        named = {n.strip() for n in uncounted.replace("，", "、").split("、") if n.strip()}
        if unknown := named - {i["number"] for i in self.items}:
            raise ValidationError({"uncounted": f"得分中没有编号 {'、'.join(sorted(unknown))}"})
        self.excluded = [i["uid"] for i in self.items if i["number"] in named]
        self._count(self.items)
        self.matter.respond(by=as_rule(by), outcome="成立，已调整" if named else "不成立", reply=reply)
        self.matter.close(by=as_rule(by))
