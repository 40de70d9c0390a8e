"""What is stored of an official's file: who he is stands in the subject, his records hang there (domain.md 2, task 1)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet
from integrity.models import Subject

SEEN = ("ACTIVE", "TRANSFERRED", "RETIRED", "LEFT")
OCCASIONS = (("APPOINTED", "任职"), ("PROMOTED", "晋升"), ("TRANSFERRED", "调任"), ("REGISTERED", "建档时"))


class OfficialQuerySet(ActedQuerySet):
    """A file is seen by the person himself, the managing authority, the credit office, and masked by auditors."""

    def visible_to(self, seat: Any) -> OfficialQuerySet:
        role = seat.role
        if role.scope == "self":
            return self.filter(subject_id=seat.person_id, state__in=SEEN) if seat.person_id else self.none()
        if role.code == "ARCHIVIST":
            return self.filter(state="SEALED")
        if role.scope == "managed" and seat.org_id:
            return self.filter(subject__managed_by_id=seat.org_id).exclude(state="SEALED")
        if role.automatic:
            return self.all()
        rows = self.filter(state__in=SEEN)
        if role.code in ("CREDIT_CITY", "AUDITOR"):
            return rows
        if role.scope == "county" and seat.org_id:
            return rows.filter(subject__area__path__startswith=seat.org.area.path)
        return self.none()

    def search(self, query: str) -> OfficialQuerySet:
        """By part of a name, or by its pinyin."""
        return self.filter(subject__in=Subject.objects.search(query).values("pk"))

    def serving(self) -> OfficialQuerySet:
        return self.filter(state="ACTIVE")


class OfficialFields(Acted):
    """Category, post and standing of one person."""

    class Category(models.TextChoices):
        CIVIL_SERVANT = "CIVIL_SERVANT", "公务员"
        REF_CIVIL_SERVANT = "REF_CIVIL_SERVANT", "参照公务员法管理人员"
        INSTITUTION_STAFF = "INSTITUTION_STAFF", "事业单位工作人员"
        SOE_MANAGER = "SOE_MANAGER", "国有企业管理人员"
        GRASSROOTS_OFFICER = "GRASSROOTS_OFFICER", "基层群众性自治组织管理人员"

    class State(models.TextChoices):
        PENDING = "PENDING", "待复核"
        ACTIVE = "ACTIVE", "在职"
        TRANSFERRED = "TRANSFERRED", "调出"
        RETIRED = "RETIRED", "退休"
        LEFT = "LEFT", "离职"
        SEALED = "SEALED", "已封存"

    class Sex(models.TextChoices):
        MALE = "MALE", "男"
        FEMALE = "FEMALE", "女"

    subject = models.OneToOneField(Subject, models.PROTECT, related_name="official", verbose_name="人员")
    category = models.CharField("人员类别", max_length=20, choices=Category)
    post = models.CharField("职务", max_length=100)
    rank = models.CharField("职级", max_length=40, blank=True)
    leading = models.BooleanField("领导班子成员", default=False)
    sex = models.CharField("性别", max_length=6, choices=Sex, blank=True)
    birth_year = models.PositiveSmallIntegerField("出生年份", null=True, blank=True)
    appointed_on = models.DateField("任现职日期")
    left_on = models.DateField("离任日期", null=True, blank=True)
    state = models.CharField("档案状态", max_length=12, choices=State, default=State.ACTIVE)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    released_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="复核人"
    )
    updated_at = models.DateTimeField("更新时间", default=timezone.now)

    objects = OfficialQuerySet.as_manager()
    lock_with = ("subject", "subject__parent", "subject__area", "subject__managed_by")
    people = ()

    class Meta:
        abstract = True
        verbose_name = verbose_name_plural = "公务人员诚信档案"
        constraints = [
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("entered_by")),
                name="official_two_people",
                violation_error_message="导入的档案须由他人复核",
            ),
        ]
        indexes = [models.Index(fields=["state", "category"], name="official_state")]

    def __str__(self) -> str:
        return f"{self.subject.name} {self.post}"

    def get_absolute_url(self) -> str:
        return f"/desk/officials/{self.pk}/"

    def name_for(self, seat: Any) -> str:
        return f"{self.subject.name_for(seat)} {self.post}"

    @property
    def unit(self) -> Subject:
        """Where he works; kept at the subject, which everything else reads."""
        return self.subject.parent

    @property
    def authority(self) -> Subject:
        """管理权限单位: who keeps this file."""
        return self.subject.managed_by

    is_personal = True  # whoever reads it says why first

    def interested(self) -> set[Any]:
        return {self.subject_id}

    def within(self, by: Any) -> bool:
        return by.role.automatic or self.subject.managed_by_id == by.org_id

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.creates:
            return "" if by.org_id else "岗位没有所属单位，不能建立档案"
        if not (self.within(by) or (not spec.changes and self.seen_by(by))):
            return "由管理权限单位办理"
        if spec.verb == "official.released" and by.user_id == self.entered_by_id:
            return "本人导入的档案，须由他人复核"
        return ""


class Appointment(models.Model):
    """任职经历: one post of an official with its unit and document, as it was at that time."""

    official = models.ForeignKey(
        "officials.Official", models.PROTECT, related_name="appointments", verbose_name="公务人员"
    )
    unit = models.ForeignKey(Subject, models.PROTECT, null=True, related_name="+", verbose_name="单位")
    post = models.CharField("职务", max_length=100)
    rank = models.CharField("职级", max_length=40, blank=True)
    starts_on = models.DateField("起始日期")
    until = models.DateField("截止日期", null=True, blank=True)
    occasion = models.CharField("缘由", max_length=12, choices=OCCASIONS)
    doc_no = models.CharField("文号", max_length=128, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "任职经历"
        ordering = ("-starts_on", "-id")

    def __str__(self) -> str:
        return f"{self.post}（{self.starts_on}起）"
