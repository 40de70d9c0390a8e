"""Columns and constraints of a record (domain.md 2.0): two state axes stored, the exchange axis is read from the ledger."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity import catalogue
from integrity.acts import Acted
from integrity.catalogue import KindSpec
from integrity.models.record.spec import TIERS
from integrity.models.words import Grams


def _person(label: str) -> Any:
    return models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name=label, db_index=False
    )


class RecordState(models.TextChoices):
    DRAFT = "DRAFT", "草稿"
    SUBMITTED = "SUBMITTED", "待复核"
    RETURNED = "RETURNED", "退回修改"
    REVIEWED = "REVIEWED", "复核通过"
    ACCEPTED = "ACCEPTED", "区县已验收"
    CONFIRMED = "CONFIRMED", "已入库"
    REPAIRED = "REPAIRED", "已修复"
    REVOKED = "REVOKED", "已撤销"
    EXPIRED = "EXPIRED", "已到期"
    SEALED = "SEALED", "已封存"


class Publicity(models.TextChoices):
    NOT_PUBLIC = "NOT_PUBLIC", "不公示"
    SCHEDULED = "SCHEDULED", "待公示"
    PUBLIC = "PUBLIC", "公示中"
    ENDED_MAX = "ENDED_MAX", "公示期满"
    ENDED_REPAIR = "ENDED_REPAIR", "修复后停止公示"
    WITHDRAWN = "WITHDRAWN", "已撤回"


def _differs(*names: str) -> Q:
    """No decider is an enterer: held by the database as well as by the act."""
    held = Q()
    for name in names:
        for enterer in ("entered_by", "amended_by"):
            held &= Q(**{f"{name}__isnull": True}) | Q(**{f"{enterer}__isnull": True}) | ~Q(**{name: F(enterer)})
    return held


class RecordFields(Acted):
    """What is stored of a record."""

    State = RecordState
    Publicity = Publicity
    Tier = models.TextChoices("Tier", {k.upper(): (k, v) for k, v in TIERS.items()})

    number = models.CharField("记录编号", max_length=40)
    kind = models.ForeignKey(
        "integrity.Kind", models.PROTECT, to_field="code", db_column="kind", db_index=False, verbose_name="类目"
    )
    kind_edition = models.PositiveIntegerField("目录版次", default=1)
    subject = models.ForeignKey(
        "integrity.Subject", models.PROTECT, related_name="records", db_index=False, verbose_name="信用主体"
    )
    source_unit = models.ForeignKey(
        "integrity.Subject", models.PROTECT, related_name="provided", db_index=False, verbose_name="信息提供单位"
    )
    title = models.CharField("事项名称", max_length=200)
    fact = models.TextField("失信事实", blank=True)
    doc_type = models.CharField("文书类型", max_length=20)
    doc_no = models.CharField("文书号", max_length=128)
    doc_key = models.CharField("文书号（比对用）", max_length=128, editable=False)
    deciding_unit = models.ForeignKey(
        "integrity.Subject",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decided",
        db_index=False,
        verbose_name="认定单位",
    )
    deciding_name = models.CharField("认定单位名称", max_length=200)
    deciding_code = models.CharField("认定单位代码", max_length=18, blank=True)
    decided_on = models.DateField("认定日期")
    effective_on = models.DateField("生效日期", null=True, blank=True)
    served_on = models.DateField("文书送达日期", null=True, blank=True)
    act_ended_on = models.DateField("失信行为终止日期", null=True, blank=True)
    legal_basis = models.TextField("认定依据")
    tier = models.CharField("失信等级", max_length=8, choices=Tier, default="none")
    facts = models.JSONField("具体内容", default=dict)
    duplicate_note = models.CharField("疑似重复说明", max_length=200, blank=True)

    state = models.CharField("记录状态", max_length=10, choices=RecordState, default=RecordState.DRAFT)
    publicity = models.CharField("公示状态", max_length=12, choices=Publicity, default=Publicity.NOT_PUBLIC)
    publish_decided = models.BooleanField("是否决定公示", null=True)
    publish_ground = models.CharField("公示决定理由", max_length=300, blank=True)
    public_from = models.DateField("公示日期", null=True, blank=True)
    until = models.DateField("停止公示和使用日期", null=True, blank=True)
    repair_from = models.DateField("最早可修复日期", null=True, blank=True)
    hidden_until = models.DateTimeField("临时隐藏至", null=True, blank=True)
    suspended = models.BooleanField("暂缓公示", default=False)
    ended_reason = models.CharField("终止理由", max_length=300, blank=True)
    scan = models.JSONField("隐私扫描结果", default=list)
    needs_clearance = models.BooleanField("须保密审查", default=False)
    consent_on = models.DateField("同意公开日期", null=True, blank=True)

    notified_on = models.DateField("告知日期", null=True, blank=True)
    statement_due = models.DateField("陈述申辩截止日期", null=True, blank=True)
    statement = models.TextField("陈述申辩", blank=True)
    heard_outcome = models.CharField("陈述申辩处理", max_length=300, blank=True)
    heard_on = models.DateField("听取日期", null=True, blank=True)

    objection_open = models.BooleanField("异议处理中", default=False)
    rectifying = models.BooleanField("整改中", default=False)
    mitigated = models.BooleanField("从轻", default=False)
    exempted = models.BooleanField("免于惩戒", default=False)
    send_up = models.BooleanField("决定上报", null=True)
    also_reported_by_line = models.BooleanField("垂直系统另报", default=False)

    origin = models.CharField("来源平台", max_length=120, blank=True)
    origin_version = models.PositiveIntegerField("来源版本", default=0)
    via = models.ForeignKey(
        "integrity.Peer",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="报送平台",
    )
    batch = models.ForeignKey(
        "integrity.ImportBatch", models.PROTECT, null=True, blank=True, related_name="records", db_index=False
    )
    serial = models.PositiveIntegerField("批次行号", null=True, blank=True)
    entered_by, amended_by = _person("录入人"), _person("修改人")
    reviewed_by, accepted_by, confirmed_by = _person("复核人"), _person("验收人"), _person("入库人")
    cleared_by, published_by = _person("保密审查人"), _person("公示人")
    entered_at = models.DateTimeField("录入时间", default=timezone.now)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    confirmed_at = models.DateTimeField("入库时间", null=True, blank=True)
    published_at = models.DateTimeField("公示时间", null=True, blank=True)
    updated_at = models.DateTimeField("更新时间", default=timezone.now)

    lock_with = ("subject", "source_unit", "source_unit__area", "kind")
    people = ("entered_by_id", "amended_by_id")

    class Meta:
        abstract = True
        verbose_name = verbose_name_plural = "信用记录"
        constraints = [
            models.CheckConstraint(
                condition=_differs("reviewed_by", "accepted_by", "confirmed_by", "cleared_by", "published_by"),
                name="record_two_people",
                violation_error_message="录入人不能复核、入库、审查或者公示同一条记录",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True)
                | Q(confirmed_by__isnull=True)
                | ~Q(published_by=F("confirmed_by")),
                name="record_publisher_differs",
                violation_error_message="入库人不能公示同一条记录",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["CONFIRMED", "REPAIRED", "EXPIRED", "SEALED"])
                | Q(confirmed_by__isnull=False)
                | ~Q(origin=""),
                name="confirmed_record_was_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(publicity="PUBLIC") | Q(public_from__isnull=False, published_at__isnull=False),
                name="public_record_has_dates",
            ),
            models.CheckConstraint(
                condition=~Q(publicity="PUBLIC") | Q(state="CONFIRMED"), name="only_confirmed_is_public"
            ),
            models.CheckConstraint(condition=~Q(doc_no=""), name="no_document_no_record"),
            models.UniqueConstraint(fields=["number"], name="one_record_per_number"),
            models.UniqueConstraint(
                fields=["kind", "subject", "doc_key", "deciding_name"],
                condition=Q(duplicate_note="") & ~Q(state__in=["DRAFT", "RETURNED", "REVOKED"]),
                name="one_record_per_document",
                violation_error_message="同一主体、同一文书、同一认定单位的记录已经存在",
            ),
        ]
        indexes = [
            models.Index(fields=["-public_from", "-id"], condition=Q(publicity="PUBLIC"), name="record_public"),
            GinIndex(Grams("title"), condition=Q(publicity="PUBLIC"), name="record_words"),
            models.Index(fields=["subject", "state"], name="record_subject"),
            models.Index(fields=["source_unit", "state", "-id"], name="record_unit"),
            models.Index(fields=["kind", "state", "-id"], name="record_kind"),
            models.Index(fields=["doc_key"], name="record_doc"),
            models.Index(fields=["-entered_at", "-id"], name="record_entered"),
            models.Index(fields=["until"], condition=Q(state="CONFIRMED"), name="record_until"),
            models.Index(fields=["batch", "state"], name="record_batch"),
            models.Index(fields=["via", "id"], condition=Q(via__isnull=False), name="record_via"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def spec(self) -> KindSpec:
        return catalogue.load().kinds[self.kind_id]

    def get_absolute_url(self) -> str:
        return f"/n/{self.number}"

    @property
    def is_public_now(self) -> bool:
        """The Python twin of RecordQuerySet.public(), for one row in hand."""
        today, now = timezone.localdate(), timezone.now()
        return (
            self.publicity == "PUBLIC"
            and self.state == "CONFIRMED"
            and not self.suspended
            and bool(self.public_from and self.public_from <= today)
            and (self.until is None or self.until > today)
            and (self.hidden_until is None or self.hidden_until <= now)
        )

    def interested(self) -> set[Any]:
        return {self.subject_id}

    def unit_code(self, by: Any) -> str:
        return by.org.code if by.org_id else (self.source_unit.code if self.source_unit_id else "")

    def opening(self) -> dict[str, Any]:
        """The full record as it goes into an opened log entry and to upper nodes; no personal number anywhere."""
        return as_opening({name: _reach(self, name) for name in OPENING_COLUMNS})


OPENING_COLUMNS = (
    "id", "version", "number", "kind_id", "kind_edition", "subject_id", "subject__form", "subject__name", "subject__code",
    "source_unit__name", "source_unit__code", "title", "fact", "doc_type", "doc_no", "deciding_name", "deciding_code",
    "decided_on", "effective_on", "act_ended_on", "legal_basis", "tier", "facts", "state", "publicity", "public_from",
    "until", "repair_from", "objection_open", "rectifying", "mitigated", "exempted", "suspended", "ended_reason",
    "served_on", "hidden_until", "duplicate_note", "needs_clearance", "cleared_by_id", "origin",
)  # fmt: skip


def _reach(row: Any, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part)
    return row


def as_opening(v: dict[str, Any]) -> dict[str, Any]:
    """A record's opening from its columns, alike for one row and for many."""

    def iso(day: date | None) -> str | None:
        return day.isoformat() if day else None

    return {
        "uid": str(v["id"]),
        "version": v["version"],
        "number": v["number"],
        "kind": v["kind_id"],
        "kind_edition": v["kind_edition"],
        "subject": {
            "id": str(v["subject_id"]), "form": v["subject__form"], "name": v["subject__name"], "code": v["subject__code"],
        },
        "source_unit": {"name": v["source_unit__name"], "code": v["source_unit__code"]},
        "title": v["title"],
        "fact": v["fact"],
        "doc_type": v["doc_type"],
        "doc_no": v["doc_no"],
        "deciding_unit": {"name": v["deciding_name"], "code": v["deciding_code"]},
        "decided_on": iso(v["decided_on"]),
        "effective_on": iso(v["effective_on"]),
        "act_ended_on": iso(v["act_ended_on"]),
        "legal_basis": v["legal_basis"],
        "tier": v["tier"],
        "facts": v["facts"],
        "state": v["state"],
        "publicity": v["publicity"],
        "public_from": iso(v["public_from"]),
        "until": iso(v["until"]),
        "repair_from": iso(v["repair_from"]),
        "flags": {n: v[n] for n in ("objection_open", "rectifying", "mitigated", "exempted", "suspended")},
        "ended_reason": v["ended_reason"],
        "served_on": iso(v["served_on"]),
        "hidden_until": v["hidden_until"].isoformat(timespec="seconds") if v["hidden_until"] else None,
        "duplicate_note": v["duplicate_note"],
        "cleared": not v["needs_clearance"] or v["cleared_by_id"] is not None,
        "origin": v["origin"],
    }  # fmt: skip
