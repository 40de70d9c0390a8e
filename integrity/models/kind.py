"""Catalogue entries in force: nothing is recorded, measured or handled without one (山东条例 10, 25)."""

from __future__ import annotations

import json
import uuid
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity import catalogue
from integrity.acts import Acted, ActedQuerySet, act
from integrity.catalogue import KindSpec

NAMESPACE = uuid.UUID("6b1d2c1e-6e0c-4a51-9c1b-3711000dd001")


class KindQuerySet(ActedQuerySet):
    """The catalogue is public (山东条例 10)."""

    def visible_to(self, seat: Any) -> KindQuerySet:
        return self

    def in_force(self, shape: str = "") -> KindQuerySet:
        rows = self.filter(state=Kind.State.APPROVED)
        return rows.filter(shape=shape) if shape else rows


class Kind(Acted):
    """目录类目: one entry of the data list or the measures list; its text comes from TOML, its force from an act."""

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", "拟定"
        NOMINATED = "NOMINATED", "提请批准"
        APPROVED = "APPROVED", "已批准"
        ENDED = "ENDED", "已终止"

    class Shape(models.TextChoices):
        RECORD = "record", "信用信息"
        MATTER = "matter", "办理事项"
        MEASURE = "measure", "奖惩措施"
        PLEDGE = "pledge", "信用承诺"

    code = models.CharField("代码", max_length=8, unique=True)
    name = models.CharField("名称", max_length=100)
    shape = models.CharField("形态", max_length=8, choices=Shape)
    edition = models.PositiveIntegerField("版次", default=1)
    text = models.JSONField("条目内容")
    text_hash = models.CharField("内容摘要", max_length=64)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    doc_no = models.CharField("批准文号", max_length=100, blank=True)
    valid_from = models.DateField("生效日期", null=True, blank=True)
    valid_until = models.DateField("终止日期", null=True, blank=True)
    nominated_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="提请人"
    )
    approved_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="批准人"
    )

    objects = KindQuerySet.as_manager()
    people = ("nominated_by_id",)

    class Meta:
        verbose_name = verbose_name_plural = "信用目录"
        ordering = ("code",)
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("nominated_by")),
                name="kind_two_people",
                violation_error_message="目录条目须由两人批准",
            ),
            models.CheckConstraint(
                condition=~Q(state="APPROVED") | (Q(approved_by__isnull=False) & ~Q(doc_no="")),
                name="approved_kind_has_document",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def spec(self) -> KindSpec:
        return catalogue.load().kinds[self.code]

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.verb in ("kind.approved", "kind.returned") and by.user_id == self.nominated_by_id:
            return "本人提请的条目，须由他人批准"
        return ""

    def opening(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "edition": self.edition,
            "state": self.state,
            "sha256": self.text_hash,
            "doc_no": self.doc_no,
        }

    @act("kind.synced", label="同步条目", right="record.clock", creates=True)
    def introduce(self, *, by: Any) -> None:
        """Enter a new catalogue text as proposed; done by the program from its TOML."""

    @act("kind.changed", label="更新条目", right="record.clock", target="PROPOSED", button=False)
    def change_text(self, *, by: Any, text: str, digest: str) -> None:
        """A changed text is a new edition and has to be approved again."""
        self.text, self.text_hash, self.edition = json.loads(text), digest, self.edition + 1
        self.name = self.text["name"]
        self.nominated_by = self.approved_by = None

    @act(
        "kind.nominated",
        label="提请批准",
        right="kind.nominate",
        source=["PROPOSED"],
        target="NOMINATED",
        form=("doc_no", "valid_from"),
    )
    def nominate(self, *, by: Any, doc_no: str, valid_from: date | None = None) -> None:
        """The credit office asks for approval, naming the deciding document (山东条例 10)."""
        self.nominated_by, self.doc_no = by.user, doc_no
        self.valid_from = valid_from or timezone.localdate()

    @act(
        "kind.approved",
        label="批准",
        right="kind.approve",
        source=["NOMINATED"],
        target="APPROVED",
        log="catalogue.changed",
        leaf=("code", "edition", "sha256"),
    )
    def approve(self, *, by: Any) -> None:
        """A second person puts the entry in force (山东条例 10, two people)."""
        self.approved_by = by.user

    @act("kind.returned", label="退回", right="kind.approve", source=["NOMINATED"], target="PROPOSED", form=("reason",))
    def return_(self, *, by: Any, reason: str) -> dict[str, str]:
        """A second person sends the entry back."""
        self.nominated_by, self.doc_no = None, ""
        return {"reason": reason}

    @act(
        "kind.ended",
        label="终止",
        right="kind.approve",
        source=["APPROVED"],
        target="ENDED",
        log="catalogue.changed",
        leaf=("code", "edition", "sha256"),
        form=("reason",),
    )
    def end(self, *, by: Any, reason: str) -> dict[str, str]:
        """End the entry; its code is never used again."""
        self.valid_until = timezone.localdate()
        return {"reason": reason}


def sync(by: Any) -> list[str]:
    """Bring the table to the TOML: new entries proposed, changed texts returned to PROPOSED; returns what moved."""
    loaded, moved = catalogue.load(), []
    rows = {k.code: k for k in Kind.objects.all()}
    for code, spec in loaded.kinds.items():
        digest, row = catalogue.text_hash(code), rows.get(code)
        if row is None:
            text = json.loads(loaded.texts[code])
            row = Kind(
                code=code, name=spec.name, shape=spec.shape, text=text, text_hash=digest, id=uuid.uuid5(NAMESPACE, code)
            )
            row.introduce(by=by)
            moved.append(code)
        elif row.text_hash != digest and row.state != Kind.State.ENDED:
            row.change_text(by=by, text=loaded.texts[code], digest=digest)
            moved.append(code)
    return moved


def approve_edition(codes: list[str], by: Any) -> list[Kind]:
    """Approve a whole nominated edition by one decision; every entry keeps its own event."""
    rows = list(Kind.objects.filter(code__in=codes, state=Kind.State.NOMINATED))
    return [row.approve(by=by) for row in rows]
