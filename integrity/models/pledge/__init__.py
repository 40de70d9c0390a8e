"""Pledges and their commitments: public promises with measurable items (tasks 2, 7, 20)."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from integrity.acts import act
from integrity.codes import public_number
from integrity.models.pledge.fields import LEVELS, PledgeFields

WITHDRAWAL_WINDOW = timedelta(minutes=10)  # brief 0.6: legal submissions are reversible for ten minutes
SIGNATURE = ("sha256", "level", "thumbprint")  # what a published pledge's leaf says openly (trust.md, change 2)
SETTLED = {"pledge.published", "pledge.disclosed", "pledge.concealed"}  # follow scope and consent, nobody's choice


class Pledge(PledgeFields):
    """信用承诺: a promise of a person or an agency, with its exact text (domain.md tasks 2 and 7)."""

    class Meta(PledgeFields.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return f"/pledge/{self.number}"

    def interested(self) -> set[Any]:
        return {self.subject_id}

    def unit_code(self, by: Any) -> str:
        return self.unit.code

    @property
    def is_personal(self) -> bool:
        return not self.subject.is_organisation

    @property
    def level_words(self) -> tuple[str, str]:
        """What stands behind the signature, and the tone it is shown in."""
        return LEVELS.get(self.level, ("", ""))

    @property
    def withdrawable_until(self) -> Any:
        return self.signed_at + WITHDRAWAL_WINDOW if self.signed_at else None

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.right == "pledge.sign":
            mine = by.org_id if by.role.code in ("AGENCY_REP", "COMPANY_REP") else by.person_id
            return "" if mine == self.subject_id else "只能由承诺人本人签署"
        if spec.creates:
            return self._not_to_issue(by)
        if spec.verb == "pledge.transcribed" and not by.role.automatic:
            return "纸质签署须由两人代录"
        if self.is_personal and not by.role.automatic:
            if spec.verb in SETTLED:
                return "个人承诺是否公开，由公开范围和本人同意决定，到时自动办理"
            if spec.verb == "pledge.breached":
                return "违背个人承诺须先经告知、听取陈述申辩后认定，认定记录入库后自动登记"
        return "" if self.seen_by(by) else "不在您的管理范围内"

    def _not_to_issue(self, by: Any) -> str:
        if by.role.scope == "own unit" and by.org_id != self.unit_id:
            return "只能为本单位发起承诺"
        if by.role.scope == "managed" and by.org_id != self.subject.managed_by_id:
            return "只能为本单位管理的人员发起承诺"
        return ""

    def opening(self) -> dict[str, Any]:
        """Digest, level and state; text and key only of a public pledge, and never in the leaf (trust.md 2.5)."""
        return {
            "uid": str(self.pk), "version": self.version, "number": self.number, "kind": self.kind_id, "sha256": self.sha256,
            "level": self.level, "state": self.state, "title": self.title, "text": self.text if self.public else "",
            "post": self.post, "template": self.template, "thumbprint": self.thumbprint if self.public else "",
            "subject": {"id": str(self.subject_id), "form": self.subject.form, "name": self.subject.name, "code": self.subject.code},
            "unit": {"name": self.unit.name, "code": self.unit.code}, "public": self.public,
        }  # fmt: skip

    @act("pledge.issued", label="发起承诺", right="pledge.issue", creates=True)
    def issue(self, *, by: Any) -> None:
        """Ask for a pledge: on appointment, promotion, transfer, yearly, or by an agency (tasks 2, 7)."""
        self.number = public_number("CN", timezone.localdate().year)
        self.entered_by = by.user if by.user_id else None

    @act(
        "pledge.signed",
        label="签署",
        right="pledge.sign",
        source=["ISSUED"],
        target="SIGNED",
        log="pledge.signed",
        button=False,
    )
    def sign(self, *, by: Any, level: str, document: bytes, signer: str, thumbprint: str = "") -> None:
        """Bind the exact document; nothing is public for ten minutes (trust.md 1, brief 0.6)."""
        self._bind(level, document, signer, thumbprint)

    @act(
        "pledge.transcribed",
        label="登记纸质签署",
        right="pledge.issue",
        source=["ISSUED"],
        target="SIGNED",
        log="pledge.signed",
        button=False,
    )
    def transcribe(self, *, by: Any, document: bytes, signer: str) -> None:
        """Bind what was signed on paper, once a second person has compared the scan; always caused by that act (trust.md 1.6)."""
        self._bind(self.Level.PAPER, document, signer, "")

    def _bind(self, level: str, document: bytes, signer: str, thumbprint: str) -> None:
        self.sha256, self.level, self.signer = hashlib.sha256(document).hexdigest(), level, signer
        self.thumbprint, self.signed_at = thumbprint, timezone.now()

    @act(
        "pledge.withdrawn",
        label="撤回",
        right="pledge.sign",
        source=["SIGNED"],
        target="WITHDRAWN",
        log="pledge.lapsed",
    )
    def withdraw(self, *, by: Any) -> None:
        """Take the signature back within ten minutes, before anything is public."""
        if self.signed_at and timezone.now() > self.signed_at + WITHDRAWAL_WINDOW:
            raise ValidationError("签署已超过 10 分钟，不能撤回；可以联系组织人事部门")

    @act(
        "pledge.published",
        label="公开",
        right="pledge.publish",
        source=["SIGNED"],
        target="IN_FORCE",
        log="pledge.published",
        leaf=SIGNATURE,
        form=("public",),
        confirm="生效后不能撤回；选择向社会公开的，任何人可见",
    )
    def publish(self, *, by: Any, public: bool) -> None:
        """Put the pledge in force, and before the public as far as scope and consent allow."""
        if self.signed_at and timezone.now() < self.signed_at + WITHDRAWAL_WINDOW:
            raise ValidationError("签署后 10 分钟内可以撤回，届时方可公开")
        self.public, self.published_at = public, timezone.now()

    @act(
        "pledge.disclosed",
        label="转为公开",
        right="pledge.publish",
        source=["IN_FORCE", "FULFILLED"],
        log="pledge.published",
        leaf=SIGNATURE,
        button=False,
    )
    def disclose(self, *, by: Any) -> None:
        """Scope or consent now allow what they did not when it came into force (个人信息保护法 25)."""
        self.public = True

    @act(
        "pledge.concealed",
        label="停止公开",
        right="pledge.publish",
        source=["IN_FORCE", "FULFILLED"],
        log="pledge.lapsed",
        button=False,
    )
    def conceal(self, *, by: Any) -> None:
        """Consent was withdrawn or the scope narrowed: it stays in force, and leaves the public (个人信息保护法 15)."""
        self.public = False

    @act(
        "pledge.fulfilled",
        label="确认履行",
        right="pledge.check",
        source=["IN_FORCE"],
        target="FULFILLED",
        log="pledge.published",
        leaf=SIGNATURE,
    )
    def fulfil(self, *, by: Any) -> None:
        """All its commitments were kept."""
        if self.commitments.exclude(state="FULFILLED").exists():
            raise ValidationError("尚有承诺事项未兑现")

    @act(
        "pledge.breached",
        label="违诺认定",
        right="pledge.check",
        source=["IN_FORCE"],
        target="BREACHED",
        form=("reason",),
    )
    def breach(self, *, by: Any, reason: str) -> dict[str, str]:
        """A finding after notice and hearing said so (OF07, AG06)."""
        return {"reason": reason}

    @act(
        "pledge.restored",
        label="恢复效力",
        right="pledge.check",
        source=["BREACHED"],
        target="IN_FORCE",
        button=False,
    )
    def restore(self, *, by: Any, reason: str) -> dict[str, str]:
        """The finding of its breach was revoked."""
        return {"reason": reason}

    @act(
        "pledge.superseded",
        label="替换",
        right="pledge.issue",
        source=["SIGNED", "IN_FORCE", "FULFILLED"],
        target="SUPERSEDED",
        log="pledge.replaced",
        leaf=SIGNATURE,
        button=False,
    )
    def replace(self, *, by: Any) -> None:
        """A newer pledge takes its place."""

    @act(
        "pledge.ended",
        label="终止",
        right="pledge.issue",
        source=["ISSUED", "IN_FORCE", "FULFILLED"],
        target="ENDED",
        form=("reason",),
    )
    def end(self, *, by: Any, reason: str) -> None:
        """Leaving office or abolition of the unit ends it; it is never deleted."""
        self.sha256 = self.sha256 or hashlib.sha256(self.text.encode()).hexdigest()
        self.ended_reason = reason.strip()[:300]

    @act("pledge.recounted", label="重算期限", right="pledge.check", source=["ISSUED"], button=False)
    def recount(self, *, by: Any, why: str, due: Any) -> dict[str, str]:
        """A changed calendar or rule moves the day by which it is due (house.md 2.4)."""
        self.due_on, self.due_explain = due.on, due.explain
        return {"why": why}
