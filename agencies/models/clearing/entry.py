"""法院名单条目: one line of a court's list that may mean an agency; only a person says which (domain.md 4.6)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agencies.models.flow import raise_finding
from integrity.acts import Acted, ActedQuerySet, act
from integrity.models import Record, Subject

FACTS = ("case_no", "gist_no", "gist_unit", "court", "filed_on", "duty", "performance", "performed_part", "unperformed_part", "behaviour", "listed_on", "amount_wan")  # fmt: skip


class EntryQuerySet(ActedQuerySet):
    """Lines are seen by the unit that brought the list and by the offices that confirm who is meant."""

    def visible_to(self, seat: Any) -> EntryQuerySet:
        role = seat.role
        if role.automatic or role.code in ("CREDIT_CITY", "AUDITOR"):
            return self
        if role.scope == "county" and seat.org_id:
            return self.filter(
                Q(unit__area__path__startswith=seat.org.area.path)
                | Q(subject__area__path__startswith=seat.org.area.path)
            )
        return self.filter(unit_id=seat.org_id) if seat.org_id and "import.submit" in seat.rights else self.none()


class CourtEntry(Acted):
    """A line of a court's list with the agencies it may mean and why; natural persons' lines are never kept."""

    class State(models.TextChoices):
        NEW = "NEW", "待确认"
        MATCHED = "MATCHED", "已确认"
        DISMISSED = "DISMISSED", "不是所列单位"

    list_name = models.CharField("名单", max_length=200)
    line = models.PositiveIntegerField("行号")
    name = models.CharField("被执行人名称", max_length=200)
    code = models.CharField("名单所列代码", max_length=40, blank=True)
    case_no = models.CharField("执行案号", max_length=100, blank=True)
    court = models.CharField("执行法院", max_length=200, blank=True)
    facts = models.JSONField("名单内容", default=dict)
    candidates = models.JSONField("候选单位", default=list)
    state = models.CharField("状态", max_length=9, choices=State, default=State.NEW)
    unit = models.ForeignKey(Subject, models.PROTECT, related_name="+", verbose_name="导入单位")
    subject = models.ForeignKey(Subject, models.PROTECT, null=True, related_name="+", verbose_name="确认的单位")
    record = models.ForeignKey(Record, models.PROTECT, null=True, related_name="+", verbose_name="失信被执行人记录")
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="导入人")
    decided_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="确认人")
    made_at = models.DateTimeField("导入时间", default=timezone.now)

    objects = EntryQuerySet.as_manager()
    lock_with = ("subject", "record", "unit", "unit__area")

    class Meta:
        verbose_name = verbose_name_plural = "法院名单条目"
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("entered_by")),
                name="entry_decided_by_another",
                violation_error_message="导入人不能确认同一名单，请由他人确认",
            ),
            models.UniqueConstraint(
                fields=["name", "case_no"], condition=~Q(case_no=""), name="one_entry_per_case",
                violation_error_message="该名单条目已经导入",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["state", "-made_at"], name="court_entry_state")]

    def __str__(self) -> str:
        return f"{self.name} {self.case_no}".strip()

    def interested(self) -> set[Any]:
        return {self.subject_id} - {None}

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.creates:
            return "" if by.org_id else "岗位没有所属单位，不能导入"
        return "" if self.seen_by(by) else "不在您的管理范围内"

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The candidates as a person chooses among them, each with its reasons."""
        return [(c["code"] or c["subject"], f"{c['name']}（{'；'.join(c['reasons'])}）") for c in self.candidates]

    @act("entry.received", label="导入名单条目", right="import.submit", creates=True, button=False)
    def receive(self, *, by: Any) -> None:
        """Keep a line that may mean an agency, with its candidates."""
        self.unit, self.entered_by = by.org, by.user

    @act(
        "entry.matched", label="确认单位", right="import.confirm", source=["NEW"], target="MATCHED", form=("meant", "other"),
        confirm="确认后生成“政府机构失信被执行人记录”草稿并提交复核，入库后启动清零",
    )  # fmt: skip
    def match(self, *, by: Any, meant: Subject | None = None, other: Subject | None = None) -> None:
        """A person says which agency is meant: its record AG01 is drafted from the court's list."""
        agency = other or meant
        if agency is None or agency.form != Subject.Form.AGENCY:
            raise ValidationError({"meant": "请选择候选单位，或者填写其他政府机构"})
        if missing := [
            n for n in ("case_no", "court", "duty", "performance", "behaviour", "listed_on") if not self.facts.get(n)
        ]:
            raise ValidationError(f"名单缺少必要内容（{'、'.join(missing)}），请向执行法院核实后重新导入")
        self.subject, self.decided_by = agency.successor, by.user
        self.record = raise_finding("AG01", self.subject, self._values(), by)

    def _values(self) -> dict[str, Any]:
        """The record's values: the court decided, its list is the document and its publication the service."""
        f = self.facts
        return {n: f[n] for n in FACTS if f.get(n)} | {
            "title": f"失信被执行人：{self.case_no}"[:200], "fact": f"{f['behaviour']}；生效法律文书确定的义务：{f['duty']}",
            "doc_type": "执行决定书", "doc_no": self.case_no, "deciding_code": "", "deciding_name": self.court,
            "decided_on": f["listed_on"], "served_on": f["listed_on"],
            "legal_basis": "《最高人民法院关于公布失信被执行人名单信息的若干规定》第一条",
        }  # fmt: skip

    @act(
        "entry.dismissed",
        label="不是所列单位",
        right="import.confirm",
        source=["NEW"],
        target="DISMISSED",
        form=("reason",),
    )
    def dismiss(self, *, by: Any, reason: str) -> dict[str, str]:
        """None of the candidates is meant."""
        self.decided_by = by.user
        return {"reason": reason}
