"""Task 13: how complaints are answered is counted by stated definitions; answers are opened with consent; nobody is named."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from integrity.models import PUBLIC, ApiToken, Event, Message
from supervision.models import Complaint
from tests.desks import Desk
from tests.paths.complaints import SORTED, TEXT, answered, filed, heard, media
from tests.showcase import days_ago

pytestmark = pytest.mark.django_db
NAME, PHONE = "孙实名", "13800001111"


def test_an_answer_is_opened_without_its_complainant_and_can_be_subscribed(cast):
    complaint = answered(cast)
    page = f"/desk/matters/{complaint.matter_id}/flow/publish_answer"
    credit = Desk(cast.credit)
    for wrong in ("已答复孙实名。", "已致电 138 0000 1111。", "联系人证件号 371199198002290127。"):
        assert credit.post(page, {"public_reply": wrong}).status_code == 422
    assert credit.post(page, {"public_reply": "经核查属实，已责令十日内付款。"}).status_code == 302
    for address in ("/complain/answers/", "/feeds/answers.atom"):
        text = Client().get(address).content.decode()
        assert "已责令十日内付款" in text and cast.orgs.stranger.name in text, address
        assert NAME not in text and complaint.matter.number not in text


def test_without_consent_no_answer_is_opened(cast):
    with days_ago(1):
        complaint = Complaint(category="CHARGES").file(by=PUBLIC, about=cast.orgs.stranger, text=TEXT)
    page = f"/desk/matters/{complaint.matter_id}/flow/publish_answer"
    early = Desk(cast.credit).post(page, {"public_reply": "已办理。"})
    assert early.status_code == 422 and "尚未答复" in early.content.decode()
    complaint.accept(by=cast.credit, **SORTED).answer(by=cast.credit, outcome="属实", reply="已办理。")
    refused = Desk(cast.credit).post(page, {"public_reply": "已办理。"})
    assert refused.status_code == 422 and "不愿意公开" in refused.content.decode()
    assert "还没有公开的答复" in Client().get("/complain/answers/").content.decode()


def test_the_page_states_its_definitions_and_counts_by_every_group(cast):
    answered(cast)
    filed(cast)
    for group, name in (("channel", "网站投诉"), ("unit", "市发展和改革委员会（演示）"), ("harm", "损害市场公平交易"), ("sphere", "政府采购"), ("month", "2026-")):  # fmt: skip
        text = Client().get(f"/complain/figures/?by={group}&since=2026-01-01").content.decode()
        assert name in text and "第 90 百分位" in text and "不足 5 件" in text, group
    lines = b"".join(Client().get("/complain/figures.csv?by=channel&since=2026-01-01").streaming_content).decode()
    assert "网站投诉,2,1" in lines and "合计,2,1" in lines


def test_a_wrong_period_is_read_as_this_year(cast):
    assert Client().get("/complain/figures/?since=gestern&by=wetter").status_code == 200


SURFACES = (
    "/desk/matters/", "/desk/matters/{m}/", "/desk/", "/desk/matters/?all=1", "/desk/complaints/", "/desk/complaints/{c}/",
    "/desk/messages/", "/admin/supervision/complaint/", "/admin/supervision/complaint/{c}/change/", "/admin/integrity/matter/{m}/change/",
    "/admin/integrity/matter/", "/admin/integrity/event/", "/api/v1/complaints", "/api/v1/matters", "/api/v1/events", "/audit/trail/{c}", "/audit/trail/{m}",
    "/complain/", "/complain/figures/", "/complain/answers/", "/feeds/answers.atom", "/search?q=孙实名", "/s/{s}", "/track/?n={n}",
    "/lead/", "/lead/complaints", "/complain/figures.csv", "/desk/matters/board.csv", "/admin/supervision/complaint/?q=孙实名",
)  # fmt: skip


@pytest.mark.parametrize(
    "account", ["credit", "reviewer", "stranger", "auditor", "leader", "supervisor", "admin", "operator", ""]
)
def test_who_filed_it_stands_on_no_page_but_the_two(cast, account):
    """All but the handling unit's page behind a purpose, and the complainant's own; to every role (brief 7)."""
    complaint = heard(cast)
    complaint.answer(by=cast.credit, outcome="属实", reply="已责令付款。")
    desk = Desk(getattr(cast, account)) if account else Client()
    ids = {"m": complaint.matter_id, "c": complaint.pk, "s": cast.orgs.stranger.code, "n": complaint.matter.number}
    found = []
    for surface in SURFACES:
        answer = desk.get(surface.format(**ids))
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = body.decode().replace(surface.format(**ids), "").replace("q=孙实名", "").replace('value="孙实名"', "")
        text = text.replace("“孙实名”", "")  # what was searched for is repeated
        assert answer.status_code < 500, surface
        found += [surface for secret in (PHONE, complaint.contact_sealed) if secret in text]
        if "search" not in surface and "q=" not in surface:
            found += [surface] if NAME in text else []
    assert found == []


def test_messages_and_the_ledgers_payloads_name_nobody(cast):
    complaint = answered(cast)
    kept = " ".join(f"{m.title} {m.text}" for m in Message.objects.all())
    kept += " ".join(
        json.dumps(e.payload.fields, ensure_ascii=False)
        for e in Event.objects.select_related("payload")
        if hasattr(e, "payload")
    )
    assert NAME not in kept and PHONE not in kept and complaint.contact_sealed not in kept


def test_an_auditors_export_has_facts_and_no_complainant(cast, client):
    complaint = answered(cast)
    media(cast)
    secret = ApiToken.new_secret()
    ApiToken(
        name="审计", purpose="审计读取投诉办理", scopes="read", valid_until=timezone.localdate() + timedelta(days=30)
    ).issue(by=cast.auditor, secret=secret)
    answer = client.get("/api/v1/complaints?channel=WEB", HTTP_AUTHORIZATION=f"Bearer {secret}")
    item = answer.json()["items"][0]
    assert (item["number"], item["harm"], item["sphere"]) == (complaint.matter.number, "损害市场公平交易", "政府采购")
    assert not {"contact", "contact_sealed", "text", "caller_hash"} & item.keys()
    assert client.get("/api/v1/complaints").json().get("items", []) == [] or client.get(
        "/api/v1/complaints"
    ).status_code in (401, 403)


def test_a_key_that_seals_identities_is_counted_as_used(cast):
    from integrity.models.resealing import usage

    before = sum(usage()["field"].values())
    filed(cast)
    assert sum(usage()["field"].values()) == before + 1
