"""How a record ends: repair, revocation, expiry, sealing; and the marks it carries meanwhile (domain.md 3.3, 10)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from integrity.acts import act
from integrity.models.record.publicity import PublicityActs


class EndingActs(PublicityActs):
    """Acts that end publication, sharing and use together."""

    class Meta:
        abstract = True

    @act(
        "record.objected",
        label="标注异议",
        right="matter.file",
        source=["CONFIRMED"],
        log="record.objected",
        button=False,
    )
    def mark_objection(self, *, by: Any) -> None:
        """An objection was received: the mark is shown wherever the record is shown (山东条例 39)."""
        self.objection_open = True

    @act(
        "record.objection_decided",
        label="解除异议标注",
        right="matter.handle",
        source=["CONFIRMED"],
        log="record.objection-decided",
        leaf=("outcome",),
        button=False,
    )
    def unmark_objection(self, *, by: Any, outcome: str = "") -> dict[str, str]:
        """The objection was answered; the log says whether it was upheld, not what it was about."""
        self.objection_open = False
        return {"outcome": "upheld" if "成立" in outcome and "不成立" not in outcome else "refused", "answer": outcome}

    @act(
        "record.repaired",
        label="信用修复",
        right="record.repair",
        source=["CONFIRMED"],
        target="REPAIRED",
        log="record.repaired",
        form=("reason",),
        confirm="修复后停止公示、停止共享使用、解除惩戒措施，并向上级报送",
    )
    def repair(self, *, by: Any, reason: str = "") -> dict[str, str]:
        """End publication, sharing and measures together after the duty was done (国家发展改革委令第36号)."""
        obstacle = self.repair_obstacle()
        if obstacle:
            raise ValidationError(obstacle)
        if self.publicity in ("PUBLIC", "SCHEDULED"):
            self.publicity = "ENDED_REPAIR"
        self.ended_reason = reason.strip()[:300] or "信用修复"
        self.updated_at = timezone.now()
        return {"reason": "repair"}

    def repair_obstacle(self) -> str:
        """Why the record cannot be repaired now; empty when it can."""
        way = self.spec.repair
        if way != "application":
            words = {
                "none": "该类记录依法不予修复",
                "by_expiry": "处分期满自动解除，不适用申请修复",
                "by_court": "由人民法院移出名单，不适用申请修复",
                "by_cycle": "记分周期届满自动清零，不适用申请修复",
                "by_basis": "按原裁判文书确定，不适用申请修复",
            }
            return words[way]
        if self.repair_from and self.repair_from > timezone.localdate():
            return f"最短公示期至 {self.repair_from}，届时方可修复"
        return ""

    @act(
        "record.revoked",
        label="撤销记录",
        right="record.confirm",
        source=["CONFIRMED", "REVIEWED", "ACCEPTED"],
        target="REVOKED",
        log="record.withdrawn",
        leaf=("reason",),
        form=("reason",),
        confirm="原文书已撤销、变更或者确认无效；撤销后停止公示和使用，并在 3 个工作日内向上级报送",
    )
    def revoke(self, *, by: Any, reason: str) -> dict[str, str]:
        """The source document fell: the record is void from the beginning (clocks D04, D05; 山东条例 40)."""
        if not reason.strip():
            raise ValidationError({"reason": "请写明撤销理由"})
        if self.publicity in ("PUBLIC", "SCHEDULED"):
            self.publicity = "WITHDRAWN"
        self.ended_reason = reason.strip()[:300]
        self.updated_at = timezone.now()
        return {"reason": "revoked"}

    @act(
        "record.released",
        label="法院移出名单",
        right="record.confirm",
        source=["CONFIRMED"],
        target="EXPIRED",
        log="payload.removed",
        leaf=("basis",),
        form=("reason",),
    )
    def release(self, *, by: Any, reason: str) -> dict[str, str]:
        """The court took the subject off its list (clock D44); only for kinds repaired by the court."""
        if self.publicity in ("PUBLIC", "SCHEDULED"):
            self.publicity = "ENDED_MAX"
        self.ended_reason = reason.strip()[:300] or "人民法院移出名单"
        return {"basis": "court"}

    @act(
        "record.expired",
        label="到期",
        right="record.clock",
        source=["CONFIRMED"],
        target="EXPIRED",
        log="payload.removed",
        leaf=("basis",),
    )
    def expire(self, *, by: Any) -> dict[str, str]:
        """Write down what time has done: publication and use have ended (山东条例 38)."""
        if not (self.until and self.until <= timezone.localdate()):
            raise ValidationError("记录尚未到期")
        self.end_by_time()
        return {"basis": "expiry"}

    def end_by_time(self) -> None:
        if self.publicity in ("PUBLIC", "SCHEDULED"):
            self.publicity = "ENDED_MAX"
        self.ended_reason = "期满终止"
        self.updated_at = timezone.now()

    @act("record.reckoned", label="重算截止日期", right="record.clock", source=["CONFIRMED"], full=True, button=False)
    def reckon_anew(self, *, by: Any, why: str) -> dict[str, str]:
        """Another record of the subject came, fell or changed, and this one's end with it (处分期合并计算)."""
        self.reckon()
        self.updated_at = timezone.now()
        return {"reason": why}

    @act(
        "record.sealed", label="封存", right="record.clock", source=["REPAIRED", "REVOKED", "EXPIRED"], target="SEALED"
    )
    def seal(self, *, by: Any) -> None:
        """Keep for the archive alone: no query reaches it any more (个人信息保护法 47)."""

    @act(
        "record.erased", label="删除内容", right="payload.erase", source=["REPAIRED", "REVOKED", "EXPIRED", "SEALED"],
        target="SEALED", log="payload.removed", leaf=("basis", "index"), button=False,
    )  # fmt: skip
    def erase(self, *, by: Any, basis: str, index: list[int], events: str) -> dict[str, Any]:
        """Take the content out of the row; number, kind and dates stay, the log tells which entries lost theirs."""
        self.title, self.doc_no, self.doc_key = "（内容已依法删除）", "（已删除）", self.number
        self.fact = self.statement = self.heard_outcome = self.ended_reason = self.duplicate_note = (
            self.publish_ground
        ) = ""
        self.legal_basis, self.facts, self.scan = "（已删除）", {}, []
        return {"basis": basis, "index": index, "events": events}

    @act("record.flagged", label="更新标记", right="measure.decide", source=["CONFIRMED"], full=True, button=False)
    def flag(self, *, by: Any, **flags: bool) -> None:
        """Set 整改中, 从轻, 免于惩戒 as the deciding acts require."""
        for name, value in flags.items():
            if name not in ("rectifying", "mitigated", "exempted"):
                raise ValidationError(f"没有标记“{name}”")
            setattr(self, name, value)

    @act("record.viewed", label="查看", right="record.read", changes=False)
    def view(self, *, by: Any, purpose: str) -> dict[str, str]:
        """Log who looked at a restricted or personal record, and why (山东条例 37)."""
        if not purpose.strip():
            raise ValidationError({"purpose": "请写明查看用途"})
        return {"purpose": purpose.strip()}

    @property
    def is_personal(self) -> bool:
        """Whether reading it is logged with a purpose: restricted kinds and natural persons (domain.md 5)."""
        return self.spec.disclosure == "restricted" or not self.subject.is_organisation
