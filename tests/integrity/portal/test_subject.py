"""A subject's page: what it promises, where it failed, what is done about it (brief P3)."""

from django.utils import timezone


def text(client, address):
    return client.get(address).content.decode()


def test_the_page_shows_records_measures_and_their_proof(client, city):
    page = text(client, f"/s/{city.cast.orgs.county_bureau.code}")
    for words in (
        "未履行生效判决确定的付款义务",
        "严重失信",
        "公示中 2 条",
        "取消荣誉评选资格",
        "已写入存证日志",
        city.court.number,
        "还剩",
    ):
        assert words in page


def test_the_page_shows_promises_and_how_they_stand(client, city):
    page = text(client, f"/s/{city.cast.orgs.bureau.code}")
    assert "已兑现 4 · 履行中 2 · 逾期 1" in page and "工程款按合同节点支付" in page
    assert "没有正在公示的失信记录" in page and "信用良好" not in page


def test_a_merged_agency_points_to_its_successor_and_leaves_it_its_promises(client, city):
    bureau = city.cast.orgs.bureau
    old = text(client, f"/s/{city.old.code}")
    assert "该机构已于" in old and "职责划入" in old and f"/s/{bureau.code}" in old
    assert "国省道坑槽 24 小时内修补" in text(client, f"/s/{bureau.code}")


def test_a_sole_traders_operator_is_named_nowhere(client, city):
    trader = city.cast.orgs.trader
    for address in (f"/s/{trader.code}", city.trader.get_absolute_url(), f"/feeds/{trader.code}.atom"):
        assert "孙某经" not in text(client, address)
    assert "孙某经" not in b"".join(client.get(f"/list/all.csv?code={trader.code}").streaming_content).decode()


def test_another_spelling_of_the_code_leads_to_the_page(client, city):
    code = city.cast.orgs.bureau.code
    assert client.get(f"/s/{code.lower()}").url == f"/s/{code}"


def test_a_wrong_code_is_not_found(client, city):
    for code in ("11371100YYYY19999X", "x", "王诚信", " "):
        assert client.get(f"/s/{code}").status_code == 404


def test_a_person_has_no_page(client, city):
    assert client.get(f"/s/{city.cast.wang.pk}").status_code == 404


def test_the_page_takes_at_most_twelve_queries(client, city, django_assert_max_num_queries):
    for org in (city.cast.orgs.bureau, city.cast.orgs.county_bureau, city.old):
        with django_assert_max_num_queries(12):
            client.get(f"/s/{org.code}")


def test_an_act_not_yet_sealed_is_said_to_be_waiting(client, cast):
    from tests import builders

    record = builders.published(cast, "AG11")
    assert "存证处理中" in text(client, record.get_absolute_url())
    assert "存证处理中" in text(client, f"/s/{record.subject.code}")


def test_what_ended_is_gone_from_page_and_counts_at_once(client, city):
    code = city.cast.orgs.county_bureau.code
    city.procurement.revoke(by=city.cast.credit, reason="原文书撤销")
    page = text(client, f"/s/{code}")
    assert city.procurement.number not in page and "公示中 1 条" in page
    assert client.get(city.procurement.get_absolute_url()).status_code == 404


def test_the_day_of_expiry_needs_no_job(client, city, monkeypatch):
    address, until = city.procurement.get_absolute_url(), city.procurement.until
    monkeypatch.setattr(timezone, "localdate", lambda *a: until)
    assert client.get(address).status_code == 404
    assert city.procurement.number not in text(client, f"/s/{city.cast.orgs.county_bureau.code}")
