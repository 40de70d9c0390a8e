"""Task 20: townships promise in fourteen fields, make affairs and money open on their days, and answer for what they did not keep."""

from __future__ import annotations

import pytest
from django.test import Client

from integrity.models import Draft, Record
from sectors.models import Duty, Project
from tests.paths.sectors import day


def iso(ago):
    return day(ago).isoformat()


PROMISE = {
    "name": "老年食堂", "field": "养老", "promised": "建成两处老年食堂", "measurable": "两处，每日供餐", "complain_to": "电话 0633-12345", "on": iso(200),
    "keep_by": iso(20),
}  # fmt: skip
MONEY = {"name": "财务公开", "disclosed_kind": "财务", "period": "2026年10月", "on": iso(24), "publish_by": iso(9)}


@pytest.fixture
def promise(cast, desks):
    there = desks.township.send("/desk/sector/new/town_promise", **PROMISE, unit=cast.orgs.town.code)
    desks.credit.send(f"{there}release")
    return there


def test_a_resident_reads_on_one_page_what_was_promised_and_what_is_late(cast, desks, promise):
    there = desks.township.send("/desk/sector/new/town_disclosure", **MONEY, unit=cast.orgs.town.code)
    assert "2026年10月" not in Client().get(f"/town/{cast.orgs.town.code}").content.decode()  # not yet released
    desks.credit.send(f"{there}release")
    page = Client().get(f"/town/{cast.orgs.town.code}").content.decode()
    assert "建成两处老年食堂" in page and "养老" in page and "2026年10月" in page and page.count("逾期") == 2
    desks.township.send(f"{there}stage/published", on=iso(2), published_at="村务公开栏", shown_days="5")
    only = Client().get(f"/town/{cast.orgs.town.code}?kind=town_promise").content.decode()
    assert "建成两处老年食堂" in only and "2026年10月" not in only
    assert Client().get(f"/town/{cast.orgs.bureau.code}").status_code == 404


def test_five_days_are_the_least_a_notice_stays(cast, desks):
    there = desks.township.send("/desk/sector/new/town_disclosure", **MONEY, unit=cast.orgs.town.code)
    desks.credit.send(f"{there}release")
    assert "5" in desks.township.send(f"{there}stage/published", 422, on=iso(2), published_at="公开栏", shown_days="3")
    assert Project.objects.get().stage == "due"


def test_kept_in_time_and_checked_with_a_score_for_assessment(cast, desks):
    there = desks.township.send(
        "/desk/sector/new/town_promise", **PROMISE | {"keep_by": iso(-20)}, unit=cast.orgs.town.code
    )
    desks.credit.send(f"{there}release")
    desks.township.send(f"{there}stage/kept", on=iso(1), kept_how="两处均已供餐。")
    assert Duty.objects.get().state == "DONE"
    desks.township.send(f"{there}stage/checked", on=iso(0), check_result="属实", check_score="96")
    scored = Client().get("/api/v1/projects").json()["items"][0]
    assert "96" in str(scored)


def test_a_promise_not_kept_is_found_by_an_office_above_and_never_by_time_or_by_itself(cast, desks, promise):
    own = Duty.objects.get()
    assert own.is_late and not Record.objects.filter(kind="SE11").exists()
    assert desks.township.post(f"/desk/sector/duty/{own.pk}/finding").status_code == 404
    watched = PROMISE | {"name": "村卫生室", "field": "健康"}
    there = desks.market.send("/desk/sector/new/town_promise", **watched, unit=cast.orgs.town.code)
    desks.market_reviewer.send(f"{there}release")
    place = desks.market.post(f"/desk/sector/duty/{Duty.objects.exclude(pk=own.pk).get().pk}/finding")
    assert place.status_code == 302 and "SE11" in place["Location"]
    assert "至今未完成" in Draft.objects.get(purpose="record:SE11").values["breach"]


def test_nobody_else_enters_for_a_township_and_nobody_releases_his_own(cast, desks, promise):
    assert desks.stranger.get(promise).status_code == 404
    project = Project.objects.get()
    own = desks.township.get(f"{promise}release")
    assert own.status_code in (403, 409)
    assert desks.official.get(f"{promise}").status_code in (302, 403, 404) and project.state == "OPEN"
