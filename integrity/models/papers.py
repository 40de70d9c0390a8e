"""Papers: attachments, numbered letters with their service, messages of the outbox, and unsent drafts."""

from __future__ import annotations

import hashlib
import uuid
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity import catalogue
from integrity.acts import Acted, ActedQuerySet, act
from integrity.codes import random_token

ALLOWED = {
    b"%PDF": (".pdf", "application/pdf"),
    b"\x89PNG": (".png", "image/png"),
    b"\xff\xd8\xff": (".jpg", "image/jpeg"),
    b"PK\x03\x04": (".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    b"ID3": (".mp3", "audio/mpeg"),
}
MAX_FILE = 20 * 2**20


def _place(instance: Attachment, filename: str) -> str:
    return f"{instance.id.hex[:2]}/{instance.id.hex}"


class AttachmentQuerySet(models.QuerySet):
    """A file is seen as its target is; the doors ask the target first."""

    def of(self, target: models.Model) -> AttachmentQuerySet:
        return self.filter(target=target.pk).order_by("added_at")


class Attachment(models.Model):
    """附件: one stored file of a row; originals are internal, a public copy (公示版) is a separate file (domain.md 6)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    target_type = models.CharField(max_length=30)
    target = models.UUIDField()
    role = models.CharField("类型", max_length=20, default="证据")
    name = models.CharField("文件名", max_length=200)
    file = models.FileField(upload_to=_place)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField(max_length=64)
    public_copy = models.BooleanField("公示版", default=False)
    added_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        indexes = [models.Index(fields=["target"], name="attachment_target")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def add(cls, target: models.Model, upload: UploadedFile, by: Any, role: str = "证据") -> Attachment:
        """Store an upload after looking at its first bytes; raises ValidationError that names the file and why."""
        name = Path(upload.name or "文件").name[:200]
        if upload.size > MAX_FILE:
            raise ValidationError(f"文件“{name}”超过 20 MB，请压缩后上传")
        head = upload.read(8)
        upload.seek(0)
        kind = next((v for magic, v in ALLOWED.items() if head.startswith(magic)), None)
        if kind is None:
            raise ValidationError(f"文件“{name}”不是 PDF、图片、Word 或者录音文件")
        digest = hashlib.sha256()
        for chunk in upload.chunks():
            digest.update(chunk)
        upload.seek(0)
        row = cls(
            target_type=target._meta.model_name, target=target.pk, role=role, name=name, media_type=kind[1],
            size=upload.size, sha256=digest.hexdigest(), added_by_id=by.user_id,
        )  # fmt: skip
        row.file.save(name, upload, save=False)
        row.save(force_insert=True)
        return row


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
        if role.code in ("CREDIT_CITY", "AUDITOR", "CLOCK"):
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


class Message(models.Model):
    """消息: one reminder to one person through one channel, with its delivery state (the one outbox)."""

    class Channel(models.TextChoices):
        INBOX = "INBOX", "站内"
        EMAIL = "EMAIL", "邮件"
        SMS = "SMS", "短信"

    class State(models.TextChoices):
        QUEUED = "QUEUED", "待发送"
        SENT = "SENT", "已送达"
        FAILED = "FAILED", "发送失败"

    user = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="messages")
    address = models.CharField("地址", max_length=200, blank=True)
    channel = models.CharField("渠道", max_length=6, choices=Channel, default=Channel.INBOX)
    title = models.CharField("标题", max_length=120)
    text = models.TextField("内容")
    link = models.CharField("链接", max_length=200, blank=True)
    key = models.CharField("去重键", max_length=120, unique=True)
    state = models.CharField("状态", max_length=6, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    error = models.CharField("错误", max_length=300, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ("-made_at",)
        indexes = [
            models.Index(fields=["state", "made_at"], name="message_queue"),
            models.Index(fields=["user", "-made_at"], name="message_inbox"),
        ]

    def __str__(self) -> str:
        return self.title


def remind(
    user: Any, title: str, text: str, *, key: str, link: str = "", channels: tuple[str, ...] = ("INBOX",)
) -> None:
    """Put a reminder into the outbox once per key and channel; it is written with the act that causes it."""
    address = {"EMAIL": user.email, "SMS": user.phone}
    rows = [
        Message(
            user=user,
            channel=c,
            title=title[:120],
            text=text,
            link=link,
            key=f"{key}:{c}:{user.pk}"[:120],
            address=address.get(c, ""),
        )
        for c in channels
        if c == "INBOX" or address.get(c)
    ]
    Message.objects.bulk_create(rows, ignore_conflicts=True)


class Draft(models.Model):
    """暂存: what somebody typed and has not filed yet, kept as typed; never a record, never in the ledger."""

    id = models.CharField(primary_key=True, max_length=16, default=random_token, editable=False)
    user = models.ForeignKey("integrity.User", models.CASCADE, null=True, related_name="drafts")
    session = models.CharField(max_length=64, blank=True)
    purpose = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    title = models.CharField(max_length=120, blank=True)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "暂存"
        ordering = ("-saved_at",)

    def __str__(self) -> str:
        return self.title or self.purpose
