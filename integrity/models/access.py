"""People and their seats: every act is done from a seat; anonymous, token and clock are seats too (domain.md 5)."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.roles import GRANTABLE, ROLES, Role


class User(AbstractUser):
    """用户: an account; what it may do comes only from its seats, never from is_superuser."""

    name = models.CharField("姓名", max_length=60, blank=True)
    person = models.OneToOneField(
        "integrity.Subject",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="account",
        verbose_name="本人（信用主体）",
    )
    avoids = models.ManyToManyField(
        "integrity.Subject", blank=True, related_name="avoided_by", verbose_name="应回避的主体（近亲属等）"
    )
    phone = models.CharField("手机号", max_length=20, blank=True)
    must_change_password = models.BooleanField("须修改初始密码", default=False)
    first_name = last_name = None

    class Meta:
        verbose_name = verbose_name_plural = "用户"

    def __str__(self) -> str:
        return f"{self.name or self.username}"

    def get_full_name(self) -> str:
        return self.name or self.username

    def get_short_name(self) -> str:
        return self.name or self.username


class Standing:
    """What every seat offers: rights, reach, name; shared by stored seats and those of the moment."""

    role_code: str
    org_id: Any
    org: Any
    user_id: Any

    @property
    def role(self) -> Role:
        return ROLES[self.role_code]

    @property
    def rights(self) -> frozenset[str]:
        return self.role.rights

    @property
    def role_label(self) -> str:
        return self.role.label

    @property
    def label(self) -> str:
        return f"{self.org.name} {self.role.label}" if self.org_id else self.role.label

    def may_act(self, right: str) -> bool:
        return right in self.rights

    @cached_property
    def person_id(self) -> Any:
        """The subject this seat's holder is: the person himself."""
        user = getattr(self, "user", None)
        return user.person_id if user else None

    def avoided(self) -> set[Any]:
        """Subjects he must not decide on: himself, his relatives, his own unit (公务员法 76)."""
        return {*self._relatives, self.person_id, self.org_id} - {None}

    @cached_property
    def _relatives(self) -> frozenset[Any]:
        user = getattr(self, "user", None)
        return frozenset(user.avoids.values_list("id", flat=True)) if user else frozenset()


class MomentSeat(Standing):
    """A seat that is not stored: the public, the clock, a lower node, an API token."""

    def __init__(self, role_code: str, org: Any = None, user: Any = None, token: Any = None) -> None:
        self.role_code, self.org, self.user, self.token = role_code, org, user, token
        self.org_id = org.pk if org else None
        self.user_id = user.pk if user else None
        self.pk = None


def as_rule(by: Any) -> MomentSeat:
    """The seat a rule acts from: in the name of whoever caused it; what the clock causes has no more than the clock's rights."""
    role = "CLOCK" if by.role_code == "CLOCK" else "RULE"
    return MomentSeat(role, org=by.org if by.org_id else None, user=by.user if by.user_id else None)


PUBLIC = MomentSeat("PUBLIC")
CLOCK = MomentSeat("CLOCK")
PEER = MomentSeat("PEER")


class SeatQuerySet(ActedQuerySet):
    """Seats in force."""

    def in_force(self) -> SeatQuerySet:
        today = timezone.localdate()
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=today), state="ACTIVE")

    def visible_to(self, seat: Any) -> SeatQuerySet:
        if "seat.grant" in seat.rights:
            return self
        return self.filter(user_id=seat.user_id) if seat.user_id else self.none()


class Seat(Standing, Acted):
    """岗位: a user holding a role in an organisation; granted by one, released by another."""

    class State(models.TextChoices):
        PENDING = "PENDING", "待复核"
        ACTIVE = "ACTIVE", "在岗"
        REVOKED = "REVOKED", "已撤销"

    user = models.ForeignKey(User, models.PROTECT, related_name="seats", verbose_name="用户")
    role_code = models.CharField("角色", max_length=20, choices=GRANTABLE)
    org = models.ForeignKey("integrity.Subject", models.PROTECT, null=True, related_name="seats", verbose_name="单位")
    state = models.CharField("状态", max_length=10, choices=State, default=State.PENDING)
    valid_until = models.DateField("截止日期", null=True, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="授予人")
    released_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="复核人")

    objects = SeatQuerySet.as_manager()
    lock_with = ("org",)
    token = None

    class Meta:
        verbose_name = verbose_name_plural = "岗位"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role_code", "org"], condition=~Q(state="REVOKED"), name="one_seat_per_role"
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("entered_by")),
                name="seat_two_people",
                violation_error_message="岗位须由一人授予、另一人复核",
            ),
            models.CheckConstraint(
                condition=~Q(state="ACTIVE") | Q(released_by__isnull=False), name="active_seat_was_released"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.label}"

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.verb == "data.exported":
            return "" if by.pk == self.pk else "只能从本人的岗位导出"
        if spec.right == "seat.grant" and by.user_id and by.user_id == self.user_id and spec.verb != "seat.revoked":
            return "不能为本人授予岗位"
        if spec.verb == "seat.released" and by.user_id == self.entered_by_id:
            return "本人授予的岗位，须由他人复核"
        return ""

    def opening(self) -> dict[str, Any]:
        """How many hold this role in this agency; who they are, and whose companies act here, stays inside."""
        others = Seat.objects.in_force().filter(org=self.org_id, role_code=self.role_code).exclude(pk=self.pk)
        org = self.org.code if self.org_id and self.org.form == "AGENCY" else ""
        count = others.count() + (self.state == "ACTIVE")
        return {"org": org, "role": self.role_code, "state": self.state, "count": count}

    @act("seat.granted", label="授予岗位", right="seat.grant", creates=True)
    def grant(self, *, by: Any) -> None:
        """Propose that a user holds a role in an organisation."""
        self.entered_by = by.user
        if self.role_code not in dict(GRANTABLE):
            raise ValidationError({"role_code": "没有这个角色"})
        if ROLES[self.role_code].scope in ("own unit", "county", "managed") and not self.org_id:
            raise ValidationError({"org": "该角色须指定单位"})

    @act(
        "seat.released", label="复核放行", right="seat.grant", source=["PENDING"], target="ACTIVE",
        log="role.changed", leaf=("org", "role", "count"),
    )  # fmt: skip
    def release(self, *, by: Any) -> None:
        """A second person puts the seat in force."""
        self.released_by = by.user

    @act(
        "seat.revoked",
        label="撤销岗位",
        right="seat.grant",
        source=["PENDING", "ACTIVE"],
        target="REVOKED",
        log="role.changed",
        leaf=("org", "role", "count"),
        form=("reason",),
    )
    def revoke(self, *, by: Any, reason: str) -> dict[str, str]:
        """End the seat at once; one person suffices, since it is the safe direction."""
        return {"reason": reason}

    @act("seat.lapsed", label="岗位随离任终止", right="record.clock", source=["PENDING", "ACTIVE"], target="REVOKED", button=False)  # fmt: skip
    def lapse(self, *, by: Any) -> None:
        """Its holder left the unit or his office: access follows at once (domain.md 2, task 1)."""

    @act("seat.moved", label="岗位随调动变更单位", right="record.clock", source=["PENDING", "ACTIVE"], button=False)
    def move(self, *, by: Any, org: Any) -> None:
        """The seat for a person's own file goes with him to his new unit."""
        self.org = org

    @act("account.reset", label="重置登录凭证", right="seat.grant", changes=False)
    def reset(self, *, by: Any, what: str, reason: str) -> dict[str, str]:
        """Log that the holder's password or second factor was set anew, by whom and why; nobody does it for himself."""
        if not reason.strip():
            raise ValidationError({"reason": "请写明重置理由"})
        return {"what": what, "reason": reason.strip()}

    @act("data.exported", label="导出数据", right="export", changes=False)
    def export(self, *, by: Any, what: str, purpose: str, rows: int) -> dict[str, Any]:
        """Log what left the system through this seat, how much, and why (山东条例 37)."""
        if not purpose.strip():
            raise ValidationError({"purpose": "请写明导出用途"})
        return {"what": what, "purpose": purpose.strip(), "rows": rows}
