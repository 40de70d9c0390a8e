"""Pledges and their commitments: public promises with measurable items (tasks 2, 7, 20)."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.codes import public_number
from integrity.models.record.query import CANDIDATES
from integrity.models.subject import Subject

WITHDRAWAL_WINDOW = timedelta(minutes=10)  # brief 0.6: legal submissions are reversible for ten minutes


class PledgeQuerySet(ActedQuerySet):
    """A pledge is public once published and its ten minutes are over."""

    @staticmethod
    def _public_q() -> Q:
        return Q(state__in=["IN_FORCE", "FULFILLED"], published_at__lte=timezone.now(), public=True)

    def public(self) -> PledgeQuerySet:
        return self.filter(self._public_q())

    def visible_to(self, seat: Any) -> PledgeQuerySet:
        return self.filter(self._public_q() | self._inside_q(seat))

    def inside(self, seat: Any) -> PledgeQuerySet:
        return self.filter(self._inside_q(seat))

    @staticmethod
    def _inside_q(seat: Any) -> Q:
        role = seat.role
        if role.scope == "self":
            return Q(subject_id=seat.org_id if role.code == "COMPANY_REP" else seat.person_id or None)
        if role.scope == "own unit" and seat.org_id:
            return Q(subject_id=seat.org_id) | Q(unit_id=seat.org_id)
        if role.scope == "managed" and seat.org_id:
            return Q(subject__managed_by_id=seat.org_id)
        if role.scope == "county" and seat.org_id:
            return Q(unit__area__path__startswith=seat.org.area.path)
        if role.automatic or role.code in ("CREDIT_CITY", "AUDITOR"):
            return ~Q(state="WITHDRAWN") if role.code == "AUDITOR" else Q(state__in=Pledge.State.values)
        return Q(pk__in=[])

    def search_public(self, query: str) -> PledgeQuerySet:
        """Public pledges by number, or by the name of who pledged or of his unit (brief P2)."""
        text = query.replace("\x00", "").strip()
        shown = self.public()
        told = Exists(shown.filter(Q(subject=OuterRef("pk")) | Q(unit=OuterRef("pk"))))
        names = list(Subject.objects.search(text).filter(told).values_list("pk", flat=True)[:CANDIDATES])
        return shown.filter(Q(number=text.upper()) | Q(subject__in=names) | Q(unit__in=names))

    def overdue(self, on: date | None = None) -> PledgeQuerySet:
        return self.filter(state="ISSUED", due_on__lt=on or timezone.localdate())


class Pledge(Acted):
    """信用承诺: a promise of a person or an agency, with its exact text (domain.md tasks 2 and 7)."""

    class State(models.TextChoices):
        ISSUED = "ISSUED", "待签"
        SIGNED = "SIGNED", "已签"
        IN_FORCE = "IN_FORCE", "生效"
        FULFILLED = "FULFILLED", "已履行"
        SUPERSEDED = "SUPERSEDED", "被替换"
        ENDED = "ENDED", "终止"
        BREACHED = "BREACHED", "违诺认定"
        WITHDRAWN = "WITHDRAWN", "已撤回"

    number = models.CharField("承诺书编号", max_length=40, unique=True)
    kind = models.ForeignKey("integrity.Kind", models.PROTECT, to_field="code", db_column="kind", verbose_name="类目")
    subject = models.ForeignKey("integrity.Subject", models.PROTECT, related_name="pledges", verbose_name="承诺主体")
    unit = models.ForeignKey("integrity.Subject", models.PROTECT, related_name="unit_pledges", verbose_name="所在单位")
    occasion = models.CharField("承诺场合", max_length=20)
    title = models.CharField("标题", max_length=200)
    text = models.TextField("承诺内容")
    sha256 = models.CharField("文本摘要", max_length=64, blank=True)
    signer = models.CharField("签署人", max_length=60, blank=True)
    level = models.CharField("签署级别", max_length=1, blank=True)
    due_on = models.DateField("应签日期", null=True, blank=True)
    signed_at = models.DateTimeField("签署时间", null=True, blank=True)
    published_at = models.DateTimeField("公开时间", null=True, blank=True)
    public = models.BooleanField("向社会公开", default=False)
    valid_until = models.DateField("有效期至", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.ISSUED)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="替换的承诺"
    )
    ended_reason = models.CharField("终止理由", max_length=300, blank=True)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="发起人")

    objects = PledgeQuerySet.as_manager()
    lock_with = ("subject", "unit")
    people = ("entered_by_id",)

    class Meta:
        verbose_name = verbose_name_plural = "信用承诺"
        constraints = [
            models.CheckConstraint(condition=Q(state="ISSUED") | ~Q(sha256=""), name="signed_pledge_has_digest"),
        ]
        indexes = [
            models.Index(fields=["subject", "state"], name="pledge_subject"),
            models.Index(fields=["-published_at", "-id"], name="pledge_public"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return f"/pledge/{self.number}"

    def interested(self) -> set[Any]:
        return {self.subject_id}

    def unit_code(self, by: Any) -> str:
        return self.unit.code

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.right == "pledge.sign":
            mine = by.org_id if by.role.code in ("AGENCY_REP", "COMPANY_REP") else by.person_id
            return "" if mine == self.subject_id else "只能由承诺人本人签署"
        if spec.creates:
            return "" if by.role.scope != "own unit" or by.org_id == self.unit_id else "只能为本单位发起承诺"
        return "" if self.seen_by(by) else "不在您的管理范围内"

    def opening(self) -> dict[str, Any]:
        """Digest, level and state; the text itself is in the published document, never in the leaf (trust.md 2.5)."""
        return {
            "uid": str(self.pk), "version": self.version, "number": self.number, "kind": self.kind_id, "sha256": self.sha256,
            "level": self.level, "state": self.state, "title": self.title, "text": self.text if self.public else "",
            "subject": {"id": str(self.subject_id), "form": self.subject.form, "name": self.subject.name, "code": self.subject.code},
            "unit": {"name": self.unit.name, "code": self.unit.code}, "public": self.public,
        }  # fmt: skip

    @act("pledge.issued", label="发起承诺", right="pledge.issue", creates=True)
    def issue(self, *, by: Any) -> None:
        """Ask for a pledge: on appointment, promotion, transfer, yearly, or by an agency (tasks 2, 7)."""
        self.number = public_number("CN", timezone.localdate().year)
        self.entered_by = by.user if by.user_id else None

    @act(
        "pledge.signed",
        label="签署",
        right="pledge.sign",
        source=["ISSUED"],
        target="SIGNED",
        log="pledge.signed",
        button=False,
    )
    def sign(self, *, by: Any, level: str, document: bytes, signer: str) -> dict[str, Any]:
        """Bind the exact document; nothing is public for ten minutes (trust.md 1, brief 0.6)."""
        self.sha256, self.level, self.signer = hashlib.sha256(document).hexdigest(), level, signer
        self.signed_at = timezone.now()
        return {}

    @act(
        "pledge.withdrawn",
        label="撤回",
        right="pledge.sign",
        source=["SIGNED"],
        target="WITHDRAWN",
        log="pledge.lapsed",
    )
    def withdraw(self, *, by: Any) -> None:
        """Take the signature back within ten minutes, before anything is public."""
        if self.signed_at and timezone.now() > self.signed_at + WITHDRAWAL_WINDOW:
            raise ValidationError("签署已超过 10 分钟，不能撤回；可以联系组织人事部门")

    @act(
        "pledge.published",
        label="公开",
        right="pledge.publish",
        source=["SIGNED"],
        target="IN_FORCE",
        log="pledge.published",
        leaf=("sha256", "level"),
        form=("public",),
        confirm="生效后不能撤回；选择向社会公开的，任何人可见",
    )
    def publish(self, *, by: Any, public: bool) -> None:
        """Put the pledge in force, and before the public as far as scope and consent allow."""
        if self.signed_at and timezone.now() < self.signed_at + WITHDRAWAL_WINDOW:
            raise ValidationError("签署后 10 分钟内可以撤回，届时方可公开")
        self.public, self.published_at = public, timezone.now()

    @act(
        "pledge.fulfilled",
        label="确认履行",
        right="pledge.check",
        source=["IN_FORCE"],
        target="FULFILLED",
        log="pledge.published",
        leaf=("sha256", "level"),
    )
    def fulfil(self, *, by: Any) -> None:
        """All its commitments were kept."""
        if self.commitments.exclude(state="FULFILLED").exists():
            raise ValidationError("尚有承诺事项未兑现")

    @act(
        "pledge.breached",
        label="违诺认定",
        right="pledge.check",
        source=["IN_FORCE"],
        target="BREACHED",
        form=("reason",),
    )
    def breach(self, *, by: Any, reason: str) -> dict[str, str]:
        """A finding after notice and hearing said so (OF07, AG06)."""
        return {"reason": reason}

    @act(
        "pledge.superseded",
        label="替换",
        right="pledge.issue",
        source=["IN_FORCE", "SIGNED"],
        target="SUPERSEDED",
        log="pledge.replaced",
        leaf=("sha256", "level"),
        button=False,
    )
    def replace(self, *, by: Any) -> None:
        """A newer pledge takes its place."""

    @act(
        "pledge.ended",
        label="终止",
        right="pledge.issue",
        source=["ISSUED", "IN_FORCE", "FULFILLED"],
        target="ENDED",
        form=("reason",),
    )
    def end(self, *, by: Any, reason: str) -> None:
        """Leaving office or abolition of the unit ends it; it is never deleted."""
        self.sha256 = self.sha256 or hashlib.sha256(self.text.encode()).hexdigest()
        self.ended_reason = reason.strip()[:300]
