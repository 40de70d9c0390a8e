"""信用评价: scheme versions approved by two people, and the grades organisations got by them (tasks 14, 17).

A grade informs; it never debars: that needs a statutory decision (政府采购法 77-78).
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.catalogue import SECTORS
from integrity.models import Subject
from sectors.evaluation import LETTERS, evaluate, schemes


class SchemeQuerySet(ActedQuerySet):
    """Approved schemes are public: whoever is graded may know how."""

    def public(self) -> SchemeQuerySet:
        return self.filter(state__in=("APPROVED", "ENDED"))

    def visible_to(self, seat: Any) -> SchemeQuerySet:
        return self if seat.rights & {"sector.enter", "sector.release"} else self.public()

    def in_force(self) -> SchemeQuerySet:
        return self.filter(state="APPROVED")


class Scheme(Acted):
    """评价方案: one version of how a sector grades one role: indicators, weights, bounds, basis (task 14)."""

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", "待批准"
        APPROVED = "APPROVED", "已批准"
        ENDED = "ENDED", "已停用"

    code = models.CharField("方案", max_length=30)
    edition = models.PositiveIntegerField("版本")
    sector = models.CharField("领域", max_length=12, choices=list(SECTORS.items()))
    name = models.CharField("名称", max_length=100)
    text = models.JSONField("指标、权重和等次")
    doc_no = models.CharField("批准文号", max_length=100)
    valid_from = models.DateField("施行日期")
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    approved_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="批准人"
    )

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "信用评价方案"
        constraints = [
            models.UniqueConstraint(fields=["code", "edition"], name="one_scheme_per_edition"),
            models.UniqueConstraint(fields=["code"], condition=Q(state="APPROVED"), name="one_scheme_in_force"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("entered_by")),
                name="scheme_two_people",
                violation_error_message="评价方案须由两人办理",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（第 {self.edition} 版）"

    def get_absolute_url(self) -> str:
        return f"/desk/sector/{self.sector}/grades/"

    def refuses(self, spec: Any, by: Any) -> str:
        return "" if by.role.code == "CREDIT_CITY" else "评价方案由市信用办提出和批准"

    @act("scheme.proposed", label="提出评价方案", right="sector.enter", creates=True, button=False)
    def propose(self, *, by: Any) -> None:
        """Put the text that stands in the sector's file forward as the next version, with its document."""
        if self.code not in schemes():
            raise ValidationError({"code": "没有这个评价方案"})
        self.text = schemes()[self.code]
        self.sector, self.name = self.text["sector"], self.text["name"]
        last = Scheme.objects.filter(code=self.code).order_by("-edition").first()
        if last and last.text == self.text and last.state != "ENDED":
            raise ValidationError({"code": f"内容与{last}相同，不需要新版本"})
        self.edition, self.entered_by = (last.edition if last else 0) + 1, by.user

    @act("scheme.approved", label="批准方案", right="sector.release", source=["PROPOSED"], target="APPROVED")
    def approve(self, *, by: Any) -> None:
        """A second person puts the version in force; the one before has to be ended first."""
        if Scheme.objects.in_force().filter(code=self.code).exists():
            raise ValidationError("请先停用正在施行的版本")
        self.approved_by = by.user

    @act("scheme.ended", label="停用方案", right="sector.release", source=["PROPOSED", "APPROVED"], target="ENDED", form=("reason",))  # fmt: skip
    def end(self, *, by: Any, reason: str) -> dict[str, str]:
        """Grades given by it stay; new ones need another version."""
        return {"reason": reason.strip()}


class GradeQuerySet(ActedQuerySet):
    """Confirmed grades of organisations are public; drafts stay with the unit that reckons them."""

    def public(self) -> GradeQuerySet:
        return self.filter(state="CONFIRMED")

    def inside(self, seat: Any) -> GradeQuerySet:
        role = seat.role
        if role.automatic or role.code in ("CREDIT_CITY", "AUDITOR", "LEADER"):
            return self.all()
        if role.scope == "own unit" and seat.org_id and seat.rights & {"sector.enter", "sector.release"}:
            return self.filter(Q(source_unit_id=seat.org_id) | Q(subject_id=seat.org_id, state="CONFIRMED"))
        return self.none()

    def visible_to(self, seat: Any) -> GradeQuerySet:
        return self.filter(Q(pk__in=self.model.objects.inside(seat).values("pk")) | Q(state="CONFIRMED"))

    def newest(self) -> GradeQuerySet:
        """The latest confirmed grade of each subject by each scheme."""
        rows = self.filter(state="CONFIRMED").order_by("subject", "scheme__code", "-until", "-confirmed_at")
        return self.filter(pk__in=rows.distinct("subject", "scheme__code").values("pk"))


class Grade(Acted):
    """信用等级: what an organisation got for a period by one scheme version, with every case counted (task 14)."""

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", "待确认"
        CONFIRMED = "CONFIRMED", "已确认"
        WITHDRAWN = "WITHDRAWN", "已撤回"

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="grades", verbose_name="评价方案")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="grades", verbose_name="被评价单位")
    since = models.DateField("评价期起")
    until = models.DateField("评价期止")
    parts = models.JSONField("各项指标", default=list)
    score = models.DecimalField("得分", max_digits=5, decimal_places=2)
    letter = models.CharField("等级", max_length=1, choices=[(x, x) for x in LETTERS])
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    source_unit = models.ForeignKey(Subject, models.PROTECT, related_name="+", verbose_name="评价单位")
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="评价人")
    confirmed_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="确认人"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)

    objects = GradeQuerySet.as_manager()
    lock_with = ("scheme", "subject", "source_unit")

    class Meta:
        verbose_name = verbose_name_plural = "信用等级"
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="grade_period_runs_forward"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("entered_by")),
                name="grade_two_people",
                violation_error_message="信用等级须由两人办理",
            ),
        ]
        indexes = [models.Index(fields=["subject", "state"], name="grade_subject")]

    def __str__(self) -> str:
        return f"{self.subject.name} {self.letter}（{self.since} 至 {self.until}）"

    def get_absolute_url(self) -> str:
        return f"/desk/sector/{self.scheme.sector}/grades/"

    def interested(self) -> set[Any]:
        return {self.subject_id}

    def within(self, by: Any) -> bool:
        return by.role.automatic or by.role.code == "CREDIT_CITY" or by.org_id == self.source_unit_id

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.creates:
            return "" if by.org_id and by.org_id != self.subject_id else "不能评价本单位"
        return "" if self.within(by) else "不在您的管理范围内"

    @act("grade.reckoned", label="评价", right="sector.enter", creates=True, button=False)
    def reckon(self, *, by: Any) -> None:
        """Count the cases of the period by the scheme in force; too few of them give no grade."""
        if self.scheme.state != "APPROVED":
            raise ValidationError({"scheme": "评价方案尚未批准或者已停用，不能评价"})
        if not self.subject.is_organisation:
            raise ValidationError({"subject": "只评价单位，不评价个人"})
        if not self.since <= self.until <= timezone.localdate():
            raise ValidationError({"until": "评价期应当先起后止，且不晚于今天"})
        result = evaluate(self.scheme.text, self.subject, self.since, self.until)
        self.parts, self.score, self.letter = result.parts, result.score, result.letter
        self.source_unit, self.entered_by = by.org, by.user

    @act("grade.confirmed", label="确认等级", right="sector.release", source=["PROPOSED"], target="CONFIRMED",
         confirm="确认后等级向社会公开；等级只供参考，不限制参加采购或者投标")  # fmt: skip
    def confirm(self, *, by: Any) -> None:
        """A second person has looked at the cases; the grade is public from now on."""
        self.confirmed_by, self.confirmed_at = by.user, timezone.now()

    @act("grade.withdrawn", label="撤回等级", right="sector.release", source=["PROPOSED", "CONFIRMED"], target="WITHDRAWN", form=("reason",))  # fmt: skip
    def withdraw(self, *, by: Any, reason: str) -> dict[str, str]:
        """A case was counted wrongly: the grade is no longer shown."""
        return {"reason": reason.strip()}
