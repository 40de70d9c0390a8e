"""Task 18: promises to investors are lawful, public and kept; who breaks them answers for it, and no change of posts excuses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from integrity.models import Record
from sectors.models import Breach, Duty, LookBack, Officer, Project
from tests.builders import person
from tests.paths import led
from tests.paths.sectors import day


def iso(ago):
    return day(ago).isoformat()


NEW = {
    "name": "临港产业园落户协议",
    "commitment_kind": "合同协议",
    "content": "提供用地并兑现搬迁补助",
    "amount_wan": "512.75",
    "on": iso(400),
}
BREACH = {"stage": "performing", "fact": "至今未拨付搬迁补助。", "cause": "领导更替", "happened_on": iso(60)}


def confirm_finding(desks, cast, record):
    """Notice, hearing, review, confirmation: as for any finding."""
    place = f"/desk/records/{record.pk}/"
    desks.credit2.send(f"{place}notify", 302, served_on=iso(0))
    desks.credit2.send(f"{place}hear", 302, statement="财政资金紧张", outcome="不予采纳")
    record = Record.objects.get(pk=record.pk)
    record.review(by=cast.credit2, privacy_ok=True, secrecy_ok=True)
    return record.confirm(by=cast.credit2, publish=False, ground="首次违约，已责令整改")


def test_a_promise_is_checked_published_broken_ordered_found_and_looked_back_at(cast, desks):
    there = desks.market.send("/desk/sector/new/investment", **NEW, unit=cast.orgs.bureau.code, amount_hidden="on")
    project = Project.objects.get()
    desks.market.send(f"{there}stage/checked", on=iso(390), **led.CHECKED)
    desks.market_reviewer.send(f"{there}release")
    desks.market.send(f"{there}stage/performing", on=iso(380), partner=cast.orgs.company.code)
    owed = {"text": "拨付搬迁补助", "basis": "协议第六条", "starts_on": iso(380), "due_on": iso(100)}
    desks.market.send(f"{there}promise", **owed)
    named = {"post": "规划科科长", "duty": "落实协议承诺", "document": "日交分工〔2025〕3号", "from_on": iso(380)}
    desks.market.send(f"{there}add/officer", **named, official_number=led.NUMBER)
    text = Client().get(project.public_url).content.decode()
    assert "拨付搬迁补助" in text and "逾期" in text and "我要投诉" in text
    assert "512.75" not in text and "王诚信" not in text
    duty = Duty.objects.get(text="拨付搬迁补助")
    desks.market.send(f"{there}add/breach", **BREACH, duty_id=str(duty.pk))
    breach = Breach.objects.get()
    at = f"/desk/sector/breach/{breach.pk}/"
    desks.market_reviewer.send(f"{at}disclose")
    desks.market_reviewer.send(f"{at}order", order_text="一个月内拨付", served_on=iso(55))
    text = Client().get(project.public_url).content.decode()
    assert "领导更替" in text and "不得作为违约理由" in text and "责令整改" in text
    desks.credit.send(f"{at}find", **led.FIND)
    assert "提请认定" not in Client().get(project.public_url).content.decode()
    assert Client().get("/api/v1/breaches").json()["items"][0]["state"] == "ORDERED"
    record = Breach.objects.get().record
    assert (record.kind_id, record.state, record.subject) == ("AG02", "SUBMITTED", cast.orgs.bureau)
    assert record.parties.get().post == "规划科科长"
    confirm_finding(desks, cast, record)
    assert Breach.objects.get().state == "CONFIRMED"
    look = LookBack.objects.get()
    assert "王诚信" in desks.hr.see("/desk/sector/lookbacks/")
    desks.hr.send(f"{look.get_absolute_url()}conclude", document_no="日组认〔2026〕4号", concluded_on=iso(0))
    personal = Record.objects.get(kind="OF10")
    assert (personal.subject, personal.state, personal.facts["post_then"]) == (cast.wang, "SUBMITTED", "规划科科长")


def test_departments_show_the_list_on_their_own_site(cast):
    project = led.investment(cast)
    answer = Client().get(f"/sector/investment/embed?unit={cast.orgs.bureau.code}")
    assert project.name in answer.content.decode() and "X-Frame-Options" not in answer
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert project.name in Client().get("/sector/investment.atom").content.decode()
    assert project.name not in Client().get(f"/sector/investment/embed?unit={cast.orgs.stranger.code}").content.decode()
    assert "frame-ancestors 'none'" in Client().get("/sector/investment/")["Content-Security-Policy"]


def test_a_successor_takes_over_what_his_predecessor_promised(cast, desks):
    duty = led.promise(cast)
    first = led.officer(cast, duty.project)
    li = person(
        "李守诺", "371199197001010010", is_official=True, parent=cast.orgs.bureau, managed_by=cast.orgs.personnel
    )
    named = {"post": "副局长", "duty": "落实协议承诺", "document": "日交分工〔2026〕1号", "from_on": iso(20)}
    desks.market.send(f"/desk/sector/{duty.project.pk}/add/officer", **named, official_number="371199197001010010")
    then, now = Officer.objects.order_by("from_on")
    assert (then.pk, then.state, then.until_on) == (first.pk, "ENDED", day(20))
    assert (now.person, now.after_id) == (li, first.pk) and "拨付搬迁补助" in now.handed[0]


def test_kept_after_the_order_leaves_no_record(cast, desks):
    breach = led.ordered(cast)
    desks.market.send(f"/desk/sector/breach/{breach.pk}/put_right", remedy_text="已足额拨付并支付利息")
    assert Breach.objects.get().state == "REMEDIED" and not Record.objects.filter(kind="AG02").exists()


# ---- refusals ----


def test_an_unlawful_incentive_is_no_promise_to_be_kept(cast, desks):
    there = desks.market.send("/desk/sector/new/investment", **NEW, unit=cast.orgs.bureau.code)
    desks.market.send(f"{there}stage/checked", on=iso(390), legality="不合法", opinion_no="日法审〔2026〕8号")
    assert "合法性审查结论" in desks.market_reviewer.send(f"{there}release", 422)
    owed = {"text": "返还全部税收", "basis": "协议第九条", "starts_on": iso(300), "due_on": iso(100)}
    text = desks.market.send(f"{there}promise", 422, **owed)
    assert "违法的优惠不作为应当兑现的承诺" in text and "返还全部税收" in text


def test_a_change_of_government_moves_no_term(cast, desks):
    duty = led.promise(cast)
    at, new = f"/desk/sector/duty/{duty.pk}/postpone", (timezone.localdate() + timedelta(days=90)).isoformat()
    assert "不得以换届为由" in desks.market_reviewer.send(at, 422, new_due_on=new, ground="政府换届")
    desks.market_reviewer.send(at, 302, new_due_on=new, ground="双方签订的补充协议")


def test_the_unit_that_broke_its_word_does_not_judge_itself(cast, desks):
    breach = led.registered(cast)
    assert "回避" in desks.reviewer.send(f"/desk/sector/breach/{breach.pk}/void", 409, reason="无此事")


def test_no_finding_before_the_term_of_the_order_is_over(cast, desks):
    breach = led.registered(cast)
    at = f"/desk/sector/breach/{breach.pk}/"
    desks.market_reviewer.send(f"{at}order", order_text="限期拨付", served_on=iso(1))
    assert "尚未届满" in desks.credit.send(f"{at}find", 422, **led.FIND)
    assert Breach.objects.get().state == "ORDERED"


def test_what_is_not_overdue_is_no_breach(cast, desks):
    duty = led.promise(cast, due=-30)
    assert duty.project.breaches.count() == 0
    text = desks.market.send(f"/desk/sector/{duty.project.pk}/add/breach", 422, **BREACH, duty_id=str(duty.pk))
    assert "至今未拨付搬迁补助" in text


def test_only_his_managing_authority_puts_it_into_an_officials_file(cast, desks):
    look = led.lookback(cast)
    given = {"document_no": "日组认〔2026〕4号", "concluded_on": iso(0)}
    assert "管理机关" in desks.market.send(f"{look.get_absolute_url()}conclude", 409, **given)
    assert desks.stranger.get(look.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("who", ["stranger", "county_clerk"])
def test_a_foreign_unit_names_no_officer(cast, desks, who):
    project = led.investment(cast)
    assert getattr(desks, who).post(f"/desk/sector/{project.pk}/add/officer", {}).status_code == 404


def test_a_person_of_another_unit_is_not_named(cast, desks):
    project = led.investment(cast)
    named = {
        "post": "专家",
        "duty": "评审",
        "document": "无",
        "from_on": iso(10),
        "official_number": "371199199912311235",
    }
    assert "请核对公民身份号码" in desks.market.send(f"/desk/sector/{project.pk}/add/officer", 422, **named)
