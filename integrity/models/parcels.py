"""What went between the nodes: batches with their receipts, findings on single entries, proofs of a fork."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone


class Side(models.TextChoices):
    OUT = "OUT", "上报"
    IN = "IN", "接收"


class Batch(models.Model):
    """交换批次: a range of a log that was sent or taken, with the signed head it was proved against and its receipt."""

    class State(models.TextChoices):
        SENT = "SENT", "已发送"
        ACCEPTED = "ACCEPTED", "已回执"
        DEAD = "DEAD", "需人工处理"

    side = models.CharField("方向", max_length=3, choices=Side)
    peer = models.ForeignKey("integrity.Peer", models.PROTECT, null=True, related_name="batches", verbose_name="平台")
    receiver = models.CharField("接收平台", max_length=120, blank=True)
    start = models.BigIntegerField("起")
    until = models.BigIntegerField("止")
    head_size = models.BigIntegerField("检查点长度")
    head_root = models.BinaryField("检查点根")
    head = models.TextField("检查点")
    entries_bundle = models.BinaryField("条目", default=bytes, help_text="每条前有两字节长度；丢失日志的平台可据此补回")
    records = models.PositiveIntegerField("记录条数", default=0)
    quarantined = models.PositiveIntegerField("隔离条数", default=0)
    state = models.CharField("状态", max_length=8, choices=State, default=State.SENT)
    receipt = models.TextField("回执", blank=True)
    attempts = models.PositiveIntegerField("尝试次数", default=1)
    error = models.CharField("原因", max_length=500, blank=True)
    made_at = models.DateTimeField("时间", default=timezone.now)
    answered_at = models.DateTimeField("回执时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "交换批次"
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["peer", "start"], condition=models.Q(side="IN"), name="one_batch_per_start"
            ),
        ]
        indexes = [
            models.Index(fields=["side", "receiver", "until"], name="exchange_until"),
            models.Index(fields=["peer", "head_size"], name="exchange_head"),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} {self.start}–{self.until}"

    @property
    def entries(self) -> int:
        return self.until - self.start


class FindingQuerySet(models.QuerySet):
    """Findings by direction; open until a later version was accepted or somebody saw to it."""

    def ours(self) -> FindingQuerySet:
        """What the upper node said about what we sent."""
        return self.filter(side=Side.OUT)

    def theirs(self) -> FindingQuerySet:
        """What we said about what a lower node sent."""
        return self.filter(side=Side.IN)

    def open(self) -> FindingQuerySet:
        return self.filter(resolved_at__isnull=True, blocks=True)

    def resolve(self) -> int:
        return self.filter(resolved_at__isnull=True).update(resolved_at=timezone.now())


class Finding(models.Model):
    """反馈: one entry that was not taken, or taken with a warning, with the code of domain.md 7.3."""

    side = models.CharField("方向", max_length=3, choices=Side)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="findings", verbose_name="批次")
    index = models.BigIntegerField("日志序号")
    uid = models.UUIDField("记录", null=True)
    version = models.PositiveIntegerField("版本", null=True)
    code = models.CharField("代码", max_length=3)
    field = models.CharField("字段", max_length=60, blank=True)
    message = models.CharField("说明", max_length=500)
    blocks = models.BooleanField("是否未接收", default=True)
    payload = models.JSONField("隔离内容", null=True)
    made_at = models.DateTimeField("时间", default=timezone.now)
    due_on = models.DateField("更正期限", null=True)
    resolved_at = models.DateTimeField("办结时间", null=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "校验反馈"
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["uid", "index"], name="finding_record"),
            models.Index(
                fields=["side", "-id"], condition=models.Q(resolved_at__isnull=True, blocks=True), name="finding_open"
            ),
            models.Index(fields=["batch", "index"], name="finding_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.message}"

    @property
    def wire(self) -> dict[str, Any]:
        """As it stands in the answer to a batch, and under the receipt's digest."""
        return {"index": self.index, "code": self.code, "field": self.field, "message": self.message}


class Fork(models.Model):
    """分叉证明: two heads signed by one origin for one size with different roots; both are kept for ever."""

    peer = models.ForeignKey("integrity.Peer", models.PROTECT, related_name="forks", verbose_name="平台")
    size = models.BigIntegerField("长度")
    first = models.TextField("先收到的检查点")
    second = models.TextField("后收到的检查点")
    made_at = models.DateTimeField("发现时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "分叉证明"
        constraints = [models.UniqueConstraint(fields=["peer", "size", "second"], name="one_proof_per_head")]

    def __str__(self) -> str:
        return f"{self.peer_id} {self.size}"
