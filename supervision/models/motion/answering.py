"""From the answer to its rating, carrying out, publication, and the finding when it was late (task 12)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from integrity.acts import act
from integrity.models import Kind, Record, as_rule
from supervision.models.motion.assigning import Assigning
from supervision.models.motion.fields import LATE_KINDS, RATED, RATINGS

LAWS = {
    "SV02": "代表法第五十一条", "SV03": "日政发〔2018〕12号任务12", "SV04": "法释〔2023〕11号第八条",
    "SV05": "人民检察院组织法第二十一条、人民检察院检察建议工作规定第十九条",
}  # fmt: skip


class Motion(Assigning):
    """A motion with its answer."""

    class Meta(Assigning.Meta):
        abstract = False

    @property
    def open_points(self) -> list[tuple[str, str]]:
        """Problems without an answer, as choices."""
        return [(str(n), f"{n}. {p['problem']}"[:80]) for n, p in enumerate(self.points, 1) if not p.get("adopted")]

    @act(
        "motion.point_answered", label="逐项答复", right="matter.handle", source=["ACCEPTED"],
        form=("point", "adopted", "point_reply"),
    )  # fmt: skip
    def answer_point(self, *, by: Any, point: str, adopted: str, point_reply: str) -> None:
        """One problem–proposal pair: adopted, partly, or not, with the reason."""
        if point not in dict(self.open_points):
            raise ValidationError({"point": "请选择尚未答复的问题"})
        pairs = [dict(p) for p in self.points]
        pairs[int(point) - 1] |= {"adopted": adopted, "reply": point_reply.strip()}
        self.points = pairs

    @act(
        "motion.answered", label="答复", right="matter.handle", source=["ACCEPTED", "REWORK"], target="ANSWERED",
        form=("outcome", "reply"), confirm="答复后由提出人评价，期限内的答复日期以今天计。",
    )  # fmt: skip
    def answer(self, *, by: Any, outcome: str, reply: str) -> None:
        """Answer in writing with a result class; every pair must have its own answer first."""
        if self.open_points:
            raise ValidationError(f"还有 {len(self.open_points)} 个问题没有逐项答复")
        self.matter.respond(by=by, outcome=outcome, reply=reply)
        if self.answered_on:
            self.second_on = timezone.localdate()
        else:
            self.answered_on = timezone.localdate()

    @act(
        "motion.rated",
        label="登记评价",
        right="matter.rate",
        source=["ANSWERED"],
        target="RATED",
        form=("attitude", "result_rating"),
    )
    def rate(self, *, by: Any, attitude: str, result_rating: str) -> None:
        """The deputy or proposer rates attitude and result."""
        if self.channel not in RATED:
            raise ValidationError("只有代表建议、政协提案逐件评价")
        if {attitude, result_rating} - set(RATINGS):
            raise ValidationError("评价须为满意、基本满意或者不满意")
        self.matter.rate(by=as_rule(by), rating=result_rating)
        self.attitude, self.result = attitude, result_rating

    @act(
        "motion.reworked",
        label="要求重新办理",
        right="matter.rate",
        source=["RATED"],
        target="REWORK",
        form=("reason",),
    )
    def rework(self, *, by: Any, reason: str) -> dict[str, str]:
        """Not satisfied: a new answer within a month (山东办理条例 24); once."""
        if "不满意" not in (self.attitude, self.result) or self.second_on:
            raise ValidationError("评价为不满意、且没有再次答复过的，才能要求重新办理")
        self.matter.rework(by=as_rule(by), reason=reason, unit=self.main_unit)
        return {"reason": reason}

    @act(
        "motion.voted", label="登记满意度测评", right="matter.rate", source=["ANSWERED"], target="RATED",
        form=("votes_good", "votes_fair", "votes_bad"),
    )  # fmt: skip
    def vote(self, *, by: Any, votes_good: int, votes_fair: int, votes_bad: int) -> None:
        """The standing committee votes on the report of what was carried out."""
        if self.channel != "COMMITTEE":
            raise ValidationError("只有人大常委会审议意见进行满意度测评")
        if min(votes_good, votes_fair, votes_bad) < 0 or not votes_good + votes_fair + votes_bad:
            raise ValidationError("请填写各项票数，合计不能为零")
        self.votes = dict(zip(RATINGS, (votes_good, votes_fair, votes_bad), strict=True))

    @act(
        "motion.carried_out", label="登记落实情况", right="matter.handle", source=["ANSWERED", "RATED", "CLOSED"],
        form=("carried", "carried_on"),
    )  # fmt: skip
    def carry_out(self, *, by: Any, carried: str, carried_on: date) -> None:
        """What was promised in the answer has been done."""
        if not carried.strip() or not self.answered_on <= carried_on <= timezone.localdate():
            raise ValidationError({"carried_on": "请填写落实情况；落实日期不能早于答复日期或者晚于今天"})
        self.carried, self.carried_on = carried.strip(), carried_on

    @act("motion.closed", label="办结", right="matter.assign", source=["ANSWERED", "RATED"], target="CLOSED")
    def close(self, *, by: Any) -> None:
        """Nothing remains; a deputy's suggestion is rated first."""
        if self.channel in RATED and self.state != "RATED":
            raise ValidationError("请先登记评价")
        self.matter.close(by=as_rule(by))

    @act(
        "motion.published", label="公开答复", right="matter.assign", source=["ANSWERED", "RATED", "CLOSED"],
        form=("privacy_ok", "secrecy_ok"), confirm="题目、主办单位、办理结果和答复全文将在网站公开；要求保密的提出人不公开。",
    )  # fmt: skip
    def publish(self, *, by: Any, privacy_ok: bool, secrecy_ok: bool) -> None:
        """Answers are published unless secret (代表法 51; 山东办理条例 27)."""
        if not (privacy_ok and secrecy_ok):
            raise ValidationError("请核对隐私和保密后公开；涉密的不公开")
        if self.published_at:
            raise ValidationError("答复已经公开")
        if self.secret and self.proposer in self.matter.reply + self.topic:
            raise ValidationError("代表要求保密，但题目或者答复中出现了提出人姓名，请先由主办单位更正")
        self.published_at = timezone.now()

    @act("motion.withdrawn", label="撤下公开的答复", right="matter.assign", form=("reason",))
    def withdraw(self, *, by: Any, reason: str) -> dict[str, str]:
        """No longer to be read by everybody."""
        if not self.published_at:
            raise ValidationError("答复没有公开")
        self.published_at = None
        return {"reason": reason}

    @act(
        "motion.found_late", label="提请认定逾期", right="matter.assign", form=("verdict_no", "not_done"),
        confirm="将生成逾期记录草稿并提交复核，须告知、听取陈述申辩后才成为记录。",
    )  # fmt: skip
    def find_late(self, *, by: Any, verdict_no: str, not_done: str = "") -> None:
        """Late, or a procurator's recommendation not carried out: SV02 to SV05, after review like any finding."""
        code = LATE_KINDS.get(self.channel)
        if code is None or self.record_id:
            raise ValidationError("这类意见不产生逾期记录，或者已经提请认定")
        if not self.is_late and not (code == "SV05" and not_done.strip() and self.answered_on):
            raise ValidationError(f"答复期限至 {self.due_on or '未定'}，没有逾期，不能提请认定")
        self.record = (
            Record(kind=Kind.objects.get(code=code))
            .enter(by=as_rule(by), values=self._finding(code, verdict_no, not_done, by))
            .submit(by=as_rule(by))
        )

    def _finding(self, code: str, verdict_no: str, not_done: str, by: Any) -> dict[str, Any]:
        answered = f"{self.answered_on} 答复" if self.answered_on else "至今未答复"
        fact = not_done.strip() or f"{self}，应于 {self.due_on} 前答复，{answered}。"
        number = {"SV02": "suggestion_no", "SV03": "proposal_no"}.get(code, "recommendation_no")
        own = {
            number: self.reference, "session": self.session, "topic": self.topic, "court": self.proposer, "procuratorate": self.proposer,
            "kind": self.sort, "problem": fact, "due_on": self.due_on.isoformat(),
            "answered_on": self.answered_on.isoformat() if self.answered_on else "",
        }  # fmt: skip
        fields = Kind.objects.get(code=code).spec.fact_names
        return {name: own[name] for name in fields} | {
            "subject": self.main_unit.successor, "title": f"{self.get_channel_display()}逾期：{self.topic}"[:200], "fact": fact,
            "doc_type": "认定书", "doc_no": verdict_no, "decided_on": timezone.localdate().isoformat(),
            "legal_basis": LAWS[code], "deciding_code": by.org.code, "deciding_name": by.org.name,
        }  # fmt: skip
