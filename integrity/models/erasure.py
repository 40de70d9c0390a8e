"""Erasing what a court or the person concerned orders to be erased: two people, the log stays whole (trust.md change 3)."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.models.batch import ImportRow
from integrity.models.ledger import Event, Payload
from integrity.models.message import Message
from integrity.models.papers import Attachment
from integrity.models.record import Record


class ErasureQuerySet(ActedQuerySet):
    """Known to those who may decide on it and to auditors."""

    def visible_to(self, seat: Any) -> ErasureQuerySet:
        return self if {"payload.erase", "audit"} & seat.rights else self.none()


class Erasure(Acted):
    """内容删除: an order to erase a record's content, proposed by one and carried out by another."""

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", "待复核"
        DONE = "DONE", "已删除"
        REFUSED = "REFUSED", "未予删除"

    class Basis(models.TextChoices):
        COURT = "court", "法院裁判"
        OWNER = "owner", "本人依法要求（个人信息保护法第四十七条）"

    number = models.CharField("记录编号", max_length=40)
    record = models.ForeignKey(Record, models.PROTECT, related_name="erasures", editable=False, verbose_name="记录")
    basis = models.CharField("依据", max_length=8, choices=Basis)
    doc_no = models.CharField("裁判文书号或者申请编号", max_length=128)
    reason = models.CharField("说明", max_length=300)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, related_name="+", verbose_name="提出人")
    decided_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="复核人")
    made_at = models.DateTimeField("提出时间", default=timezone.now)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "内容删除"
        ordering = ("-made_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("entered_by")),
                name="erasure_two_people",
                violation_error_message="删除内容须由一人提出、另一人复核",
            ),
            models.UniqueConstraint(
                fields=["record"], condition=~Q(state="REFUSED"), name="one_erasure_per_record",
                violation_error_message="该记录已有删除申请",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    def interested(self) -> set[Any]:
        return self.record.interested()

    def refuses(self, spec: Any, by: Any) -> str:
        if not spec.creates and by.user_id == self.entered_by_id:
            return "本人提出的删除，须由他人复核"
        return ""

    @act("erasure.proposed", label="提出删除", right="payload.erase", creates=True)
    def propose(self, *, by: Any) -> None:
        """Name the record, the ruling or request, and why."""
        record = Record.objects.filter(number=self.number.strip().upper()).first()
        if record is None:
            raise ValidationError({"number": "没有这个编号的记录"})
        if record.state not in ENDED:
            raise ValidationError(
                {"number": f"记录“{record.get_state_display()}”，须先撤销、修复或者到期，才能删除内容"}
            )
        if not self.doc_no.strip():
            raise ValidationError({"doc_no": "请填写裁判文书号或者申请编号"})
        self.record, self.number, self.entered_by = record, record.number, by.user

    @act(
        "erasure.done", label="复核并删除", right="payload.erase", source=["PROPOSED"], target="DONE",
        confirm="删除后内容不能恢复；日志条目和证明保留，删除的依据和数量向社会公布",
    )  # fmt: skip
    def carry_out(self, *, by: Any) -> None:
        """A second person erases text, snapshots, corrections, files and import rows of the record (个人信息保护法 47)."""
        self.decided_by = by.user
        targets = [self.record_id, *self.record.versions.values_list("pk", flat=True)]
        for version in self.record.versions.all():
            version.erase(by=by)
        events = Event.objects.filter(target__in=targets).order_by("id")
        removed = list(events.values_list("id", "seq"))
        Payload.objects.filter(event__in=[pk for pk, _ in removed]).update(
            fields={}, inside=None, removed_at=timezone.now()
        )
        ImportRow.objects.filter(batch=self.record.batch_id, serial=self.record.serial).update(raw={}, values={})
        told = Q(text__contains=self.number) | Q(title__contains=self.number) | Q(link__contains=str(self.record_id))
        Message.objects.filter(told | Q(link__contains=self.number)).update(title=GONE, text=GONE)
        for file in Attachment.objects.filter(target__in=targets):
            file.file.delete(save=False)
            file.delete()
        index = [seq for _, seq in removed if seq is not None]
        self.record.erase(by=by, basis=self.basis, index=index, events=json.dumps([pk for pk, _ in removed]))

    @act(
        "erasure.refused",
        label="不予删除",
        right="payload.erase",
        source=["PROPOSED"],
        target="REFUSED",
        form=("reason",),
    )
    def refuse(self, *, by: Any, reason: str) -> dict[str, str]:
        """A second person finds no ground."""
        self.decided_by = by.user
        return {"refusal": reason}


GONE = "（内容已依法删除）"
ENDED = ("REPAIRED", "REVOKED", "EXPIRED", "SEALED")
