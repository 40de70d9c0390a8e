"""Task 8: agencies ask before they decide, by page and by interface, for a lawful purpose; the subject sees who asked."""

from __future__ import annotations

import pytest

from integrity.models import Check, CheckedSubject, Measure
from tests import builders
from tests.integrity.api.conftest import Caller, token_of
from tests.integrity.test_nouns import ban

ASK = {"purpose": "FUNDS", "matter": "技改资金申报", "ground": "山东省社会信用条例第二十二条"}


@pytest.fixture
def system(cast):
    """The system of a counter that asks with a token of the bureau's clerk."""
    return Caller(token_of(cast.clerk, scopes="check"))


def test_a_counter_asks_reads_reports_and_feeds_back(cast, desks):
    ban(cast)
    filled = desks.clerk.see(f"/desk/checks/new?purpose=FUNDS&matter=技改资金&subject={cast.orgs.company.code}")
    assert cast.orgs.company.code in filled and "技改资金" in filled and 'value="FUNDS" selected' in filled
    place = desks.clerk.send("/desk/checks/new", 302, **ASK, stage="OTHER", subjects=cast.orgs.company.code)
    page = desks.clerk.see(place)
    assert "依法必须" in page and "政府采购法77" in page
    answer = CheckedSubject.objects.get()
    report = desks.clerk.send(f"/desk/answers/{answer.pk}/report")
    assert report.startswith("/v/XB-")
    desks.clerk.send(f"/desk/answers/{answer.pk}/feed_back", 302, decision="APPLIED", reason="不予受理申报")
    assert "不予受理申报" in desks.clerk.see(place)
    looks = desks.company.see("/me/looks/")
    assert cast.orgs.bureau.name in looks


def test_a_system_asks_in_batch_and_feeds_back(cast, system):
    ban(cast)
    codes = [cast.orgs.stranger.code, cast.orgs.company.code, "91371100YYYY99999X"]
    told = system.post("checks", ASK | {"subjects": codes})
    assert told.status_code == 201, told.content
    body = told.json()
    assert [i["code"] for i in body["items"]] == codes
    assert [i["outcome"] for i in body["items"]] == ["CLEAR", "MANDATORY", "UNKNOWN"]
    assert Check.objects.get().source == "API"
    again = system.get(f"checks/{body['uid']}").json()
    assert again["number"] == body["number"] and len(again["items"]) == 3
    uid = body["items"][1]["uid"]
    assert system.post(f"checks/answers/{uid}", {"decision": "NOT_APPLIED"}).status_code == 400
    done = system.post(f"checks/answers/{uid}", {"decision": "APPLIED", "reason": "不予支持"})
    assert done.json()["decision"] == "APPLIED"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"purpose": ""}, "purpose"), ({"purpose": "CURIOSITY"}, "purpose"), ({"ground": " "}, "ground"), ({"subjects": []}, "subjects"),
        ({"subjects": "91371100YYYY00071A"}, "subjects"), ({"wish": 1}, "wish"),
    ],
)  # fmt: skip
def test_no_check_without_lawful_purpose_and_ground(cast, system, change, field):
    told = system.post("checks", ASK | {"subjects": [cast.orgs.company.code]} | change)
    assert told.status_code == 400 and field in told.json()["errors"]
    assert not Check.objects.exists()


def test_persons_are_asked_about_only_with_their_authorisation(cast, system):
    number = builders.PERSONS["official"][1]
    refused = system.post("checks", ASK | {"subjects": [number]})
    assert refused.status_code == 400 and "授权" in str(refused.json()["errors"])
    told = system.post("checks", ASK | {"subjects": [number], "authorised": True})
    assert told.status_code == 201 and number not in told.content.decode()


def test_strangers_and_other_tokens_ask_nothing(cast, system):
    assert Caller().post("checks", ASK | {"subjects": [cast.orgs.company.code]}).status_code == 401
    reading = Caller(token_of(cast.clerk, scopes="intake"))
    assert reading.post("checks", ASK | {"subjects": [cast.orgs.company.code]}).status_code == 403
    mine = system.post("checks", ASK | {"subjects": [cast.orgs.company.code]}).json()
    other = Caller(token_of(cast.market, scopes="check"))
    assert other.get(f"checks/{mine['uid']}").status_code == 404
    assert other.post(f"checks/answers/{mine['items'][0]['uid']}", {"decision": "NONE"}).status_code == 404


def test_figures_show_who_asks_and_who_should_have(cast, desks, system):
    system.post("checks", ASK | {"subjects": [cast.orgs.company.code]})
    builders.confirmed(cast)  # an honour, granted without asking
    page = desks.credit.see("/desk/checks/usage")
    assert cast.orgs.bureau.name in page and "应查未查" in page
    assert page.count(cast.orgs.bureau.name) >= 2


def test_the_honours_check_says_yes_or_no_with_its_basis(cast, desks):
    from tests.paths.sanctions import explained

    case = explained(cast)
    case.restrict(by=cast.credit2, measure="A04", decision_no="日诚信〔2026〕7号")
    bar = Measure.objects.get()
    asked = {"purpose": "HONOUR", "stage": "HONOUR", "matter": "文明单位评选", "ground": "评选办法第五条"}
    place = desks.market.send(
        "/desk/checks/new", 302, **asked, subjects=f"{cast.orgs.bureau.code}\n{cast.orgs.audit.code}"
    )
    page = desks.market.see(place)
    assert "能否参评：不能" in page and "能否参评：能" in page and bar.number in page and "国发〔2016〕76号" in page
    other = desks.market.send("/desk/checks/new", 302, **ASK, stage="OTHER", subjects=cast.orgs.bureau.code)
    assert "能否参评" not in desks.market.see(other)
