"""Pages are asked for anew and answered with 304 while nothing has changed; what ended is gone from every count."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from integrity.ledger.position import position
from integrity.ledger.sealing import seal_all
from integrity.portal import figures as summary
from tests import builders


def again(client, address, tag, **extra):
    return client.get(address, headers={"if-none-match": tag}, **extra)


def test_an_unchanged_page_is_304_after_one_query(client, city):
    for address in ("/", "/list/all", f"/s/{city.cast.orgs.bureau.code}", "/feeds/all.atom", "/rules/catalogue"):
        tag = client.get(address)["ETag"]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = again(client, address, tag)
        assert response.status_code == 304 and response["ETag"] == tag and response["Cache-Control"] == "no-cache"
        assert len(queries) == 1, address


def test_every_act_makes_the_pages_new(client, city):
    tag = client.get("/list/all")["ETag"]
    city.honour.withdraw(by=city.cast.credit, reason="撤回")
    response = again(client, "/list/all", tag)
    assert response.status_code == 200 and city.honour.number not in response.content.decode()


def test_sealing_makes_the_pages_new_too(client, city):
    builders.draft(city.cast)
    tag = client.get("/data/")["ETag"]
    seal_all()
    assert again(client, "/data/", tag).status_code == 200


def test_day_and_view_are_part_of_the_key(client, city, monkeypatch):
    tag = client.get("/list/all")["ETag"]
    client.cookies["view"] = "elder"
    assert again(client, "/list/all", tag).status_code == 200
    del client.cookies["view"]
    from datetime import timedelta

    from django.utils import timezone

    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *a: tomorrow)
    assert again(client, "/list/all", tag).status_code == 200


def test_signed_in_visitors_get_no_key_and_see_no_more(city):
    client = Client()
    client.force_login(city.cast.credit.user, backend="django.contrib.auth.backends.ModelBackend")
    draft = builders.draft(city.cast, title="尚未公开的示范")
    response = client.get("/list/all")
    assert not response.has_header("ETag") and "尚未公开的示范" not in response.content.decode()
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_while_much_is_pending_nothing_is_said_to_be_unchanged(client, city, monkeypatch):
    monkeypatch.setattr("integrity.ledger.position.BUSY", 1)
    builders.draft(city.cast)
    assert position() == "" and not client.get("/").has_header("ETag")


def test_the_home_page_counts_what_is_public_now(client, city):
    def tiles():
        return {t["k"]: t["v"] for t in client.get("/").context["figures"]}

    before = tiles()
    assert before == {
        "纳入登记的机构": 12,
        "公开信用承诺": 3,
        "公示中的机构失信记录": 3,
        "守信激励": 1,
        "双公示信息": 5,
    }
    city.breach.revoke(by=city.cast.credit, reason="原文书撤销")
    assert tiles() == before | {"公示中的机构失信记录": 2}


def test_the_home_page_shows_good_news_beside_failures(client, city):
    page = client.get("/").content.decode()
    assert "新近兑现" in page and "道路维修按期完工" in page and "各区县承诺按期兑现率" in page
    assert [(r.name, r.percent) for r in summary.take().rates] == [("云岭县（演示）", 80.0), ("市直", 80.0)]


def test_home_is_few_queries(client, city, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        client.get("/")
    with django_assert_max_num_queries(8):
        client.get("/?show=honours")


def test_a_dear_summary_rests(city, monkeypatch):
    monkeypatch.setattr(summary, "CHEAP", -1.0)
    monkeypatch.setattr(summary, "REST", 1e9)
    first = summary.figures("a")
    assert summary.figures("b") is first
    monkeypatch.setattr(summary, "REST", 0)
    assert summary.figures("c") is not first


@pytest.mark.parametrize("tab", ["agencies", "honours", "double-publicity", "pledges", "nonsense"])
def test_tabs_of_the_newest_notices_are_links(client, city, tab):
    assert client.get("/", {"show": tab}).status_code == 200


def test_a_dear_summary_rests_and_says_its_time(city, monkeypatch):
    monkeypatch.setattr(summary, "CHEAP", -1)
    first = summary.figures(position())
    monkeypatch.setitem(summary._kept, "took", 60)
    city.breach.revoke(by=city.cast.credit, reason="原文书撤销")
    assert summary.figures(position()) is first
    monkeypatch.setitem(summary._kept, "took", 0)
    assert summary.figures(position()).taken_at > first.taken_at
