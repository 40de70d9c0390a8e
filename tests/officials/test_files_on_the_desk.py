"""Files on the desk, in tables and in the interface: who finds them, how, and who does not (task 1)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integrity.models import ApiToken, Event
from officials.models import Official
from tests import builders
from tests.officials.test_sanctions import confirmed

FORM = {
    "full_name": "李守诺", "id_number": "371199197001010010", "category": "CIVIL_SERVANT", "post": "副科长", "rank": "",
    "appointed_on": "2026-03-01", "document": "日组干字〔2026〕3号",
}  # fmt: skip


def test_a_personnel_officer_opens_a_file_on_the_page(cast, desks):
    there = desks.hr.send("/desk/officials/new", **FORM, workplace=cast.orgs.bureau.code)
    text = desks.hr.see(there + "?tab=career")
    assert "李守诺" in text and "副科长" in text and "日组干字〔2026〕3号" in text
    assert FORM["id_number"] not in desks.hr.see(there) and "371199********0010" in desks.hr.see(there)


def test_what_is_wrong_is_named_and_what_was_typed_stays(cast, desks):
    text = desks.hr.send(
        "/desk/officials/new", 422, **FORM | {"id_number": "371199197001010019"}, workplace="没有这个单位"
    )
    assert "校验位不正确" in text or "没有找到" in text
    assert "李守诺" in text and "日组干字〔2026〕3号" in text


def test_found_by_name_pinyin_unit_category_and_state(cast, desks):
    for query in ("q=王诚", "q=wcx", f"unit={cast.orgs.bureau.code}", "category=CIVIL_SERVANT", "state=ACTIVE"):
        assert "规划科科长" in desks.hr.see(f"/desk/officials/?{query}")
    for query in ("q=李四", f"unit={cast.orgs.stranger.code}", "state=RETIRED"):
        assert "规划科科长" not in desks.hr.see(f"/desk/officials/?{query}")


def test_every_look_into_a_file_has_a_purpose_and_is_shown_to_the_person(cast, desks):
    url = f"/desk/officials/{cast.file.pk}/"
    assert "/open?" in desks.hr.get(url)["Location"]
    desks.hr.see(url)
    assert Event.objects.filter(verb="official.viewed", target=cast.file.pk).count() == 1
    assert "组织人事干部" in desks.official.see("/me/looks/") and "复核审批" in desks.official.see("/me/looks/")


def test_the_tabs_show_what_their_own_doors_would(cast, desks):
    record = confirmed(cast, title="记过处分")
    url = f"/desk/officials/{cast.file.pk}/"
    text = desks.hr.see(url)
    assert "记过处分" in text and record.number in text and "依法必须" in text
    assert "记过处分" not in desks.credit.see(url) and "依法必须" not in desks.credit.see(url)
    for tab in ("honours", "pledges", "checks", "career", "history"):
        assert "王诚信" in desks.hr.see(f"{url}?tab={tab}")
    assert desks.hr.get(f"{url}?tab=nothing").status_code == 404


def test_promotion_and_retirement_are_done_on_pages(cast, desks):
    url = f"/desk/officials/{cast.file.pk}/"
    assert "晋升" in desks.hr.see(url)
    today = timezone.localdate().isoformat()
    text = desks.hr.send(f"{url}promote", 422, new_post="副局长", since=today)
    assert "请填写任免文号" in text and "副局长" in text
    desks.hr.send(f"{url}promote", new_post="副局长", since=today, document="日组干字〔2026〕9号")
    desks.hr.send(f"{url}retire", ended_on=today)
    assert Official.objects.get(pk=cast.file.pk).state == "RETIRED"
    assert desks.hr.post(f"{url}promote", {"new_post": "x", "since": today, "document": "x"}).status_code == 409


def test_after_a_transfer_the_old_authority_is_led_back_to_its_list(cast, desks):
    org = builders.subject("县组织人事部门（演示）", "11371199YYYY10091", area=cast.orgs.county.area)
    data = {
        "workplace": cast.orgs.county.code,
        "authority": org.code,
        "new_post": "局长",
        "since": "2026-06-01",
        "document": "x",
    }
    there = desks.hr.send(f"/desk/officials/{cast.file.pk}/transfer", **data)
    assert there == "/desk/officials/" and desks.hr.get(f"/desk/officials/{cast.file.pk}/").status_code == 404


@pytest.mark.parametrize(
    "who", ["clerk", "reviewer", "stranger", "supervisor", "leader", "operator", "admin", "secrecy"]
)
def test_nobody_else_has_the_list_or_a_file(cast, desks, who):
    desk = getattr(desks, who)
    assert desk.get(f"/desk/officials/{cast.file.pk}/").status_code in (403, 404)
    answer = desk.get("/desk/officials/")
    assert answer.status_code == 403 or "王诚信" not in answer.content.decode()


def test_the_public_is_asked_to_log_in(cast, client):
    assert client.get(f"/desk/officials/{cast.file.pk}/").status_code == 302
    assert client.get("/api/v1/officials").status_code == 401


def test_an_auditor_reads_masked_names_everywhere(cast, desks):
    url = f"/desk/officials/{cast.file.pk}/"
    pages = [url, f"{url}?tab=history", "/desk/officials/", "/admin/officials/official/"]
    pages.append(f"/admin/officials/official/{cast.file.pk}/change/")
    for page in pages:
        text = desks.auditor.see(page)
        assert "王诚信" not in text and "3711" not in text.replace(cast.orgs.bureau.code, ""), page
    assert "王*信" in desks.auditor.see(url)


def test_the_interface_gives_masked_names_and_logs_the_reading(cast, client):
    secret = ApiToken.new_secret()
    until = timezone.localdate() + timedelta(days=30)
    ApiToken(name="审计", purpose="审计", scopes="read", valid_until=until).issue(by=cast.auditor, secret=secret)
    answer = client.get(
        "/api/v1/officials?category=CIVIL_SERVANT", headers={"Authorization": f"Bearer {secret}", "X-Purpose": "audit"}
    )
    (item,) = answer.json()["items"]
    assert (item["name"], item["post"], item["unit"]["name"]) == ("王*信", "规划科科长", cast.orgs.bureau.name)
    assert not {"id_number", "birth_year", "sex"} & set(item)
    assert Event.objects.filter(verb="official.viewed", target=cast.file.pk).exists()


def test_a_list_costs_a_handful_of_queries(cast, desks, django_assert_max_num_queries):
    for n in range(1, 21):
        number = f"37119919700101{n:03d}"
        who = builders.person(
            f"干部{n}", _number(number), is_official=True, managed_by=cast.orgs.personnel, parent=cast.orgs.bureau
        )
        builders.credit_file(who, by=cast.hr)
    with django_assert_max_num_queries(12):
        desks.hr.see("/desk/officials/")


def _number(first17):
    from integrity.demo.places import id_number

    return id_number(first17)
