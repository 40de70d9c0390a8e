"""From the clerk's hand into the register: return, notify, hear, review, accept, confirm (domain.md 10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from integrity.acts import act
from integrity.models.calendar import deadline
from integrity.models.record.area_checks import CHECKS, problems_of
from integrity.models.record.entry import Entry


class Decision(Entry):
    """Acts of the unit's reviewer, the county and the credit office before anything is public."""

    class Meta:
        abstract = True

    # ---- the reviewer of the unit ----

    @act(
        "record.returned",
        label="退回修改",
        right="record.review",
        source=["SUBMITTED"],
        target="RETURNED",
        form=("reason",),
    )
    def return_(self, *, by: Any, reason: str) -> dict[str, str]:
        """Send back to the clerk with a reason."""
        if not reason.strip():
            raise ValidationError({"reason": "请写明退回理由"})
        return {"reason": reason.strip()}

    @act("record.notified", label="登记告知送达", right="record.review", source=["SUBMITTED"], form=("served_on",))
    def notify(self, *, by: Any, served_on: date) -> dict[str, Any]:
        """The notice was served on the subject: the statement period starts (clock D14, 行政处罚法 44-45)."""
        if served_on > timezone.localdate():
            raise ValidationError({"served_on": "送达日期不能晚于今天"})
        term = deadline("D14", served_on)
        self.notified_on, self.statement_due = served_on, term.on
        return {"explain": term.explain}

    @act("record.recounted", label="重算陈述申辩期", right="record.clock", source=["SUBMITTED"], button=False)
    def recount(self, *, by: Any, why: str) -> dict[str, Any]:
        """The calendar or the rule of clock D14 changed before the term was over (house.md 2.4)."""
        term = deadline("D14", self.notified_on)
        self.statement_due = term.on
        return {"reason": why, "explain": term.explain}

    @act(
        "record.heard",
        label="登记陈述申辩",
        right="record.review",
        source=["SUBMITTED"],
        form=("statement", "outcome", "waived"),
    )
    def hear(self, *, by: Any, statement: str = "", outcome: str = "", waived: bool = False) -> dict[str, Any]:
        """What the subject stated and how it was judged; or that it waived in writing, or let the term pass."""
        today = timezone.localdate()
        if not statement.strip() and not waived and today <= self.statement_due:
            raise ValidationError(f"陈述申辩期至 {self.statement_due}，期满前须有陈述申辩材料或者书面放弃")
        if statement.strip() and not outcome.strip():
            raise ValidationError({"outcome": "请写明对陈述申辩的处理意见"})
        self.statement, self.heard_on = statement.strip(), today
        self.heard_outcome = outcome.strip() or ("书面放弃陈述申辩" if waived else "逾期未陈述申辩")
        return {"waived": waived}

    @act(
        "record.reviewed",
        label="复核通过",
        right="record.review",
        source=["SUBMITTED"],
        target="REVIEWED",
        form=("privacy_ok", "secrecy_ok"),
        confirm="确认依据、事实、程度、公示期和隐私均已核对",
    )
    def review(
        self, *, by: Any, privacy_ok: bool = False, secrecy_ok: bool = False, checked: Sequence[str] = ()
    ) -> dict[str, Any]:
        """A second person of the unit answers for the record; the privacy and secrecy check is recorded (山东条例 16)."""
        if not (privacy_ok and secrecy_ok):
            raise ValidationError("请核对并勾选隐私检查和保密检查")
        if self.spec.notice == "own" and self.heard_on is None:
            raise ValidationError("认定前须告知并听取陈述申辩")
        self.scan = self.scan_texts()
        self.needs_clearance = bool(self.scan)
        self.reviewed_by = by.user
        return {"privacy_ok": privacy_ok, "secrecy_ok": secrecy_ok, "checked": list(checked)}

    # ---- county and credit office ----

    @property
    def needs_county(self) -> bool:
        """A county's or township's units pass county acceptance before the city's (house.md 2.7)."""
        return bool(self.source_unit.area_id) and self.source_unit.area.path.count("/") > 2

    @act("record.accepted", label="区县验收", right="record.accept", source=["REVIEWED"], target="ACCEPTED")
    def accept(self, *, by: Any) -> None:
        """The county credit office accepts what its units provided."""
        self.accepted_by = by.user

    @act(
        "record.confirmed",
        label="入库认定",
        right="record.confirm",
        source=["REVIEWED", "ACCEPTED"],
        target="CONFIRMED",
        full=True,
        form=("publish", "ground", "send_up"),
        confirm="入库后进入信用档案，并按目录向上级平台报送",
    )
    def confirm(
        self, *, by: Any, publish: bool | None = None, ground: str = "", send_up: bool | None = None
    ) -> dict[str, Any]:
        """Take the record into the register, with the publicity decision, yes or no with ground (house.md 2.6)."""
        if self.state == "REVIEWED" and self.needs_county and by.role.scope == "all":
            raise ValidationError("区县单位的记录须先经区县信用办验收")
        if self.kind_id in CHECKS:
            self.subject.lock()  # its other records stand still while this one is compared with them
        if wrong := [p.text for p in problems_of(self) if p.blocks]:
            raise ValidationError(wrong)
        self.confirmed_by, self.confirmed_at = by.user, timezone.now()
        self.reckon()
        self.decide_publicity(publish, ground)
        if self.spec.up == "by_mgmt":
            self.send_up = bool(send_up)
        return {}

    def decide_publicity(self, publish: bool | None, ground: str) -> None:
        """Record the publicity decision; a no always needs its ground, a yes where the kind is public only on decision."""
        obstacle = self.publicity_obstacle()
        if obstacle and publish:
            raise ValidationError({"publish": obstacle})
        if not obstacle and publish is None:
            raise ValidationError({"publish": "请作出是否公示的决定"})
        if publish is False and not obstacle and not ground.strip():
            raise ValidationError({"ground": "决定不公示的，请写明理由"})
        if publish and self.spec.publish == "on_decision" and not ground.strip():
            raise ValidationError({"ground": "该类记录经决定方可公示，请写明依据"})
        self.publish_decided = bool(publish)
        self.publish_ground = ground.strip() or obstacle
        self.publicity = "SCHEDULED" if publish else "NOT_PUBLIC"
