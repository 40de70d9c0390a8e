"""黄牌、红牌: a clock that ran out is told to the agency by rule, answered, accepted and counted (电子监察, task 6)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from agencies.models.flow import Flow, Said, over
from integrity.acts import act
from integrity.models import Subject, as_rule
from integrity.models.redress import credit_office


class Card(Flow):
    """红黄牌: yellow when a clock is over, red when it stays over or a yellow card is not answered; no record of dishonesty."""

    class Colour(models.TextChoices):
        YELLOW = "YELLOW", "黄牌"
        RED = "RED", "红牌"

    class State(models.TextChoices):
        SENT = "SENT", "待反馈"
        ANSWERED = "ANSWERED", "已反馈"
        CLOSED = "CLOSED", "已核销"
        WITHDRAWN = "WITHDRAWN", "已撤销"

    colour = models.CharField("牌别", max_length=6, choices=Colour)
    source = models.CharField("时限类别", max_length=20)
    target = models.UUIDField("对象", editable=False)
    told = models.CharField("超期事项", max_length=200)
    place = models.CharField("所在页面", max_length=200, blank=True)
    overdue_since = models.DateField("原定期限")
    days_over = models.PositiveIntegerField("超期工作日")
    cause = models.CharField("超期原因", max_length=500, blank=True)
    remedy = models.CharField("整改措施", max_length=500, blank=True)
    state = models.CharField("状态", max_length=9, choices=State, default=State.SENT)

    class Meta:
        verbose_name = verbose_name_plural = "红黄牌"
        constraints = [models.UniqueConstraint(
            fields=["target", "source", "colour", "overdue_since"], name="one_card_of_a_colour",
            violation_error_message="同一事项同一期限只发一张同色的牌",
        )]  # fmt: skip
        indexes = [models.Index(fields=["agency", "colour", "state"], name="card_agency")]

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.creates or by.role.automatic:
            return ""
        if spec.right == "matter.assign":
            return "" if over(by, self.agency) else "由信用牵头部门或者上级机关办理"
        return "" if by.org_id == self.answering.pk else "由收到红黄牌的单位反馈"

    def sections(self, seat: Any) -> list[tuple[str, list[Said]]]:
        """The card as its agency and its superior read it."""
        lines = [
            Said("牌别", self.get_colour_display()), Said("单位", self.answering.name), Said("超期事项", self.told, self.place),
            Said("原定期限", self.overdue_since), Said("发牌时已超期", f"{self.days_over} 个工作日"), Said("超期原因", self.cause),
            Said("整改措施", self.remedy),
        ]  # fmt: skip
        return [("红黄牌", [line for line in lines if line.text not in (None, "")])]

    @act("card.sent", label="发牌", right="matter.assign", creates=True, button=False)
    def send(self, *, by: Any) -> None:
        """Sent by the clock's rule to whoever answers for the agency today; it has five working days to answer."""
        title = f"{self.get_colour_display()}：{self.told}已超期 {self.days_over} 个工作日"
        office = _superior(self.answering)
        self.open_matter("HP01", title, f"原定期限 {self.overdue_since}。", office, self.answering, by)
        self.matter.step(by=as_rule(by), unit=self.answering, code="D66")

    @act(
        "card.answered",
        label="反馈原因和措施",
        right="matter.handle",
        source=["SENT"],
        target="ANSWERED",
        form=("late_cause", "remedy_taken"),
    )
    def answer(self, *, by: Any, late_cause: str, remedy_taken: str) -> None:
        """The agency says why, and what it does about it."""
        if not (late_cause.strip() and remedy_taken.strip()):
            raise ValidationError({"late_cause": "请写明超期原因和整改措施"})
        self.cause, self.remedy = late_cause.strip(), remedy_taken.strip()
        self.matter.step(by=as_rule(by), unit=self.matter.received_unit)

    @act(
        "card.returned",
        label="退回重新反馈",
        right="matter.assign",
        source=["ANSWERED"],
        target="SENT",
        form=("reason",),
    )
    def give_back(self, *, by: Any, reason: str) -> dict[str, str]:
        """The answer does not say enough."""
        self.matter.step(by=as_rule(by), unit=self.answering, code="D66")
        return {"reason": reason}

    @act("card.accepted", label="核销", right="matter.assign", source=["ANSWERED"], target="CLOSED", form=("reply",))
    def accept(self, *, by: Any, reply: str) -> None:
        """Answered well enough; the card stays counted."""
        self.finish(by, "已核销", reply)

    @act(
        "card.withdrawn",
        label="撤销发牌",
        right="matter.assign",
        source=["SENT", "ANSWERED"],
        target="WITHDRAWN",
        form=("reason",),
    )
    def withdraw(self, *, by: Any, reason: str) -> None:
        """Sent in error, such as on a clock that had lawfully stopped: not counted."""
        self.finish(by, "已撤销", reason)


def _superior(agency: Subject) -> Subject:
    """The credit office that follows a card; who stands above it where the card is the only credit office's own."""
    try:
        return credit_office(agency)
    except ValidationError:
        if agency.parent is None:
            raise
        return agency.parent
