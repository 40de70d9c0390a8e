"""Keys officials sign with: registered by the holder, vouched by a second person, revoked by one (trust.md 1.3, 1.4)."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.models import Subject, setting

REASONS = (("lost", "遗失"), ("compromised", "疑被他人使用"), ("left-office", "离任"), ("replaced", "更换"))


def thumbprint_of(spki: bytes) -> str:
    """What two people compare face to face: the first 20 hex digits of SHA-256 over the public key."""
    return hashlib.sha256(spki).hexdigest()[:20]


class SigningKeyQuerySet(ActedQuerySet):
    """A key is seen by its holder, the authority that manages him, and auditors; the public sees thumbprints in pledges."""

    def visible_to(self, seat: Any) -> SigningKeyQuerySet:
        role = seat.role
        if role.scope == "self" or (seat.user_id and role.code not in ("AUDITOR",) and role.scope != "managed"):
            return self.filter(subject_id=seat.person_id) if seat.person_id else self.none()
        if role.scope == "managed" and seat.org_id:
            own = Q(subject_id=seat.person_id) if seat.person_id else Q(pk__in=[])
            return self.filter(Q(subject__managed_by_id=seat.org_id) | own)
        return self.all() if role.automatic or role.code == "AUDITOR" else self.none()

    def usable(self, at: datetime | None = None) -> SigningKeyQuerySet:
        """Vouched for, waited for, not revoked."""
        return self.filter(state="ACTIVE", active_from__lte=at or timezone.now())


class SigningKey(Acted):
    """签署密钥: the public half of a passkey that only its holder can use, for signing pledges alone."""

    class State(models.TextChoices):
        PENDING = "PENDING", "待核对"
        ACTIVE = "ACTIVE", "已核对"
        REVOKED = "REVOKED", "已注销"

    user = models.ForeignKey("integrity.User", models.PROTECT, related_name="signing_keys", verbose_name="持有人账号")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="signing_keys", verbose_name="持有人")
    label = models.CharField("名称", max_length=60)
    thumbprint = models.CharField("密钥指纹", max_length=20, unique=True)
    credential_id = models.CharField("凭据标识", max_length=1400, unique=True)
    cose_key = models.BinaryField("公钥（COSE）")
    spki_pem = models.TextField("公钥（PEM）")
    alg = models.IntegerField("算法")
    aaguid = models.CharField("设备型号标识", max_length=36, blank=True)
    registration = models.JSONField("登记数据", default=dict)
    device_bound = models.BooleanField("不离开设备", default=False)
    backed_up = models.BooleanField("已同步备份", default=False)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PENDING)
    registered_at = models.DateTimeField("登记时间", default=timezone.now)
    vouched_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="核对人")
    vouched_at = models.DateTimeField("核对时间", null=True)
    active_from = models.DateTimeField("可用起始", null=True)
    revoked_at = models.DateTimeField("注销时间", null=True)
    revoke_reason = models.CharField("注销原因", max_length=12, choices=REASONS, blank=True)
    suspect_from = models.DateTimeField("可疑起始", null=True, blank=True)

    objects = SigningKeyQuerySet.as_manager()
    lock_with = ("subject", "user", "subject__managed_by")
    people = ("user_id",)
    unlogged = ("cose_key", "credential_id", "registration", "aaguid")

    class Meta:
        verbose_name = verbose_name_plural = "签署密钥"
        ordering = ("-registered_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(vouched_by__isnull=True) | ~Q(vouched_by=F("user")),
                name="key_vouched_by_another",
                violation_error_message="签署密钥须由他人当面核对",
            ),
            models.CheckConstraint(
                condition=~Q(state="ACTIVE") | Q(vouched_by__isnull=False), name="active_key_is_vouched"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject.name} {self.label}"

    @property
    def spaced(self) -> str:
        """The thumbprint in groups of four, as people read it out."""
        return " ".join(self.thumbprint[n : n + 4] for n in range(0, 20, 4))

    def interested(self) -> set[Any]:
        return {self.subject_id}

    def within(self, by: Any) -> bool:
        return by.role.automatic or self.subject.managed_by_id == by.org_id

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.right == "pledge.sign":
            return "" if by.person_id == self.subject_id else "只能由持有人本人办理"
        return "" if self.within(by) else "由管理权限单位办理"

    def doubted(self, at: datetime) -> bool:
        """Whether what it signed at that time is to be signed anew."""
        return bool(self.suspect_from and at >= self.suspect_from)

    def opening(self) -> dict[str, Any]:
        """What of a key is told to the log: thumbprint, standing and the day it came into doubt."""
        return {
            "thumbprint": self.thumbprint, "state": self.state, "reason": self.revoke_reason,
            "suspect_from": self.suspect_from.isoformat(timespec="seconds") if self.suspect_from else "",
        }  # fmt: skip

    @act("signkey.enrolled", label="登记签署密钥", right="pledge.sign", creates=True)
    def enrol(self, *, by: Any) -> None:
        """Its holder registers it on the signing host; it signs nothing until somebody has vouched for it."""
        if self.backed_up and setting("signkey_device_bound") == "yes":
            raise ValidationError("按本市规定，只能登记不同步到其他设备的密钥，请使用 USB 安全密钥或者关闭同步后再试")

    @act(
        "signkey.vouched", label="当面核对无误", right="official.manage", source=["PENDING"], target="ACTIVE",
        log="signkey.registered", leaf=("thumbprint",), confirm="须与本人当面逐组核对密钥指纹；核对后到达可用时间即可签署",
    )  # fmt: skip
    def vouch(self, *, by: Any) -> None:
        """A second person has compared the thumbprint with the holder; a day passes before it signs, and he is told (trust.md 1.4)."""
        self.vouched_by, self.vouched_at = by.user, timezone.now()
        self.active_from = self.vouched_at + timedelta(hours=int(setting("signkey_wait_hours")))

    @act(
        "signkey.surrendered", label="注销（遗失、更换）", right="pledge.sign", source=["PENDING", "ACTIVE"], target="REVOKED",
        log="signkey.revoked", leaf=("thumbprint",), form=("key_reason", "suspect_from"),
    )  # fmt: skip
    def surrender(self, *, by: Any, key_reason: str, suspect_from: Any = None) -> None:
        """Its holder alone suffices: loss is reported at once (电子签名法 15)."""
        self._revoke(key_reason, suspect_from)

    @act(
        "signkey.revoked", label="注销密钥", right="official.manage", source=["PENDING", "ACTIVE"], target="REVOKED",
        log="signkey.revoked", leaf=("thumbprint",), form=("key_reason", "suspect_from"),
    )  # fmt: skip
    def revoke(self, *, by: Any, key_reason: str, suspect_from: Any = None) -> None:
        """The personnel authority revokes; one person suffices, failing safe (trust.md 1.4)."""
        self._revoke(key_reason, suspect_from)

    def _revoke(self, reason: str, suspect_from: Any) -> None:
        if reason not in dict(REASONS):
            raise ValidationError({"key_reason": "请选择注销原因"})
        if suspect_from and suspect_from > timezone.localdate():
            raise ValidationError({"suspect_from": "不能晚于今天"})
        self.revoked_at, self.revoke_reason = timezone.now(), reason
        if suspect_from:
            day = datetime(suspect_from.year, suspect_from.month, suspect_from.day)
            self.suspect_from = timezone.make_aware(day)
