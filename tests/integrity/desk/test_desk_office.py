"""The office's own pages: catalogue, settings and calendar, people and seats, subjects; two people everywhere."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from integrity import catalogue
from integrity.models import CLOCK, CalendarDay, Event, Kind, Matter, Message, Seat, Setting, Subject, User, setting
from tests import builders


def reworded(code: str, **more) -> Kind:
    """A catalogue entry whose text was changed by an upgrade of the program."""
    row = Kind.objects.get(code=code)
    row.change_text(by=CLOCK, text=json.dumps(row.text | more, ensure_ascii=False), digest="0" * 64)
    return row


def test_a_changed_edition_is_nominated_and_approved_by_two(cast, desks):
    reworded("AG11", provider="各单位"), reworded("AG12", provider="各单位")
    page = desks.credit.see("/desk/catalogue/AG11/")
    assert "与上一版的差异" in page and "各单位" in page
    desks.credit.send("/desk/catalogue/edition/nominate", 422, doc_no="")
    desks.credit.send(
        "/desk/catalogue/edition/nominate?code=AG11&code=AG12", doc_no="日信目录〔2026〕2号", valid_from="2026-12-01"
    )
    assert "本人提请，须由他人批准" in desks.credit.see("/desk/catalogue/")
    there = "/desk/catalogue/edition/approve?doc_no=日信目录〔2026〕2号"
    assert "须由他人" in desks.credit.send(there, 409)
    assert "日信目录〔2026〕2号" in desks.credit2.see("/desk/")
    desks.credit2.send(there)
    assert set(Kind.objects.filter(doc_no="日信目录〔2026〕2号", state="APPROVED").values_list("code", flat=True)) == {
        "AG11",
        "AG12",
    }


def test_a_returned_edition_is_proposed_again(cast, desks):
    reworded("AG11", provider="各单位")
    desks.credit.send("/desk/catalogue/AG11/nominate", doc_no="日信目录〔2026〕2号", valid_from="2026-12-01")
    desks.credit2.send("/desk/catalogue/edition/return_?doc_no=日信目录〔2026〕2号", reason="依据不全")
    assert Kind.objects.get(code="AG11").state == "PROPOSED"
    assert desks.clerk.get("/desk/catalogue/").status_code == 403


def open_matter(cast, code="D47"):
    kind = Kind.objects.in_force("matter").first()
    row = Matter(kind=kind, title="对办理行为的投诉", received_unit=cast.orgs.credit, unit=cast.orgs.bureau)
    row.receive(by=cast.clerk)
    return row


def test_a_clock_is_set_by_two_and_open_matters_follow(cast, desks):
    matter = open_matter(cast)
    code, before, today = matter.clock.partition(".")[0], matter.due_on, timezone.localdate()
    if catalogue.load().clocks[code].kind == "law":
        pytest.skip("the first matter's clock is the law's")
    page = desks.credit.send(
        f"/desk/settings/new/{code}", 422, value="很久", ground="会议纪要", valid_from=today.isoformat()
    )
    assert "期限须为 1 至 400 的整数" in page
    where = desks.credit.send(f"/desk/settings/new/{code}", value="40", ground="会议纪要", valid_from=today.isoformat())
    assert "本人提出的参数变更，须由他人批准" in desks.credit.see(where)
    assert "本人提出" in desks.credit.send(where + "approve", 409)
    assert "不超过 1 件" in desks.credit2.see(where)
    desks.credit2.send(where + "approve")
    matter.refresh_from_db()
    assert setting(code) == "40" and matter.due_on > before
    assert Event.objects.of(matter).last().verb == "matter.recounted"


def test_the_laws_clocks_are_nobodys_to_set(cast, desks):
    desks.credit.see("/desk/settings/new/D01", 404)
    assert "D01" not in desks.credit.see("/desk/settings/") and "D14" in desks.credit.see("/desk/settings/")
    assert desks.clerk.get("/desk/settings/").status_code == 403


def test_a_years_calendar_is_entered_by_two_and_statement_periods_follow(cast, desks):
    from tests.integrity.desk.test_desk_letters import breach

    record = breach(cast, desks).notify(by=cast.reviewer, served_on=timezone.localdate())
    year, before = record.statement_due.year, record.statement_due
    page = desks.admin.send(f"/desk/calendar/{year}", 422, value="元旦放假", ground="国办", valid_from="2026-12-01")
    assert "第 1 行" in page
    text = "\n".join(
        f"{d.day} {'班' if d.is_workday else '休'} {d.name}" for d in CalendarDay.objects.filter(day__year=year)
    )
    where = desks.admin.send(
        f"/desk/calendar/{year}",
        value=f"{text}\n{before} 休 临时放假",
        ground="国办发明电〔2026〕9号",
        valid_from="2026-01-01",
    )
    desks.admin2.send(where + "approve")
    assert "临时放假" in desks.clerk.see(f"/desk/calendar/?year={year}")
    record.refresh_from_db()
    assert record.statement_due > before and Event.objects.of(record).last().verb == "record.recounted"


def test_a_refused_setting_changes_nothing(cast, desks):
    row = Setting(key="D14", value="9", ground="试", valid_from=timezone.localdate()).propose(by=cast.credit)
    desks.credit2.send(f"/desk/settings/{row.pk}/refuse", reason="依据不足")
    assert setting("D14") == "" and Setting.objects.get(pk=row.pk).state == "REFUSED"


def test_an_account_gets_its_seat_by_two_people_and_chooses_its_own_password(cast, desks):
    page = desks.admin.send("/desk/people/new", 200, username="newcomer", name="新同志", phone="", email="")
    holder = User.objects.get(username="newcomer")
    password = page.split("<dt>初始密码</dt>")[1].split(">")[1].split("<")[0]
    assert holder.check_password(password) and "须修改密码" in page
    there = f"/desk/people/{holder.pk}/"
    page = desks.admin.send(there, 422, role_code="UNIT_CLERK", org="", valid_until="")
    assert "该角色须指定单位" in page
    desks.admin.send(there, role_code="UNIT_CLERK", org=cast.orgs.bureau.code, valid_until="")
    seat = Seat.objects.get(user=holder)
    assert "须由他人复核" in desks.admin.send(f"/desk/people/seats/{seat.pk}/release", 409)
    desks.admin2.send(f"/desk/people/seats/{seat.pk}/release")
    browser = Client()
    browser.force_login(holder, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get("/desk/")["Location"] == "/accounts/password/change/"
    new = {"oldpassword": password, "password1": "a-long-new-phrase", "password2": "a-long-new-phrase"}
    assert browser.post("/accounts/password/change/", new).status_code == 302
    assert browser.get("/desk/").status_code == 200


def test_nobody_resets_or_seats_himself_and_the_ledger_keeps_resets(cast, desks):
    own = f"/desk/people/{cast.admin.user.pk}/"
    assert "不能为本人授予岗位" in desks.admin.see(own)
    assert "不能为本人" in desks.admin.send(own + "reset/password", 409, reason="忘了")
    there = f"/desk/people/{cast.clerk.user.pk}/reset/"
    desks.admin.send(there + "password", 422, reason="")
    page = desks.admin.send(there + "password", 200, reason="本人书面申请")
    assert "已重置密码" in page and Message.objects.filter(user=cast.clerk.user, title="登录密码已被重置").exists()
    assert User.objects.get(pk=cast.clerk.user.pk).must_change_password
    assert Event.objects.of(cast.clerk).get(verb="account.reset").values["reason"] == "本人书面申请"
    desks.admin.send(there + "factor", reason="手机遗失")
    assert desks.reviewer.get("/desk/people/").status_code == 403


def test_a_revoked_seat_ends_at_once(cast, desks):
    desks.admin.send(f"/desk/people/seats/{cast.clerk.pk}/revoke", reason="调离")
    assert desks.clerk.get("/desk/").status_code == 403


def test_organisations_are_registered_amended_and_merged(cast, desks):
    from integrity.codes import make_uscc

    code = make_uscc("11371100YYYY30001")
    wrong = desks.credit.send("/desk/subjects/new", 422, form="AGENCY", name="市新设局（演示）", code=code[:17] + "@")
    assert "统一社会信用代码" in wrong
    where = desks.credit.send(
        "/desk/subjects/new", form="AGENCY", agency_kind="GOV_DEPT", name="市新设局（演示）", code=code
    )
    assert code in desks.credit.see(where)
    data = {"name": "市新设管理局（演示）", "code": code, "agency_kind": "GOV_DEPT", "head": "某负责人"}
    desks.credit.send(where + "amend", **data)
    assert "市新设管理局（演示）" in desks.credit.see("/desk/subjects/?q=新设管理")
    desks.credit.send(where + "merge", successor=cast.orgs.bureau.code, on="2026-11-01")
    assert "市交通运输局（演示）" in desks.credit.see(where) and Subject.objects.get(code=code).state == "ENDED"
    assert desks.clerk.get("/desk/subjects/").status_code == 403


def test_provisional_subjects_wait_until_they_are_confirmed(cast, desks):
    row = Subject(form="ENTERPRISE", name="日照某某商贸有限公司（演示）").provide(by=cast.clerk)
    assert "1 个临时主体" in desks.credit.see("/desk/") and row.name in desks.credit.see(
        "/desk/subjects/?state=PROVISIONAL"
    )
    desks.credit.send(f"/desk/subjects/{row.pk}/confirm")
    row.refresh_from_db()
    assert row.state == "ACTIVE"


def test_a_missing_calendar_is_told_to_office_and_operators(cast, monkeypatch):
    from integrity import tasks

    later = timezone.now().replace(year=2040) + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert tasks.calendar_alarm()
    told = set(Message.objects.filter(key__startswith="calendar-").values_list("user__username", flat=True))
    assert {"credit", "operator", "admin"} <= told and "clerk" not in told
    assert not CalendarDay.objects.filter(day__gte=date(2040, 1, 1)).exists()


def test_the_offices_pages_keep_their_query_ceilings(cast, desks, django_assert_max_num_queries):
    builders.submitted(cast)
    for who, url, ceiling in (
        ("credit", "/desk/catalogue/", 10), ("credit", "/desk/settings/", 10), ("admin", "/desk/people/", 9),
        ("credit", "/desk/subjects/", 8), ("clerk", "/desk/messages/", 8), ("credit", "/desk/letters/", 8),
    ):  # fmt: skip
        with django_assert_max_num_queries(ceiling):
            assert desks.__dict__[who].get(url).status_code == 200
