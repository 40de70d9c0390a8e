"""交易公告: the five kinds of notices of one transaction, how late each was, and where the city's column shows it (task 16)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import Acted, act
from integrity.models import Subject, as_rule, deadline
from sectors.models.belonging import OfProject
from sectors.models.project import Project

PAUSES = (60, 300, 1800, 7200, 21600, 86400)  # seconds until the column is tried again; the last one goes on


class NoticeQuerySet(OfProject):
    """Public once a second person has released it; late is a query."""

    def public(self) -> NoticeQuerySet:
        return self.filter(state="RELEASED", project__in=Project.objects.public())

    def late(self) -> NoticeQuerySet:
        return self.filter(published_on__gt=F("due_on"))

    def to_push(self) -> NoticeQuerySet:
        """Released, not yet on the column, and their pause is over."""
        waiting = self.public().filter(pushed_at__isnull=True)
        return waiting.filter(Q(next_try_at__isnull=True) | Q(next_try_at__lte=timezone.now()))


class Notice(Acted):
    """One notice of a transaction, as the trading centre published it (日政发〔2018〕12号任务16)."""

    class Kind(models.TextChoices):
        ANNOUNCEMENT = "announcement", "交易公告"
        QUALIFICATION = "qualification", "资格审查结果"
        RESULT = "result", "成交信息"
        PERFORMANCE = "performance", "履约信息"
        CHANGE = "change", "变更信息"

    class State(models.TextChoices):
        PENDING = "PENDING", "待复核"
        RELEASED = "RELEASED", "已公开"
        REFUSED = "REFUSED", "未采用"

    project = models.ForeignKey(Project, models.PROTECT, related_name="notices", verbose_name="交易项目")
    kind = models.CharField("公告类型", max_length=15, choices=Kind)
    number = models.CharField("公告编号", max_length=100, unique=True)
    title = models.CharField("标题", max_length=300)
    content = models.TextField("内容", max_length=4000, blank=True)
    url = models.CharField("原文网址", max_length=500, blank=True)
    partner = models.ForeignKey(
        Subject, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="中标人、成交人"
    )
    amount_wan = models.DecimalField("成交金额（万元）", max_digits=18, decimal_places=6, null=True, blank=True)
    made_on = models.DateField("事项形成日期")
    published_on = models.DateField("交易中心公开日期")
    due_on = models.DateField("应当公开的最后日期")
    due_explain = models.JSONField("期限说明", default=list)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PENDING)
    pushed_at = models.DateTimeField("信用网站公开时间", null=True, blank=True)
    pushed_to = models.CharField("信用网站地址", max_length=500, blank=True)
    tries = models.PositiveSmallIntegerField("推送次数", default=0)
    next_try_at = models.DateTimeField("下次推送时间", null=True, blank=True)
    fault = models.CharField("推送失败原因", max_length=300, blank=True)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="登记人")

    objects = NoticeQuerySet.as_manager()
    lock_with = ("project", "project__unit", "project__source_unit", "partner")

    class Meta:
        verbose_name = verbose_name_plural = "交易公告"
        indexes = [
            models.Index(fields=["project", "published_on"], name="notice_project"),
            models.Index(fields=["next_try_at"], condition=Q(state="RELEASED", pushed_at=None), name="notice_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.title}"

    def get_absolute_url(self) -> str:
        return self.project.get_absolute_url()

    @property
    def days_late(self) -> int:
        return max((self.published_on - self.due_on).days, 0)

    def within(self, by: Any) -> bool:
        return self.project.within(by)

    def refuses(self, spec: Any, by: Any) -> str:
        return "" if self.within(by) else "不在您的管理范围内"

    @act("notice.received", label="登记交易公告", right="sector.enter", creates=True)
    def receive(self, *, by: Any) -> None:
        """Take a notice of the trading centre, and reckon how late it was (clock D70)."""
        if not self.made_on <= self.published_on <= timezone.localdate():
            raise ValidationError({"published_on": f"应在形成日期（{self.made_on}）至今天之间"})
        if type(self).objects.filter(number=self.number).exists():
            raise ValidationError({"number": "该编号的公告已登记"})
        if self.kind != self.Kind.ANNOUNCEMENT and not self.project.notices.exists():
            raise ValidationError({"kind": "该项目还没有交易公告，请先登记交易公告"})
        found = deadline("D70", self.made_on)
        self.due_on, self.due_explain, self.entered_by = found.on, found.explain, by.user

    @act("notice.released", label="复核公开公告", right="sector.release", source=["PENDING"], target="RELEASED")
    def release(self, *, by: Any) -> None:
        """A second person has compared it with the centre's page; the transaction goes on to the notice's stage."""
        project = Project.objects.select_related(*Project.lock_with).get(pk=self.project_id)
        if project.state == "DRAFT":
            project.release(by=by)
        following = {s.code for s in project.plan.after(project.stage)}
        if self.kind in following and self.made_on >= project.stage_on and project.state == "OPEN":
            columns = {"partner": self.partner, "amount_wan": self.amount_wan}
            project.advance(by=as_rule(by), stage=self.kind, on=self.made_on, values={}, **columns)

    @act(
        "notice.refused", label="不采用", right="sector.release", source=["PENDING"], target="REFUSED", form=("reason",)
    )
    def refuse(self, *, by: Any, reason: str) -> dict[str, str]:
        """It is not as the centre published it."""
        return {"reason": reason.strip()}

    @act("notice.pushed", label="信用网站已公开", right="sector.push", source=["RELEASED"], button=False)
    def note_pushed(self, *, by: Any, address: str) -> None:
        """The city's column has taken it: where and when (task 16)."""
        self.pushed_to, self.pushed_at, self.fault, self.next_try_at = address[:500], timezone.now(), "", None

    @act("notice.push_failed", label="推送失败", right="sector.push", source=["RELEASED"], button=False)
    def note_failed(self, *, by: Any, fault: str) -> None:
        """It was not taken: why, and when it is tried again."""
        pause = PAUSES[min(self.tries, len(PAUSES) - 1)]
        self.tries, self.fault, self.next_try_at = (
            self.tries + 1,
            fault[:300],
            timezone.now() + timedelta(seconds=pause),
        )

    @act("notice.push_again", label="立即重推", right="sector.release", source=["RELEASED"])
    def retry(self, *, by: Any) -> None:
        """Try again at once, without waiting for the pause to end."""
        if self.pushed_at or not self.tries:
            raise ValidationError("没有失败的推送")
        self.next_try_at = timezone.now()
