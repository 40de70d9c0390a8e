"""A project from entry to end through the desk and in public, and who is refused (tasks 14-18)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from sectors.models import Duty, Project
from tests.paths import sectors as steps


def iso(ago):
    return steps.day(ago).isoformat()


FORM = {"name": "教学设备采购", "reference": "SDGP2026-031", "amount_wan": "120.5", "planned": "2026年10月"}


def test_entered_by_one_released_by_another_then_public(cast, desks):
    there = desks.clerk.send("/desk/sector/new/procurement", **FORM, unit=cast.orgs.stranger.code, on=iso(60))
    row = Project.objects.get()
    assert there == f"/desk/sector/{row.pk}/" and row.state == "DRAFT"
    assert Client().get(row.public_url).status_code == 404
    desks.reviewer.send(f"{there}release")
    text = Client().get(row.public_url).content.decode()
    assert "教学设备采购" in text and "120.5" in text and "2026年10月" in text
    for url in ("/sector/", "/sector/procurement/", "/sector/procurement.atom"):
        assert "政府采购" in Client().get(url).content.decode()
    assert "SDGP2026-031" in b"".join(Client().get("/sector/procurement.csv")).decode()


def test_a_stage_brings_its_duties_with_explained_clocks(cast, desks):
    row = steps.released(cast)
    desks.clerk.send(
        f"/desk/sector/{row.pk}/stage/awarded", partner=cast.orgs.company.code, amount_wan="118", on=iso(40)
    )
    duty = Duty.objects.get(project=row, code="award_announced")
    assert duty.owner == cast.orgs.stranger and "2个工作日" in "".join(duty.due_explain).replace(" ", "")
    desks.clerk.send(f"/desk/sector/duty/{duty.pk}/fulfil", done_on=iso(20), done_note="已补公告")
    assert Duty.objects.late().get() == duty
    text = Client().get(row.public_url).content.decode()
    assert "逾期" in text and cast.orgs.company.name in text
    assert row.name in Client().get("/sector/procurement/?late=true").content.decode()
    assert row.name not in Client().get("/sector/procurement/?late=false").content.decode()


def test_an_amount_that_has_to_stay_confidential_is_not_shown(cast, desks):
    row = steps.project(cast, amount_hidden=True).enter(by=cast.clerk, on=steps.day(5), values={})
    row.release(by=cast.reviewer)
    assert "120.5" not in Client().get(row.public_url).content.decode()
    assert "120.5" not in b"".join(Client().get("/sector/procurement.csv")).decode()
    assert Client().get("/api/v1/projects").json()["items"][0]["amount_wan"] is None
    assert "120.5" in desks.clerk.see(row.get_absolute_url())


def test_the_interface_gives_projects_and_duties(cast):
    duty = steps.duty(cast)
    item = Client().get(f"/api/v1/projects?partner={cast.orgs.company.code}").json()["items"][0]
    assert item["number"] == duty.project.number and item["stage_name"] == "中标成交"
    owed = Client().get(f"/api/v1/duties?project={duty.project.number}").json()["items"][0]
    assert owed["due_on"] == duty.due_on.isoformat() and owed["due_explain"]


# ---- refusals ----


def test_nobody_releases_what_he_entered(cast, desks):
    row = steps.project(cast).enter(by=cast.credit, on=steps.day(5), values={})
    assert desks.credit.post(f"/desk/sector/{row.pk}/release").status_code == 409
    desks.credit2.send(f"/desk/sector/{row.pk}/release")


def test_a_stage_is_not_entered_backwards_nor_in_future(cast, desks):
    row = steps.awarded(cast)
    assert desks.clerk.get(f"/desk/sector/{row.pk}/stage/announced").status_code == 404
    form = {"contract_no": "HT-1", "accept_due": iso(1), "on": iso(50)}
    assert "不能早于上一阶段" in desks.clerk.send(f"/desk/sector/{row.pk}/stage/contract", 422, **form)
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    text = desks.clerk.send(f"/desk/sector/{row.pk}/stage/contract", 422, **form | {"on": tomorrow})
    assert "不能晚于今天" in text and "HT-1" in text


def test_a_project_with_open_duties_does_not_end(cast, desks):
    row = steps.awarded(cast)
    assert "还有未完成的责任事项" in desks.clerk.send(f"/desk/sector/{row.pk}/end", 422)


def test_a_strange_unit_does_not_see_a_draft_nor_act(cast, desks):
    row = steps.project(cast).enter(by=cast.market, on=steps.day(5), values={})
    assert desks.clerk.get(row.get_absolute_url()).status_code == 404
    assert desks.reviewer.post(f"/desk/sector/{row.pk}/release").status_code == 404


@pytest.mark.parametrize("who", ["official", "company", "operator", "secrecy"])
def test_who_has_no_task_here_has_no_list(desks, who):
    assert getattr(desks, who).get("/desk/sector/").status_code == 403


def test_lists_ask_few_questions(cast, desks, django_assert_max_num_queries):
    row = steps.awarded(cast)
    with django_assert_max_num_queries(25):
        desks.clerk.get("/desk/sector/procurement/")
    with django_assert_max_num_queries(25):
        desks.clerk.get(row.get_absolute_url())
    with django_assert_max_num_queries(16):
        Client().get("/sector/procurement/")
    with django_assert_max_num_queries(12):
        Client().get(row.public_url)
