"""A visitor looks for an organisation, a document, a promise (brief P2)."""

import pytest
from django.core.cache import cache

from integrity.portal import throttle


@pytest.fixture(autouse=True)
def _no_one_waits(db):
    cache.clear()


def text(client, address):
    return client.get(address).content.decode()


def test_an_exact_code_leads_straight_to_the_page_however_it_is_typed(client, city):
    code = city.cast.orgs.bureau.code
    for typed in (code, code.lower(), f"{code[:8]} {code[8:]}", "".join(chr(ord(c) + 0xFEE0) for c in code)):
        response = client.get("/search", {"q": typed})
        assert response.status_code == 302 and response.url == f"/s/{code}", typed


def test_a_wrong_code_is_named_as_wrong(client, city):
    code = city.cast.orgs.bureau.code
    wrong = code[:-1] + ("1" if code[-1] != "1" else "2")
    assert "校验位不正确" in text(client, f"/search?q={wrong}")


def test_the_whole_name_leads_straight_to_the_page(client, city):
    org = city.cast.orgs.town
    assert client.get("/search", {"q": org.name}).url == f"/s/{org.code}"


def test_part_of_a_name_finds_organisations_and_their_notices(client, city):
    page = text(client, "/search?q=云岭县")
    assert "云岭县教育局（演示）" in page and "未按规定支付货款" in page and "市水利局" not in page


@pytest.mark.parametrize("query", ["shuiliju", "slj", "SLJ", "水利"])
def test_pinyin_initials_and_characters_find_the_same_bureau(client, city, query):
    assert "市水利局（演示）" in text(client, f"/search?q={query}")


def test_words_of_a_title_find_the_notice(client, city):
    assert city.court.get_absolute_url() in text(client, "/search?q=生效判决&t=notice")
    assert city.court.get_absolute_url() in text(client, "/search?q=未履行生效判决确定的付款义务&t=notice")
    assert "没有找到" in text(client, "/search?q=生效裁定&t=notice")


def test_document_numbers_are_found_with_any_brackets(client, city):
    for typed in ("日信认〔2026〕40号", "日信认[2026]40号", "日信认（2026）40号"):
        assert city.court.get_absolute_url() in client.get("/search", {"q": typed}).content.decode()


def test_record_and_pledge_numbers_lead_straight(client, city):
    assert client.get("/search", {"q": city.court.number.lower()}).url == city.court.get_absolute_url()
    assert client.get("/search", {"q": city.pledge.number}).url == city.pledge.get_absolute_url()
    assert client.get("/search", {"q": city.pledge.number, "t": "cert"}).url == f"/v/{city.pledge.number}"


def test_one_character_asks_for_more(client, city):
    assert "请至少输入 2 个字" in text(client, "/search?q=市")


def test_nothing_found_offers_the_next_step(client, city):
    page = text(client, "/search?q=不存在的机构")
    assert "没有找到相关信息" in page and "按区县浏览机构" in page


def test_a_persons_name_finds_no_person(client, city):
    for name in ("王诚信", "赵评审"):
        page = text(client, f"/search?q={name}")
        assert "没有找到相关信息" in page and "不提供个人失信记录公开查询" in page


def test_agencies_can_be_browsed_by_district(client, city):
    page = text(client, "/search?t=agency&a=3711X1")
    assert "青石镇人民政府（演示）" in page and "市水利局" not in page
    assert "市水利局（演示）" in text(client, "/search?t=agency&a=371100")
    assert "日照云帆建设" not in text(client, "/search?t=agency")


def test_pages_of_one_group_follow_each_other(client, city, monkeypatch):
    monkeypatch.setattr("integrity.portal.search.SIZE", 3)
    seen, address = [], "/search?t=agency"
    while address:
        response = client.get(address)
        seen += [s["name"] for s in response.context["groups"]["agency"]["rows"]]
        after = response.context["groups"]["agency"]["page"].after
        address = f"/search?t=agency&after={after}" if after else ""
    assert len(seen) == len(set(seen)) == 12


def test_people_who_want_the_elder_view_find_it(client, city):
    assert client.get("/search", {"q": "关怀版"}).url == "/view/elder"


def test_too_many_searches_are_told_how_long_to_wait(client, city, monkeypatch):
    monkeypatch.setitem(throttle.LIMITS, "search", 3)
    answers = [client.get("/search", {"q": f"局{n}"}) for n in range(5)]
    assert [r.status_code for r in answers] == [200, 200, 200, 429, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60 and "查询过于频繁" in answers[-1].content.decode()
    assert client.get("/search", {"q": "局1"}, REMOTE_ADDR="203.0.113.9").status_code == 200


def test_only_believed_proxies_name_the_visitor(rf, settings):
    request = rf.get("/", headers={"x-forwarded-for": "1.1.1.1, 2.2.2.2"}, REMOTE_ADDR="3.3.3.3")
    assert throttle.address(request) == "3.3.3.3"
    settings.TRUSTED_PROXIES = 1
    assert throttle.address(request) == "2.2.2.2"


@pytest.mark.parametrize("query", ["%", "'; DROP", "\x00局", "局" * 500, "🙂🙂", "a b", "&|!():*"])
def test_strange_input_is_only_a_search(client, city, query):
    assert client.get("/search", {"q": query, "a": "x", "after": ""}).status_code == 200


def test_a_made_up_cursor_is_refused_in_words(client, city):
    response = client.get("/search", {"t": "agency", "after": "bm9uc2Vuc2U"})
    assert response.status_code == 400 and "翻页参数无效" in response.content.decode()


def test_search_is_few_queries(client, city, django_assert_max_num_queries):
    client.get("/search?q=市局")
    with django_assert_max_num_queries(20):
        client.get("/search?q=云岭")
