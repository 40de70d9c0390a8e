"""监督线索: what the public, the hotline and the media report; a record only by a finding (task 13, house.md 2.6)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from integrity.acts import act
from integrity.models import Kind, Matter, Record, Subject, as_rule
from integrity.models.matter import OPEN
from integrity.models.redress.base import credit_office
from supervision.models.complaint_fields import TRUE, ComplaintFields

PERSONAL = re.compile(r"(?<!\d)(1\d{10}|\d{17}[\dXx])(?!\d)")  # phones and citizens' numbers
WITHDRAWABLE = timedelta(minutes=10)
KINDS = {"WEB": "TS01", "HOTLINE": "GD01", "MEDIA": "MT01"}
SOURCES = {"WEB": "信用网站", "HOTLINE": "12345热线", "MEDIA": "媒体"}  # the words of SV06


def taking_in(about: Subject) -> Subject:
    """Who takes in a complaint about a body: its credit office, or its superior when it is that office itself."""
    try:
        return credit_office(about)
    except ValidationError:
        if about.parent is None:
            raise
        return about.parent


class Complaint(ComplaintFields):
    """A complaint and its flow: triage, dispatch, account of the body, answer, rating, one review, finding."""

    class Meta(ComplaintFields.Meta):
        abstract = False

    matter_acts = (
        "assign", "return_", "refuse", "take", "pause", "resume", "extend", "urge", "escalate", "merge", "transfer", "supplement", "rate", "close",
    )  # fmt: skip

    panel = "supervision/_complaint.html"  # what the desk's page of its matter shows besides

    @property
    def outcomes(self) -> list[str]:
        """The results the matter's kind allows."""
        return self.matter.outcomes

    @property
    def withdrawable(self) -> bool:
        """Whether its ten minutes still run."""
        until = self.matter.held_until
        return self.matter.state == "RECEIVED" and bool(until) and until > timezone.now()

    def interested(self) -> set[Any]:
        return {self.matter.about_id} - {None}

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.creates or by.role.automatic:
            return ""
        if by.role.code == "PUBLIC":
            return self._closed_to_public(spec.verb)
        if spec.verb == "complaint.explained":
            return "" if by.org_id == self.matter.about_id else "由被反映单位说明"
        if spec.right in ("matter.file", "matter.rate"):
            return "由投诉人凭编号和查询码办理"
        return "" if self.matter.unit_id == by.org_id else "由承办单位办理"

    def _closed_to_public(self, verb: str) -> str:
        if verb == "complaint.withdrawn" and not self.withdrawable:
            return "提交已满 10 分钟或者已经撤回，不能撤回"
        if verb == "complaint.review_asked" and (self.reviewed or self.matter.state != "REPLIED"):
            return "只能在收到答复后申请一次复核"
        return "由被反映单位说明" if verb == "complaint.explained" else ""

    def _open_matter(
        self, by: Any, *, title: str, text: str, about: Subject | None, unit: Subject, **more: Any
    ) -> None:
        kind = Kind.objects.get(code=KINDS[self.channel])
        if about is not None and unit.pk == about.pk:
            raise ValidationError({"unit": "不能只由被反映的单位办理"})
        matter = Matter(kind=kind, title=title[:200], text=text, about=about, unit=unit, received_unit=unit, **more)
        self.matter = matter.receive(by=by if "matter.file" in by.rights else as_rule(by))

    @act("complaint.filed", label="提交投诉", right="matter.file", creates=True, button=False)
    def file(self, *, by: Any, about: Any, text: str, pk: Any = None) -> None:
        """A complaint on the portal: it may be withdrawn for ten minutes, and nobody handles it before (brief 0.6)."""
        if not 30 <= len(text.strip()) <= 2000:
            raise ValidationError({"text": "请写明经过，至少 30 字，最多 2000 字"})
        title = f"反映{about.name}：{self.get_category_display()}"
        more = {"id": pk} if pk else {}
        held = timezone.now() + WITHDRAWABLE
        self._open_matter(
            by, title=title, text=text.strip(), about=about, unit=taking_in(about), held_until=held, **more
        )

    @act("complaint.entered", label="登记线索", right="matter.handle", creates=True, button=False)
    def enter(self, *, by: Any, title: str, text: str, about: Any = None, unit: Any = None) -> None:
        """An office registers a media item or a single order of the hotline; who called is never kept (domain.md 4.8)."""
        self._open_matter(by, title=title, text=text.strip(), about=about, unit=unit or by.org)
        self.entered_by = by.user

    @act("complaint.taken", label="导入热线工单", right="import.submit", creates=True, button=False)
    def take(self, *, by: Any, title: str, text: str, unit: Any, about: Any = None) -> None:
        """One order of the hotline as its system sends it; thousands at once by orders.enter_many()."""
        self._open_matter(by, title=title, text=text, about=about, unit=unit)
        self.entered_by = by.user

    @act("complaint.withdrawn", label="撤回", right="matter.file", button=False)
    def withdraw(self, *, by: Any) -> None:
        """Taken back within ten minutes: text and identity are not kept."""
        self.matter.withdraw(by=by)
        self.contact_sealed = ""

    @act("complaint.accepted", label="受理", right="matter.handle", form=("harm", "sphere"))
    def accept(self, *, by: Any, harm: str, sphere: str) -> None:
        """Accept it, and say whether it harms the people's interests or fair competition, and in which field."""
        self.matter.accept(by=by)
        self.harm, self.sphere = harm, sphere

    @act("complaint.sorted", label="研判分类", right="matter.handle", form=("harm", "sphere"))
    def sort(self, *, by: Any, harm: str, sphere: str) -> None:
        """The same words for a complaint that came in without them, such as an order of the hotline, or that were wrong."""
        if self.matter.state not in OPEN:
            raise ValidationError("该线索已经办结")
        self.harm, self.sphere = harm, sphere

    @act("complaint.heard", label="请被反映单位说明", right="matter.handle")
    def hear(self, *, by: Any) -> None:
        """Ask the body complained of for its account: it sees the facts, never who filed them."""
        if self.matter.about is None or self.heard_on:
            raise ValidationError("没有被反映单位，或者已经要求说明")
        self.heard_on = timezone.localdate()

    @act("complaint.explained", label="提交说明", right="matter.file", form=("account",))
    def explain(self, *, by: Any, account: str) -> None:
        """The body's account, once."""
        if not self.heard_on or self.explanation or self.matter.state not in OPEN:
            raise ValidationError("没有要求说明，或者已经说明")
        self.explanation = account.strip()

    @act("complaint.answered", label="答复", right="matter.handle", form=("outcome", "reply"))
    def answer(self, *, by: Any, outcome: str, reply: str) -> None:
        """Answer it; a review is answered by another person."""
        if not self.harm:
            raise ValidationError("请先受理并确定危害类型和涉及领域")
        if self.reviewing and by.user_id == self.answered_by_id:
            raise ValidationError("复核须由他人办理")
        self.matter.respond(by=by, outcome=outcome, reply=reply)
        if self.reviewing:
            self.reviewing, self.review_answered_by = False, by.user
        else:
            self.answered_by = by.user

    @act("complaint.review_asked", label="申请复核", right="matter.rate", button=False, form=("reason",))
    def ask_review(self, *, by: Any, reason: str) -> None:
        """Not content with the answer: once, by the superior (domain.md 10)."""
        if not reason.strip():
            raise ValidationError({"reason": "请写明申请复核的理由"})
        self.reviewing = self.reviewed = True
        self.matter.rework(by=as_rule(by), reason=reason.strip(), unit=self._reviewer())

    def _reviewer(self) -> Subject:
        """The superior of whoever answered; the same office through another person when there is none above."""
        try:
            office = credit_office(self.matter.unit)
        except ValidationError:
            return self.matter.unit
        return self.matter.unit if office.pk == self.matter.about_id else office

    @act("complaint.looked", label="查看联系方式", right="matter.handle", changes=False, button=False)
    def look(self, *, by: Any, purpose: str) -> dict[str, str]:
        """Somebody of the handling unit reads who filed it; each look is in the ledger with its purpose."""
        if not purpose.strip():
            raise ValidationError({"purpose": "请写明查看用途"})
        return {"purpose": purpose.strip()}

    @act("complaint.promise_checked", label="登记承诺兑现情况", right="matter.handle", form=("promise_result",))
    def check_promise(self, *, by: Any, promise_result: str) -> None:
        """What became of the promise made on air (task 13)."""
        if not self.promise:
            raise ValidationError("该线索没有现场承诺")
        self.promise_result = promise_result.strip()

    @act(
        "complaint.answer_published", label="公开答复", right="matter.handle", form=("public_reply",),
        confirm="公开后任何人都能看到。请改写成不含投诉人信息、不含个人隐私和商业秘密的文字。",
    )  # fmt: skip
    def publish_answer(self, *, by: Any, public_reply: str) -> None:
        """Open the answer to everybody, with the consent of whoever filed it, and nothing about him (domain.md 6)."""
        if self.matter.state not in ("REPLIED", "CLOSED") or self.public_at:
            raise ValidationError("尚未答复，或者已经公开")
        if self.channel == "WEB" and not self.publish_reply:
            raise ValidationError("投诉人不愿意公开答复")
        said = public_reply.replace(" ", "")
        if any(word and word in said for word in self.contact()) or PERSONAL.search(said):
            raise ValidationError(
                {"public_reply": "文字中有投诉人的姓名、联系方式，或者手机号、证件号码，请删去后再公开"}
            )
        self.public_reply, self.public_at = public_reply.strip(), timezone.now()

    @act(
        "complaint.found", label="提出失信认定", right="matter.handle", form=("title", "legal_basis", "fact_found", "verdict_no", "verdict_on", "tier"),
        confirm="将生成“投诉举报查实失信记录”草稿，由本单位信息员补正文书后提交，须经告知、陈述申辩、复核和认定才成为记录。",
    )  # fmt: skip
    def find(
        self, *, by: Any, title: str, legal_basis: str, fact_found: str, verdict_no: str, verdict_on: Any, tier: str
    ) -> None:
        """Verified dishonesty becomes a record only by a finding, with notice, hearing and review (house.md 2.6)."""
        matter = self.matter
        if matter.outcome not in TRUE or matter.about is None or self.record_id:
            raise ValidationError("只有查实的线索可以提出一次认定")
        values = {
            "subject": matter.about, "title": title, "fact": fact_found, "legal_basis": legal_basis,
            "doc_type": "认定书", "doc_no": verdict_no, "decided_on": str(verdict_on),
            "tier": tier, "deciding_name": by.org.name, "deciding_code": by.org.code,
            "channel": SOURCES[self.channel], "matter_no": matter.number, "fact_found": fact_found, "harm": self.harm,
            "sphere": self.sphere,
        }  # fmt: skip
        self.record = Record(kind=Kind.objects.get(code="SV06")).enter(by=as_rule(by), values=values)
