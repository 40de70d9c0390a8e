"""Letters that bind: numbered, printed, sealed, served, acknowledged (domain.md 2.22)."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity import catalogue
from integrity.acts import Acted, ActedQuerySet, act
from integrity.facts import Fact, check, from_toml
from integrity.models.papers import Attachment
from integrity.roles import ROLES


class LetterQuerySet(ActedQuerySet):
    """Letters are seen by the issuing unit and, once served, by the addressee."""

    def visible_to(self, seat: Any) -> LetterQuerySet:
        role = seat.role
        if role.scope == "self":
            own = seat.org_id if role.code == "COMPANY_REP" else seat.person_id
            return self.filter(addressee_id=own or None, state__in=("SERVED", "ACKNOWLEDGED"))
        if role.scope in ("own unit", "managed", "county") and seat.org_id:
            served = Q(addressee_id=seat.org_id, state__in=("SERVED", "ACKNOWLEDGED"))
            own = Q(unit_id=seat.org_id)
            return self.filter((own if role.restricted else own & self._open()) | served)
        if role.automatic or role.code in ("CREDIT_CITY", "AUDITOR"):
            return self.filter(self._open())
        return self.none()

    def received_by(self, seat: Any) -> LetterQuerySet:
        """Served letters whose addressee this seat is or represents."""
        return self.visible_to(seat).filter(addressee_id=addressed(seat), state__in=("SERVED", "ACKNOWLEDGED"))

    def waiting(self, seat: Any) -> LetterQuerySet:
        """Letters whose next step is this seat's: issue another's draft, seal, serve."""
        issuing = Q(state__in=("ISSUED", "SEALED"))
        if "letter.issue" in seat.rights:
            issuing |= Q(state="DRAFT") & ~Q(entered_by=seat.user_id)
        rows = self.visible_to(seat).filter(issuing, unit_id=seat.org_id)
        return rows if {"letter.issue", "letter.draft"} & seat.rights else self.none()

    @staticmethod
    def _open() -> Q:
        kinds = [k.code for k in catalogue.load().of_shape("record") if k.disclosure == "restricted"]
        return Q(record__isnull=True) | ~Q(record__kind__in=kinds)


def addressed(seat: Any) -> Any:
    """The subject for whom a seat takes letters: the person himself, else the organisation it sits in."""
    return seat.person_id if seat.role.scope == "self" and seat.role.code != "COMPANY_REP" else seat.org_id


@cache
def letter_facts(template: str) -> tuple[Fact, ...]:
    """The fields that one kind of letter asks for."""
    return from_toml(catalogue.load().letters[template]["fields"])


def compose(template: str, values: dict[str, Any], you: str) -> str:
    """The text of a letter from its template and the filled fields; values never act as a template themselves."""
    shown = {f.name: values.get(f.name, "") for f in letter_facts(template)}
    return str(catalogue.load().letters[template]["body"]).strip().format_map(shown | {"you": you})


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
    made_at = models.DateTimeField("拟稿时间", default=timezone.now)
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
        ordering = ("-made_at", "-id")
        indexes = [
            models.Index(fields=["unit", "-made_at"], name="letter_unit"),
            models.Index(fields=["addressee", "-made_at"], name="letter_addressee"),
        ]
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
            return "" if addressed(by) == self.addressee_id else "只能由受送达人签收"
        if spec.creates:
            return self._outside(by)
        if self.unit_id != by.org_id:
            return "只能办理本单位制发的文书"
        if spec.verb == "letter.issued" and by.user_id == self.entered_by_id:
            return "文书的拟稿人不能签发"
        return ""

    def _outside(self, by: Any) -> str:
        """Why this seat may not draft this letter: a unit writes on its own cases."""
        if not by.org_id:
            return "岗位没有所属单位，不能制发文书"
        if self.record_id and not self.record.within(by):
            return "不在您的管理范围内"
        return "" if not self.matter_id or self.matter.seen_by(by) else "不在您的管理范围内"

    @act("letter.drafted", label="拟稿", right="letter.draft", creates=True)
    def draft(self, *, by: Any) -> None:
        """Fill the template of one kind of letter (domain.md 2.22); a text written freely stands as it is."""
        if self.template not in catalogue.load().letters:
            raise ValidationError("没有这种文书模板")
        self.entered_by, self.unit = by.user, by.org
        self.title = self.title or self.template_spec["name"]
        if self.fields or not self.body:
            self._write(self.fields)

    @act("letter.amended", label="修改文稿", right="letter.draft", source=["DRAFT"], button=False)
    def amend(self, *, by: Any, fields: dict[str, Any]) -> None:
        """Change the draft; whoever changes it is its drafter and cannot issue it."""
        self.entered_by = by.user
        self._write(fields)

    def _write(self, fields: dict[str, Any]) -> None:
        values, wrong = check(letter_facts(self.template), fields)
        if wrong:
            raise ValidationError(wrong)
        self.fields = values
        self.body = compose(self.template, values, "你单位" if self.addressee.is_organisation else "你")

    @act("letter.issued", label="签发", right="letter.issue", source=["DRAFT"], target="ISSUED")
    def issue(self, *, by: Any) -> None:
        """A second person signs it off; it gets its number and is printed."""
        today = timezone.localdate()
        unit = type(self.unit).objects.select_for_update().get(pk=self.unit_id)  # one number after the other
        stem = f"{self.template_spec['stem']}〔{today.year}〕{unit.code[8:17] or unit.pk.hex[:8]}-"
        self.number = f"{stem}{Letter.objects.filter(number__startswith=stem).count() + 1}号"
        self.issued_by, self.issued_on = by.user, today

    @act("letter.sealed", label="登记用印扫描件", right="letter.draft", source=["ISSUED"], target="SEALED")
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
        if way == self.Way.ACCOUNT and not self.has_account():
            raise ValidationError({"way": "受送达人没有可以签收的账户，请纸质送达"})
        self.way, self.served_on = way, served_on

    def has_account(self) -> bool:
        """Whether somebody can read it: a seat that acknowledges letters of the organisation, or the person's own account."""
        from integrity.models.access import Seat, User  # the seats' table reads subjects

        if not self.addressee.is_organisation:
            return User.objects.filter(person=self.addressee_id, is_active=True).exists()
        takers = [r.code for r in ROLES.values() if "letter.acknowledge" in r.rights]
        return Seat.objects.in_force().filter(org=self.addressee_id, role_code__in=takers).exists()

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
