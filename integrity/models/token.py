"""API tokens: a secret that acts from its holder's seat, for a purpose, a while and some addresses (trust.md 7)."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.models.access import MomentSeat, Seat

SCOPES = {  # what a token may be for: its word, and the right its seat needs
    "read": ("读取数据", "export"),
    "check": ("信用核查", "subject.check"),
    "intake": ("报送数据", "import.submit"),
}
TOKEN_DAYS = 180


def networks(text: str) -> list[Any]:
    """Addresses and networks separated by spaces or commas; raises ValidationError naming the faulty one."""
    found = []
    for part in text.replace("，", " ").replace(",", " ").split():
        try:
            found.append(ipaddress.ip_network(part, strict=False))
        except ValueError as fault:
            raise ValidationError({"addresses": f"“{part[:40]}”不是有效的 IP 地址或者网段"}) from fault
    return found


class ApiTokenQuerySet(ActedQuerySet):
    """Tokens of one user."""

    def visible_to(self, seat: Any) -> ApiTokenQuerySet:
        return self if "seat.grant" in seat.rights else self.filter(seat__user_id=seat.user_id or -1)


class ApiToken(Acted):
    """接口令牌: acts as one seat, with purpose, expiry and addresses; only the hash of the secret is stored."""

    class State(models.TextChoices):
        ACTIVE = "ACTIVE", "有效"
        REVOKED = "REVOKED", "已撤销"

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="tokens", verbose_name="岗位")
    name = models.CharField("名称", max_length=60)
    purpose = models.CharField("用途", max_length=200)
    prefix = models.CharField("前缀", max_length=8, editable=False)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.CharField("范围", max_length=200, default="read", help_text="read、check、intake，以空格分隔")
    addresses = models.CharField("允许的地址", max_length=200, blank=True)
    valid_until = models.DateField("截止日期")
    state = models.CharField("状态", max_length=10, choices=State, default=State.ACTIVE)

    objects = ApiTokenQuerySet.as_manager()
    people = ()
    unlogged = ("secret_hash",)

    class Meta:
        verbose_name = verbose_name_plural = "接口令牌"

    def __str__(self) -> str:
        return f"{self.name}（{self.prefix}…）"

    @property
    def scope_labels(self) -> list[str]:
        return [SCOPES[s][0] for s in self.scopes.split()]

    @property
    def is_live(self) -> bool:
        return self.state == "ACTIVE" and self.valid_until > timezone.localdate()

    def standing(self) -> MomentSeat:
        """The seat of the moment this token acts from."""
        return MomentSeat(self.seat.role_code, self.seat.org, self.seat.user, self)

    def admits(self, address: str) -> bool:
        """Whether the token may be used from this address; without a list from any."""
        allowed = networks(self.addresses)
        try:
            return not allowed or any(ipaddress.ip_address(address) in network for network in allowed)
        except ValueError:
            return False

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.creates or by.user_id == self.seat.user_id or "seat.grant" in by.rights:
            return ""
        return "只能管理本人的令牌"

    @act("token.issued", label="新建令牌", right="token.hold", creates=True)
    def issue(self, *, by: Any, secret: str) -> None:
        """Issue a token for the own seat; the secret is shown once and never stored."""
        self.seat = by
        self.prefix, self.secret_hash = secret[:8], self.hash(secret)
        if not (self.name.strip() and self.purpose.strip()):
            raise ValidationError({"purpose" if self.name.strip() else "name": "请填写令牌的名称和用途"})
        if not 0 < (self.valid_until - timezone.localdate()).days <= TOKEN_DAYS:
            raise ValidationError({"valid_until": f"有效期须在明天至 {TOKEN_DAYS} 天以内"})
        self._check_scopes(by)
        networks(self.addresses)

    def _check_scopes(self, by: Any) -> None:
        wanted = self.scopes.split()
        if not wanted or set(wanted) - set(SCOPES):
            raise ValidationError({"scopes": "请选择令牌的使用范围"})
        for scope in wanted:
            if SCOPES[scope][1] not in by.rights:
                raise ValidationError({"scopes": f"您的岗位不能申请“{SCOPES[scope][0]}”的令牌"})

    @act("token.revoked", label="撤销令牌", right="token.hold", source=["ACTIVE"], target="REVOKED")
    def revoke(self, *, by: Any) -> None:
        """End the token at once."""

    @staticmethod
    def hash(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()

    @staticmethod
    def new_secret() -> str:
        """A 256-bit secret that scanners can recognise by its prefix."""
        return f"gi_{secrets.token_urlsafe(32)}"


def token_with(secret: str) -> ApiToken | None:
    """The live token with this secret, of a seat in force and an active account: how a caller becomes a seat."""
    digest = ApiToken.hash(secret)
    rows = ApiToken.objects.filter(secret_hash=digest, state="ACTIVE", valid_until__gt=timezone.localdate())
    seats = Seat.objects.in_force().filter(user__is_active=True)
    found = rows.filter(seat__in=seats).select_related("seat__user", "seat__org__area").first()
    return found if found and hmac.compare_digest(found.secret_hash, digest) else None
