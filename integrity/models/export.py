"""Exports: a file of what a seat may read, asked for with a purpose, made by the worker, gone after seven days."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.models.access import Seat

KEPT = timedelta(days=7)
MOST_WAITING = 5  # of one seat at a time


class ExportQuerySet(ActedQuerySet):
    """A seat sees the exports it asked for."""

    def visible_to(self, seat: Any) -> ExportQuerySet:
        return self.filter(seat__user_id=seat.user_id or -1, seat__role_code=seat.role_code)

    def waiting(self) -> ExportQuerySet:
        return self.filter(state="ASKED").order_by("asked_at")


class Export(Acted):
    """导出: one file of a listing, with its purpose, row count, digest and the size of the log when it was made."""

    class State(models.TextChoices):
        ASKED = "ASKED", "等待生成"
        READY = "READY", "已生成"
        FAILED = "FAILED", "未生成"

    class Format(models.TextChoices):
        NDJSON = "ndjson", "NDJSON（每行一条 JSON）"
        CSV = "csv", "CSV（表格）"

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="exports", verbose_name="岗位")
    token = models.ForeignKey("integrity.ApiToken", models.PROTECT, null=True, related_name="+", verbose_name="令牌")
    resource = models.CharField("资源", max_length=20)
    format = models.CharField("格式", max_length=8, choices=Format, default=Format.NDJSON)
    query = models.JSONField("过滤条件", default=dict)
    purpose = models.CharField("用途", max_length=200)
    state = models.CharField("状态", max_length=10, choices=State, default=State.ASKED)
    rows = models.PositiveIntegerField("行数", default=0)
    size = models.PositiveBigIntegerField("字节数", default=0)
    sha256 = models.CharField("文件摘要", max_length=64, blank=True)
    checkpoint = models.PositiveBigIntegerField("导出时日志的大小", null=True)
    failure = models.CharField("失败原因", max_length=300, blank=True)
    asked_at = models.DateTimeField("申请时间", default=timezone.now)
    ready_at = models.DateTimeField("完成时间", null=True)

    objects = ExportQuerySet.as_manager()
    lock_with = ("seat", "seat__user", "seat__org")
    people = ()

    class Meta:
        verbose_name = verbose_name_plural = "导出"
        ordering = ("-asked_at",)
        indexes = [models.Index(fields=["asked_at"], condition=models.Q(state="ASKED"), name="export_waiting")]

    def __str__(self) -> str:
        return f"{self.resource}（{timezone.localtime(self.asked_at):%Y-%m-%d %H:%M}）"

    @property
    def path(self) -> Path:
        return Path(settings.MEDIA_ROOT) / "exports" / f"{self.pk.hex}.{self.format}"

    @property
    def file_name(self) -> str:
        return f"{self.resource}-{timezone.localtime(self.asked_at):%Y%m%d-%H%M}.{self.format}"

    @property
    def valid_until(self) -> datetime | None:
        """When its file is removed."""
        return self.ready_at + KEPT if self.ready_at else None

    @property
    def is_there(self) -> bool:
        """Whether its file can still be downloaded."""
        return self.state == "READY" and bool(self.ready_at) and timezone.now() < self.ready_at + KEPT

    def refuses(self, spec: Any, by: Any) -> str:
        return "" if spec.creates or by.user_id == self.seat.user_id else "只能办理本人申请的导出"

    @act("export.asked", label="申请导出", right="export", creates=True)
    def ask(self, *, by: Any) -> None:
        """Ask for a file of what the own seat may read, naming what for (山东条例 37)."""
        self.token = getattr(by, "token", None)
        self.seat = self.token.seat if self.token else by
        self.purpose = self.purpose.strip()
        if not self.purpose:
            raise ValidationError({"purpose": "请写明导出用途"})
        if Export.objects.visible_to(by).waiting().count() >= MOST_WAITING:
            raise ValidationError(f"已有 {MOST_WAITING} 个导出等待生成，请待其完成后再申请")

    @act("export.made", label="生成文件", right="export", source=["ASKED"], target="READY", button=False)
    def finish(self, *, by: Any, rows: int, size: int, sha256: str, checkpoint: int) -> None:
        """The worker wrote the file: how much is in it, and which state of the ledger it shows."""
        self.rows, self.size, self.sha256, self.checkpoint = rows, size, sha256, checkpoint
        self.ready_at = timezone.now()

    @act("export.failed", label="登记失败", right="export", source=["ASKED"], target="FAILED", button=False)
    def fail(self, *, by: Any, why: str) -> None:
        """The file could not be written; the reason is shown."""
        self.failure = why[:300]

    @act("export.downloaded", label="下载", right="export", source=["READY"], changes=False)
    def download(self, *, by: Any) -> dict[str, Any]:
        """Log that the file left the house."""
        if not self.is_there:
            raise ValidationError("文件已过 7 天保留期，请重新申请导出")
        return {"sha256": self.sha256, "rows": self.rows}
