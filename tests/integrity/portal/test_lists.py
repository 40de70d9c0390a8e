"""Lists, and the same rows as file and feed (brief P4, P10, P11)."""

import csv
import io
import xml.etree.ElementTree as ET

import pytest
from django.core.cache import cache

from integrity import catalogue
from integrity.cells import harmless
from integrity.portal import throttle
from integrity.portal.lists import listings
from tests import showcase

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _no_one_waits(db):
    cache.clear()


def numbers(client, address):
    return [r["number"] for r in client.get(address).context["records"]]


def rows(client, address):
    response = client.get(address)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def entries(client, address):
    response = client.get(address)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(response.content).findall(f"{ATOM}entry")


def test_each_list_holds_its_kinds(client, city):
    assert set(numbers(client, "/list/agencies")) == {city.court.number, city.procurement.number, city.breach.number}
    assert numbers(client, "/list/honours") == [city.honour.number]
    assert numbers(client, "/list/court") == [city.court.number]
    assert numbers(client, "/list/serious") == [city.debarred.number]
    assert set(numbers(client, "/list/procurement")) == {city.procurement.number, city.debarred.number}
    assert len(numbers(client, "/list/double-publicity")) == 5


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("k=教学设备", None), ("k=货款", "procurement"), ("k=青石", "breach"), ("k=日信认〔2026〕40号", "court"), ("tier=serious&kind=AG01", "court"),
        ("kind=AG11", "honour"), ("a=3711X1&kind=SE01", "procurement"), ("a=371100&kind=AG11", "honour"), ("a=999999", None), ("tier=grave", None),
    ],
)  # fmt: skip
def test_the_filter_narrows_page_file_and_feed_alike(client, city, query, name):
    wanted = [getattr(city, name).number] if name else []
    assert numbers(client, f"/list/all?{query}") == wanted
    assert [r["记录编号"] for r in rows(client, f"/list/all.csv?{query}")] == wanted
    assert [e.find(f"{ATOM}id").text.split(":")[-1] for e in entries(client, f"/feeds/all.atom?{query}")] == wanted


def test_pages_follow_each_other_without_gap_or_double(client, city):
    first = client.get("/list/all")
    after = first.context["page"].after
    second = client.get(f"/list/all?after={after}")
    seen = [r["number"] for r in (*first.context["records"], *second.context["records"])]
    assert len(seen) == len(set(seen)) == len(rows(client, "/list/all.csv")) == 11
    back = client.get(f"/list/all?before={second.context['page'].before}")
    assert [r["number"] for r in back.context["records"]] == seen[:10]


def test_a_made_up_cursor_is_refused_in_words(client, city):
    assert client.get("/list/all?after=%%%").status_code == 400


def test_an_unknown_list_feed_or_table_is_not_found(client, city):
    for address in (
        "/list/blacklist",
        "/list/blacklist.csv",
        "/feeds/blacklist.atom",
        "/feeds/王诚信.atom",
        "/rules/people.csv",
    ):
        assert client.get(address).status_code == 404


def test_a_list_is_few_queries(client, city, django_assert_max_num_queries):
    client.get("/list/all")
    with django_assert_max_num_queries(6):
        client.get("/list/all?kind=AG01")


def test_every_list_sector_district_and_subject_has_a_feed(client, city):
    for name in listings():
        entries(client, f"/feeds/{name}.atom")
    assert len(entries(client, "/feeds/3711X1.atom")) == 3
    assert len(entries(client, f"/feeds/{city.cast.orgs.county_bureau.code}.atom")) == 2


def test_an_empty_list_is_named_but_not_linked(client, city):
    for page in ("/", "/list/"):
        html = client.get(page).content.decode()
        assert "政府债务" in html and 'href="/list/debt"' not in html and 'href="/list/procurement"' in html


def test_a_formula_in_a_text_is_text_in_the_file(client, city):
    showcase.published(
        city.cast, "AG11", city.cast.orgs.market, 1, **showcase.HONOUR | {"title": "=1+1", "fact": "@SUM(A1)"}
    )
    row = next(r for r in rows(client, "/list/honours.csv") if "1+1" in r["事项名称"])
    assert row["事项名称"] == "'=1+1" and row["摘要"] == "'@SUM(A1)"


@pytest.mark.parametrize("bad", ["=A1", "+A1", "-A1", "@A1", "\tA1", "\rA1", "\nA1", "＝A1", "＋A1", "－A1", "＠A1"])
def test_every_start_of_a_formula_is_disarmed(bad):
    assert harmless(bad) == f"'{bad}"


@pytest.mark.parametrize(
    ("value", "shown"), [(-5, "-5"), ("-5.25", "-5.25"), ("+7", "+7"), (None, ""), (True, "是"), ("普通", "普通")]
)
def test_plain_numbers_and_words_are_kept(value, shown):
    assert harmless(value) == shown


def test_too_many_downloads_wait(client, city, monkeypatch):
    monkeypatch.setitem(throttle.LIMITS, "export", 1)
    assert client.get("/list/all.csv").status_code == 200
    assert client.get("/data/agencies.csv")["Retry-After"]


def test_catalogue_measures_clocks_and_agencies_are_files(client, city):
    assert len(rows(client, "/rules/catalogue.csv")) == 50
    assert len(rows(client, "/rules/measures.csv")) == 35
    assert len(rows(client, "/rules/clocks.csv")) == len(catalogue.load().clocks) >= 47
    assert len(rows(client, "/data/agencies.csv")) == 12


def test_catalogue_measures_and_clocks_are_pages(client, city):
    assert len(client.get("/rules/catalogue").context["lines"]) == 50
    assert len(client.get("/rules/measures").context["lines"]) == 35
    assert len(client.get("/rules/clocks").context["lines"]) == len(catalogue.load().clocks)
    kind = client.get("/rules/catalogue/AG02").content.decode()
    assert "相对方" in kind and "已批准" in kind and "数据标准" in kind
    assert client.get("/rules/catalogue/XX99").status_code == 404
