"""The wall of pledges and the check of a number (tasks 2, 7; brief P9)."""

from integrity.models import CLOCK, Commitment, Kind, Pledge
from tests import showcase


def text(client, address):
    return client.get(address).content.decode()


def test_the_wall_shows_each_pledge_with_what_was_kept(client, city):
    page = text(client, "/pledge/")
    assert "市交通运输局（演示）：2026 年度政务信用承诺书" in page and "已兑现 4 项" in page and "逾期 1 项" in page


def test_the_wall_is_filtered_by_name_district_and_unit(client, city):
    def titles(query):
        return [p["title"] for p in client.get(f"/pledge/?{query}").context["pledges"]]

    assert titles("k=青石镇") == ["便民服务承诺书"]
    assert titles("a=3711X1") == ["便民服务承诺书"]
    assert titles(f"code={city.cast.orgs.bureau.code}") == ["2026 年度政务信用承诺书"]
    assert titles(f"k={city.pledge.number}") == ["2026 年度政务信用承诺书"]
    assert titles("s=FULFILLED") == [] and len(titles("s=IN_FORCE")) == 3


def test_a_pledge_shows_its_text_items_and_place_in_the_log(client, city):
    page = text(client, city.pledge.get_absolute_url())
    for words in ("三、守信践诺", "工程款按合同节点支付", "逾期", "登录确认", "已存证", city.pledge.sha256[:4]):
        assert words in page
    assert client.get(city.pledge.get_absolute_url().lower()).status_code in (302, 404)


def test_what_is_not_public_is_not_there(client, cast):
    pledge = Pledge(
        kind=Kind.objects.get(code="AG09"), subject=cast.orgs.bureau, unit=cast.orgs.bureau, occasion="年度", title="尚未公开", text="依法行政。"
    ).issue(by=cast.clerk)  # fmt: skip
    Commitment(pledge=pledge, order=1, head="优化服务", text="一件事").enter(by=cast.clerk)
    for stage in (lambda: None, lambda: pledge.sign(by=cast.agency, level="B", document=b"{}", signer="局长")):
        stage()
        assert client.get(pledge.get_absolute_url()).status_code == 404
        assert client.get(f"/v/{pledge.number}").status_code == 404
        assert "尚未公开" not in text(client, "/pledge/") + text(client, f"/s/{cast.orgs.bureau.code}")


def test_an_officials_pledge_is_public_only_by_name_unit_and_text(client, cast):
    with showcase.days_ago(1, minutes=11):
        pledge = Pledge(
            kind=Kind.objects.get(code="OF11"), subject=cast.wang, unit=cast.orgs.bureau, occasion="任职", title="公务人员信用承诺书", text="遵纪守规。"
        ).issue(by=cast.hr)  # fmt: skip
        pledge.sign(by=cast.official, level="B", document=b"{}", signer="王诚信（科长）")
    with showcase.days_ago(1):
        pledge.publish(by=CLOCK, public=True)
    page = text(client, pledge.get_absolute_url())
    assert "王诚信（科长）" in page and "市交通运输局（演示）" in page and "371199" not in page
    found = client.get("/search", {"q": "王诚信"})
    assert [p["number"] for p in found.context["groups"]["pledge"]["rows"]] == [pledge.number]
    assert not found.context["groups"]["agency"]["rows"] and not found.context["groups"]["notice"]["rows"]


def test_a_number_is_verified_however_it_is_typed(client, city):
    assert "核验结果：真实有效" in text(client, f"/v/{city.pledge.number}")
    assert "核验结果：真实有效" in text(client, f"/v/{city.court.number}")
    assert client.get("/v/", {"number": f" {city.pledge.number.lower()} "}).url == f"/v/{city.pledge.number}"


def test_an_unknown_number_is_not_found_and_not_repeated(client, city):
    response = client.get("/v/CN-2026-ZZZZZZZZ")
    assert response.status_code == 404 and "未找到该编号" in response.content.decode()
    assert "ZZZZZZZZ" not in response.content.decode()
