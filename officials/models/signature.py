"""What a signature consists of: ceremonies of five minutes, and the exact bytes with their evidence (trust.md 1.2–1.5)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from integrity.models import Pledge
from officials.models.signkey import SigningKey

CEREMONY = timedelta(minutes=5)


class Ceremony(models.Model):
    """签署仪式: one attempt to register a key or to sign a document, used once and dead after five minutes."""

    class Purpose(models.TextChoices):
        REGISTER = "REGISTER", "登记密钥"
        SIGN = "SIGN", "签署"

    id = models.CharField(primary_key=True, max_length=64, editable=False, help_text="令牌的 SHA-256；令牌本身不存")
    user = models.ForeignKey("integrity.User", models.PROTECT, related_name="+", verbose_name="账号")
    seat = models.ForeignKey("integrity.Seat", models.PROTECT, related_name="+", verbose_name="岗位")
    purpose = models.CharField("用途", max_length=8, choices=Purpose)
    pledge = models.ForeignKey(Pledge, models.PROTECT, null=True, related_name="+", verbose_name="承诺")
    label = models.CharField("密钥名称", max_length=60, blank=True)
    document = models.BinaryField("待签文本", default=b"")
    challenge = models.BinaryField("挑战值")
    made_at = models.DateTimeField("发起时间", default=timezone.now)
    expires_at = models.DateTimeField("失效时间")
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "签署仪式"

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.made_at:%F %R}"

    @classmethod
    def open(cls, seat: Any, purpose: str, *, document: bytes = b"", **more: Any) -> tuple[str, Ceremony]:
        """A new ceremony and the token its address bears; the challenge of a signature is the document's SHA-256."""
        token, now = secrets.token_urlsafe(32), timezone.now()
        challenge = hashlib.sha256(document).digest() if document else secrets.token_bytes(32)
        row = cls.objects.create(
            id=_digest(token), user=seat.user, seat=seat, purpose=purpose, document=document, challenge=challenge,
            made_at=now, expires_at=now + CEREMONY, **more,
        )  # fmt: skip
        return token, row

    @classmethod
    def waiting(cls, token: str) -> Ceremony | None:
        """The ceremony of this token while it may be used."""
        rows = cls.objects.filter(pk=_digest(token), used_at=None, expires_at__gt=timezone.now())
        return rows.select_related("user", "seat", "pledge").first()

    def consume(self) -> bool:
        """Burn it, in a commit of its own, before anything is looked at: a second or failed attempt finds nothing."""
        rows = Ceremony.objects.filter(pk=self.pk, used_at=None, expires_at__gt=timezone.now())
        return rows.update(used_at=timezone.now()) == 1


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class PledgeSignature(models.Model):
    """签名: the exact bytes that were signed and what proves it; written once with the act of signing."""

    pledge = models.OneToOneField(
        Pledge, models.PROTECT, primary_key=True, related_name="signature", verbose_name="承诺"
    )
    level = models.CharField("签署级别", max_length=1, choices=Pledge.Level)
    document = models.BinaryField("所签文本")
    digest = models.CharField("SHA-256", max_length=64, unique=True)
    evidence = models.JSONField("签名数据")
    key = models.ForeignKey(SigningKey, models.PROTECT, null=True, related_name="signatures", verbose_name="签署密钥")
    certificate = models.TextField("签署证书（PEM）", blank=True)
    sign_count = models.PositiveBigIntegerField("签名计数", default=0)
    made_at = models.DateTimeField("签署时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "签名"
        constraints = [
            models.CheckConstraint(condition=Q(level="A", key__isnull=False) | (~Q(level="A") & Q(key__isnull=True)), name="key_signs_level_a"),
            models.CheckConstraint(condition=(Q(level="S") & ~Q(certificate="")) | (~Q(level="S") & Q(certificate="")), name="certificate_signs_level_s"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pledge.number} {self.level}"
