"""Paths of agencies' pledges and the lists they rest on (task 7)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest import mock

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from agencies.models import AgencyPledge, DutyItem
from agencies.models.promises import HEADS, SEAL
from agencies.promising import publish_due
from integrity.models import Attachment

TODAY = timezone.localdate


def item(head: str = HEADS[0], **more: Any) -> dict[str, Any]:
    given = {"promise_head": head, "promise_text": f"{head}：三个工作日内办结", "measure_by": "按期办结率 100%"}
    return given | {"keep_by": TODAY() + timedelta(days=60)} | more


def duty(cast: Any) -> DutyItem:
    return DutyItem(agency=cast.orgs.bureau, kind="POWER", code="XK-001", name="公路建设项目施工许可", basis="公路法")


def paper(cast: Any) -> AgencyPledge:
    until = TODAY() + timedelta(days=365)
    return AgencyPledge(agency=cast.orgs.bureau, year=TODAY().year, channel="电话 0633-12345", valid_until=until)


def drafted(cast: Any) -> AgencyPledge:
    row = paper(cast).draft(by=cast.clerk)
    for head in HEADS:
        row.add_item(by=cast.clerk, **item(head))
    return row


def submitted(cast: Any) -> AgencyPledge:
    return drafted(cast).submit(by=cast.clerk)


def approved(cast: Any) -> AgencyPledge:
    row = submitted(cast).approve(by=cast.reviewer)
    Attachment.add(row, SimpleUploadedFile("盖章件.pdf", b"%PDF-1.7 seal"), cast.clerk, role=SEAL)
    return row


def signed(cast: Any) -> AgencyPledge:
    return approved(cast).sign(by=cast.agency, head_name="王局长")


def in_force(cast: Any) -> AgencyPledge:
    then = timezone.now() - timedelta(minutes=15)
    with mock.patch.object(timezone, "now", lambda: then):
        row = signed(cast)
    publish_due()
    return AgencyPledge.objects.select_related(*AgencyPledge.lock_with).get(pk=row.pk)


FINDING = {"paper_no": "日诚信认〔2026〕3号", "item_no": 1, "broken": "多数事项超期办结。"}
PATHS = {
    "dutyitem.entered": lambda c: (duty(c), c.clerk, {}),
    "dutyitem.ended": lambda c: (duty(c).enter(by=c.clerk), c.clerk, {"reason": "事项下放"}),
    "promise.drafted": lambda c: (paper(c), c.clerk, {}),
    "promise.item_added": lambda c: (drafted(c), c.clerk, item()),
    "promise.item_dropped": lambda c: (drafted(c), c.clerk, {"item_no": 1}),
    "promise.submitted": lambda c: (drafted(c), c.clerk, {}),
    "promise.returned": lambda c: (submitted(c), c.reviewer, {"reason": "目标不可衡量"}),
    "promise.approved": lambda c: (submitted(c), c.reviewer, {}),
    "promise.signed": lambda c: (approved(c), c.agency, {"head_name": "王局长"}),
    "promise.withdrawn": lambda c: (signed(c), c.agency, {}),
    "promise.renewed": lambda c: (in_force(c), c.clerk, {"renew_until": TODAY() + timedelta(days=700)}),
    "promise.found": lambda c: (in_force(c), c.credit, FINDING),
}
