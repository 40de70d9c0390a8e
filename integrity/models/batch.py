"""Import batches: a file read into staged rows, reported, submitted, confirmed as one by a second person (intake)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity import catalogue
from integrity.acts import Acted, ActedQuerySet, act

ACCOUNTS = {"organisations", "people"}  # profiles whose rows become no records; areas add theirs (intake/profile.py)
UNIT_ONLY: set[str] = set()  # those of them that stay within the unit that imported them
FINAL: set[str] = set()  # those whose rows are in hand as soon as they are entered


class ImportBatchQuerySet(ActedQuerySet):
    """Batches are seen by the unit that imported them and by the offices that accept and confirm them."""

    def visible_to(self, seat: Any) -> ImportBatchQuerySet:
        role = seat.role
        restricted = [k.code for k in catalogue.load().of_shape("record") if k.disclosure == "restricted"]
        rows = self if role.restricted or role.code == "CLOCK" else self.exclude(kind__in=restricted)
        if role.scope in ("own unit", "managed") and seat.org_id:
            return rows.filter(unit_id=seat.org_id) if role.families or "record.review" in role.rights else self.none()
        if role.scope == "county" and seat.org_id:
            return rows.filter(unit__area__path__startswith=seat.org.area.path).exclude(profile__in=ACCOUNTS)
        if role.code == "AUDITOR":
            return rows.exclude(profile__in=ACCOUNTS)
        if role.code == "CREDIT_CITY":
            return rows.exclude(profile__in=UNIT_ONLY)
        return rows if role.automatic else self.none()


class ImportBatch(Acted):
    """导入批次: one uploaded file; nothing of it is a record before somebody submits its good rows."""

    class State(models.TextChoices):
        RECEIVED = "RECEIVED", "已上传"
        REPORTED = "REPORTED", "已检查"
        SUBMITTING = "SUBMITTING", "正在提交"
        SUBMITTED = "SUBMITTED", "待确认"
        ACCEPTED = "ACCEPTED", "区县已验收"
        CONFIRMED = "CONFIRMED", "已确认"
        REFUSED = "REFUSED", "已退回"
        FAILED = "FAILED", "读取失败"

    profile = models.CharField("导入模板", max_length=40)
    seat = models.ForeignKey(
        "integrity.Seat", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="导入岗位"
    )
    key = models.CharField("幂等键", max_length=80, blank=True, editable=False)
    kind = models.ForeignKey(
        "integrity.Kind", models.PROTECT, to_field="code", db_column="kind", null=True, verbose_name="类目"
    )
    unit = models.ForeignKey("integrity.Subject", models.PROTECT, related_name="+", verbose_name="提供单位")
    file_name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("文件摘要", max_length=64)
    document = models.JSONField("公布文书", default=dict, help_text="整份名单共同的文书、文号、机关、日期、依据")
    reading = models.JSONField("读取情况", default=dict, help_text="工作表、表头、各列用途、未使用的列")
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
    accepted_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="验收人"
    )
    made_at = models.DateTimeField("上传时间", default=timezone.now)

    objects = ImportBatchQuerySet.as_manager()
    lock_with = ("unit", "unit__area", "kind", "seat")

    class Meta:
        verbose_name = verbose_name_plural = "导入批次"
        ordering = ("-made_at",)
        constraints = [
            models.CheckConstraint(
                condition=(Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("entered_by")))
                & (Q(accepted_by__isnull=True) | ~Q(accepted_by=F("entered_by"))),
                name="batch_two_people",
                violation_error_message="导入人不能验收或者确认同一批次",
            ),
            models.UniqueConstraint(fields=["unit", "key"], condition=~Q(key=""), name="one_batch_per_key"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}（{self.made_at:%Y-%m-%d %H:%M}）"

    @property
    def needs_county(self) -> bool:
        """A county's or township's units pass county acceptance before the city's (house.md 2.7)."""
        return self.profile not in ACCOUNTS and bool(self.unit.area_id) and self.unit.area.path.count("/") > 2

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.creates:
            return "" if by.org_id else "岗位没有所属单位，不能导入"
        if not self.seen_by(by):
            return "不在您的管理范围内"
        if spec.verb == "batch.accepted" and not self.needs_county:
            return "市级单位的批次不需要区县验收"
        if spec.verb == "batch.refused" and self.profile in FINAL:
            return "该批事项已经登记并开始计时，请逐件退回或者更正"
        if spec.verb == "batch.confirmed" and self.of_records and "record.confirm" not in by.rights:
            return "您的岗位没有入库认定的权限，请由市信用办确认"
        if spec.verb == "batch.confirmed" and self.state == "SUBMITTED" and self.needs_county:
            return "区县单位的批次须先经区县信用办验收"
        return ""

    @act("batch.received", label="上传", right="import.submit", creates=True)
    def receive(self, *, by: Any) -> None:
        """A file was uploaded; a worker reads it from the same seat."""
        self.entered_by, self.unit = by.user, by.org
        self.seat_id = by.pk or (by.token.seat_id if by.token else None)

    @act(
        "batch.reported",
        label="生成检查报告",
        right="import.submit",
        source=["RECEIVED"],
        target="REPORTED",
        button=False,
    )
    def report(
        self, *, by: Any, total: int, good: int, bad: int, repeated: int, warned: int, reading: Any = None
    ) -> None:
        """Every row was checked; nothing has been entered yet."""
        self.total, self.good, self.bad, self.repeated, self.warned = total, good, bad, repeated, warned
        self.reading = reading or {}

    @act(
        "batch.failed",
        label="读取失败",
        right="record.clock",
        source=["RECEIVED", "SUBMITTING"],
        target="FAILED",
        button=False,
    )
    def fail(self, *, by: Any, why: str) -> None:
        """The program cannot read the file or go on entering it; the reason is shown."""
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
        """The good rows are records awaiting confirmation; what a second person has to open was drawn."""
        self.sample = sample
        self.good = self.rows.filter(status="ENTERED").count()
        self.repeated = self.rows.filter(status="REPEATED").count()

    @act(
        "batch.accepted",
        label="区县验收",
        right="record.accept",
        source=["SUBMITTED"],
        target="ACCEPTED",
        confirm="验收后由市信用办确认入库",
    )
    def accept(self, *, by: Any) -> None:
        """The county credit office accepts what its units imported, after the same look at it."""
        self._was_opened(by)
        self.accepted_by = by.user

    @act(
        "batch.confirmed",
        label="确认批次",
        right="import.confirm",
        source=["SUBMITTED", "ACCEPTED"],
        target="CONFIRMED",
        form=("publish", "ground"),
        confirm="整批入库并按目录向上级平台报送；须逐条办理的记录不在其内",
    )
    def confirm(self, *, by: Any, publish: bool | None = None, ground: str = "") -> dict[str, int]:
        """A second person confirms the adopted records as one, after warnings and sample were opened."""
        from integrity.models.record.many.deciding import confirm_records  # records point to their batch

        self._was_opened(by)
        self.confirmed_by, self.publish, self.ground = by.user, publish, ground.strip()[:300]
        return {"records": confirm_records(self, by=by, publish=publish, ground=self.ground)} if self.of_records else {}

    @property
    def of_records(self) -> bool:
        return self.profile not in ACCOUNTS

    def _was_opened(self, by: Any) -> None:
        unopened = self.rows.filter(serial__in=self.sample, status="ENTERED").exclude(opened_by=by.user_id)
        if missing := list(unopened.order_by("serial").values_list("serial", flat=True)[:5]):
            raise ValidationError(f"请先逐条查看有提示的行和抽查行（第 {'、'.join(map(str, missing))} 行等）")

    @act(
        "batch.refused",
        label="退回批次",
        right="import.confirm",
        source=["SUBMITTED", "ACCEPTED"],
        target="REFUSED",
        form=("reason",),
    )
    def refuse(self, *, by: Any, reason: str) -> dict[str, Any]:
        """A second person sends the whole batch back; its records return to the clerk."""
        from integrity.models.record.many.deciding import return_many  # records point to their batch

        if not reason.strip():
            raise ValidationError({"reason": "请写明退回理由"})
        self.confirmed_by, self.failure = by.user, reason.strip()[:300]
        return {"reason": reason, "records": return_many(self, by=by, reason=reason) if self.of_records else 0}


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
