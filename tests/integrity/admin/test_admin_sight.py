"""Who enters the admin, and what he sees there."""

from __future__ import annotations

import re

import pytest

from integrity.models import Event, Record, User
from tests import builders, scenes
from tests.integrity.admin.conftest import RECORDS


def test_the_login_is_the_sites_own(cast, client):
    answer = client.get("/admin/integrity/record/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    assert client.post("/admin/login/", {"username": "clerk", "password": "correct horse battery"}).status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_superuser_without_a_seat_does_not_enter(cast, client):
    root = User.objects.create_superuser("root", password="correct horse battery")
    client.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    record = builders.published(cast)
    for url in ("/admin/", RECORDS, f"{RECORDS}{record.pk}/change/"):
        assert client.get(url, follow=True).status_code == 403


@pytest.mark.parametrize("who", ["official", "company", "expert"])
def test_who_is_no_staff_does_not_enter(cast, door, who):
    assert door(who).get("/admin/", follow=True).status_code == 403


def test_an_administrator_sees_accounts_and_settings_and_no_record(cast, door):
    record = builders.published(cast)
    page = door("admin").see("/admin/")
    assert "用户" in page and "参数变更" in page and RECORDS not in page
    door("admin").see(RECORDS, 403)
    door("admin").see(f"{RECORDS}{record.pk}/change/", 404)


def test_what_other_packages_register_is_not_there(cast, door):
    for path in (
        "axes/accessattempt/",
        "mfa/authenticator/",
        "account/emailaddress/",
        "socialaccount/socialapp/",
        "auth/group/",
        "r/1/1/",
    ):
        for who in ("admin", "credit"):
            door(who).see(f"/admin/{path}", 404)


@pytest.mark.parametrize("who", sorted(scenes.who_sees().keys() - {"visitor", "official", "company", "expert"}))
def test_every_role_sees_in_lists_and_pages_exactly_what_it_may(cast, door, who):
    scene = scenes.scene(cast)
    sees, desk, wrong = scene.sees[who], door(who), []
    listed = desk.get(RECORDS).content.decode()
    for state, record in scene.records.items():
        found = desk.get(f"{RECORDS}{record.pk}/change/").status_code in (200, 302)
        inside = Record.objects.inside(getattr(cast, who)).filter(pk=record.pk).exists()
        if found is not inside or (inside and state not in sees | scenes.PUBLIC_STATES):
            wrong.append(f"page of {state}")
        if (record.number in listed) is not inside:
            wrong.append(f"list with {state}")
    assert not wrong


def test_restricted_kinds_are_invisible_to_the_credit_office(cast, door):
    record = scenes.all_states(cast)["restricted"]
    for who in ("credit", "auditor", "leader", "admin", "clerk", "secrecy"):
        desk = door(who)
        desk.see(f"{RECORDS}{record.pk}/change/", 404)
        for page in ("", f"?q={record.number}", "?kind=OF03"):
            answer = desk.get(RECORDS + page).content.decode()
            assert str(record.pk) not in answer and "玄武字样" not in answer
        events = desk.get("/admin/integrity/event/?days=365").content.decode()
        assert str(record.pk) not in events
    assert "OF03" not in door("credit").see(RECORDS)


def test_reading_a_personal_record_asks_for_the_purpose_and_is_logged(cast, door):
    record = scenes.all_states(cast)["official"]
    url = f"{RECORDS}{record.pk}/change/"
    hr = door("hr2")
    asked = hr.get(url)
    assert asked.status_code == 302 and f"/desk/records/{record.pk}/open?" in asked["Location"]
    assert hr.post(asked["Location"], {"purpose": "复核审批"})["Location"] == url
    assert "白虎字样" in hr.see(url)
    assert Event.objects.of(record).filter(verb="record.viewed", user=cast.hr2.user).count() == 1


def test_an_auditor_reads_masked_names_and_each_reading_is_logged(cast, door):
    record = builders.published(cast)
    door("auditor").see(f"{RECORDS}{record.pk}/change/")
    assert Event.objects.of(record).filter(verb="record.viewed").count() == 1
    page = door("auditor").see("/admin/integrity/subject/?form=PERSON")
    assert "王*信" in page and "王诚信" not in page


def test_whom_a_record_is_about_reads_no_names_of_those_who_made_it(cast, door):
    record = builders.published(cast)
    url = f"{RECORDS}{record.pk}/"
    assert "reviewer同志" in door("clerk").see(f"{url}change/")
    for page in ("change/", "history/"):
        assert "同志" not in re.sub(r'id="user-tools".*?</div>', "", door("stranger").see(url + page), flags=re.S)
