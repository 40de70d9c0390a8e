"""政务服务: what an agency does for people and firms, in how many days, where it is done online; its cases, watched by clock (task 6)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models.clocked import Clocked, Own, OwnQuerySet
from integrity.acts import act
from integrity.clocks import due
from integrity.codes import personal_data
from integrity.models.calendar import work_calendar

KINDS = ("行政许可", "行政确认", "行政给付", "行政奖励", "其他行政权力", "公共服务")
RESULTS = ("办结，准予", "办结，不予", "退件", "申请人撤回")


class ServiceQuerySet(OwnQuerySet):
    """Released services are public."""

    released = ("PUBLIC",)

    def search(self, words: str) -> ServiceQuerySet:
        """By words of the name, the agency or the code."""
        found = self
        for word in words.split()[:5]:
            found = found.filter(Q(name__icontains=word) | Q(agency__name__icontains=word) | Q(code__iexact=word))
        return found


class Service(Own):
    """政务服务事项: one thing an agency does on request, with the statutory and the promised time, and its online address."""

    class Audience(models.TextChoices):
        PERSON = "PERSON", "个人"
        ORGANISATION = "ORGANISATION", "企业和组织"
        BOTH = "BOTH", "个人、企业和组织"

    class State(models.TextChoices):
        DRAFT = "DRAFT", "待复核"
        PUBLIC = "PUBLIC", "已公开"
        ENDED = "ENDED", "已取消"

    code = models.CharField("事项编码", max_length=40)
    name = models.CharField("事项名称", max_length=200)
    kind = models.CharField("事项类型", max_length=10, choices=[(k, k) for k in KINDS])
    audience = models.CharField("服务对象", max_length=12, choices=Audience, default=Audience.BOTH)
    basis = models.CharField("依据", max_length=500)
    statutory_days = models.PositiveSmallIntegerField("法定办结时限", help_text="工作日")
    promised_days = models.PositiveSmallIntegerField(
        "承诺办结时限", help_text="工作日；0 表示当日办结，不得长于法定时限"
    )
    online_url = models.URLField("网上办理地址", max_length=300, blank=True, help_text="政务服务网上办理该事项的网址")
    place = models.CharField("办理地点", max_length=200, blank=True)
    phone = models.CharField("咨询电话", max_length=40, blank=True)
    state = models.CharField("状态", max_length=6, choices=State, default=State.DRAFT)
    released_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="复核人"
    )
    updated_at = models.DateTimeField("更新时间", default=timezone.now)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "政务服务事项"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "code"], condition=~Q(state="ENDED"), name="one_service_per_code",
                violation_error_message="本单位已有这个编码的事项",
            ),
            models.CheckConstraint(
                condition=Q(promised_days__lte=models.F("statutory_days")), name="promise_within_statute",
                violation_error_message="承诺办结时限不得长于法定办结时限",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=models.F("entered_by")), name="service_two_people",
                violation_error_message="录入和复核须由两人办理",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["state", "name", "id"], name="service_by_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/desk/services/{self.pk}/"

    @property
    def promised(self) -> str:
        return f"{self.promised_days} 个工作日" if self.promised_days else "当日办结"

    def _check(self) -> None:
        if self.promised_days > self.statutory_days:
            raise ValidationError(
                {"promised_days": f"承诺办结时限不得长于法定办结时限（{self.statutory_days} 个工作日）"}
            )
        if not (self.online_url or self.place):
            raise ValidationError({"online_url": "请填写网上办理地址；暂不能网上办理的，请填写办理地点"})
        self.updated_at = timezone.now()

    @act("service.entered", label="录入政务服务事项", right="service.enter", creates=True)
    def enter(self, *, by: Any) -> None:
        """Enter a service of the own agency; a second person releases it (任务6)."""
        if self.agency.form != "AGENCY":
            raise ValidationError({"agency": "政务服务事项属于政府机构"})
        self.entered_by = by.user if by.user_id else None
        self._check()

    @act(
        "service.changed", label="修改时限和办理方式", right="service.enter", source=["DRAFT", "PUBLIC"], target="DRAFT",
        form=("promised_days", "online_url", "place", "phone"),
        confirm="修改后须由他人复核，复核前不对外显示",
    )  # fmt: skip
    def change(self, *, by: Any, promised_days: int, online_url: str = "", place: str = "", phone: str = "") -> None:
        """Another promised time or another address; shown again when a second person has released it."""
        self.promised_days, self.online_url, self.place, self.phone = promised_days, online_url, place, phone
        self.entered_by, self.released_by = (by.user if by.user_id else None), None
        self._check()

    @act("service.released", label="复核公开", right="service.release", source=["DRAFT"], target="PUBLIC")
    def release(self, *, by: Any) -> None:
        """A second person puts it on the one-stop page."""
        self.released_by, self.updated_at = by.user, timezone.now()

    @act(
        "service.ended",
        label="取消事项",
        right="service.release",
        source=["DRAFT", "PUBLIC"],
        target="ENDED",
        form=("reason",),
    )
    def end(self, *, by: Any, reason: str) -> dict[str, str]:
        """Cancelled, merged or handed down by law; its cases stay."""
        self.updated_at = timezone.now()
        return {"reason": reason}


class Handling(Clocked):
    """办件: one application handled, by number only; who applied is never kept here (电子监察)."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="handlings", verbose_name="事项")
    number = models.CharField("办件编号", max_length=40)
    statutory_on = models.DateField("法定期限")
    result = models.CharField("办理结果", max_length=10, choices=[(r, r) for r in RESULTS], blank=True)

    lock_with = (*Own.lock_with, "service")

    class Meta:
        verbose_name = verbose_name_plural = "办件"
        constraints = [models.UniqueConstraint(
            fields=["agency", "number"], name="one_handling_per_number", violation_error_message="本单位已有这个编号的办件"
        )]  # fmt: skip
        indexes = [
            models.Index(fields=["due_on"], condition=Q(state="OPEN"), name="handling_due"),
            models.Index(fields=["service", "started_on"], name="handling_service"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"办件 {self.number}"

    def refuses(self, spec: Any, by: Any) -> str:
        self.agency_id = self.agency_id or self.service.agency_id
        return super().refuses(spec, by)

    @act("handling.accepted", label="登记受理", right="service.enter", creates=True)
    def accept(self, *, by: Any) -> None:
        """It was accepted: the promised and the statutory time begin to run the next day."""
        if self.service.state == "ENDED":
            raise ValidationError({"service": "该事项已取消，不能再登记办件"})
        if not re.fullmatch(r"[0-9A-Za-z-]{4,40}", self.number) or personal_data(self.number):
            raise ValidationError({"number": "办件编号由 4 至 40 位字母、数字和连字符组成，不得填写证件号码、电话号码"})
        if self.started_on > timezone.localdate():
            raise ValidationError({"started_on": "受理日期不能晚于今天"})
        self.entered_by = by.user if by.user_id else None
        cal, days = work_calendar(), self.service
        end = due(
            self.started_on, days.promised_days, "WD", cal, label="承诺办结", basis=f"“{days.name}”公开的承诺时限"
        )
        self.due_on, self.due_explain = end.on, end.explain
        self.statutory_on = due(self.started_on, days.statutory_days, "WD", cal).on

    @act(
        "handling.finished",
        label="登记办结",
        right="service.enter",
        source=["OPEN"],
        target="DONE",
        form=("finished_on", "handled_as"),
    )
    def finish(self, *, by: Any, finished_on: date, handled_as: str) -> None:
        """Finished on a day with a result; late stays late."""
        if not self.started_on <= finished_on <= timezone.localdate():
            raise ValidationError({"finished_on": f"应在受理日期（{self.started_on}）至今天之间"})
        if handled_as not in RESULTS:
            raise ValidationError({"handled_as": f"办理结果须为：{'、'.join(RESULTS)}"})
        self.done_on, self.result = finished_on, handled_as
