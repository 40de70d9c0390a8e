"""Paths of courts' lists and clearing (task 10)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from agencies.models import ClearingCase, CourtEntry
from agencies.rules import RULE
from integrity.models import Record
from tests.paths.sanctions import dishonest

TODAY = timezone.localdate
CASE = {"case_no": "（2026）鲁1102执88号", "court": "东港区人民法院"}
FACTS = CASE | {
    "gist_no": "（2025）鲁1102民初77号", "gist_unit": "东港区人民法院", "filed_on": "2026-03-02", "duty": "支付工程款 88 万元",
    "performance": "全部未履行", "behaviour": "有履行能力而拒不履行", "listed_on": "2026-10-12", "amount_wan": "88",
}  # fmt: skip
DONE = {"performed_on": TODAY(), "proof": "已付清，附付款凭证。"}
PLAN = {
    "plan_kind": "INSTALMENTS",
    "plan": "分三期付清",
    "leader": "张分管",
    "plan_due_on": TODAY().replace(year=TODAY().year + 1, day=1),
}


def line(cast: Any) -> CourtEntry:
    agency = cast.orgs.bureau
    found = {
        "subject": str(agency.pk),
        "code": agency.code,
        "name": agency.name,
        "reasons": ["名称一致"],
        "sure": False,
    }
    return CourtEntry(list_name="名单.xlsx", line=2, name="市交通运输局", facts=FACTS, candidates=[found], **CASE)


def kept(cast: Any) -> CourtEntry:
    return line(cast).receive(by=cast.credit)


def court_record(cast: Any) -> Record:
    """The bureau's record AG01, whose confirmation starts the clearing by rule."""
    return dishonest(cast, "AG01", **FACTS, doc_no=CASE["case_no"], served_on="2026-10-12", decided_on="2026-10-12")


def listed(cast: Any) -> ClearingCase:
    return ClearingCase.objects.get(record=court_record(cast))


def warning(cast: Any) -> ClearingCase:
    return ClearingCase(agency=cast.orgs.bureau, **CASE)


def warned(cast: Any) -> ClearingCase:
    return warning(cast).warn(by=cast.credit)


def performed(cast: Any) -> ClearingCase:
    return listed(cast).perform(by=cast.agency, **DONE)


def told_by_court(cast: Any) -> Record:
    """A record with what the court's list says, for which no rule has opened a case."""
    record = dishonest(cast)
    record.facts = dict(FACTS)
    return record


PATHS = {
    "entry.received": lambda c: (line(c), c.credit, {}),
    "entry.matched": lambda c: (kept(c), c.credit2, {"meant": c.orgs.bureau}),
    "entry.dismissed": lambda c: (kept(c), c.credit2, {"reason": "系同名企业"}),
    "clearing.warned": lambda c: (warning(c), c.credit, {}),
    "clearing.opened": lambda c: (ClearingCase(record=told_by_court(c)), RULE, {}),
    "clearing.listed": lambda c: (warned(c), RULE, {"record": told_by_court(c)}),
    "clearing.averted": lambda c: (warned(c), c.credit2, {"reason": "已付清"}),
    "clearing.planned": lambda c: (listed(c), c.agency, PLAN),
    "clearing.performed": lambda c: (listed(c), c.agency, DONE),
    "clearing.settled": lambda c: (listed(c), c.agency, DONE),
    "clearing.removal_asked": lambda c: (performed(c), c.agency, {"asked_on": TODAY()}),
    "clearing.removed": lambda c: (listed(c), RULE, {}),
}  # fmt: skip
