"""信用记录: one fact of one kind about one subject, with its parties and corrections (house.md 1)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.codes import normalise_doc_no
from integrity.models.record.area_checks import problems_of
from integrity.models.record.arrival import ArrivalActs
from integrity.models.record.fields import Publicity, RecordFields, RecordState
from integrity.models.record.going import Exchange
from integrity.models.record.query import RecordQuerySet
from integrity.models.record.spec import Problem, Window, base_facts, check_values, window

__all__ = [
    "Exchange",
    "Party",
    "Problem",
    "Publicity",
    "Record",
    "RecordState",
    "Version",
    "Window",
    "base_facts",
    "check_values",
    "window",
]


class Record(ArrivalActs):
    """One record; its acts stand in entry, publicity, ending and arrival, in the order a record lives through them."""

    objects = RecordQuerySet.as_manager()
    Exchange = Exchange

    class Meta(RecordFields.Meta):
        abstract = False

    @act(
        "record.corrected",
        label="采用更正",
        right="record.confirm",
        source=["CONFIRMED"],
        log="record.corrected",
        button=False,
    )
    def apply_correction(self, *, by: Any, correction: Version) -> dict[str, Any]:
        """Put a reviewed correction in force; the earlier text stays as a version, upper nodes get an UPDATE."""
        changes = correction.changes
        for name, value in changes.items():
            if name == "facts":
                self.facts = {**self.facts, **value}
            else:
                setattr(self, name, Record._meta.get_field(name).to_python(value))
        self.doc_key = normalise_doc_no(self.doc_no)
        self.reckon()
        self.scan = self.scan_texts()
        if self.scan and self.publicity == "PUBLIC":
            raise ValidationError("更正后的文本疑似含个人信息，不能继续公示")
        self.updated_at = timezone.now()
        return {"correction": correction.number, "reason": correction.reason}


class Party(models.Model):
    """相关责任人: another subject's part in a record, with the post of that time as text (house.md 2.10)."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="parties")
    subject = models.ForeignKey("integrity.Subject", models.PROTECT, related_name="parts", verbose_name="主体")
    role = models.CharField("角色", max_length=20, default="责任人")
    post = models.CharField("当时职务", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "相关责任人"
        constraints = [models.UniqueConstraint(fields=["record", "subject", "role"], name="one_part_per_role")]

    def __str__(self) -> str:
        return f"{self.role} {self.subject_id}"


class VersionQuerySet(ActedQuerySet):
    """Corrections are visible as their record is."""

    def visible_to(self, seat: Any) -> VersionQuerySet:
        return self.filter(record__in=Record.objects.inside(seat))

    def waiting(self, seat: Any, state: str) -> VersionQuerySet:
        """Corrections at a stage that this seat may decide on: never its own, never about itself."""
        right = {"PROPOSED": "record.review", "REVIEWED": "record.confirm"}[state]
        if right not in seat.rights:
            return self.none()
        rows = self.visible_to(seat).filter(state=state).exclude(record__subject_id__in=seat.avoided())
        return rows.exclude(entered_by=seat.user_id)


CORRECTABLE = (
    "title", "fact", "doc_type", "doc_no", "decided_on", "effective_on", "act_ended_on", "legal_basis", "tier", "facts",
)  # fmt: skip


class Version(Acted):
    """更正: a proposed new text of a confirmed record, and after its adoption the text it replaced."""

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", "待复核"
        REVIEWED = "REVIEWED", "待采用"
        ADOPTED = "ADOPTED", "已采用"
        REFUSED = "REFUSED", "未采用"

    record = models.ForeignKey(Record, models.PROTECT, related_name="versions", verbose_name="记录")
    number = models.PositiveIntegerField("版本号")
    changes = models.JSONField("更正内容")
    before = models.JSONField("更正前内容")
    reason = models.CharField("更正理由", max_length=300)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, related_name="+", verbose_name="提出人")
    reviewed_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="复核人"
    )
    adopted_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="采用人")
    made_at = models.DateTimeField("提出时间", default=timezone.now)
    adopted_at = models.DateTimeField("采用时间", null=True)

    objects = VersionQuerySet.as_manager()
    lock_with = ("record", "record__subject", "record__source_unit", "record__source_unit__area")

    class Meta:
        verbose_name = verbose_name_plural = "更正"
        ordering = ("record", "number")
        constraints = [
            models.UniqueConstraint(fields=["record", "number"], name="one_version_number"),
            models.UniqueConstraint(
                fields=["record"], condition=Q(state__in=["PROPOSED", "REVIEWED"]), name="one_open_correction"
            ),
            models.CheckConstraint(
                condition=(Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("entered_by")))
                & (Q(adopted_by__isnull=True) | ~Q(adopted_by=F("entered_by"))),
                name="correction_two_people",
                violation_error_message="更正的提出人不能复核或者采用",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} 第 {self.number} 版"

    def interested(self) -> set[Any]:
        return self.record.interested()

    def within(self, by: Any) -> bool:
        return self.record.within(by)

    def refuses(self, spec: Any, by: Any) -> str:
        return "" if self.within(by) else "不在您的管理范围内"

    @act("correction.proposed", label="提出更正", right="record.correct", creates=True)
    def propose(self, *, by: Any) -> None:
        """Propose new values for a confirmed record; what is public stays until a second person adopts it."""
        record = self.record
        if record.state != "CONFIRMED":
            raise ValidationError("只有已入库的记录可以更正")
        if unknown := set(self.changes) - set(CORRECTABLE):
            raise ValidationError(f"不能更正的字段：{'、'.join(sorted(unknown))}")
        if not self.reason.strip():
            raise ValidationError({"reason": "请写明更正理由"})
        self._check(record)
        self.entered_by = by.user
        self.number = record.versions.count() + 1
        snapshot = record.opening()
        self.before = {name: snapshot[name] for name in self.changes}

    def _check(self, record: Record) -> None:
        names = [f.name for f in base_facts(record.kind_id)]
        raw = {n: getattr(record, n, None) for n in names} | record.facts
        flat = {k: v for k, v in self.changes.items() if k != "facts"} | self.changes.get("facts", {})
        raw = {k: ("" if v is None else str(v) if not isinstance(v, bool) else v) for k, v in (raw | flat).items()}
        columns, facts, problems = check_values(record.spec, raw, timezone.localdate())
        anew = Record(pk=record.pk, kind_id=record.kind_id, subject_id=record.subject_id, facts=facts, **columns)
        if not any(p.blocks for p in problems):
            problems += problems_of(anew)
        if hard := {p.field: p.text for p in problems if p.blocks}:
            raise ValidationError(hard)

    @act("correction.reviewed", label="复核更正", right="record.review", source=["PROPOSED"], target="REVIEWED")
    def review(self, *, by: Any) -> None:
        """A second person of the unit answers for the correction."""
        self.reviewed_by = by.user

    @act(
        "correction.refused",
        label="不予更正",
        right="record.review",
        source=["PROPOSED", "REVIEWED"],
        target="REFUSED",
        form=("reason",),
    )
    def refuse(self, *, by: Any, reason: str) -> dict[str, str]:
        """Refuse with a reason; the proposal is kept."""
        self.reviewed_by = by.user
        return {"reason": reason}

    @act("correction.erased", label="删除内容", right="payload.erase", button=False)
    def erase(self, *, by: Any) -> None:
        """The record's content is erased, and with it what was once proposed for it."""
        self.changes, self.before, self.reason = {}, {}, "（已删除）"

    @act("correction.adopted", label="采用更正", right="record.confirm", source=["REVIEWED"], target="ADOPTED")
    def adopt(self, *, by: Any) -> None:
        """The credit office puts the correction in force."""
        self.adopted_by, self.adopted_at = by.user, timezone.now()
        self.record.apply_correction(by=by, correction=self)
