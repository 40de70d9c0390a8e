"""Task 6: services with their times and where they are done online; openness by its clocks; electronic supervision with its cards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from agencies.models import Card, CorrectionOrder, Disclosure, Handling, Service, YearFigure
from agencies.supervising import send_cards
from integrity.models import ApiToken, Matter, Record, Subject, deadline
from integrity.simulation import Moment, simulated
from tests.desks import Desk
from tests.paths.supervising import accepted, listed, released

TODAY = timezone.localdate


def form(cast, **more):
    given = {
        "agency": cast.orgs.bureau.code, "code": "JT-001", "name": "道路运输经营许可", "kind": "行政许可", "audience": "ORGANISATION",
        "basis": "道路运输条例第二十四条", "statutory_days": "20", "promised_days": "5", "online_url": "https://zwfw.example.com/jt-001",
    }  # fmt: skip
    return given | more


def later(days):
    return simulated(Moment(timezone.localtime() + timedelta(days=days)))


def test_a_service_is_entered_released_by_another_and_found_on_the_one_stop_page(cast, desks, client):
    place = desks.clerk.send("/desk/services/new", 302, **form(cast))
    assert "道路运输经营许可" not in client.get("/service/").content.decode()
    desks.reviewer.send(f"{place}release")
    page = client.get("/service/?q=道路运输").content.decode()
    assert "5 个工作日" in page and 'href="https://zwfw.example.com/jt-001"' in page
    service = Service.objects.get()
    assert "20 个工作日" in client.get(f"/service/{service.pk}").content.decode()
    csv = b"".join(client.get("/service/services.csv").streaming_content).decode()
    assert "道路运输经营许可" in csv and "道路运输经营许可" in client.get("/service/services.atom").content.decode()
    item = client.get("/api/v1/services").json()
    assert item["results" if "results" in item else "items"][0]["promised_days"] == 5


def test_a_promise_is_never_longer_than_the_law_allows(cast, desks):
    page = desks.clerk.send("/desk/services/new", 422, **form(cast, promised_days="30"))
    assert "不得长于法定办结时限" in page and "道路运输条例" in page  # what was typed stays
    assert "网上办理地址" in desks.clerk.send("/desk/services/new", 422, **form(cast, online_url=""))
    assert not Service.objects.exists()


def test_who_enters_a_service_does_not_release_it_and_strangers_touch_nothing(cast, desks):
    place = desks.clerk.send("/desk/services/new", 302, **form(cast))
    assert desks.clerk.post(f"{place}release").status_code == 409
    desks.stranger_reviewer.send(f"{place}release", 404)
    assert "本单位" in desks.stranger.send("/desk/services/new", 409, **form(cast))
    assert Client().get(f"/desk/services/{Service.objects.get().pk}/").status_code == 302
    assert desks.company.get("/desk/services/").status_code == 403


def test_a_case_runs_by_the_promised_working_days_and_keeps_no_applicant(cast, desks):
    service = released(cast)
    place = desks.clerk.send(
        "/desk/handlings/new", 302, service="JT-001", number="BJ2026-0007", started_on=TODAY().isoformat()
    )
    row = Handling.objects.get()
    assert row.service == service and row.due_explain[-1] in desks.clerk.see(place)
    assert not {"applicant", "name", "phone"} & {f.name for f in Handling._meta.get_fields()}
    wrong = {"service": "JT-001", "number": "371199198002290127", "started_on": TODAY().isoformat()}
    assert "不得填写证件号码" in desks.clerk.send("/desk/handlings/new", 422, **wrong)
    assert "至今天之间" in desks.clerk.send(f"{place}finish", 422, finished_on="2020-01-01", handled_as="办结，准予")
    desks.clerk.send(f"{place}finish", 302, finished_on=TODAY().isoformat(), handled_as="办结，准予")
    assert "1 / 1" in Client().get(f"/service/{service.pk}").content.decode()  # of few cases no rate


def test_openness_is_counted_by_its_clocks(cast, desks, client):
    given = {"agency": cast.orgs.bureau.code, "kind": "ACTIVE", "title": "部门预算", "started_on": TODAY().isoformat()}
    place = desks.clerk.send("/desk/disclosures/new", 302, **given)
    row, due = Disclosure.objects.get(), deadline("D36", TODAY())
    assert (row.due_on, row.due_explain) == (due.on, due.explain) and due.explain[-1] in desks.clerk.see(place)
    assert "请填写公开地址" in desks.clerk.send(f"{place}finish", 422, finished_on=TODAY().isoformat())
    desks.clerk.send(f"{place}finish", 302, finished_on=TODAY().isoformat(), open_url="https://www.example.com/1")
    page = client.get(f"/openness/?year={TODAY().year}").content.decode()
    assert cast.orgs.bureau.name in page and "1 / 1" in page


def test_a_request_is_extended_once_by_twenty_working_days(cast, desks):
    row = listed(cast, "REQUEST")
    desks.reviewer.send(f"/desk/disclosures/{row.pk}/extend", 302, reason="征求第三方意见")
    row.refresh_from_db()
    assert row.due_on == deadline("D37", TODAY(), extension=20).on
    assert "只能延长一次" in desks.reviewer.send(f"/desk/disclosures/{row.pk}/extend", 422, reason="再次")


def test_the_yearly_report_is_due_in_january_for_departments_and_in_march_for_governments(cast):
    year = date(2025, 6, 1)
    assert listed(cast, "REPORT", started_on=year).due_on == date(2026, 1, 31)
    of_town = Disclosure(agency=cast.orgs.town, kind="REPORT", title="年度报告", started_on=year).enter(
        by=cast.township
    )
    assert of_town.due_on == date(2026, 3, 31) and "3 月 31 日" in of_town.due_explain[0]


def test_figures_of_lawful_administration_are_public_once_released(cast, desks, client):
    given = {"agency": cast.orgs.bureau.code, "year": "2026", "indicator": "head", "part": "9", "whole": "10"}
    place = desks.clerk.send("/desk/law/new", 302, **given)
    assert "90.0%" not in client.get("/openness/?year=2026").content.decode()
    assert "不能大于总数" in desks.clerk.send(f"{place}change", 422, part="11", whole="10", reason="更正")
    desks.reviewer.send(f"{place}release")
    assert "90.0%（9 / 10）" in client.get("/openness/?year=2026").content.decode()
    assert "head" in client.get("/api/v1/law-figures").content.decode()
    assert "已登记" in desks.clerk.send("/desk/law/new", 422, **given)
    assert YearFigure.objects.count() == 1


@pytest.fixture
def overdue(cast):
    """A case accepted two weeks ago whose promised five working days are over."""
    with later(-14):
        return accepted(cast)


def test_the_board_shows_every_clock_by_agency(cast, desks, overdue):
    page = desks.leader.see("/desk/board/")
    assert cast.orgs.bureau.name in page and f"/desk/board/{cast.orgs.bureau.pk}/over" in page
    page = desks.leader.see(f"/desk/board/{cast.orgs.bureau.pk}/over")
    assert "BJ2026-0001" in page and overdue.due_explain[-1] in page
    assert cast.orgs.bureau.name not in desks.stranger_reviewer.see("/desk/board/")
    assert desks.company.get("/desk/board/").status_code == 403


def test_cards_are_sent_by_rule_answered_and_counted(cast, desks, overdue):
    days = -_working_days(overdue.due_on)
    assert send_cards() == 1 and send_cards() == 0  # one of a colour
    card = Card.objects.get()
    assert card.colour == ("RED" if days > 5 else "YELLOW") and card.days_over == days
    assert card.matter.due_on == deadline("D66", TODAY()).on
    flow = f"/desk/matters/{card.matter_id}/flow/"
    assert card.told in desks.agency.see(f"/desk/matters/{card.matter_id}/")
    desks.agency.send(f"{flow}answer", 302, late_cause="经办人调整", remedy_taken="已指定专人，三日内办结")
    assert "三日内办结" in desks.credit.see(f"/desk/matters/{card.matter_id}/")
    desks.credit.send(f"{flow}accept", 302, reply="同意核销")
    card.refresh_from_db()
    assert (card.state, Matter.objects.get(pk=card.matter_id).state) == ("CLOSED", "CLOSED")
    assert card.told in desks.credit.see("/desk/cards/") or card.matter.number in desks.credit.see("/desk/cards/")
    assert not Record.objects.filter(subject=cast.orgs.bureau).exists()  # a card is no record of dishonesty


def _working_days(due):
    from integrity.clocks import remaining
    from integrity.models.calendar import work_calendar

    return remaining(due, TODAY(), work_calendar())


def test_a_clock_that_stays_over_brings_a_red_card(cast):
    accepted(cast)
    with later(9):
        send_cards()
    with later(25):
        send_cards()
    assert list(Card.objects.order_by("days_over").values_list("colour", flat=True)) == ["YELLOW", "RED"]


def test_only_the_agency_answers_and_only_its_superior_settles(cast, desks, overdue):
    send_cards()
    flow = f"/desk/matters/{Card.objects.get().matter_id}/flow/"
    desks.stranger_reviewer.send(f"{flow}answer", 404, late_cause="代答", remedy_taken="无")
    assert desks.credit.post(f"{flow}answer", {"late_cause": "代答", "remedy_taken": "无"}).status_code == 409
    assert desks.agency.post(f"{flow}withdraw", {"reason": "不服"}).status_code == 409
    desks.credit.send(f"{flow}withdraw", 302, reason="依法中止计时")
    assert Card.objects.get().state == "WITHDRAWN"


def test_a_merged_agency_leaves_its_clocks_and_cards_to_its_successor(cast, desks, overdue):
    old, new = cast.orgs.bureau, cast.orgs.stranger
    Subject.objects.get(pk=old.pk).merge(by=cast.credit, successor=new, on=TODAY())
    page = desks.leader.see("/desk/board/")
    assert f"/desk/board/{new.pk}/over" in page and f"含承继自{old.name}" in page
    assert "BJ2026-0001" in desks.leader.see(f"/desk/board/{new.pk}/over")
    send_cards()
    assert Card.objects.get().matter.unit == new


def test_a_correction_order_that_is_not_obeyed_goes_to_the_record_by_notice_and_hearing(cast, desks):
    given = {
        "agency": cast.orgs.bureau.code, "article": "政府信息公开条例第二十六条", "problem": "部门决算未按期公开。",
        "served_on": TODAY().isoformat(),
    }  # fmt: skip
    desks.credit.send("/desk/corrections/new", 302, **given)
    row = CorrectionOrder.objects.get()
    assert row.matter.due_on == deadline("D67", TODAY()).on and row.matter.unit == cast.orgs.bureau
    flow = f"/desk/matters/{row.matter_id}/flow/"
    asked = {"paper_no": "日诚信〔2026〕21号", "order_kind": "督促整改"}
    assert desks.credit.post(f"{flow}find", asked).status_code == 409  # who ordered it
    assert "尚未届满" in desks.credit2.send(f"{flow}find", 422, **asked)
    with later(40):
        Desk(cast.credit2).send(f"{flow}find", 302, **asked)
    found = Record.objects.get(kind="AG08")
    assert (found.state, found.subject, found.facts["order_kind"]) == ("SUBMITTED", cast.orgs.bureau, "督促整改")


def test_what_was_corrected_in_time_leaves_no_record(cast, desks):
    row = CorrectionOrder(
        agency=cast.orgs.bureau, article="政府信息公开条例第二十六条", problem="部门决算未按期公开。", served_on=TODAY()
    ).order(by=cast.credit)
    flow = f"/desk/matters/{row.matter_id}/flow/"
    assert desks.stranger.post(f"{flow}tell", {"evidence": "已公开"}).status_code in (403, 404)
    desks.agency.send(f"{flow}tell", 302, evidence="已公开，附网址。")
    desks.credit2.send(f"{flow}accept", 302, reply="已整改")
    assert CorrectionOrder.objects.get().state == "CORRECTED" and not Record.objects.exists()


def test_leadership_reads_figures_with_definitions(cast, desks, overdue):
    send_cards()
    page = desks.leader.see("/lead/openness")
    assert "办件按期办结率" in page and "在公开承诺的时限内办结" in page and "/desk/cards/" in page


def test_pages_ask_the_database_a_bounded_number_of_times(cast, desks, overdue, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        client.get("/service/")
    with django_assert_max_num_queries(30):
        desks.leader.get("/desk/board/")


def test_cases_come_from_business_systems_by_interface(cast, client):
    released(cast)
    token = ApiToken.new_secret()
    row = ApiToken(name="审批系统", purpose="办件归集", scopes="intake", valid_until=TODAY() + timedelta(days=30))
    row.issue(by=cast.clerk, secret=token)
    rows = [
        {"办件编号": "SP-2026-1", "事项编码": "JT-001", "受理日期": "2026-10-12", "办结日期": "2026-10-14", "办理结果": "办结，准予"},
        {"办件编号": "SP-2026-2", "事项编码": "JT-001", "受理日期": "2026-11-20"},
        {"办件编号": "SP-2026-3", "事项编码": "JT-999", "受理日期": "2026-11-20"},
    ]  # fmt: skip

    def hand_in(key, rows):
        head = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
        return client.post(
            "/api/v1/intake/handlings", {"key": key, "rows": rows}, content_type="application/json", **head
        )

    done = hand_in("a1", rows)
    assert done.status_code == 201, done.content.decode()
    assert (done.json()["good"], done.json()["bad"]) == (2, 1) and "没有这个编码" in done.content.decode()
    assert hand_in("a1", rows).status_code == 200  # the same again
    rows[1] |= {"办结日期": "2026-11-23", "办理结果": "退件"}
    assert hand_in("a2", rows[1:2]).json()["good"] == 1
    assert dict(Handling.objects.values_list("number", "state")) == {"SP-2026-1": "DONE", "SP-2026-2": "DONE"}
