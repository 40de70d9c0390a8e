"""Measures: consequences and incentives in force on a subject, from the public list only (山东条例 25-30)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.clocks import add_months
from integrity.codes import public_number
from integrity.models.record import Record


class MeasureQuerySet(ActedQuerySet):
    """In force is a query; visible as the record it rests on."""

    def in_force(self, on: date | None = None) -> MeasureQuerySet:
        day = on or timezone.localdate()
        return self.filter(Q(until__isnull=True) | Q(until__gt=day), state="IN_FORCE", starts_on__lte=day)

    def public(self, on: date | None = None) -> MeasureQuerySet:
        """Measures on organisations whose record is public."""
        return self.in_force(on).filter(record__in=Record.objects.public(on)).exclude(subject__form="PERSON")

    def visible_to(self, seat: Any) -> MeasureQuerySet:
        return self.filter(Q(pk__in=self.model.objects.public().values("pk")) | self._inside_q(seat))

    def inside(self, seat: Any) -> MeasureQuerySet:
        return self.filter(self._inside_q(seat))

    @staticmethod
    def _inside_q(seat: Any) -> Q:
        inside = Q(record__in=Record.objects.inside(seat))
        if seat.role.scope == "own unit" and seat.org_id:
            inside |= Q(decided_unit_id=seat.org_id)
        return inside


class Measure(Acted):
    """惩戒、激励措施: one entry of the measures list applied to one subject because of one record (domain.md 9)."""

    class State(models.TextChoices):
        IN_FORCE = "IN_FORCE", "执行中"
        MITIGATED = "MITIGATED", "已从轻替换"
        EXEMPTED = "EXEMPTED", "免于实施"
        LIFTED = "LIFTED", "已解除"

    class Effect(models.TextChoices):
        MANDATORY = "mandatory", "依法必须"
        REFERENCE = "reference", "供参考"

    number = models.CharField("措施编号", max_length=40, unique=True)
    kind = models.ForeignKey("integrity.Kind", models.PROTECT, to_field="code", db_column="kind", verbose_name="措施")
    subject = models.ForeignKey("integrity.Subject", models.PROTECT, related_name="measures", verbose_name="信用主体")
    record = models.ForeignKey(Record, models.PROTECT, related_name="measures", verbose_name="依据的记录")
    basis = models.CharField("依据", max_length=500)
    effect = models.CharField("效力", max_length=10, choices=Effect)
    decided_unit = models.ForeignKey("integrity.Subject", models.PROTECT, related_name="+", verbose_name="决定单位")
    decided_on = models.DateField("决定日期")
    doc_no = models.CharField("决定文号", max_length=128, blank=True)
    starts_on = models.DateField("起始日期")
    until = models.DateField("截止日期", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.IN_FORCE)
    executed = models.CharField("落实反馈", max_length=500, blank=True)
    executed_on = models.DateField("落实日期", null=True, blank=True)
    lifted_on = models.DateField("解除日期", null=True, blank=True)
    lifted_reason = models.CharField("解除原因", max_length=300, blank=True)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="实施人")
    lenient_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="从轻决定人"
    )

    objects = MeasureQuerySet.as_manager()
    lock_with = ("record", "record__subject", "record__source_unit", "record__source_unit__area", "subject")

    class Meta:
        verbose_name = verbose_name_plural = "奖惩措施"
        constraints = [
            models.UniqueConstraint(
                fields=["record", "kind"], condition=Q(state="IN_FORCE"), name="one_measure_per_record"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("starts_on")), name="measure_period_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(lenient_by__isnull=True) | Q(entered_by__isnull=True) | ~Q(lenient_by=F("entered_by")),
                name="leniency_two_people",
                violation_error_message="从轻、免于决定须由他人作出",
            ),
        ]
        indexes = [models.Index(fields=["subject", "state"], name="measure_subject")]

    def __str__(self) -> str:
        return f"{self.number} {self.kind_id}"

    def interested(self) -> set[Any]:
        return {self.subject_id}

    def within(self, by: Any) -> bool:
        return self.record.within(by) or self.decided_unit_id == by.org_id

    def refuses(self, spec: Any, by: Any) -> str:
        return "" if by.role.automatic or self.within(by) else "不在您的管理范围内"

    def check_list_entry(self) -> None:
        """The kind of record must name this measure in the list, and its text must be in force (山东条例 25, 27)."""
        ref = {m.code: m for m in self.record.spec.measures}.get(self.kind_id)
        if ref is None:
            raise ValidationError("措施与该类失信行为没有关联，目录中未列（山东省社会信用条例第二十七条）")
        if self.kind.state != "APPROVED":
            raise ValidationError(f"措施“{self.kind.name}”尚未批准")
        if self.effect == "mandatory" and ref.effect != "mandatory":
            raise ValidationError({"effect": "只有法律法规明确规定的措施才是依法必须"})
        if ref.months:
            low, high = (int(x) for x in ref.months.split("-"))
            if self.until is None or not add_months(self.starts_on, low) <= self.until <= add_months(
                self.starts_on, high
            ):
                raise ValidationError({"until": f"期限须在 {low} 至 {high} 个月之间"})

    @act("measure.imposed", label="实施措施", right="measure.impose", creates=True)
    def impose(self, *, by: Any) -> None:
        """Apply a listed measure because of a confirmed record; it never outlives its basis (domain.md 9)."""
        record = self.record
        if record.state != "CONFIRMED":
            raise ValidationError("措施须以已入库的记录为依据")
        self.subject = record.subject
        self.check_list_entry()
        if record.until and (self.until is None or self.until > record.until) and not self.has_own_term():
            self.until = max(record.until, self.starts_on)
        self.number = public_number("CS", timezone.localdate().year)
        self.entered_by = by.user if by.user_id else None

    @act("measure.retimed", label="调整期限", right="measure.impose", source=["IN_FORCE"], button=False)
    def retime(self, *, by: Any) -> None:
        """The end of its record moved, and its own with it."""
        self.until = self.end_by_record()

    def end_by_record(self) -> date | None:
        """What a statute ties to its record lasts as long as that; nothing outlives its basis (domain.md 9)."""
        until = self.record.until
        if until is None or self.has_own_term():
            return self.until
        tied = self.effect == self.Effect.MANDATORY or self.until is None or self.until > until
        return max(until, self.starts_on) if tied else self.until

    def has_own_term(self) -> bool:
        """Whether the list gives it a term of its own, so that it does not last as long as its record."""
        return any(m.code == self.kind_id and m.months for m in self.record.spec.measures)

    @act("measure.executed", label="反馈落实", right="measure.report", source=["IN_FORCE"], form=("result",))
    def report_execution(self, *, by: Any, result: str) -> None:
        """What the executing unit did with the measure (落实反馈)."""
        self.executed, self.executed_on = result.strip()[:500], timezone.localdate()

    @act(
        "measure.mitigated",
        label="从轻",
        right="measure.decide",
        source=["IN_FORCE"],
        target="MITIGATED",
        form=("ground", "reason"),
    )
    def mitigate(self, *, by: Any, ground: str, reason: str) -> dict[str, str]:
        """Lighter measures for recovered loss, removed effect or prevented harm (task 4, M01)."""
        self._lenient(by, reason)
        return {"ground": ground}

    @act(
        "measure.exempted",
        label="免于实施",
        right="measure.decide",
        source=["IN_FORCE"],
        target="EXEMPTED",
        form=("ground", "reason"),
    )
    def exempt(self, *, by: Any, ground: str, reason: str) -> dict[str, str]:
        """No measure at all on the same grounds (task 4, M02); the record stays."""
        if self.effect == "mandatory":
            raise ValidationError("依法必须实施的措施不能免于实施")
        self._lenient(by, reason)
        return {"ground": ground}

    def _lenient(self, by: Any, reason: str) -> None:
        self.lenient_by, self.lifted_on, self.lifted_reason = by.user, timezone.localdate(), reason.strip()[:300]

    @act(
        "measure.lifted",
        label="解除措施",
        right="measure.impose",
        source=["IN_FORCE"],
        target="LIFTED",
        form=("reason",),
    )
    def lift(self, *, by: Any, reason: str) -> None:
        """End the measure: its term, repair, revocation, or decision."""
        self._lift(reason)

    @act(
        "measure.ended", label="随记录解除", right="measure.impose", source=["IN_FORCE"], target="LIFTED", button=False
    )
    def end_with_record(self, *, by: Any, reason: str) -> None:
        """Lifted by the rule that a measure never outlives its record."""
        self._lift(reason)

    def _lift(self, reason: str) -> None:
        self.lifted_on, self.lifted_reason = timezone.localdate(), reason.strip()[:300]
