"""Templates of personal pledges: versions, the three heads, approved by a second person (domain.md 2, task 2)."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act

OCCASIONS = (
    ("任职", "任职"), ("晋升", "晋升"), ("调任", "调任"), ("年度", "年度"), ("项目责任人", "项目责任人"), ("信用修复", "信用修复"),
)  # fmt: skip
SHOWN = ("APPROVED", "RETIRED")


class TemplateQuerySet(ActedQuerySet):
    """Approved texts are public, those retired too: what was signed can be read; drafts belong to those who write them."""

    def public(self) -> TemplateQuerySet:
        return self.filter(state__in=SHOWN)

    def visible_to(self, seat: Any) -> TemplateQuerySet:
        return self if {"pledge.template", "audit"} & seat.rights else self.public()

    def current(self, occasion: str) -> PledgeTemplate | None:
        """The text an occasion is signed with today; the yearly text where the occasion has none of its own."""
        rows = self.filter(state="APPROVED", valid_from__lte=timezone.localdate())
        own = rows.filter(occasion=occasion).order_by("-edition").first()
        return own or rows.filter(occasion="年度").order_by("-edition").first()


class PledgeTemplate(Acted):
    """承诺书模板: the text of a personal pledge for an occasion, one version after another."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", "拟定"
        NOMINATED = "NOMINATED", "提请批准"
        APPROVED = "APPROVED", "使用中"
        RETIRED = "RETIRED", "已停用"

    code = models.CharField("模板编号", max_length=20, help_text="同一模板各版共用，如 GRCN-RZ")
    edition = models.PositiveIntegerField("版次", default=1)
    occasion = models.CharField("承诺场合", max_length=10, choices=OCCASIONS)
    title = models.CharField("标题", max_length=100)
    discipline = models.TextField("遵纪守规", max_length=1000)
    duty = models.TextField("尽职尽责", max_length=1000)
    honesty = models.TextField("诚实守信", max_length=1000)
    oversight = models.TextField("接受监督", max_length=1000)
    breach_clause = models.TextField("违诺责任", max_length=1000)
    consent_text = models.TextField("公开同意书", max_length=600, help_text="与签署分开；不同意不影响任职")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    valid_from = models.DateField("启用日期", null=True, blank=True)
    retired_on = models.DateField("停用日期", null=True, blank=True)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="拟定人")
    approved_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="批准人"
    )

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "承诺书模板"
        ordering = ("code", "-edition")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "edition"], name="template_edition", violation_error_message="该模板已有这一版"
            ),
            models.UniqueConstraint(
                fields=["occasion"],
                condition=Q(state="APPROVED"),
                name="one_template_per_occasion",
                violation_error_message="该场合已有使用中的模板；新版请沿用原模板编号",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("entered_by")),
                name="template_two_people",
                violation_error_message="模板须由他人批准",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.name}）"

    @property
    def name(self) -> str:
        """How a pledge names the text it was made from."""
        return f"{self.code} 第{self.edition}版"

    @property
    def text(self) -> str:
        """The whole text, three heads first, as it is signed."""
        heads = (
            ("遵纪守规", self.discipline),
            ("尽职尽责", self.duty),
            ("诚实守信", self.honesty),
            ("接受监督", self.oversight),
        )
        lines = [f"{'一二三四'[n]}、{head}。{body}" for n, (head, body) in enumerate(heads)]
        return "\n".join(["本人郑重承诺：", *lines, self.breach_clause])

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.verb in ("template.approved", "template.returned") and by.user_id == self.entered_by_id:
            return "本人拟定的模板，须由他人批准"
        return ""

    def opening(self) -> dict[str, Any]:
        """The text as anybody may read it, and its digest for the leaf."""
        shown = {
            "code": self.code,
            "edition": self.edition,
            "occasion": self.occasion,
            "title": self.title,
            "text": self.text,
        }
        return shown | {"state": self.state, "sha256": hashlib.sha256(self.text.encode()).hexdigest()}

    @act("template.drafted", label="拟定模板", right="pledge.template", creates=True)
    def draft(self, *, by: Any) -> None:
        """Write a text, or the next version of one."""
        self.code = self.code.strip().upper()
        last = PledgeTemplate.objects.filter(code=self.code).order_by("-edition").first()
        if last is not None and last.occasion != self.occasion:
            raise ValidationError({"occasion": f"模板 {self.code} 用于“{last.occasion}”，新版不能改变场合"})
        self.edition, self.entered_by = (last.edition + 1 if last else 1), by.user

    @act("template.nominated", label="提请批准", right="pledge.template", source=["DRAFT"], target="NOMINATED")
    def nominate(self, *, by: Any) -> None:
        """Hand it to a second person."""

    @act(
        "template.approved", label="批准启用", right="pledge.template", source=["NOMINATED"], target="APPROVED",
        log="template.changed", leaf=("sha256",), confirm="启用后全文向社会公开；同一模板的上一版同时停用，用上一版签署的承诺列入待重签名单",
    )  # fmt: skip
    def approve(self, *, by: Any) -> None:
        """A second person puts it in force; the version before it retires."""
        for old in PledgeTemplate.objects.filter(code=self.code, state="APPROVED"):
            old.retire(by=by)
        self.approved_by, self.valid_from = by.user, timezone.localdate()

    @act(
        "template.returned", label="退回修改", right="pledge.template", source=["NOMINATED"], target="DRAFT", form=("reason",)
    )  # fmt: skip
    def return_(self, *, by: Any, reason: str) -> dict[str, str]:
        """A second person finds it wanting."""
        return {"reason": reason}

    @act(
        "template.retired", label="停用", right="pledge.template", source=["APPROVED"], target="RETIRED",
        log="template.changed", leaf=("sha256",),
    )  # fmt: skip
    def retire(self, *, by: Any) -> None:
        """No more pledges are made from it; those made stand."""
        self.retired_on = timezone.localdate()
