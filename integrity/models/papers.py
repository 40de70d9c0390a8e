"""Papers: attachments of every row, and unsent drafts."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils import timezone

from integrity.codes import random_token
from integrity.models.targets import Targeted, visible_targets

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
    """A file is seen as its target is."""

    def of(self, target: models.Model) -> AttachmentQuerySet:
        return self.filter(target=target.pk).order_by("added_at")

    def visible_to(self, seat: Any) -> AttachmentQuerySet:
        """Files whose target is inside the seat's reach."""
        return self.filter(visible_targets(seat))


class Attachment(Targeted, models.Model):
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
