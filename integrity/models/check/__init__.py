"""信用核查: who asked about whom, for which lawful purpose, what was answered and what was decided (山东条例 22, 37)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.codes import id_number_valid, normalise_code, public_number
from integrity.models.check.answer import CLEAR, MANDATORY, REFERENCE, UNKNOWN, answers
from integrity.models.copying import copy_rows
from integrity.models.ledger import Event
from integrity.models.subject import Subject

MOST = 10_000
BARS = {
    "HONOUR": ("荣誉评选", "评优评先", "试点"),
    "MERIT": ("评优评先", "荣誉评选", "试点"),
}  # stage asked → measures that bar
VALID_DAYS = 30  # a report tells a day's state; after this it has to be asked again (domain.md, task 8)


class CheckQuerySet(ActedQuerySet):
    """A check is seen by the unit that made it, the credit office and auditors."""

    def visible_to(self, seat: Any) -> CheckQuerySet:
        role = seat.role
        if role.automatic or role.code in ("CREDIT_CITY", "AUDITOR"):
            return self if role.automatic else self.exclude(unit__in=Subject.objects.filter(manages__isnull=False))
        if role.scope == "county" and seat.org_id:
            return self.filter(unit__area__path__startswith=seat.org.area.path)
        return self.filter(unit_id=seat.org_id) if seat.org_id and "subject.check" in role.rights else self.none()


class Check(Acted):
    """One look at up to ten thousand subjects, at a stage of a decision, with purpose and legal ground (tasks 3, 8)."""

    class Purpose(models.TextChoices):
        LICENCE = "LICENCE", "行政许可"
        PENALTY = "PENALTY", "行政处罚"
        COERCION = "COERCION", "行政强制"
        BENEFIT = "BENEFIT", "行政给付"
        PROCUREMENT = "PROCUREMENT", "政府采购"
        BIDDING = "BIDDING", "招标投标"
        FUNDS = "FUNDS", "财政资金和项目"
        LAND = "LAND", "土地出让"
        QUALIFICATION = "QUALIFICATION", "资质等级评定"
        RESEARCH = "RESEARCH", "科研管理"
        PERSONNEL = "PERSONNEL", "国家工作人员招录、任命、晋升、聘用"
        HONOUR = "HONOUR", "表彰奖励"
        OTHER = "OTHER", "其他法定用途"

    class Stage(models.TextChoices):
        APPRAISAL = "APPRAISAL", "考核"
        APPOINTMENT = "APPOINTMENT", "任用"
        PROMOTION = "PROMOTION", "升迁"
        MERIT = "MERIT", "评优评先"
        HONOUR = "HONOUR", "荣誉评选"
        OTHER = "OTHER", "其他环节"

    class Source(models.TextChoices):
        PAGE = "PAGE", "页面"
        API = "API", "接口"

    number = models.CharField("核查编号", max_length=40, unique=True)
    unit = models.ForeignKey("integrity.Subject", models.PROTECT, related_name="checks_made", verbose_name="核查单位")
    purpose = models.CharField("用途", max_length=16, choices=Purpose)
    stage = models.CharField("环节", max_length=12, choices=Stage, default=Stage.OTHER)
    ground = models.CharField("法律依据", max_length=300)
    matter = models.CharField("办理事项", max_length=200)
    authorised = models.BooleanField("已取得本人授权", default=False)
    source = models.CharField("来源", max_length=4, choices=Source, default=Source.PAGE)
    total = models.PositiveIntegerField("核查主体数", default=0)
    made_at = models.DateTimeField("核查时间", default=timezone.now)
    valid_until = models.DateField("结果有效期至")
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="核查人")

    objects = CheckQuerySet.as_manager()
    people = ()

    class Meta:
        verbose_name = verbose_name_plural = "信用核查"
        indexes = [models.Index(fields=["unit", "-made_at", "id"], name="check_unit")]

    def __str__(self) -> str:
        return f"{self.number} {self.matter}"

    @act("check.made", label="信用核查", right="subject.check", creates=True)
    def make(self, *, by: Any, asked: Sequence[str]) -> None:
        """Ask about subjects named by code, or persons by number; every one of them is a look in the ledger (山东条例 37)."""
        if not by.org_id:
            raise ValidationError("岗位没有所属单位，不能核查")
        texts = [t for t in dict.fromkeys(normalise_code(a) for a in asked) if t]
        if not 0 < len(texts) <= MOST:
            raise ValidationError({"subjects": f"请填写 1 至 {MOST} 个主体"})
        for name in ("purpose", "ground", "matter"):
            if not getattr(self, name).strip():
                raise ValidationError({name: "请填写用途、法律依据和办理事项"})
        self.number, self.unit = public_number("HC", timezone.localdate().year), by.org
        self.entered_by = by.user if by.user_id else None
        self.total, self.valid_until = len(texts), timezone.localdate() + timedelta(days=VALID_DAYS)
        self._asked = _resolve(texts, by, self.authorised)

    @property
    def asked_subjects(self) -> list[uuid.UUID | None]:
        """Of a check just made: its subjects in the order they were asked."""
        return list(getattr(self, "_asked", {}).values())

    def answer(self, *, by: Any) -> Check:
        """Write the answers of a check just made, set-wise; called in the same transaction."""
        known = [s for s in self._asked.values() if s]
        told = answers(known, timezone.localdate(), restricted=by.role.restricted)
        rows = []
        for text, subject in self._asked.items():
            answer = told[subject] if subject else {"outcome": UNKNOWN}
            given = "" if id_number_valid(text) else text
            rows.append((uuid.uuid4(), 1, self.pk, subject, given, answer["outcome"], answer, "", ""))
        items = (
            (r[0], 1, {"check": str(self.pk), "purpose": self.get_purpose_display(), "outcome": r[5]}) for r in rows
        )
        Event.write_many(CheckedSubject.look.act, "checkedsubject", items, by, by.org.code)
        copy_rows(
            "integrity_checkedsubject",
            ["id", "version", "check_id", "subject_id", "given", "outcome", "answer", "decision", "reason"],
            rows,
        )
        return self


def make_check(check: Check, asked: Sequence[str], *, by: Any) -> Check:
    """Make a check and its answers as one (the caller's transaction)."""
    return check.make(by=by, asked=asked).answer(by=by)


def _resolve(texts: Sequence[str], by: Any, authorised: bool) -> dict[str, uuid.UUID | None]:
    """Text as asked → subject; organisations by code, persons by number among those the seat may ask about."""
    found: dict[str, uuid.UUID | None] = dict.fromkeys(texts)
    codes = [t for t in texts if not id_number_valid(t)]
    found.update(Subject.objects.organisations().filter(code__in=codes).values_list("code", "pk"))
    for number in (t for t in texts if id_number_valid(t)):
        row = Subject.objects.by_id_number(number).first()
        if row is None:
            continue
        managed = by.role.scope == "managed" and row.managed_by_id == by.org_id
        if not (managed or authorised or by.role.scope == "self" and row.pk == by.person_id):
            raise ValidationError({"authorised": "核查自然人须取得本人授权，或者由其管理机关核查"})
        found[number] = row.pk
    return found


class CheckedQuerySet(ActedQuerySet):
    """An answer is seen by who asked, and by the subject itself as a look at its file."""

    def visible_to(self, seat: Any) -> CheckedQuerySet:
        rows = self.filter(asked_in__in=Check.objects.visible_to(seat))
        own = seat.org_id if seat.role.code in ("AGENCY_REP", "COMPANY_REP") else seat.person_id
        return rows | self.filter(subject_id=own) if own else rows


class CheckedSubject(Acted):
    """被核查主体: the answer about one subject as it stood, and what was decided with it, fed back."""

    class Outcome(models.TextChoices):
        MANDATORY = MANDATORY, "有依法必须的限制"
        REFERENCE = REFERENCE, "有供参考的信息"
        CLEAR = CLEAR, "没有在用的失信记录"
        UNKNOWN = UNKNOWN, "未登记该主体"

    class Decision(models.TextChoices):
        APPLIED = "APPLIED", "已采取措施"
        NOT_APPLIED = "NOT_APPLIED", "未采取措施"
        PREFERRED = "PREFERRED", "已给予激励"
        NONE = "NONE", "不涉及"

    asked_in = models.ForeignKey(
        Check, models.PROTECT, related_name="answers", db_column="check_id", verbose_name="核查"
    )
    subject = models.ForeignKey(
        "integrity.Subject", models.PROTECT, null=True, related_name="looks", verbose_name="主体"
    )
    given = models.CharField("填写的代码", max_length=40, blank=True)
    outcome = models.CharField("结果", max_length=10, choices=Outcome)
    answer = models.JSONField("答复内容")
    decision = models.CharField("决定", max_length=12, choices=Decision, blank=True)
    reason = models.CharField("理由", max_length=300, blank=True)
    decided_at = models.DateTimeField("反馈时间", null=True)

    objects = CheckedQuerySet.as_manager()
    lock_with = ("asked_in", "subject")
    people = ()

    class Meta:
        verbose_name = verbose_name_plural = "核查结果"
        indexes = [models.Index(fields=["subject", "-id"], name="checked_subject")]

    def __str__(self) -> str:
        return f"{self.subject or self.given}：{self.get_outcome_display()}"

    @property
    def may_be_honoured(self) -> bool | None:
        """At a stage of honours: whether the subject may take part; None at other stages."""
        return None if self.asked_in.stage not in BARS else not self.bars

    @property
    def bars(self) -> list[dict[str, Any]]:
        """The measures in force that bar from what was asked for, each with its basis and period (任务9: 取消荣誉评选资格)."""
        stages = BARS.get(self.asked_in.stage, ())
        lines = [*self.answer.get("mandatory", []), *self.answer.get("reference", [])]
        return [line for line in lines if line["stage"] in stages]

    def refuses(self, spec: Any, by: Any) -> str:
        return "" if self.asked_in_id and self.asked_in.unit_id == by.org_id else "由核查单位反馈"

    @act("subject.checked", label="查询", right="subject.check", creates=True, button=False)
    def look(self, *, by: Any) -> None:
        """One look at one subject; written set-wise with its check."""

    @act("check.fed_back", label="反馈决定", right="subject.check", form=("decision", "reason"))
    def feed_back(self, *, by: Any, decision: str, reason: str) -> None:
        """What was decided with the answer; not applying a measure needs a reason, mandatory ones may not be left out."""
        if decision not in self.Decision.values:
            raise ValidationError({"decision": "请选择决定"})
        if decision == "NOT_APPLIED" and self.outcome == MANDATORY and not reason.strip():
            raise ValidationError({"reason": "存在依法必须的限制，未采取措施的须写明理由"})
        if decision == "NOT_APPLIED" and not reason.strip():
            raise ValidationError({"reason": "未采取措施的，请写明理由"})
        self.decision, self.reason, self.decided_at = decision, reason.strip()[:300], timezone.now()
