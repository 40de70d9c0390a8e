"""信用报告: a numbered report of a day's state, verifiable by its number and in the log (tasks 3, 8)."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import rfc8785
from django.db import models
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.codes import public_number, random_token
from integrity.models.check import VALID_DAYS, Check
from integrity.models.check.answer import answers
from integrity.models.subject import Subject


class ReportQuerySet(ActedQuerySet):
    """A report is read by who holds its number while it is valid; in lists by who issued it."""

    def public(self) -> ReportQuerySet:
        """Reports whose digest and validity anybody with their number may check; the content needs the token."""
        return self.filter(valid_until__gte=timezone.localdate())

    def visible_to(self, seat: Any) -> ReportQuerySet:
        own = seat.org_id if seat.role.code in ("AGENCY_REP", "COMPANY_REP") else seat.person_id
        mine = self.filter(subject_id=own) if own else self.none()
        if seat.role.automatic or seat.role.code == "AUDITOR":
            return self if seat.role.automatic else self.exclude(subject__form="PERSON")
        return mine | self.filter(asked_in__in=Check.objects.visible_to(seat)) | self.filter(scope="PUBLIC")

    def valid(self) -> ReportQuerySet:
        return self.filter(valid_until__gte=timezone.localdate())


class Report(Acted):
    """One report: its exact bytes, their digest, its validity; the PDF is made from the same bytes."""

    class Scope(models.TextChoices):
        PUBLIC = "PUBLIC", "公共信用报告"
        SELF = "SELF", "本人查询报告"
        CHECK = "CHECK", "信用核查报告"

    number = models.CharField("报告编号", max_length=40, unique=True)
    token = models.CharField("验证码", max_length=26, unique=True, editable=False)
    scope = models.CharField("报告类型", max_length=6, choices=Scope)
    subject = models.ForeignKey("integrity.Subject", models.PROTECT, related_name="reports", verbose_name="主体")
    asked_in = models.ForeignKey(
        Check, models.PROTECT, null=True, blank=True, related_name="reports", verbose_name="核查"
    )
    body = models.TextField("报告内容")
    sha256 = models.CharField("内容摘要", max_length=64)
    made_at = models.DateTimeField("生成时间", default=timezone.now)
    valid_until = models.DateField("有效期至")
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="生成人")

    objects = ReportQuerySet.as_manager()
    lock_with = ("subject",)
    people = ()
    unlogged = ("token", "body")

    class Meta:
        verbose_name = verbose_name_plural = "信用报告"

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"

    def get_absolute_url(self) -> str:
        return f"/v/{self.number}"

    @property
    def is_valid(self) -> bool:
        return self.valid_until >= timezone.localdate()

    def refuses(self, spec: Any, by: Any) -> str:
        if self.scope == "PUBLIC":
            return "" if self.subject.is_organisation else "自然人没有公共信用报告"
        own = by.org_id if by.role.code in ("AGENCY_REP", "COMPANY_REP") else by.person_id
        if self.scope == "SELF":
            return "" if own == self.subject_id else "只能生成本人或者本单位的报告"
        return "" if self.asked_in_id and self.asked_in.unit_id == by.org_id else "由核查单位生成"

    def opening(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "scope": self.scope,
            "sha256": self.sha256,
            "valid_until": self.valid_until.isoformat(),
        }

    def issue_or_reuse(self, *, by: Any) -> Report:
        """Today's report of the same kind while nothing has changed since, else a new one."""
        told = self._told(by)
        rows = Report.objects.filter(scope=self.scope, subject=self.subject, made_at__date=timezone.localdate())
        for row in rows.order_by("-made_at")[:1]:
            if row.is_valid and json.loads(row.body)["answer"] == json.loads(rfc8785.dumps(told)):
                return row
        return self.issue(by=by)  # type: ignore[return-value]

    def _told(self, by: Any) -> dict[str, Any]:
        restricted = self.scope == "SELF" or by.role.restricted
        only = self.scope == "PUBLIC"
        told = answers([self.subject_id], timezone.localdate(), restricted=restricted, public_only=only)
        return told[self.subject_id]

    @act("report.issued", label="生成报告", right="matter.file", creates=True, log="report.issued", button=False)
    def issue(self, *, by: Any) -> None:
        """Fix a day's state in bytes; their digest goes into the log, their content does not (trust.md 4)."""
        today, told = timezone.localdate(), self._told(by)
        self.number, self.token = public_number("XB", today.year), random_token(26)
        self.valid_until = today + timedelta(days=VALID_DAYS)
        self.entered_by = by.user if by.user_id else None
        content = {
            "number": self.number, "scope": self.scope, "as_of": today.isoformat(), "valid_until": self.valid_until.isoformat(),
            "subject": _shown(self.subject), "answer": told,
            "asked_in": self.asked_in.number if self.asked_in_id else "",
            "purpose": self.asked_in.get_purpose_display() if self.asked_in_id else self.get_scope_display(),
        }  # fmt: skip
        self.body = rfc8785.dumps(content).decode()
        self.sha256 = hashlib.sha256(self.body.encode()).hexdigest()


def _shown(subject: Subject) -> dict[str, str]:
    if not subject.is_organisation:
        return {"name": subject.name, "form": subject.get_form_display(), "id": subject.id_masked}
    return {
        "name": subject.name, "code": subject.code, "form": subject.get_form_display(), "address": subject.address,
        "area": subject.area.name if subject.area_id else "", "state": subject.get_state_display(),
    }  # fmt: skip
