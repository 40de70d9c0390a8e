"""政务信用承诺: drafted on the lists, approved by a second person, signed by the head, sealed, public, checked quarterly (task 7)."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models.duties import DutyItem
from agencies.models.flow import over, raise_finding
from integrity.acts import Acted, ActedQuerySet, act
from integrity.models import Attachment, Commitment, Kind, Pledge, Record, Subject, as_rule

HEADS = ("履职尽责", "依法行政", "优化服务")
SEAL = "签字盖章件"
DUTY = "违背本承诺并经认定的，依照规定记入本单位政务诚信记录，向社会公开，接受监督。"


class AgencyPledgeQuerySet(ActedQuerySet):
    """Drafts and papers are read by the own unit and the offices above; the pledge itself is public by its own rule."""

    def visible_to(self, seat: Any) -> AgencyPledgeQuerySet:
        role = seat.role
        if role.automatic or (role.scope == "all" and {"pledge.check", "audit"} & seat.rights):
            return self
        if role.code == "SUPERVISOR":
            return self.filter(agency__path__startswith=f"{seat.org.path}/")
        if not seat.org_id or not {"pledge.issue", "pledge.sign", "pledge.check"} & seat.rights:
            return self.none()
        if role.scope == "county":
            return self.filter(agency__area__path__startswith=seat.org.area.path)
        return self.filter(Q(agency=seat.org_id) | Q(agency__succeeded_by=seat.org_id))


class AgencyPledge(Acted):
    """政务信用承诺书: an agency's pledge of a year with its papers; the promise itself is a Pledge with Commitments."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", "草拟"
        SUBMITTED = "SUBMITTED", "待审核"
        APPROVED = "APPROVED", "待签署"
        SIGNED = "SIGNED", "已签署"

    agency = models.ForeignKey(Subject, models.PROTECT, related_name="agency_pledges", verbose_name="承诺单位")
    year = models.PositiveSmallIntegerField("年度")
    channel = models.CharField("监督方式", max_length=200, help_text="电话、邮箱、网址，公众据此监督")
    valid_until = models.DateField("有效期至")
    items = models.JSONField("承诺事项", default=list)
    head = models.CharField("单位负责人", max_length=60, blank=True)
    state = models.CharField("状态", max_length=9, choices=State, default=State.DRAFT)
    pledge = models.OneToOneField(Pledge, models.PROTECT, null=True, related_name="agency_pledge", verbose_name="承诺")
    replaces = models.ForeignKey(Pledge, models.PROTECT, null=True, related_name="+", verbose_name="续签自")
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="草拟人")
    approved_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="审核人"
    )

    objects = AgencyPledgeQuerySet.as_manager()
    lock_with = ("agency", "agency__area", "pledge", "replaces")
    people = ("entered_by_id",)

    class Meta:
        verbose_name = verbose_name_plural = "政务信用承诺书"
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("entered_by")),
                name="agency_pledge_two_people", violation_error_message="草拟和审核须由两人办理",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["agency", "-year"], name="agency_pledge_year")]

    def __str__(self) -> str:
        return f"{self.agency.name} {self.year} 年度政务信用承诺"

    def get_absolute_url(self) -> str:
        return f"/desk/promises/{self.pk}/"

    def interested(self) -> set[Any]:
        return {self.agency_id}

    @property
    def answering(self) -> Subject:
        """Who keeps the promise today: a successor answers for what was promised before it (新官要理旧账)."""
        return self.agency.successor

    def refuses(self, spec: Any, by: Any) -> str:
        if by.role.automatic:
            return ""
        if spec.verb == "promise.found":
            return "" if over(by, self.answering) else "违诺由信用牵头部门或者上级机关提请认定，不由承诺单位自行认定"
        if spec.verb == "promise.approved" and by.user_id == self.entered_by_id:
            return "本人草拟的承诺，须由他人审核"
        if spec.right == "pledge.issue" and by.role.scope == "all":
            return ""
        return "" if by.org_id in (self.agency_id, self.answering.pk) else "只能办理本单位的承诺"

    # ---- drafting ----

    @act("promise.drafted", label="草拟承诺", right="pledge.issue", creates=True)
    def draft(self, *, by: Any) -> None:
        """Begin a pledge; its items are added one by one and rest on the agency's lists."""
        if self.agency.form != "AGENCY":
            raise ValidationError({"agency": "政务信用承诺由政府机构作出"})
        if self.valid_until <= timezone.localdate():
            raise ValidationError({"valid_until": "有效期须晚于今天"})
        self.entered_by = by.user if by.user_id else None

    @act(
        "promise.item_added", label="增加事项", right="pledge.issue", source=["DRAFT"],
        form=("promise_head", "promise_text", "measure_by", "keep_by", "duty_item"),
    )  # fmt: skip
    def add_item(
        self,
        *,
        by: Any,
        promise_head: str,
        promise_text: str,
        measure_by: str,
        keep_by: date | None = None,
        duty_item: str = "",
    ) -> None:
        """A measurable item under one of the three heads, with its day or continuing (任务7)."""
        if keep_by and keep_by <= timezone.localdate():
            raise ValidationError({"keep_by": "兑现期限须晚于今天；长期坚持的请留空"})
        basis = ""
        if duty_item:
            found = DutyItem.objects.public().filter(pk=duty_item, agency=self.agency_id).first()
            if found is None:
                raise ValidationError({"duty_item": "请选择本单位清单中的事项"})
            basis = str(found)
        item = {"head": promise_head, "text": promise_text.strip(), "target": measure_by.strip(), "basis": basis}
        self.items = [*self.items, item | {"due_on": keep_by.isoformat() if keep_by else ""}]

    @act("promise.item_dropped", label="删除事项", right="pledge.issue", source=["DRAFT"], form=("item_no",))
    def drop_item(self, *, by: Any, item_no: int) -> None:
        """Take an item out of the draft by its place, counted from 1."""
        if not 1 <= int(item_no) <= len(self.items):
            raise ValidationError({"item_no": "没有这个序号的事项"})
        self.items = [item for n, item in enumerate(self.items, 1) if n != int(item_no)]

    @act("promise.submitted", label="提交审核", right="pledge.issue", source=["DRAFT"], target="SUBMITTED")
    def submit(self, *, by: Any) -> None:
        """Hand it to the second person; every head has something measurable."""
        if missing := [h for h in HEADS if not any(i["head"] == h for i in self.items)]:
            raise ValidationError(f"还没有“{'”、“'.join(missing)}”方面的承诺事项")

    @act(
        "promise.returned", label="退回修改", right="pledge.check", source=["SUBMITTED", "APPROVED"], target="DRAFT",
        form=("reason",),
    )  # fmt: skip
    def give_back(self, *, by: Any, reason: str) -> dict[str, str]:
        """The second person wants it changed; what was issued of it ends."""
        self._drop_pledge(by, reason)
        return {"reason": reason}

    # ---- approval, signature, seal ----

    @act("promise.approved", label="审核通过", right="pledge.check", source=["SUBMITTED"], target="APPROVED")
    def approve(self, *, by: Any) -> None:
        """A second person approves the exact text; from here it is a pledge that waits for the head's signature."""
        self.approved_by = by.user
        pledge = Pledge(
            kind=Kind.objects.get(code="AG09"), subject=self.answering, unit=self.answering, occasion="年度",
            title=f"{self.year} 年度政务信用承诺", text=self.wording(), valid_until=self.valid_until,
            starts_on=timezone.localdate(),
        )  # fmt: skip
        self.pledge = pledge.issue(by=as_rule(by))
        for order, item in enumerate(self.items, 1):
            due = date.fromisoformat(item["due_on"]) if item["due_on"] else None
            Commitment(
                pledge=self.pledge, order=order, head=item["head"], text=item["text"], target=item["target"],
                basis=item["basis"], due_on=due,
            ).enter(by=as_rule(by))  # fmt: skip

    def wording(self) -> str:
        """The text of the pledge in its three heads (domain.md 2.22)."""
        parts = []
        for head in HEADS:
            lines = [i for i in self.items if i["head"] == head]
            told = [f"{n}. {i['text']}（{i['target']}；{i['due_on'] or '长期坚持'}）" for n, i in enumerate(lines, 1)]
            parts.append("\n".join([f"{head}方面", *told]))
        return "\n\n".join([*parts, f"监督方式：{self.channel}", f"违诺责任：{DUTY}", f"有效期至 {self.valid_until}"])

    @act(
        "promise.signed", label="负责人签署", right="pledge.sign", source=["APPROVED"], target="SIGNED",
        form=("head_name",), confirm="签署后 10 分钟内可以撤回，之后自动生效并向社会公开",
    )  # fmt: skip
    def sign(self, *, by: Any, head_name: str) -> None:
        """The head signs; the stamped scan is bound into the signed document by its digest."""
        scan = Attachment.objects.of(self).filter(role=SEAL).last()
        if scan is None:
            raise ValidationError("请先上传负责人签字、加盖公章的承诺书扫描件")
        self.head = head_name.strip()
        said = {"number": self.pledge.number, "text": self.pledge.text, "head": self.head, "scan_sha256": scan.sha256}
        document = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        self.pledge = self.pledge.sign(by=by, level=Pledge.Level.LOGIN, document=document, signer=self.head)

    @act("promise.withdrawn", label="撤回签署", right="pledge.sign", source=["SIGNED"], target="APPROVED")
    def withdraw(self, *, by: Any) -> None:
        """Within ten minutes of signing; the same text waits for a new signature."""
        old = self.pledge
        old.withdraw(by=by)
        self.head = ""
        fresh = Pledge(
            kind=old.kind, subject=old.subject, unit=old.unit, occasion=old.occasion, title=old.title, text=old.text,
            valid_until=old.valid_until, starts_on=old.starts_on,
        ).issue(by=as_rule(by))  # fmt: skip
        for item in old.commitments.order_by("order"):
            Commitment(
                pledge=fresh, order=item.order, head=item.head, text=item.text, target=item.target, basis=item.basis,
                due_on=item.due_on,
            ).enter(by=as_rule(by))  # fmt: skip
        self.pledge = fresh

    # ---- after publication ----

    @act("promise.renewed", label="续签下一年度", right="pledge.issue", source=["SIGNED"], form=("renew_until",))
    def renew(self, *, by: Any, renew_until: date) -> dict[str, str]:
        """A new draft for the next year with what goes on; the new pledge takes the old one's place when it is public."""
        if self.pledge.state not in ("IN_FORCE", "FULFILLED"):
            raise ValidationError("承诺生效后才能续签")
        open_items = self.pledge.commitments.filter(state="ON_TRACK").order_by("order")
        today = timezone.localdate()
        items = [
            {"head": c.head, "text": c.text, "target": c.target, "basis": c.basis,
             "due_on": c.due_on.isoformat() if c.due_on and c.due_on > today else ""}
            for c in open_items
        ]  # fmt: skip
        row = AgencyPledge(
            agency=self.answering, year=self.year + 1, channel=self.channel, valid_until=renew_until, items=items,
            replaces=self.pledge,
        )  # fmt: skip
        return {"next": str(row.draft(by=by).pk)}

    @act(
        "promise.found", label="提请认定违诺", right="pledge.check", source=["SIGNED"], form=("paper_no", "item_no", "broken"),
        confirm="将生成违背政务信用承诺记录草稿并提交复核，须告知并听取陈述申辩后入库",
    )  # fmt: skip
    def find(self, *, by: Any, paper_no: str, item_no: int, broken: str) -> None:
        """A broken item becomes a record only by a finding after notice and hearing (AG06)."""
        item = self.pledge.commitments.filter(order=item_no, state="ON_TRACK").first()
        if item is None:
            raise ValidationError({"item_no": "没有这个序号的履行中事项"})
        raise_finding("AG06", self.answering, self._facts(item, paper_no, broken), by)

    def _facts(self, item: Commitment, paper_no: str, breach: str) -> dict[str, Any]:
        return {
            "title": f"{self.answering.name}违背政务信用承诺"[:200], "fact": breach, "doc_type": "认定书", "doc_no": paper_no,
            "decided_on": timezone.localdate().isoformat(), "legal_basis": "日政发〔2018〕12号任务7", "pledge_no": self.pledge.number,
            "commitment": item.text, "breach": breach,
        }  # fmt: skip

    def _drop_pledge(self, by: Any, reason: str) -> None:
        if self.pledge_id:
            self.pledge.end(by=as_rule(by), reason=f"退回修改：{reason}")
            self.pledge = None


def broken_item(record: Record) -> Commitment | None:
    """The commitment an AG06 record is about."""
    rows = Commitment.objects.filter(pledge__number=record.facts.get("pledge_no"), text=record.facts.get("commitment"))
    return rows.select_related(*Commitment.lock_with).first()
