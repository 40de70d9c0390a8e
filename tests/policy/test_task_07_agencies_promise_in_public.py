"""Task 7: an agency promises in public on its lists; two people, the head's signature, quarterly checks, renewal, findings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from agencies.models import AgencyPledge, DutyItem
from agencies.promising import publish_due, remind
from integrity.models import Commitment, Message, Pledge, Record
from integrity.simulation import Moment, simulated
from tests.desks import Desk
from tests.integrity.desk.pages import pdf
from tests.integrity.intake.sheets import xlsx
from tests.integrity.intake.steps import send, submit
from tests.paths.agency_pledges import FINDING, in_force, item

TODAY = timezone.localdate
HEAD = ["清单类型", "事项编码", "事项名称", "设定依据", "办事指南地址"]


def faulty():
    return xlsx(
        [HEAD,
         ["权力清单", "XK-001", "公路建设项目施工许可", "公路法", "https://zwfw.example/xk-001"],
         ["公共服务清单", "FW-001", "客运线路查询", "", ""],
         ["权力清单", "XK-001", "公路建设项目施工许可", "公路法", ""],
         ["特权清单", "XK-002", "没有这样的清单", "", ""],
         ["权力清单", "XK-003", "坏网址", "", "zwfw"]]
    )  # fmt: skip


def rows(cast):
    return AgencyPledge.objects.select_related("pledge").get()


def day(days):
    return (TODAY() + timedelta(days=days)).isoformat()


@pytest.fixture
def draft(cast, desks):
    place = desks.clerk.send(
        "/desk/promises/new",
        agency=cast.orgs.bureau.code,
        year=str(TODAY().year),
        channel="0633-12345",
        valid_until=day(300),
    )
    row = rows(cast)
    assert place == row.get_absolute_url()
    return row


def add(desks, row, **more):
    given = item(**more)
    given = {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in given.items()}
    return desks.clerk.send(f"{row.get_absolute_url()}add_item", **given)


def test_lists_come_from_a_file_with_faults(cast, desks, client):
    batch = send(desks.clerk, "duties", faulty())
    assert (batch.good, batch.bad, batch.repeated) == (2, 2, 1)
    submit(desks.clerk, batch)
    assert set(DutyItem.objects.values_list("code", flat=True)) == {"XK-001", "FW-001"}
    again = send(desks.clerk, "duties", faulty())
    assert (again.good, again.repeated) == (0, 3)
    page = client.get(f"/duties/{cast.orgs.bureau.code}").content.decode()
    assert "公路建设项目施工许可" in page and "https://zwfw.example/xk-001" in page
    assert client.get("/api/v1/duty-items").json()["items"][0]["agency"]["code"] == cast.orgs.bureau.code


def test_a_promise_from_the_draft_to_the_public_wall(cast, desks, client, draft):
    duty = DutyItem(agency=cast.orgs.bureau, kind="POWER", code="XK-001", name="施工许可").enter(by=cast.clerk)
    add(desks, draft, duty_item=str(duty.pk))
    assert "还没有" in desks.clerk.send(f"{draft.get_absolute_url()}submit", 422)
    add(desks, draft, head="依法行政")
    add(desks, draft, head="优化服务", keep_by="")
    desks.clerk.send(f"{draft.get_absolute_url()}submit")
    desks.reviewer.send(f"{draft.get_absolute_url()}approve")
    pledge = rows(cast).pledge
    assert (pledge.state, pledge.commitments.count()) == ("ISSUED", 3)
    assert "扫描件" in desks.agency.send(f"{draft.get_absolute_url()}sign", 422, head_name="王局长")
    desks.agency.post(f"{draft.get_absolute_url()}files", {"role": "签字盖章件", "files": pdf("盖章件.pdf")})
    desks.agency.send(f"{draft.get_absolute_url()}sign", head_name="王局长")
    assert publish_due() == 0 and client.get(f"/pledge/{pledge.number}").status_code == 404
    with simulated(Moment(timezone.now() + timedelta(minutes=11))):
        assert publish_due() == 1
        page = client.get(f"/pledge/{pledge.number}").content.decode()
        assert "长期坚持" in page and "按期办结率 100%" in page
        assert (
            pledge.number in client.get("/pledges").content.decode()
            or pledge.number in client.get("/pledge/").content.decode()
        )
    assert pledge.commitments.get(order=1).basis == "权力清单 XK-001 施工许可"


def test_nobody_approves_his_own_draft_nor_another_units(cast, desks, draft):
    for head in ("履职尽责", "依法行政", "优化服务"):
        add(desks, draft, head=head)
    desks.clerk.send(f"{draft.get_absolute_url()}submit")
    assert desks.clerk.get(f"{draft.get_absolute_url()}approve").status_code in (403, 409)
    assert desks.stranger_reviewer.get(draft.get_absolute_url()).status_code == 404
    desks.reviewer.send(f"{draft.get_absolute_url()}give_back", reason="目标不可衡量")
    assert rows(cast).state == "DRAFT"


def test_within_ten_minutes_the_head_takes_his_signature_back(cast, desks, draft):
    for head in ("履职尽责", "依法行政", "优化服务"):
        add(desks, draft, head=head)
    desks.clerk.send(f"{draft.get_absolute_url()}submit")
    desks.reviewer.send(f"{draft.get_absolute_url()}approve")
    desks.agency.post(f"{draft.get_absolute_url()}files", {"role": "签字盖章件", "files": pdf("盖章件.pdf")})
    desks.agency.send(f"{draft.get_absolute_url()}sign", head_name="王局长")
    first = rows(cast).pledge
    desks.agency.send(f"{draft.get_absolute_url()}withdraw")
    now = rows(cast)
    assert Pledge.objects.get(pk=first.pk).state == "WITHDRAWN" and now.state == "APPROVED"
    assert now.pledge_id != first.pk and now.pledge.commitments.count() == 3


def test_items_are_checked_each_quarter_with_evidence_and_kept_or_late(cast, desks, client):
    row = in_force(cast)
    url = row.get_absolute_url()
    with simulated(Moment(timezone.now() + timedelta(days=100))):
        remind()
        remind()
        told = Message.objects.filter(user=cast.reviewer.user, title__startswith="承诺季度检查")
        assert told.count() == 1
        reviewer = Desk(cast.reviewer)
        assert row.agency.name in reviewer.see("/desk/promises/?show=unchecked")
        reviewer.post(f"{url}files", {"role": "履行证据", "files": pdf("台账.pdf")})
        reviewer.send(f"{url}items/1/check_progress", progress="已办结 95%")
        reviewer.send(f"{url}items/1/fulfil", progress="全部办结", fulfilled_on=TODAY().isoformat())
        page = client.get(f"/pledge/{row.pledge.number}").content.decode()
        assert "已兑现" in page and "逾期" in page  # item 1 after its day, items 2 and 3 past theirs
    assert Commitment.objects.get(pledge=row.pledge, order=1).late


def test_a_broken_promise_is_said_only_by_a_finding_and_while_it_is_public(cast, desks, client):
    row = in_force(cast)
    assert desks.reviewer.get(f"{row.get_absolute_url()}find").status_code in (403, 409)
    desks.supervisor.send(f"{row.get_absolute_url()}find", **{k: str(v) for k, v in FINDING.items()})
    record = Record.objects.get(kind="AG06")
    assert record.state == "SUBMITTED" and Commitment.objects.get(pledge=row.pledge, order=1).state == "ON_TRACK"
    record.notify(by=cast.credit2, served_on=TODAY()).hear(by=cast.credit2, waived=True)
    record.review(by=cast.credit2, privacy_ok=True, secrecy_ok=True)
    record.confirm(by=cast.credit2, publish=True, ground="造成不良影响")
    assert Commitment.objects.get(pledge=row.pledge, order=1).state == "BREACHED"
    page = f"/pledge/{row.pledge.number}"
    assert "违诺</span>" not in client.get(page).content.decode()
    Record.objects.get(pk=record.pk).publish(by=cast.credit)
    assert "违诺</span>" in client.get(page).content.decode()
    Record.objects.get(pk=record.pk).revoke(by=cast.credit2, reason="复核后撤销")
    assert "违诺</span>" not in client.get(page).content.decode()


def test_renewal_takes_the_old_pledges_place_and_a_successor_inherits(cast, desks, client):
    row = in_force(cast)
    desks.clerk.send(f"{row.get_absolute_url()}renew", renew_until=day(700))
    fresh = AgencyPledge.objects.get(year=TODAY().year + 1)
    assert (fresh.state, len(fresh.items), fresh.replaces_id) == ("DRAFT", 3, row.pledge_id)
    cast.orgs.bureau.merge(by=cast.credit, successor=cast.orgs.stranger, on=TODAY())
    assert row.agency.name in desks.stranger.see("/desk/promises/")
    page = client.get(f"/s/{cast.orgs.bureau.code}").content.decode()
    assert cast.orgs.stranger.code in page
