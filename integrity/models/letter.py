"""Letters that bind: numbered, printed, sealed, served, acknowledged (domain.md 2.22)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity import catalogue
from integrity.acts import Acted, ActedQuerySet, act
from integrity.models.papers import Attachment


class LetterQuerySet(ActedQuerySet):
    """Letters are seen by the issuing unit and, once served, by the addressee."""

    def visible_to(self, seat: Any) -> LetterQuerySet:
        role = seat.role
        if role.scope == "self":
            own = seat.org_id if role.code == "COMPANY_REP" else seat.person_id
            return self.filter(addressee_id=own or None, state__in=("SERVED", "ACKNOWLEDGED"))
        if role.scope in ("own unit", "managed", "county") and seat.org_id:
            served = Q(addressee_id=seat.org_id, state__in=("SERVED", "ACKNOWLEDGED"))
            return self.filter(Q(unit_id=seat.org_id) | served)
        if role.automatic or role.code in ("CREDIT_CITY", "AUDITOR"):
            restricted = [k.code for k in catalogue.load().of_shape("record") if k.disclosure == "restricted"]
            return self.exclude(record__kind__in=restricted)
        return self.none()


class Letter(Acted):
    """文书: a numbered letter that binds its addressee: printed, sealed, served, and only then a clock runs."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", "拟稿"
        ISSUED = "ISSUED", "已签发"
        SEALED = "SEALED", "已用印"
        SERVED = "SERVED", "已送达"
        ACKNOWLEDGED = "ACKNOWLEDGED", "已签收"
        VOID = "VOID", "已作废"

    class Way(models.TextChoices):
        ACCOUNT = "ACCOUNT", "账户送达"
        PAPER = "PAPER", "纸质送达（送达回证）"

    template = models.CharField("文书种类", max_length=30)
    number = models.CharField("文号", max_length=60, blank=True)
    title = models.CharField("标题", max_length=200)
    body = models.TextField("正文")
    fields = models.JSONField("填写内容", default=dict)
    addressee = models.ForeignKey("integrity.Subject", models.PROTECT, related_name="letters", verbose_name="受送达人")
    unit = models.ForeignKey("integrity.Subject", models.PROTECT, related_name="+", verbose_name="制发单位")
    record = models.ForeignKey(
        "integrity.Record", models.PROTECT, null=True, blank=True, related_name="letters", verbose_name="记录"
    )
    matter = models.ForeignKey(
        "integrity.Matter", models.PROTECT, null=True, blank=True, related_name="letters", verbose_name="事项"
    )
    state = models.CharField("状态", max_length=12, choices=State, default=State.DRAFT)
    issued_on = models.DateField("签发日期", null=True, blank=True)
    way = models.CharField("送达方式", max_length=8, choices=Way, blank=True)
    served_on = models.DateField("送达日期", null=True, blank=True)
    acknowledged_at = models.DateTimeField("签收时间", null=True, blank=True)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="拟稿人")
    issued_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="签发人")

    objects = LetterQuerySet.as_manager()
    lock_with = ("addressee", "unit", "record", "matter")

    class Meta:
        verbose_name = verbose_name_plural = "文书"
        ordering = ("-issued_on",)
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="one_letter_per_number"),
            models.CheckConstraint(
                condition=Q(issued_by__isnull=True) | Q(entered_by__isnull=True) | ~Q(issued_by=F("entered_by")),
                name="letter_two_people",
                violation_error_message="文书的拟稿人不能签发",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or '（未编号）'} {self.title}"

    @property
    def template_spec(self) -> dict[str, Any]:
        return catalogue.load().letters[self.template]

    def interested(self) -> set[Any]:
        return {self.addressee_id}

    def within(self, by: Any) -> bool:
        return self.unit_id == by.org_id or by.role.scope == "all"

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.right == "letter.acknowledge":
            own = by.org_id if by.role.scope != "self" or by.role.code == "COMPANY_REP" else by.person_id
            return "" if own == self.addressee_id else "只能由受送达人签收"
        if self.unit_id != by.org_id:
            return "只能办理本单位制发的文书"
        if spec.verb == "letter.issued" and by.user_id == self.entered_by_id:
            return "文书的拟稿人不能签发"
        return ""

    @act("letter.drafted", label="拟稿", right="letter.issue", creates=True)
    def draft(self, *, by: Any) -> None:
        """Fill the template of one kind of letter (domain.md 2.22)."""
        if self.template not in catalogue.load().letters:
            raise ValidationError("没有这种文书模板")
        self.entered_by, self.unit = by.user, by.org

    @act("letter.issued", label="签发", right="letter.issue", source=["DRAFT"], target="ISSUED")
    def issue(self, *, by: Any) -> None:
        """A second person signs it off; it gets its number and is printed."""
        today = timezone.localdate()
        stem = self.template_spec["stem"]
        used = Letter.objects.filter(number__startswith=f"{stem}〔{today.year}〕", unit=self.unit).count()
        self.number = f"{stem}〔{today.year}〕{self.unit.code[-4:] if self.unit.code else ''}{used + 1}号"
        self.issued_by, self.issued_on = by.user, today

    @act("letter.sealed", label="登记用印扫描件", right="letter.issue", source=["ISSUED"], target="SEALED")
    def attach_seal(self, *, by: Any) -> None:
        """The sealed scan was attached; only a sealed letter can be served."""
        if not Attachment.objects.filter(target=self.pk, role="用印扫描件").exists():
            raise ValidationError("请先上传用印后的扫描件")

    @act(
        "letter.served",
        label="登记送达",
        right="letter.issue",
        source=["SEALED"],
        target="SERVED",
        form=("way", "served_on"),
    )
    def serve(self, *, by: Any, way: str, served_on: date) -> None:
        """Served in the account, or on paper with its receipt (送达回证); here the clock starts."""
        if served_on > timezone.localdate() or served_on < self.issued_on:
            raise ValidationError({"served_on": "送达日期须在签发日期与今天之间"})
        if way == self.Way.PAPER and not Attachment.objects.filter(target=self.pk, role="送达回证").exists():
            raise ValidationError("纸质送达须先上传送达回证")
        self.way, self.served_on = way, served_on

    @act("letter.acknowledged", label="签收", right="letter.acknowledge", source=["SERVED"], target="ACKNOWLEDGED")
    def acknowledge(self, *, by: Any) -> None:
        """The addressee opened and confirmed it."""
        self.acknowledged_at = timezone.now()

    @act(
        "letter.voided",
        label="作废",
        right="letter.issue",
        source=["DRAFT", "ISSUED", "SEALED"],
        target="VOID",
        form=("reason",),
    )
    def void(self, *, by: Any, reason: str) -> dict[str, str]:
        """Never served, never used; its number stays taken."""
        return {"reason": reason}
