"""The auditor at his pages: a token, the explorer, an export, the trail."""

import re

import pytest
from django.test import Client

from integrity.ledger.sealing import seal_all
from integrity.models import ApiToken, Event, Export
from integrity.reports.exports import make_waiting
from tests import builders, scenes
from tests.integrity.api.conftest import Caller

PURPOSE = {"purpose": "审计监督", "detail": "2026 年度审计"}


def signed_in(seat):
    client = Client()
    client.force_login(seat.user)
    return client


@pytest.fixture
def page(cast):
    client = signed_in(cast.auditor)
    client.post("/audit/purpose", PURPOSE)
    return client


def text(answer):
    return answer.content.decode()


def test_the_overview_leads_everywhere(cast, page):
    builders.published(cast)
    seal_all()
    shown = text(page.get("/audit/"))
    for address in ("/audit/tokens/", "/audit/api/", "/audit/exports/", "/audit/trail/"):
        assert f'href="{address}"' in shown
    assert "最近封存" in shown


@pytest.mark.parametrize("account", ["clerk", "leader", "official", "admin"])
def test_other_roles_do_not_enter(cast, account):
    client = signed_in(getattr(cast, account))
    for address in ("/audit/", "/audit/api/", "/audit/api/list_records", "/audit/trail/"):
        assert client.get(address).status_code == 403, address
    assert Client().get("/audit/").status_code == 302


# ---- tokens ----

TOKEN = {"name": "年度取数", "purpose": "2026 年度审计", "scopes": ["read"], "days": "90", "addresses": ""}


def test_a_token_is_shown_once_and_works(cast, page):
    made = page.post("/audit/tokens/new", TOKEN)
    secret = re.search(r"gi_[\w-]{43}", text(made))[0]
    assert "请立即保存令牌" in text(made) and "no-store" in made["Cache-Control"]
    assert secret not in text(page.get("/audit/tokens/"))
    assert Caller(secret).get("matters").status_code == 200
    assert "127.0.0.1" in text(page.get("/audit/tokens/"))


def test_what_is_wrong_with_a_token_stands_beside_its_field_and_nothing_typed_is_lost(cast, page):
    answer = page.post("/audit/tokens/new", TOKEN | {"addresses": "somewhere", "scopes": []})
    assert answer.status_code == 422 and "请选择令牌的使用范围" in text(answer) and "年度取数" in text(answer)
    answer = page.post("/audit/tokens/new", TOKEN | {"addresses": "somewhere"})
    assert answer.status_code == 422 and "不是有效的 IP 地址" in text(answer) and not ApiToken.objects.exists()


def test_scopes_are_only_those_the_seat_may_hold(cast, page):
    assert "报送数据" not in text(page.get("/audit/tokens/new"))
    assert "报送数据" in text(signed_in(cast.clerk).get("/audit/tokens/new"))
    assert page.post("/audit/tokens/new", TOKEN | {"scopes": ["intake"]}).status_code == 422


def test_revoking_asks_for_the_name(cast, page):
    page.post("/audit/tokens/new", TOKEN)
    token = ApiToken.objects.get()
    address = f"/audit/tokens/{token.pk}/revoke"
    assert page.post(address, {"name": "别的"}).status_code == 422
    assert page.post(address, {"name": "年度取数"}).status_code == 302
    token.refresh_from_db()
    assert token.state == "REVOKED" and page.get(address).status_code == 404


def test_a_strangers_token_is_not_there(cast, page):
    page.post("/audit/tokens/new", TOKEN)
    assert signed_in(cast.hr).get(f"/audit/tokens/{ApiToken.objects.get().pk}/revoke").status_code == 404


# ---- explorer ----


def test_every_address_has_a_page_that_works(cast, page):
    scenes.all_states(cast)
    seal_all()
    index = text(page.get("/audit/api/"))
    names = re.findall(r'href="/audit/api/(\w+)"', index)
    assert {"list_records", "get_records", "list_events", "get_state_root", "list_kinds"} <= set(names)
    for name in names:
        answer = page.get(f"/audit/api/{name}")
        assert answer.status_code == 200 and "参数" in text(answer), name


def test_the_explorer_shows_table_raw_answer_and_command(cast, page):
    record = builders.published(cast)
    shown = text(page.get("/audit/api/list_records", {"kind": "AG11", "limit": "1"}))
    assert (
        record.number in shown and "curl -H" in shown and "/api/v1/records?" in shown and "&quot;items&quot;" in shown
    )
    assert "/audit/exports/new?resource=records&amp;kind=AG11" in shown
    one = text(page.get("/audit/api/get_records", {"send": "1", "key": str(record.pk)}))
    assert record.title in one and "200 成功" in one
    wrong = text(page.get("/audit/api/list_records", {"limit": "0"}))
    assert "接口拒绝了这次查询" in wrong and "每页条数应为" in wrong
    assert page.get("/audit/api/get_records", {"send": "1", "key": "../matters"}).status_code == 404


def test_pages_follow_one_another(cast, page):
    for i in range(3):
        builders.published(cast, doc_no=f"日政字〔2026〕{i}号")
    first = text(page.get("/audit/api/list_records", {"limit": "2"}))
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = text(page.get("/audit/api/list_records" + following))
    assert 'rel="next"' not in second and "本页 1 条" in second


def test_looking_by_hand_is_masked_and_logged_with_the_purpose(cast, page):
    record = scenes.all_states(cast)["official"]
    shown = text(page.get("/audit/api/list_records", {"kind": "OF07"}))
    assert "王*信" in shown and "王诚信" not in shown
    event = Event.objects.get(verb="record.viewed", target=record.pk)
    assert event.values["purpose"] == "审计监督：2026 年度审计" and event.values["query"].startswith("/api/v1/records?")


def test_nobody_looks_without_a_purpose(cast):
    client = signed_in(cast.auditor)
    answer = client.get("/audit/api/list_records")
    assert answer.status_code == 302 and answer["Location"].startswith("/audit/purpose?next=")
    assert client.post(answer["Location"], {"purpose": "其他"}).status_code == 422
    assert client.post(answer["Location"], PURPOSE)["Location"] == "/audit/api/list_records"
    assert client.post("/audit/purpose?next=https://example.org/", PURPOSE)["Location"] == "/audit/"


# ---- exports ----


def test_an_export_is_asked_for_made_listed_and_downloaded(cast, page, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    builders.published(cast)
    address = "/audit/exports/new?resource=records&kind=AG11"
    assert "kind=AG11" in text(page.get(address))
    assert page.post(address, {"resource": "records", "format": "csv"}).status_code == 422
    assert page.post(address, {"resource": "records", "format": "csv", **PURPOSE}).status_code == 302
    assert "等待生成" in text(page.get("/audit/exports/"))
    make_waiting()
    shown = text(page.get("/audit/exports/"))
    job = Export.objects.get()
    assert job.sha256 in shown and f"{job.checkpoint} 条" in shown and job.rows == 1
    file = page.get(re.search(r'href="(/api/v1/exports/[^"]+)"', shown)[1])
    assert "获评政务诚信示范单位" in b"".join(file.streaming_content).decode()
    wrong = page.post(
        "/audit/exports/new?resource=records&nothing=1", {"resource": "records", "format": "csv", **PURPOSE}
    )
    assert wrong.status_code == 422 and "没有过滤条件" in text(wrong)


# ---- trail ----


def test_the_trail_says_who_did_what(cast, page):
    builders.published(cast)
    shown = text(page.get("/audit/trail/", {"verb": "record.published"}))
    assert "credit2同志" in shown and "待封存" in shown
    assert "没有符合条件的台账" in text(page.get("/audit/trail/", {"verb": "record.published", "person": "无此人"}))
    assert page.get("/audit/trail/", {"since": "2026-99-99", "person": "\x00"}).status_code == 200


def test_the_trail_says_who_looked_at_whom_and_why(cast, page):
    scenes.all_states(cast)
    page.get("/audit/api/list_records", {"kind": "OF07"})
    shown = text(page.get("/audit/trail/", {"what": "looks"}))
    assert "auditor同志" in shown and "审计监督：2026 年度审计" in shown


def test_restricted_rows_are_not_in_the_trail(cast, page):
    record = scenes.all_states(cast)["restricted"]
    assert str(record.pk) not in text(page.get("/audit/trail/", {"noun": "record"}))
    assert page.get(f"/audit/trail/record/{record.pk}/").status_code == 404
    assert page.get(f"/audit/trail/nothing/{record.pk}/").status_code == 404


def test_a_rows_life_is_told_and_checked_against_the_log(cast, page):
    record = builders.published(cast)
    address = f"/audit/trail/record/{record.pk}/"
    assert "入库认定" in text(page.get(address))
    assert "日志尚未封存" in text(page.get(address, {"check": "1"})) or "待封存" in text(
        page.get(address, {"check": "1"})
    )
    seal_all()
    assert "与存证日志一致" in text(page.get(address, {"check": "1"}))


def test_a_changed_snapshot_is_found(cast, page):
    record = builders.published(cast)
    seal_all()
    builders.forged(Event.objects.of(record).last(), title="另一个名称")
    shown = text(page.get(f"/audit/trail/record/{record.pk}/", {"check": "1"}))
    assert "与存证日志不一致" in shown and "与承诺值不符" in shown


def test_a_persons_life_is_told_without_his_name(cast, page):
    record = scenes.all_states(cast)["official"]
    for noun, pk in (("record", record.pk), ("subject", cast.wang.pk)):
        shown = text(page.get(f"/audit/trail/{noun}/{pk}/"))
        assert "王诚信" not in shown and "全过程" in shown
        assert Event.objects.filter(verb=f"{noun}.viewed", target=pk).exists()


def test_the_subject_sees_who_looked(cast, page):
    page.get("/audit/api/get_subjects", {"send": "1", "key": str(cast.wang.pk)})
    shown = text(signed_in(cast.official).get("/me/looks/"))
    assert "审计监督" in shown and "2026 年度审计" in shown
