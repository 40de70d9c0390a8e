"""Paths of pledges and commitments."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest import mock

from django.utils import timezone

from integrity.models import Commitment, Kind, Pledge, as_rule, deadline

REASON = {"reason": "经认定属实"}
SIGNATURE = {"level": "A", "document": "承诺书".encode(), "signer": "王局长"}


def pledge(cast: Any) -> Pledge:
    """A pledge of the bureau as an agency."""
    return Pledge(
        kind=Kind.objects.get(code="AG09"), subject=cast.orgs.bureau, unit=cast.orgs.bureau, occasion="年度",
        title="年度政务信用承诺", text="依法履职，按期办结。",
    )  # fmt: skip


def issued(cast: Any) -> Pledge:
    return pledge(cast).issue(by=cast.clerk)


def signed(cast: Any) -> Pledge:
    return issued(cast).sign(by=cast.agency, **SIGNATURE)


def signed_before(cast: Any, *items: str) -> Pledge:
    """Signed a quarter of an hour ago: the ten minutes are over."""
    then = timezone.now() - timedelta(minutes=15)
    with mock.patch.object(timezone, "now", lambda: then):
        row = issued(cast)
        for n, text in enumerate(items, 1):
            Commitment(pledge=row, order=n, head="优化服务", text=text).enter(by=cast.clerk)
        return row.sign(by=cast.agency, **SIGNATURE)


def in_force(cast: Any, *items: str) -> Pledge:
    return signed_before(cast, *items).publish(by=cast.credit, public=True)


def commitment(cast: Any) -> Commitment:
    return in_force(cast, "三个工作日内办结").commitments.get()


PATHS = {
    "pledge.issued": lambda c: (pledge(c), c.clerk, {}),
    "pledge.signed": lambda c: (issued(c), c.agency, SIGNATURE),
    "pledge.withdrawn": lambda c: (signed(c), c.agency, {}),
    "pledge.published": lambda c: (signed_before(c), c.credit, {"public": True}),
    "pledge.fulfilled": lambda c: (in_force(c), c.credit, {}),
    "pledge.breached": lambda c: (in_force(c), c.credit, REASON),
    "pledge.restored": lambda c: (in_force(c).breach(by=c.credit, **REASON), c.credit, {"reason": "认定已撤销"}),
    "pledge.transcribed": lambda c: (issued(c), as_rule(c.clerk), {"document": b"scan", "signer": "王局长"}),
    "pledge.disclosed": lambda c: (signed_before(c).publish(by=c.credit, public=False), c.credit, {}),
    "pledge.concealed": lambda c: (in_force(c), c.credit, {}),
    "pledge.recounted": lambda c: (
        issued(c), c.credit, {"why": "日历变更", "due": deadline("D18", timezone.localdate())},
    ),
    "pledge.superseded": lambda c: (in_force(c), c.clerk, {}),
    "pledge.ended": lambda c: (issued(c), c.clerk, REASON),
    "commitment.entered": lambda c: (
        Commitment(pledge=issued(c), order=1, head="优化服务", text="三个工作日内办结"), c.clerk, {},
    ),
    "commitment.checked": lambda c: (commitment(c), c.reviewer, {"progress": "按期推进"}),
    "commitment.fulfilled": lambda c: (
        commitment(c), c.reviewer, {"progress": "已办结", "fulfilled_on": timezone.localdate()},
    ),
    "commitment.breached": lambda c: (commitment(c), c.reviewer, REASON),
}  # fmt: skip
