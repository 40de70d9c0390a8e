"""Subjects: whom a record is about, and the tree of organisations (domain.md 1, 4.2-4.3)."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from integrity import codes
from integrity.acts import Acted, act
from integrity.models.area import Area
from integrity.models.id_number import IdNumber
from integrity.models.subject_query import SubjectQuerySet
from integrity.search import search_keys, sort_key


class Subject(IdNumber):
    """信用主体: a person or an organisation that records are about (domain.md 1)."""

    class Form(models.TextChoices):
        AGENCY = "AGENCY", "政府机构"
        ENTERPRISE = "ENTERPRISE", "企业"
        SOLE_TRADER = "SOLE_TRADER", "个体工商户"
        SOCIAL = "SOCIAL", "社会组织"
        PERSON = "PERSON", "自然人"

    class AgencyKind(models.TextChoices):
        GOVERNMENT = "GOVERNMENT", "人民政府"
        COMMITTEE_ZONE = "COMMITTEE_ZONE", "功能区管委"
        GOV_DEPT = "GOV_DEPT", "政府部门"
        INSTITUTION = "INSTITUTION", "事业单位"
        TOWNSHIP = "TOWNSHIP", "乡镇政府"
        SUBDISTRICT = "SUBDISTRICT", "街道办事处"
        RESIDENT_COMMITTEE = "RESIDENT_COMMITTEE", "社区居民委员会"
        VILLAGE_COMMITTEE = "VILLAGE_COMMITTEE", "村民委员会"
        OTHER_ORGAN = "OTHER_ORGAN", "其他机关"

    class State(models.TextChoices):
        PROVISIONAL = "PROVISIONAL", "临时"
        ACTIVE = "ACTIVE", "正常"
        ENDED = "ENDED", "已撤销"

    form = models.CharField("主体类别", max_length=12, choices=Form)
    agency_kind = models.CharField("机构类别", max_length=20, choices=AgencyKind, blank=True)
    name = models.CharField("名称", max_length=200)
    code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    old_code = models.CharField("原代码", max_length=50, blank=True, help_text="工商注册号、组织机构代码等旧代码")
    is_official = models.BooleanField("是否公务人员", default=False)
    state = models.CharField("状态", max_length=12, choices=State, default=State.ACTIVE)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="subjects", verbose_name="区划")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级单位（所在单位）"
    )
    managed_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="manages", verbose_name="管理权限单位"
    )
    registered_by_unit = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记单位"
    )
    succeeded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="职责承继单位"
    )
    path = models.CharField("路径", max_length=120, editable=False)
    address = models.CharField("注册地址", max_length=300, blank=True)
    head = models.CharField("负责人", max_length=60, blank=True, help_text="法定代表人或者单位负责人")
    public_service = models.CharField("公共服务行业", max_length=20, blank=True)
    valid_from = models.DateField("成立日期", null=True, blank=True)
    valid_until = models.DateField("撤销日期", null=True, blank=True)
    sort_key = models.CharField(max_length=120, editable=False)
    keys = models.TextField(editable=False)
    search = models.GeneratedField(
        expression=RawSQL("array_to_tsvector(string_to_array(keys, ' '))", []),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    updated_at = models.DateTimeField("更新时间", default=timezone.now)

    objects = SubjectQuerySet.as_manager()
    lock_with = ("parent", "area")
    people = ()
    unlogged = ("keys", "sort_key", "id_sealed", "id_index", "search")

    class Meta:
        verbose_name = verbose_name_plural = "信用主体"
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="one_subject_per_code"),
            models.UniqueConstraint(fields=["id_index"], condition=~Q(id_index=""), name="one_person_per_id_number"),
            models.CheckConstraint(
                condition=Q(code="") | Q(code__regex=r"^[0-9A-Z]{18}$"),
                name="code_is_normalised",
            ),
            models.CheckConstraint(
                condition=~Q(form="PERSON") | Q(code=""),
                name="person_has_no_code",
                violation_error_message="自然人不登记统一社会信用代码",
            ),
            models.CheckConstraint(condition=Q(is_official=False) | Q(form="PERSON"), name="official_is_a_person"),
        ]
        indexes = [
            GinIndex(fields=["search"], name="subject_search"),
            models.Index(fields=["sort_key", "id"], name="subject_by_name"),
            models.Index(OpClass("path", "text_pattern_ops"), name="subject_path"),
            models.Index(fields=["form", "area"], name="subject_form_area"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/s/{self.code}" if self.code else f"/desk/subjects/{self.pk}"

    @property
    def is_organisation(self) -> bool:
        return self.form != self.Form.PERSON

    def extensions(self) -> list[Any]:
        """The rows by which areas extend this subject, such as an official's file."""
        relations = [r for r in self._meta.related_objects if r.one_to_one and issubclass(r.related_model, Acted)]
        found = [getattr(self, r.get_accessor_name(), None) for r in relations]
        return [row for row in found if row is not None and row.pk != self.pk]

    @property
    def successor(self) -> Subject:
        """The organisation that answers today for this one's promises and records (新官要理旧账)."""
        seen, row = set(), self
        while row.succeeded_by_id and row.pk not in seen:
            seen.add(row.pk)
            row = row.succeeded_by
        return row

    def kinds_as_subject(self) -> set[str]:
        """The catalogue's words for this subject: agency, enterprise, official, person."""
        if self.form == self.Form.PERSON:
            return {"person", "official"} if self.is_official else {"person"}
        return {"agency"} if self.form == self.Form.AGENCY else {"enterprise"}

    def prepare(self) -> None:
        """Normalise code, compute search keys and path; raises ValidationError."""
        self.name = self.name.strip()
        self.code = codes.normalise_code(self.code)
        if self.code and (problem := codes.uscc_problem(self.code)):
            raise ValidationError({"code": problem})
        person = self.form == self.Form.PERSON
        self.keys = search_keys(self.name)
        self.sort_key = sort_key(self.name)
        self.path = f"{self.parent.path if self.parent_id and not person else ''}/{self.pk.hex[:12]}"
        self.updated_at = timezone.now()

    def name_for(self, seat: Any) -> str:
        """The name as a seat may read it: an auditor reads persons' names masked (domain.md 5, 6)."""
        masked = seat.role.code == "AUDITOR" and not self.is_organisation
        return codes.mask_name(self.name) if masked else self.name

    def interested(self) -> set[Any]:
        return {self.pk}

    def refuses(self, spec: Any, by: Any) -> str:
        if by.role.scope == "managed" and spec.right == "subject.manage" and self.form != self.Form.PERSON:
            return "只能登记和变更本单位管理的人员"
        return "" if spec.creates or spec.right == "log.operate" or self.seen_by(by) else "不在您的管理范围内"

    @act("subject.registered", label="登记主体", right="subject.manage", creates=True, form=("id_number",))
    def register(self, *, by: Any, id_number: str = "") -> None:
        """Enter a subject; persons with their number sealed (个人信息保护法 6)."""
        self.fill_registration(by=by, id_number=id_number)

    def fill_registration(self, *, by: Any, id_number: str = "") -> None:
        """What every registration fills in, singly or set-wise."""
        self.prepare()
        if id_number:
            self.set_id_number(id_number)
        self.entered_by = by.user if by.user_id else None
        if by.org_id:
            self.registered_by_unit_id = by.org_id

    @act("subject.provided", label="登记临时主体", right="record.enter", creates=True)
    def provide(self, *, by: Any, id_number: str = "") -> None:
        """Enter an unknown subject from a record or import as provisional; the credit office confirms it later."""
        self.fill_registration(by=by, id_number=id_number)
        self.state = self.State.PROVISIONAL

    @act("subject.received", label="接收主体", right="record.receive", creates=True, button=False)
    def receive(self, *, by: Any) -> None:
        """A lower node's record names a subject that is not known here: provisional until the credit office has looked."""
        self.fill_registration(by=by)
        self.state = self.State.PROVISIONAL

    @act("subject.amended", label="变更登记", right="subject.manage")
    def amend(self, *, by: Any, **values: Any) -> None:
        """Change registered data: name, head, address, parent, state."""
        moved = {n for n in ("parent", "managed_by") if n in values and values[n] != getattr(self, n)}
        if self.is_official and moved:
            raise ValidationError(dict.fromkeys(moved, "公务人员的单位和管理权限随其档案中的任职、调动变更"))
        for name, value in values.items():
            setattr(self, name, value)
        self.prepare()

    @act("subject.moved", label="调动", right="official.manage", source=["ACTIVE", "PROVISIONAL"], button=False)
    def move(self, *, by: Any, unit: Any, authority: Any) -> None:
        """An official goes to another unit; whoever manages him from now on sees his file, nobody before (task 1)."""
        self.is_official, self.parent, self.area, self.managed_by = True, unit, unit.area if unit else None, authority
        self.prepare()

    @act("subject.confirmed", label="确认主体", right="subject.manage", source=["PROVISIONAL"], target="ACTIVE")
    def confirm(self, *, by: Any) -> None:
        """A provisional subject was checked against the register of organisations and is one."""

    @act(
        "subject.merged",
        label="并入承继单位",
        right="subject.manage",
        source=["ACTIVE", "PROVISIONAL"],
        target="ENDED",
        form=("successor", "on"),
        confirm="并入后，本单位的承诺、记录和期限由承继单位承担，本单位不再使用",
    )
    def merge(self, *, by: Any, successor: Subject, on: Any) -> dict[str, str]:
        """End an organisation whose duties pass to a successor: promises, records and clocks follow (task 7)."""
        if successor.successor.pk == self.pk or successor.form != self.form:
            raise ValidationError("承继单位须为同类主体，且不能是本单位或者其下游")
        self.succeeded_by, self.valid_until = successor, on
        return {"successor": successor.code}


def find_person(number: str) -> Subject | None:
    """The person of a citizen's number, whoever asks: for links whose number the asker knows and never sees again."""
    number = codes.normalise_code(number)
    return Subject.objects.by_id_number(number).first() if codes.id_number_valid(number) else None


def find_organisation(code: str, name: str = "") -> Subject | None:
    """An organisation by code, else by its exact name when only one bears it."""
    if code:
        return Subject.objects.filter(code=codes.normalise_code(code)).first()
    same = list(Subject.objects.organisations().filter(name=name.strip())[:2]) if name else []
    return same[0] if len(same) == 1 else None
