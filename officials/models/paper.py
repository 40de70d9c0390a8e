"""Level C: a pledge signed on paper, entered by one and compared with the scan by another (trust.md 1.6)."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.models import Pledge


class PaperQuerySet(ActedQuerySet):
    """Seen as the pledge is from inside."""

    def visible_to(self, seat: Any) -> PaperQuerySet:
        return self.filter(pledge__in=Pledge.objects.inside(seat).values("pk"))


class PaperSigning(Acted):
    """纸质签署: what stands on the scan of a signed paper; the scan stays inside."""

    class State(models.TextChoices):
        ENTERED = "ENTERED", "待核对"
        CONFIRMED = "CONFIRMED", "已核对"
        REFUSED = "REFUSED", "不一致"

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="papers", verbose_name="承诺")
    signed_on = models.DateField("签署日期")
    scan = models.BinaryField("扫描件", editable=False)
    scan_sha256 = models.CharField("扫描件摘要", max_length=64, editable=False)
    state = models.CharField("状态", max_length=10, choices=State, default=State.ENTERED)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="代录人")
    confirmed_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="核对人"
    )

    objects = PaperQuerySet.as_manager()
    lock_with = ("pledge", "pledge__subject", "pledge__unit")
    unlogged = ("scan",)

    class Meta:
        verbose_name = verbose_name_plural = "纸质签署代录"
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("entered_by")),
                name="paper_two_people",
                violation_error_message="纸质签署须由两人代录",
            ),
            models.UniqueConstraint(
                fields=["pledge"], condition=Q(state="ENTERED"), name="one_paper_waiting",
                violation_error_message="该承诺已有待核对的纸质签署",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pledge.number} 纸质签署"

    def interested(self) -> set[Any]:
        return {self.pledge.subject_id}

    def refuses(self, spec: Any, by: Any) -> str:
        if not self.pledge.seen_by(by):
            return "不在您的管理范围内"
        if by.person_id == self.pledge.subject_id:
            return "本人的承诺，须由他人代录"
        if not spec.creates and by.user_id == self.entered_by_id:
            return "本人代录的，须由他人核对"
        return ""

    @act("paper.entered", label="代录纸质签署", right="pledge.issue", creates=True)
    def enter(self, *, by: Any) -> None:
        """One person enters the scan of what was signed on paper."""
        if self.pledge.state != "ISSUED":
            raise ValidationError("该承诺不在待签状态")
        if not isinstance(self.signed_on, date) or self.signed_on > timezone.localdate():
            raise ValidationError({"signed_on": "签署日期不能晚于今天"})
        if not bytes(self.scan).startswith((b"%PDF", b"\xff\xd8\xff", b"\x89PNG")):
            raise ValidationError({"scan": "请上传 PDF 或者图片格式的扫描件"})
        self.scan_sha256, self.entered_by = hashlib.sha256(bytes(self.scan)).hexdigest(), by.user

    @act(
        "paper.confirmed", label="核对一致", right="pledge.issue", source=["ENTERED"], target="CONFIRMED",
        confirm="请对照扫描件逐字核对姓名、承诺内容和签署日期",
    )  # fmt: skip
    def confirm(self, *, by: Any) -> None:
        """A second person has compared; the pledge then counts as signed at level C."""
        self.confirmed_by = by.user

    @act("paper.refused", label="不一致", right="pledge.issue", source=["ENTERED"], target="REFUSED", form=("reason",))
    def refuse(self, *, by: Any, reason: str) -> dict[str, str]:
        """A second person found a difference; it is entered anew."""
        self.confirmed_by = by.user
        return {"reason": reason}
