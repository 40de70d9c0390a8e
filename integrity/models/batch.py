"""Import batches: a file read into staged rows, reported, submitted, confirmed as one by a second person (intake)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act


class ImportBatchQuerySet(ActedQuerySet):
    """Batches are seen by the unit that imported them and by the credit office that confirms them."""

    def visible_to(self, seat: Any) -> ImportBatchQuerySet:
        role = seat.role
        if role.scope in ("own unit", "managed") and seat.org_id:
            return self.filter(unit_id=seat.org_id)
        if role.scope == "county" and seat.org_id:
            return self.filter(unit__area__path__startswith=seat.org.area.path).exclude(profile="officials")
        if role.code in ("CREDIT_CITY", "AUDITOR", "CLOCK"):
            return self
        return self.none()


class ImportBatch(Acted):
    """导入批次: one uploaded file; nothing of it is a record before somebody submits its good rows."""

    class State(models.TextChoices):
        RECEIVED = "RECEIVED", "已上传"
        REPORTED = "REPORTED", "已检查"
        SUBMITTING = "SUBMITTING", "正在提交"
        SUBMITTED = "SUBMITTED", "待确认"
        CONFIRMED = "CONFIRMED", "已确认"
        REFUSED = "REFUSED", "已退回"
        FAILED = "FAILED", "读取失败"

    profile = models.CharField("导入模板", max_length=40)
    kind = models.ForeignKey(
        "integrity.Kind", models.PROTECT, to_field="code", db_column="kind", null=True, verbose_name="类目"
    )
    unit = models.ForeignKey("integrity.Subject", models.PROTECT, related_name="+", verbose_name="提供单位")
    file_name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("文件摘要", max_length=64)
    document = models.JSONField("公布文书", default=dict, help_text="整份名单共同的文书、文号、机关、日期、依据")
    state = models.CharField("状态", max_length=10, choices=State, default=State.RECEIVED)
    total = models.PositiveIntegerField("总行数", default=0)
    good = models.PositiveIntegerField("可导入", default=0)
    bad = models.PositiveIntegerField("有错", default=0)
    repeated = models.PositiveIntegerField("重复", default=0)
    warned = models.PositiveIntegerField("有提示", default=0)
    failure = models.CharField("失败原因", max_length=300, blank=True)
    sample = models.JSONField("抽查行", default=list)
    publish = models.BooleanField("是否公示", null=True)
    ground = models.CharField("公示决定理由", max_length=300, blank=True)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, related_name="+", verbose_name="导入人")
    confirmed_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="确认人"
    )
    made_at = models.DateTimeField("上传时间", default=timezone.now)

    objects = ImportBatchQuerySet.as_manager()
    lock_with = ("unit", "unit__area", "kind")

    class Meta:
        verbose_name = verbose_name_plural = "导入批次"
        ordering = ("-made_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("entered_by")),
                name="batch_two_people",
                violation_error_message="导入人不能确认同一批次",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_name}（{self.made_at:%Y-%m-%d %H:%M}）"

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.creates:
            return "" if by.org_id else "岗位没有所属单位，不能导入"
        return "" if self.seen_by(by) else "不在您的管理范围内"

    @act("batch.received", label="上传", right="import.submit", creates=True)
    def receive(self, *, by: Any) -> None:
        """A file was uploaded; a worker reads it."""
        self.entered_by, self.unit = by.user, by.org

    @act(
        "batch.reported",
        label="生成检查报告",
        right="import.submit",
        source=["RECEIVED"],
        target="REPORTED",
        button=False,
    )
    def report(self, *, by: Any, total: int, good: int, bad: int, repeated: int, warned: int) -> None:
        """Every row was checked; nothing has been entered yet."""
        self.total, self.good, self.bad, self.repeated, self.warned = total, good, bad, repeated, warned

    @act(
        "batch.failed",
        label="读取失败",
        right="import.submit",
        source=["RECEIVED", "SUBMITTING"],
        target="FAILED",
        button=False,
    )
    def fail(self, *, by: Any, why: str) -> None:
        """The file could not be read at all; the reason is shown."""
        self.failure = why[:300]

    @act("batch.submitting", label="提交合格行", right="import.submit", source=["REPORTED"], target="SUBMITTING")
    def submit(self, *, by: Any) -> None:
        """The explicit wish to enter the good rows only."""
        if not self.good:
            raise ValidationError("没有可以导入的行")

    @act(
        "batch.submitted",
        label="提交完成",
        right="import.submit",
        source=["SUBMITTING"],
        target="SUBMITTED",
        button=False,
    )
    def finish(self, *, by: Any, sample: list[int]) -> None:
        """The good rows are records awaiting confirmation; a sample was drawn."""
        self.sample = sample

    @act(
        "batch.confirmed",
        label="确认批次",
        right="import.confirm",
        source=["SUBMITTED"],
        target="CONFIRMED",
        form=("publish", "ground"),
    )
    def confirm(self, *, by: Any, publish: bool | None = None, ground: str = "") -> None:
        """A second person confirms the adopted records as one, after warnings and sample were opened."""
        unopened = self.rows.filter(
            Q(serial__in=self.sample) | ~Q(warnings=[]), status="ENTERED", opened_by__isnull=True
        )
        if missing := list(unopened.values_list("serial", flat=True)[:5]):
            raise ValidationError(f"请先逐条查看有提示的行和抽查行（第 {'、'.join(map(str, missing))} 行等）")
        self.confirmed_by, self.publish, self.ground = by.user, publish, ground.strip()[:300]

    @act(
        "batch.refused",
        label="退回批次",
        right="import.confirm",
        source=["SUBMITTED"],
        target="REFUSED",
        form=("reason",),
    )
    def refuse(self, *, by: Any, reason: str) -> dict[str, str]:
        """A second person sends the whole batch back; its records return to the clerk."""
        self.confirmed_by = by.user
        self.failure = reason.strip()[:300]
        return {"reason": reason}


class ImportRow(models.Model):
    """A staged row: its texts as they stood in the file, what was understood, what is wrong."""

    class Status(models.TextChoices):
        GOOD = "GOOD", "可导入"
        BAD = "BAD", "有错"
        REPEATED = "REPEATED", "重复"
        ENTERED = "ENTERED", "已提交"

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="rows")
    serial = models.PositiveIntegerField("行号")
    raw = models.JSONField("原文")
    values = models.JSONField("识别内容", default=dict)
    errors = models.JSONField("错误", default=list)
    warnings = models.JSONField("提示", default=list)
    status = models.CharField("状态", max_length=8, choices=Status)
    record_id = models.UUIDField("记录", null=True)
    opened_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "导入行"
        constraints = [models.UniqueConstraint(fields=["batch", "serial"], name="one_row_per_serial")]
        indexes = [models.Index(fields=["batch", "status", "serial"], name="row_status")]

    def __str__(self) -> str:
        return f"第 {self.serial} 行"
