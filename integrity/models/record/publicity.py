"""Publication and what stops it: clear, veto, publish, hide, suspend, resume, withdraw (domain.md 6, 政府信息公开条例 17)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from integrity.acts import act
from integrity.models.record.decision import Decision
from integrity.models.record.spec import obstacle


class PublicityActs(Decision):
    """Acts on the publicity axis; every one is logged in the open."""

    class Meta:
        abstract = True

    def publicity_obstacle(self) -> str:
        """Why this record can never be public; empty when it may be. The law, not a setting (山东条例 20)."""
        return obstacle(self.spec, self.tier, self.subject.is_organisation, self.facts, bool(self.consent_on))

    @act(
        "record.cleared",
        label="保密审查通过",
        right="record.clear",
        source=["SCHEDULED"],
        axis="publicity",
        full=True,
        form=("reason",),
    )
    def clear(self, *, by: Any, reason: str = "") -> dict[str, str]:
        """The secrecy reviewer says yes where the scan flagged something (保守国家秘密法 35)."""
        self.cleared_by = by.user
        return {"reason": reason}

    @act(
        "record.vetoed",
        label="叫停公示",
        right="record.clear",
        source=["SCHEDULED", "PUBLIC"],
        axis="publicity",
        target="WITHDRAWN",
        log="record.withdrawn",
        leaf=("reason",),
        form=("reason",),
        confirm="立即停止公示，并公开停止的事实",
    )
    def veto(self, *, by: Any, reason: str) -> dict[str, str]:
        """The secrecy reviewer stops a publication before or after it happened."""
        self._end_publicity(reason)
        return {"reason": "secrecy"}

    @act(
        "record.published",
        label="公示",
        right="record.publish",
        source=["SCHEDULED"],
        axis="publicity",
        target="PUBLIC",
        log="record.published",
        confirm="公示后任何人可见，并写入公开存证日志",
    )
    def publish(self, *, by: Any) -> None:
        """Show the record to the public for its period; a person other than the confirmer does it."""
        if self.state != "CONFIRMED":
            raise ValidationError("只有已入库的记录可以公示")
        if obstacle := self.publicity_obstacle():
            raise ValidationError(obstacle)
        if self.needs_clearance and not self.cleared_by_id:
            raise ValidationError("隐私扫描有提示，须先经保密审查员审查")
        today = timezone.localdate()
        if self.until and self.until <= today:
            raise ValidationError(f"公示期已于 {self.until} 届满")
        self.published_by, self.published_at, self.public_from = by.user, timezone.now(), today

    @act(
        "record.hidden",
        label="临时隐藏 24 小时",
        right="record.publish",
        source=["PUBLIC"],
        axis="publicity",
        full=True,
        form=("reason",),
    )
    def hide(self, *, by: Any, reason: str) -> dict[str, str]:
        """One person may hide a public record for 24 hours while a mistake is looked into."""
        self.hidden_until = timezone.now() + timedelta(hours=24)
        return {"reason": reason}

    @act(
        "record.suspended",
        label="暂缓公示",
        right="record.publish",
        source=["SCHEDULED", "PUBLIC"],
        axis="publicity",
        log="record.withdrawn",
        leaf=("reason",),
        form=("reason",),
    )
    def suspend(self, *, by: Any, reason: str) -> dict[str, str]:
        """Take the record off the pages until somebody resumes it."""
        self.suspended = True
        return {"reason": "suspended", "note": reason}

    @act(
        "record.resumed",
        label="恢复公示",
        right="record.publish",
        source=["SCHEDULED", "PUBLIC"],
        axis="publicity",
        log="record.published",
    )
    def resume(self, *, by: Any) -> None:
        """Show a suspended or hidden record again."""
        self.suspended, self.hidden_until = False, None

    @act(
        "record.withdrawn",
        label="撤回公示",
        right="record.publish",
        source=["SCHEDULED", "PUBLIC"],
        axis="publicity",
        target="WITHDRAWN",
        log="record.withdrawn",
        leaf=("reason",),
        form=("reason",),
        confirm="撤回后不再公示，撤回理由向社会公开",
    )
    def withdraw(self, *, by: Any, reason: str) -> dict[str, str]:
        """End publication with a public reason (行政处罚法 48)."""
        if not reason.strip():
            raise ValidationError({"reason": "请写明向社会公开的撤回理由"})
        self._end_publicity(reason)
        return {"reason": "withdrawn"}

    def _end_publicity(self, reason: str) -> None:
        self.ended_reason = reason.strip()[:300]
        self.suspended = False
        self.updated_at = timezone.now()
