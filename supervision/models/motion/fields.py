"""What is stored of a motion: who asks, what, of which units, by when, and the answer (domain.md 2, task 12)."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet
from integrity.models import Matter, Record, Subject

RATINGS = ("满意", "基本满意", "不满意")
SORTS = {  # what each channel divides into
    "DEPUTY": ("建议", "批评", "意见"),
    "PROPOSAL": ("委员", "党派", "界别", "专门委员会"),
    "COMMITTEE": ("审议意见", "执法检查", "专题询问"),
    "CPPCC": ("民主监督意见",),
    "COURT": ("司法建议",),
    "PROCURATOR": ("再审", "纠正违法", "公益诉讼", "社会治理", "其他"),
}
KINDS = {"DEPUTY": "JY01", "PROPOSAL": "TA01", "COMMITTEE": "SY01", "CPPCC": "MZ01", "COURT": "SF01", "PROCURATOR": "JC01"}  # fmt: skip
LATE_KINDS = {"DEPUTY": "SV02", "PROPOSAL": "SV03", "COURT": "SV04", "PROCURATOR": "SV05"}
RATED = ("DEPUTY", "PROPOSAL")  # rated one by one; the standing committee votes


class Said(NamedTuple):
    """One line of a page."""

    label: str
    text: Any
    url: str = ""


class MotionQuerySet(ActedQuerySet):
    """A motion is seen as its matter is, and by the units that assist; published answers by everybody."""

    def public(self) -> MotionQuerySet:
        return self.filter(published_at__isnull=False)

    def inside(self, seat: Any) -> MotionQuerySet:
        rows = Q(matter__in=Matter.objects.visible_to(seat))
        if seat.org_id and "matter.handle" in seat.rights:
            rows |= Q(Exists(Assist.objects.filter(motion=OuterRef("pk"), unit_id=seat.org_id)))
        return self.filter(rows)

    def visible_to(self, seat: Any) -> MotionQuerySet:
        return self.public() if seat.role_code == "PUBLIC" else self.inside(seat)

    def late(self, on: date | None = None) -> MotionQuerySet:
        """Answered after the day, or not answered although it has passed."""
        day = on or timezone.localdate()
        return self.filter(Q(answered_on__gt=models.F("due_on")) | Q(answered_on__isnull=True, due_on__lt=day))


class MotionFields(Acted):
    """Columns of a motion and what follows from them."""

    class Channel(models.TextChoices):
        DEPUTY = "DEPUTY", "人大代表建议"
        PROPOSAL = "PROPOSAL", "政协提案"
        COMMITTEE = "COMMITTEE", "人大常委会审议意见"
        CPPCC = "CPPCC", "政协民主监督意见"
        COURT = "COURT", "司法建议"
        PROCURATOR = "PROCURATOR", "检察建议"

    class State(models.TextChoices):
        ASSIGNED = "ASSIGNED", "交办"
        RETURNED = "RETURNED", "退回"
        ACCEPTED = "ACCEPTED", "承办"
        ANSWERED = "ANSWERED", "已答复"
        RATED = "RATED", "已评价"
        REWORK = "REWORK", "重新办理"
        CLOSED = "CLOSED", "已办结"

    matter = models.OneToOneField(Matter, models.PROTECT, related_name="motion", verbose_name="事项")
    channel = models.CharField("类别", max_length=10, choices=Channel)
    sort = models.CharField("类型", max_length=10, choices=[(s, s) for names in SORTS.values() for s in names])
    reference = models.CharField("文号或者编号", max_length=60, help_text="如：第118号，〔2026〕日法建1号")
    session = models.CharField(
        "会议届次", max_length=60, blank=True, help_text="如：十九届人大五次会议；司法、检察建议不填"
    )
    topic = models.CharField("题目", max_length=200)
    text = models.TextField("内容", max_length=8000)
    proposer = models.CharField("提出人", max_length=100, help_text="领衔代表、提案者、法院、检察院或者委员会")
    secret = models.BooleanField(
        "要求保密", default=False, help_text="代表要求对姓名保密的，公开答复和统计中不出现提出人"
    )
    hard = models.BooleanField("涉及面广、办理难度大", default=False, help_text="办理期限六个月")
    urgent = models.BooleanField("情况紧急", default=False, help_text="公益诉讼检察建议，十五日内回复")
    assigned_on = models.DateField("交办（收到）日期")
    set_until = models.DateField("指定的答复（报告）日期", null=True, blank=True)
    main_unit = models.ForeignKey(Subject, models.PROTECT, related_name="motions", verbose_name="主办单位")
    points = models.JSONField("问题和建议", default=list)
    state = models.CharField("状态", max_length=10, choices=State, default=State.ASSIGNED)
    due_on = models.DateField("答复期限", null=True)
    answered_on = models.DateField("答复日期", null=True)
    second_on = models.DateField("再次答复日期", null=True)
    attitude = models.CharField("办理态度评价", max_length=10, blank=True, choices=[(r, r) for r in RATINGS])
    result = models.CharField("办理结果评价", max_length=10, blank=True, choices=[(r, r) for r in RATINGS])
    votes = models.JSONField("满意度测评", default=dict)
    carried = models.TextField("落实情况", blank=True)
    carried_on = models.DateField("落实日期", null=True)
    record = models.ForeignKey(Record, models.PROTECT, null=True, related_name="+", verbose_name="逾期记录")
    published_at = models.DateTimeField("公开时间", null=True)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="交办人")

    objects = MotionQuerySet.as_manager()
    matter_acts = ("urge", "escalate")
    lock_with = ("matter", "matter__kind", "matter__unit", "matter__received_unit", "main_unit", "record")

    class Meta:
        abstract = True
        verbose_name = verbose_name_plural = "议提案和监督意见"
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "session", "reference", "main_unit"], name="motion_once",
                violation_error_message="该编号已经交办给这个单位",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["session", "main_unit"], name="motion_session")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}{self.reference} {self.topic}"

    @property
    def outcomes(self) -> list[str]:
        """The results the matter's kind allows."""
        return self.matter.outcomes

    @property
    def shown_proposer(self) -> str:
        """Who asked, as anybody else than the two sides may read it (山东办理条例 11)."""
        return "代表要求保密" if self.secret else self.proposer

    @property
    def is_late(self) -> bool:
        return bool(self.due_on) and (self.answered_on or timezone.localdate()) > self.due_on

    def refuses(self, spec: Any, by: Any) -> str:
        if by.role.automatic:
            return ""
        if spec.creates:
            return "" if by.role_code == "SUPERVISOR" else "由人大、政协、法院、检察院的监督联络员交办"
        if spec.verb == "motion.assisted":
            mine = Assist.objects.filter(motion=self.pk, unit=by.org_id, given_on__isnull=True)
            return "" if by.org_id and mine.exists() else "由尚未反馈的协办单位办理"
        if spec.right == "matter.handle":
            return "" if by.org_id == self.main_unit_id else "由主办单位办理"
        return "" if by.org_id == self.matter.received_unit_id else "由交办单位办理"

    def sections(self, seat: Any) -> list[tuple[str, list[Said]]]:
        """The motion as its two sides read it."""
        lines = [
            Said("类别", f"{self.get_channel_display()}（{self.sort}）"), Said("编号", self.reference), Said("届次", self.session),
            Said("提出人", f"{self.proposer}（要求保密）" if self.secret else self.proposer), Said("交办日期", self.assigned_on),
            Said("答复期限", self.due_on), Said("答复日期", self.answered_on), Said("再次答复", self.second_on),
            Said("态度评价", self.attitude), Said("结果评价", self.result), Said("满意度测评", vote_words(self.votes)),
            Said("落实情况", self.carried), Said("落实日期", self.carried_on), Said("公开时间", self.published_at),
            Said("逾期记录", self.record, f"/desk/records/{self.record_id}/"),
        ]  # fmt: skip
        found = [("交办和答复", [line for line in lines if line.text not in (None, "")])]
        pairs = [line for n, p in enumerate(self.points, 1) for line in point_lines(n, p)]
        helped = [Said(a.unit.name, a.words) for a in self.assists.select_related("unit").order_by("unit__name")]
        return found + [(t, rows) for t, rows in (("问题和建议", pairs), ("协办单位", helped)) if rows]


def point_lines(number: int, p: dict[str, str]) -> list[Said]:
    """One problem with what was proposed and what became of it."""
    answer = f"{p['adopted']}：{p['reply']}" if p.get("adopted") else "尚未答复"
    return [Said(f"问题{number}", p["problem"]), Said(f"建议{number}", p["proposal"]), Said(f"答复{number}", answer)]


def vote_words(votes: dict[str, int]) -> str:
    """The standing committee's vote in words."""
    return "，".join(f"{word} {votes[word]} 票" for word in RATINGS) if votes else ""


class Assist(models.Model):
    """协办: a unit that helps the main unit within its own month (D20)."""

    motion = models.ForeignKey("supervision.Motion", models.PROTECT, related_name="assists", verbose_name="议提案")
    unit = models.ForeignKey(Subject, models.PROTECT, related_name="+", verbose_name="协办单位")
    due_on = models.DateField("反馈期限")
    opinion = models.TextField("协办意见", blank=True)
    given_on = models.DateField("反馈日期", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "协办"
        constraints = [models.UniqueConstraint(fields=["motion", "unit"], name="assist_once")]

    def __str__(self) -> str:
        return f"{self.unit.name} {self.words}"

    @property
    def words(self) -> str:
        if self.given_on:
            return f"{self.given_on} 反馈：{self.opinion}"
        return f"应于 {self.due_on} 前反馈，尚未反馈"
