"""责任回溯: who was responsible for which stage and what came of it, for better or worse, on his own file (task 15)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from integrity.acts import Acted, act
from integrity.catalogue import SECTORS
from integrity.models import Kind, Record, as_rule
from sectors.models.belonging import OfPerson
from sectors.models.breach import Breach
from sectors.models.officer import Officer
from sectors.models.project import Project


class LookBackQuerySet(OfPerson):
    """Seen as the officer it is about."""

    holder = "officer__person"


class LookBack(Acted):
    """What an officer's time brought; his managing authority decides whether and how it goes into his file."""

    class Outcome(models.TextChoices):
        GOOD = "GOOD", "履约情况与成效"
        LIABLE = "LIABLE", "违约，负有责任"

    class State(models.TextChoices):
        OPEN = "OPEN", "待认定"
        RECORDED = "RECORDED", "已提请记入档案"
        CLOSED = "CLOSED", "不记入"

    project = models.ForeignKey(Project, models.PROTECT, related_name="lookbacks", verbose_name="项目")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="lookbacks", verbose_name="责任人")
    breach = models.ForeignKey(
        Breach, models.PROTECT, null=True, blank=True, related_name="lookbacks", verbose_name="违约登记"
    )
    outcome = models.CharField("回溯结论", max_length=10, choices=Outcome)
    finding = models.TextField("情况", max_length=2000)
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    note = models.CharField("不记入的理由", max_length=300, blank=True)
    record = models.ForeignKey(Record, models.PROTECT, null=True, related_name="+", verbose_name="档案记录")
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="提出人")

    objects = LookBackQuerySet.as_manager()
    lock_with = ("project", "project__unit", "project__source_unit", "officer", "officer__project", "officer__person")

    class Meta:
        verbose_name = verbose_name_plural = "责任回溯"
        indexes = [models.Index(fields=["state", "id"], name="lookback_state")]

    def __str__(self) -> str:
        return f"{self.officer.person.name}：{self.project.name}（{self.officer.stage_name}）"

    def get_absolute_url(self) -> str:
        return f"/desk/sector/lookback/{self.pk}/"

    def within(self, by: Any) -> bool:
        return self.project.within(by)

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.right == "sector.enter":
            return "" if self.within(by) else "不在您的管理范围内"
        managed = "OF" in by.role.families and self.officer.person.managed_by_id == by.org_id
        return "" if managed else "由责任人的管理机关认定"

    @act("lookback.opened", label="提出责任回溯", right="sector.enter", creates=True)
    def open(self, *, by: Any) -> None:
        """Say who answered for the stage and what came of it; the stage officer of that day, wherever he is now."""
        if self.officer.project_id != self.project_id:
            raise ValidationError({"officer_id": "不是本项目的责任人"})
        self.entered_by = by.user

    @act(
        "lookback.concluded", label="记入诚信档案", right="record.enter", source=["OPEN"], target="RECORDED", form=("document_no", "concluded_on"),
        confirm="将生成记录草稿并提交复核；失信记录须告知本人并听取陈述申辩后入库",
    )  # fmt: skip
    def conclude(self, *, by: Any, document_no: str, concluded_on: date) -> None:
        """Good results become OF13; a breach becomes OF10, which is noticed, heard and reviewed like any finding."""
        if concluded_on > timezone.localdate():
            raise ValidationError({"concluded_on": "不能晚于今天"})
        code = "OF13" if self.outcome == self.Outcome.GOOD else "OF10"
        rule, values = as_rule(by), self._values(by, document_no.strip(), concluded_on)
        self.record = Record(kind=Kind.objects.get(code=code)).enter(by=rule, values=values).submit(by=rule)

    def _values(self, by: Any, document_no: str, concluded_on: date) -> dict[str, Any]:
        project, officer = self.project, self.officer
        good = self.outcome == self.Outcome.GOOD
        values = {
            "subject": officer.person, "title": f"{project.name}：{'责任人履约与成效' if good else '责任人失信'}"[:200],
            "fact": self.finding, "doc_type": "认定书", "doc_no": document_no, "decided_on": concluded_on.isoformat(),
            "legal_basis": "日政发〔2018〕12号", "deciding_code": by.org.code, "deciding_name": by.org.name,
            "project": project.name, "project_no": project.number, "stage": officer.stage_name, "post_then": officer.post,
        }  # fmt: skip
        if good:
            return values | {"result": self.finding}
        return values | {"tier": "general", "sector": SECTORS[project.sector], "breach": self.finding}

    @act("lookback.closed", label="不记入", right="record.enter", source=["OPEN"], target="CLOSED", form=("reason",))
    def close(self, *, by: Any, reason: str) -> None:
        """The managing authority finds no responsibility of his, and says why."""
        self.note = reason.strip()[:300]
