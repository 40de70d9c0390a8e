"""政务公开: what must be published, answered and reported by a day; correction orders; yearly figures of lawful administration (task 6)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.indicators import INDICATORS
from agencies.models.clocked import Clocked, Own, OwnQuerySet
from integrity.acts import act
from integrity.codes import personal_data
from integrity.models import deadline

GOVERNMENTS = ("GOVERNMENT", "TOWNSHIP", "COMMITTEE_ZONE")


class Disclosure(Clocked):
    """公开事项: information to publish, a request to answer, or the yearly report, each with its statutory day (条例 26, 33, 49)."""

    class Kind(models.TextChoices):
        ACTIVE = "ACTIVE", "主动公开"
        REQUEST = "REQUEST", "依申请公开"
        REPORT = "REPORT", "年度报告"

    kind = models.CharField("类型", max_length=7, choices=Kind)
    title = models.CharField("名称", max_length=200, help_text="依申请公开的填写受理编号和内容概述，不写申请人信息")
    extended = models.PositiveSmallIntegerField("延长", default=0, help_text="工作日")
    url = models.URLField("公开地址", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "公开事项"
        constraints = [models.UniqueConstraint(
            fields=["agency", "started_on"], condition=Q(kind="REPORT"), name="one_report_a_year",
            violation_error_message="本单位该年度的年度报告已登记",
        )]  # fmt: skip
        indexes = [
            models.Index(fields=["due_on"], condition=Q(state="OPEN"), name="disclosure_due"),
            models.Index(fields=["agency", "kind", "started_on"], name="disclosure_agency"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def year(self) -> int:
        return self.started_on.year

    def _count(self) -> None:
        clock = {"ACTIVE": "D36", "REQUEST": "D37", "REPORT": "D38"}[self.kind]
        term = int(self.kind == "REPORT" and self.agency.agency_kind in GOVERNMENTS)
        end = deadline(clock, self.started_on, term=term, extension=self.extended)
        self.due_on, self.due_explain = end.on, end.explain

    @act("disclosure.entered", label="登记公开事项", right="service.enter", creates=True)
    def enter(self, *, by: Any) -> None:
        """Made, received, or the year is over: the statutory term begins to run (条例 26, 33, 49)."""
        if self.agency.form != "AGENCY":
            raise ValidationError({"agency": "公开事项属于政府机构"})
        if self.kind == "REPORT":
            self.started_on = date(self.started_on.year, 12, 31)
        elif self.started_on > timezone.localdate():
            raise ValidationError({"started_on": "形成或者收到日期不能晚于今天"})
        if found := personal_data(self.title):
            raise ValidationError({"title": f"含有疑似个人信息（{found[0]}），请改写"})
        self.entered_by = by.user if by.user_id else None
        self._count()

    @act("disclosure.extended", label="延长答复期限", right="service.release", source=["OPEN"], form=("reason",))
    def extend(self, *, by: Any, reason: str) -> dict[str, str]:
        """Once, by twenty working days at most, agreed by the person in charge and told to the applicant (条例 33)."""
        if self.kind != "REQUEST" or self.extended:
            raise ValidationError("只有依申请公开可以延长，且只能延长一次")
        if self.is_late:
            raise ValidationError("答复期限已过，不能再延长")
        self.extended = 20
        self._count()
        return {"reason": reason}

    @act(
        "disclosure.done",
        label="登记公开（答复）",
        right="service.enter",
        source=["OPEN"],
        target="DONE",
        form=("finished_on", "open_url"),
    )
    def finish(self, *, by: Any, finished_on: date, open_url: str = "") -> None:
        """Published, answered or reported on a day; late stays late."""
        start = date(self.year + 1, 1, 1) if self.kind == "REPORT" else self.started_on
        if not start <= finished_on <= timezone.localdate():
            raise ValidationError({"finished_on": f"应在 {start} 至今天之间"})
        if self.kind != "REQUEST" and not open_url:
            raise ValidationError({"open_url": "请填写公开地址，供公众和监督单位查看"})
        self.done_on, self.url = finished_on, open_url


class YearFigureQuerySet(OwnQuerySet):
    """Released figures are public."""

    released = ("PUBLIC",)


class YearFigure(Own):
    """依法行政指标: one figure of lawful administration of an agency in a year, a part of a whole."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", "待复核"
        PUBLIC = "PUBLIC", "已公开"

    year = models.PositiveSmallIntegerField("年度")
    indicator = models.CharField("指标", max_length=12, choices=[(i.code, i.name) for i in INDICATORS.values()])
    part = models.PositiveIntegerField("其中")
    whole = models.PositiveIntegerField("总数")
    state = models.CharField("状态", max_length=6, choices=State, default=State.DRAFT)
    released_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="复核人"
    )

    objects = YearFigureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "依法行政指标"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "indicator"], name="one_figure_a_year", violation_error_message="本单位该年度的这项指标已登记"
            ),
            models.CheckConstraint(
                condition=Q(part__lte=models.F("whole")), name="part_of_whole", violation_error_message="其中数不能大于总数"
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=models.F("entered_by")), name="figure_two_people",
                violation_error_message="录入和复核须由两人办理",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.agency.name} {self.year} 年{self.get_indicator_display()}"

    def _check(self, by: Any) -> None:
        if self.part > self.whole:
            raise ValidationError({"part": f"不能大于总数（{self.whole}）"})
        self.entered_by, self.released_by = (by.user if by.user_id else None), None

    @act("figure.entered", label="填报指标", right="service.enter", creates=True)
    def enter(self, *, by: Any) -> None:
        """Enter one figure of the own agency; what part and whole count is defined with the indicator."""
        if not 2015 <= self.year <= timezone.localdate().year:
            raise ValidationError({"year": "年度不能晚于今年"})
        self._check(by)

    @act(
        "figure.changed", label="更正指标", right="service.enter", source=["DRAFT", "PUBLIC"], target="DRAFT",
        form=("part", "whole", "reason"), confirm="更正后须由他人复核，复核前不对外显示",
    )  # fmt: skip
    def change(self, *, by: Any, part: int, whole: int, reason: str) -> dict[str, str]:
        """Corrected with a reason; shown again once a second person released it."""
        self.part, self.whole = part, whole
        self._check(by)
        return {"reason": reason}

    @act("figure.released", label="复核公开", right="service.release", source=["DRAFT"], target="PUBLIC")
    def release(self, *, by: Any) -> None:
        """A second person releases it to the public."""
        self.released_by = by.user
