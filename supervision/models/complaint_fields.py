"""What is stored of a complaint (线索): complaint on the portal, order of the 12345 hotline, media item (domain.md 2 task 13, 4.8)."""

from __future__ import annotations

import json
import re
import secrets
import unicodedata
from typing import Any

from django.db import models
from django.db.models import F, Q

from integrity.acts import Acted, ActedQuerySet
from integrity.crypto.sealed import open_text, seal_text
from integrity.models import Matter

HARMS = ("危害群众利益", "损害市场公平交易", "两者都有", "未造成明显危害")  # the words of SV01 and SV06
SPHERES = (
    "政府采购", "政府和社会资本合作", "公共资源交易", "招标投标", "招商引资", "政府债务", "街道和乡镇", "行政审批",
    "行政执法", "政务公开", "惠民政策", "公共服务", "其他",
)  # fmt: skip
TRUE = ("属实", "部分属实")


class ComplaintQuerySet(ActedQuerySet):
    """A complaint is seen as its matter is; the body complained of sees the facts once it is asked for its account."""

    def visible_to(self, seat: Any) -> ComplaintQuerySet:
        rows = Q(matter__in=Matter.objects.visible_to(seat))
        if seat.org_id and "matter.file" in seat.rights:
            rows |= Q(matter__about_id=seat.org_id, heard_on__isnull=False)
        return self.filter(rows)

    def public(self) -> ComplaintQuerySet:
        """Those whose answer was opened to everybody, without anything about who filed them."""
        return self.exclude(public_at=None)

    def handled_by(self, seat: Any) -> ComplaintQuerySet:
        """The leads whose matter this seat sees: not those it is only asked about."""
        return self.filter(matter__in=Matter.objects.visible_to(seat))


class ComplaintFields(Acted):
    """Columns of a complaint, and the sealed identity of whoever filed it."""

    class Channel(models.TextChoices):
        WEB = "WEB", "网站投诉"
        HOTLINE = "HOTLINE", "12345热线"
        MEDIA = "MEDIA", "媒体曝光"

    class Category(models.TextChoices):
        CONTRACT = "CONTRACT", "未履行合同、拖欠账款"
        POLICY = "POLICY", "政策承诺未兑现"
        CHARGES = "CHARGES", "违规收费、设限"
        SILENCE = "SILENCE", "不公开、不答复"
        FRAUD = "FRAUD", "弄虚作假"
        OTHER = "OTHER", "其他"

    matter = models.OneToOneField(Matter, models.PROTECT, related_name="complaint", verbose_name="事项")
    channel = models.CharField("渠道", max_length=8, choices=Channel, default=Channel.WEB)
    category = models.CharField("事项类别", max_length=8, choices=Category, default=Category.OTHER)
    happened_on = models.DateField("发生时间", null=True, blank=True)
    harm = models.CharField("危害类型", max_length=20, blank=True, choices=[(w, w) for w in HARMS])
    sphere = models.CharField("涉及领域", max_length=20, blank=True, choices=[(w, w) for w in SPHERES])
    contact_sealed = models.TextField("联系人（密封）", blank=True, editable=False)
    publish_reply = models.BooleanField("同意公开答复", default=False)
    order_no = models.CharField("热线工单编号", max_length=60, blank=True)
    order_kind = models.CharField("工单类型", max_length=20, blank=True)
    caller_hash = models.CharField("来电人散列", max_length=60, blank=True, editable=False)
    programme = models.CharField("栏目", max_length=60, blank=True)
    aired_on = models.DateField("播出日期", null=True, blank=True)
    promise = models.CharField("现场承诺", max_length=500, blank=True)
    promised_until = models.DateField("承诺完成日期", null=True, blank=True)
    promise_result = models.CharField("承诺兑现情况", max_length=500, blank=True)
    link = models.URLField("链接", blank=True)
    heard_on = models.DateField("要求说明日期", null=True, blank=True)
    explanation = models.TextField("被反映单位说明", blank=True)
    reviewing = models.BooleanField("复核中", default=False)
    reviewed = models.BooleanField("已申请复核", default=False)
    public_reply = models.TextField("公开答复", blank=True)
    public_at = models.DateTimeField("公开时间", null=True, blank=True)
    record = models.ForeignKey(
        "integrity.Record", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="认定记录"
    )
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    answered_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )
    review_answered_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="复核答复人"
    )

    objects = ComplaintQuerySet.as_manager()
    lock_with = (
        "matter", "matter__kind", "matter__about", "matter__about__area", "matter__unit", "matter__unit__area",
        "matter__received_unit",
    )  # fmt: skip
    unlogged = ("contact_sealed",)
    sealed_columns = ("contact_sealed",)

    class Meta:
        abstract = True
        verbose_name = verbose_name_plural = "监督线索"
        constraints = [
            models.CheckConstraint(
                condition=Q(review_answered_by__isnull=True) | ~Q(review_answered_by=F("answered_by")),
                name="complaint_review_by_another",
                violation_error_message="复核须由他人办理",
            ),
            models.UniqueConstraint(
                fields=["order_no"], condition=~Q(order_no=""), name="one_complaint_per_order",
                violation_error_message="该热线工单已经登记",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["channel", "harm", "sphere"], name="complaint_kinds")]

    def __str__(self) -> str:
        return str(self.matter)

    @property
    def named(self) -> bool:
        """Whether whoever filed it left his name or a way to reach him."""
        return bool(self.contact_sealed)

    @property
    def _place(self) -> str:
        return f"complaint.contact.{self.pk.hex}"

    def seal_contact(self, name: str, reach: str) -> None:
        """Seal name and phone or address for this row alone; nothing is kept of an anonymous one."""
        both = json.dumps([name.strip(), reach.strip()], ensure_ascii=False)
        self.contact_sealed = seal_text(both, self._place) if name.strip() or reach.strip() else ""

    def contact(self) -> tuple[str, str]:
        """Name and way to reach; the caller logs who looks (Complaint.look) or has proved to be the person himself."""
        name, reach = json.loads(open_text(self.contact_sealed, self._place)) if self.contact_sealed else ("", "")
        return name, reach

    def reached_at(self, reach: str) -> bool:
        """Whether this is the phone number or address that was left; compared without spaces, width and case."""
        left = _plain(self.contact()[1])
        return bool(left) and secrets.compare_digest(left.encode(), _plain(reach).encode())

    @property
    def contact_masked(self) -> str:
        """Enough of the contact for the person himself to know it again."""
        name, reach = self.contact()
        return "　".join(w for w in (name and f"{name[0]}某", reach and f"{reach[:3]}****{reach[-2:]}") if w)


def _plain(text: str) -> str:
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).lower()
