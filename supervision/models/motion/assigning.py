"""From assigning a motion to the unit that takes it on: clocks, assisting units, sending back (task 12)."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from integrity import catalogue
from integrity.acts import act
from integrity.models import Kind, Matter, Subject, as_rule, deadline
from integrity.models.subject import find_organisation
from supervision.models.motion.fields import KINDS, SORTS, Assist, MotionFields

PAIR = re.compile(r"\s*(?:——|→|\t)\s*")


def points_of(text: str) -> list[dict[str, str]]:
    """Problem–proposal pairs, one a line, problem and proposal joined by a dash."""
    found = []
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), 1):
        pair = PAIR.split(line, maxsplit=1)
        if len(pair) != 2 or not all(pair):
            raise ValidationError({"pairs": f"第 {number} 行请写成“问题——建议”"})
        found.append({"problem": pair[0], "proposal": pair[1]})
    return found


def units_of(text: str) -> list[Subject]:
    """Units named by code or exact name, separated by 、 or line ends."""
    found = []
    for name in filter(None, map(str.strip, re.split(r"[、，,;；\n]", text))):
        unit = find_organisation(name if re.fullmatch(r"[0-9A-Za-z]{18}", name) else "", name)
        if unit is None or unit.form != "AGENCY":
            raise ValidationError({"assisting": f"没有找到协办单位“{name[:40]}”，请填写全称或者统一社会信用代码"})
        found.append(unit)
    return found


class Assigning(MotionFields):
    """Assigning, sending back within five days, assigning anew, taking on, assisting, more time."""

    class Meta(MotionFields.Meta):
        abstract = True

    @act("motion.assigned", label="交办", right="matter.file", creates=True, form=("assisting", "pairs"))
    def assign(self, *, by: Any, assisting: str = "", pairs: str = "") -> None:
        """Hand a motion to its main unit and those that assist; the clock runs from the day of assignment."""
        self._check(by)
        self.points = points_of(pairs)
        helpers = units_of(assisting)
        if self.main_unit in helpers:
            raise ValidationError({"assisting": "主办单位不能同时是协办单位"})
        matter = Matter(
            kind=Kind.objects.get(code=KINDS[self.channel]), title=f"{self.get_channel_display()}：{self.topic}"[:200],
            text=self.text, unit=self.main_unit, received_unit=by.org,
        )  # fmt: skip
        self.matter, self.entered_by = matter.receive(by=as_rule(by)), by.user
        self._run(by)
        clock = catalogue.load().kinds[KINDS[self.channel]].extra.get("clocks", {}).get("assist", "D20")
        due = deadline(clock, self.assigned_on).on
        Assist.objects.bulk_create(Assist(motion_id=self.pk, unit=unit, due_on=due) for unit in helpers)

    def _check(self, by: Any) -> None:
        wrong = {}
        if self.sort not in SORTS[self.channel]:
            wrong["sort"] = f"{self.get_channel_display()}的类型须为：{'、'.join(SORTS[self.channel])}"
        if self.channel in ("DEPUTY", "PROPOSAL", "COMMITTEE") and not self.session.strip():
            wrong["session"] = "请填写会议届次"
        if self.assigned_on > timezone.localdate():
            wrong["assigned_on"] = "交办日期不能晚于今天"
        if self.set_until and self.set_until <= self.assigned_on:
            wrong["set_until"] = "指定的日期须晚于交办日期"
        if self.channel in ("COMMITTEE", "CPPCC") and not self.set_until:
            wrong["set_until"] = "请填写报告落实情况的期限"
        if self.urgent and self.sort != "公益诉讼":
            wrong["urgent"] = "只有公益诉讼检察建议适用十五日期限"
        if self.main_unit.form != "AGENCY" or self.main_unit_id == by.org_id:
            wrong["main_unit"] = "主办单位须是其他政府机构"
        if wrong:
            raise ValidationError(wrong)

    def _clock(self) -> tuple[str, int]:
        """The clock of the answer and which of its terms."""
        clocks = catalogue.load().kinds[KINDS[self.channel]].extra.get("clocks", {})
        if self.sort == "公益诉讼":
            return clocks["interest"], int(self.urgent)
        return clocks.get("answer", ""), int(self.hard and self.channel in ("DEPUTY", "PROPOSAL"))

    def _run(self, by: Any) -> None:
        """Start the clock of the answer: as set in the document, else by the rule."""
        code, term = self._clock()
        step = {"until": self.set_until} if self.set_until else {"code": code, "term": term}
        self.matter.step(by=as_rule(by), unit=self.main_unit, on=self.assigned_on, **step)
        self.due_on = self.matter.due_on

    @act(
        "motion.returned", label="退回", right="matter.handle", source=["ASSIGNED"], target="RETURNED", form=("reason",)
    )
    def return_(self, *, by: Any, reason: str) -> dict[str, str]:
        """Not its business: back within five days (D21), with the reason."""
        code = catalogue.load().kinds[KINDS[self.channel]].extra.get("clocks", {}).get("return")
        last = deadline(code, self.assigned_on).on if code else None
        if last and timezone.localdate() > last:
            raise ValidationError(f"收到后五日内可以退回，期限至 {last}，现已超过，请承办")
        self.matter.step(by=as_rule(by), unit=self.matter.received_unit)
        self.due_on = None
        return {"reason": reason}

    @act(
        "motion.reassigned",
        label="重新交办",
        right="matter.assign",
        source=["RETURNED"],
        target="ASSIGNED",
        form=("unit",),
    )
    def reassign(self, *, by: Any, unit: Subject) -> None:
        """To the right unit; its time begins today."""
        if unit.form != "AGENCY":
            raise ValidationError({"unit": "主办单位须是政府机构"})
        self.main_unit, self.assigned_on = unit, timezone.localdate()
        if self.set_until and self.set_until <= self.assigned_on:
            raise ValidationError({"unit": f"指定的答复日期 {self.set_until} 已到，请另行交办"})
        self._run(by)

    @act("motion.accepted", label="承办", right="matter.handle", source=["ASSIGNED"], target="ACCEPTED")
    def accept(self, *, by: Any) -> None:
        """The main unit takes it on."""

    @act(
        "motion.assisted",
        label="反馈协办意见",
        right="matter.handle",
        source=["ASSIGNED", "ACCEPTED", "REWORK"],
        form=("opinion",),
    )
    def assist(self, *, by: Any, opinion: str) -> dict[str, str]:
        """An assisting unit gives the main unit its part of the answer."""
        if not opinion.strip():
            raise ValidationError({"opinion": "请填写协办意见"})
        row = Assist.objects.select_for_update().get(motion=self, unit=by.org)
        row.opinion, row.given_on = opinion.strip(), timezone.localdate()
        row.save()
        return {"opinion": row.opinion}

    @act(
        "motion.prolonged",
        label="延长办理期限",
        right="matter.assign",
        source=["ASSIGNED", "ACCEPTED"],
        form=("reason",),
    )
    def prolong(self, *, by: Any, reason: str) -> dict[str, str]:
        """Broad or hard: six months instead of three, from the same day (代表法 51)."""
        if self.channel not in ("DEPUTY", "PROPOSAL") or self.hard or self.set_until:
            raise ValidationError("只有三个月期限的建议、提案可以延长一次，延长到六个月")
        self.hard = True
        self._run(by)
        return {"reason": reason}
