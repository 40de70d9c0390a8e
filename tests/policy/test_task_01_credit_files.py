"""任务 1：an official's credit file — what was decided of his duty goes in, he reads it, nobody else without right does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integrity.clocks import add_months
from integrity.models import CLOCK, Measure, Record
from integrity.models.record.many import expire_many
from officials.models import Official
from tests import builders
from tests.integrity.desk.pages import CHECKED
from tests.integrity.intake.sheets import table, xlsx
from tests.integrity.intake.steps import send, submit

APPOINTING, SUPERVISORY = "处分（任免机关、单位）", "政务处分（监察机关）"
DEMERIT = {"sanction": "记过", "period_months": "12", "authority_type": APPOINTING, "violation": "未按规定审核材料"}


def day(back):
    return (timezone.localdate() - timedelta(days=back)).isoformat()


def typed(cast, kind, back=30, **more):
    """What a personnel officer types about Wang."""
    dates = {"decided_on": day(back), "effective_on": day(back), "served_on": day(back)}
    return builders.as_form(builders.sample_values(kind, **dates) | more, cast.wang)


def enter(cast, desks, kind="OF03", who="hr", **more):
    desks.__dict__[who].send(f"/desk/records/new/{kind}", **typed(cast, kind, **more), submit="1")
    return Record.objects.latest("entered_at")


def confirm(desks, record, second="hr2", **more):
    """The second person reviews, and confirms with the decision on sending up."""
    desk, url = desks.__dict__[second], f"/desk/records/{record.pk}/"
    desk.see(url)
    desk.send(f"{url}review", **CHECKED)
    desk.send(f"{url}confirm", **({"send_up": "no"} | more))
    record.refresh_from_db()
    return record


def test_a_sanction_goes_into_the_file_and_ends_by_itself(cast, desks):
    record = confirm(desks, enter(cast, desks, **DEMERIT, title="记过处分"))
    assert record.state == "CONFIRMED" and record.publicity == "NOT_PUBLIC"
    assert record.until == add_months(timezone.localdate() - timedelta(days=30), 12)
    assert "记过处分" in desks.hr.see(f"/desk/officials/{cast.file.pk}/")
    mine = desks.official.see(f"/me/records/{record.pk}/")
    assert "记过" in mine and "处分期满自动解除" in mine
    assert "复核审批" in desks.official.see("/me/looks/")
    expire_many(record.until, by=CLOCK)
    assert "记过处分" not in desks.discipline.see("/desk/checks/")
    record.refresh_from_db()
    assert record.state == "EXPIRED" and not Measure.objects.in_force().filter(record=record).exists()


def test_a_roll_of_officials_comes_as_a_workbook(cast, desks, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    line = {
        "姓名": "李守诺", "公民身份号码": "371199197001010010", "所在单位统一社会信用代码": cast.orgs.bureau.code,
        "人员类别": "公务员", "职务": "副科长", "任现职日期": "2025-03-01",
    }  # fmt: skip
    batch = submit(desks.hr, send(desks.hr, "officials", xlsx(table([line]))))
    serials = list(batch.rows.values_list("serial", flat=True))
    desks.hr2.post(f"/desk/import/{batch.pk}/opened", {"serial": serials})
    desks.hr2.send(f"/desk/import/{batch.pk}/confirm")
    assert "李守诺" in desks.hr.see("/desk/officials/?q=李守诺")


def test_restricted_records_go_up_only_by_an_act_of_the_managing_authority(cast, desks):
    record = confirm(desks, enter(cast, desks, **DEMERIT))
    assert record.send_up is False and not Record.objects.going_up().filter(pk=record.pk).exists()
    desks.hr2.send(f"/desk/records/{record.pk}/decide_up", send_up="yes")
    record.refresh_from_db()
    assert record.send_up is True and Record.objects.going_up().filter(pk=record.pk).exists()
    assert desks.credit.post(f"/desk/records/{record.pk}/decide_up", {"send_up": "yes"}).status_code == 404


def test_a_judgment_goes_up_as_the_catalogue_says(cast, desks):
    record = enter(cast, desks, "OF01")
    confirm(desks, record)
    assert Record.objects.going_up().filter(pk=record.pk).exists()


def test_access_follows_a_transfer_and_the_post_of_that_time_stays(cast, desks):
    record = confirm(desks, enter(cast, desks, **DEMERIT))
    other = builders.subject("云岭县组织人事部门（演示）", "11371199YYYY10090", area=cast.orgs.county.area)
    founders = (builders.user("f1", "甲"), builders.user("f2", "乙"))
    from tests.desks import Desk

    newcomer = Desk(builders.seat(builders.user("county_hr", "县人事"), "HR_OFFICER", other, founders))
    assert newcomer.get(f"/desk/officials/{cast.file.pk}/").status_code == 404
    move = {"workplace": cast.orgs.county.code, "authority": other.code, "new_post": "副局长", "since": day(0)}
    desks.hr.see(f"/desk/officials/{cast.file.pk}/")
    desks.hr.send(f"/desk/officials/{cast.file.pk}/transfer", **move, document="日组干字〔2026〕9号")
    assert desks.hr.get(f"/desk/officials/{cast.file.pk}/").status_code == 404
    assert desks.hr.get(f"/desk/records/{record.pk}/").status_code == 404
    assert record.title in newcomer.see(f"/desk/officials/{cast.file.pk}/")
    assert "规划科科长" in newcomer.see(f"/desk/officials/{cast.file.pk}/?tab=career")
    assert record.title in desks.official.see("/me/records/")


def test_retired_or_gone_he_still_reads_his_file(cast, desks):
    record = confirm(desks, enter(cast, desks, **DEMERIT))
    desks.hr.see(f"/desk/officials/{cast.file.pk}/")
    desks.hr.send(f"/desk/officials/{cast.file.pk}/retire", ended_on=day(0))
    assert Official.objects.get(pk=cast.file.pk).state == "RETIRED"
    assert record.title in desks.official.see("/me/records/")


def test_the_running_period_joins_and_never_exceeds_forty_eight_months(cast, desks):
    first = confirm(desks, enter(cast, desks, back=60, **DEMERIT))
    warning = {"sanction": "警告", "period_months": "6", "authority_type": APPOINTING, "violation": "另一行为"}
    second = confirm(desks, enter(cast, desks, back=10, **warning))
    assert second.until == add_months(first.until, 6)


# ---- refusals ----


def test_no_second_sanction_for_one_act(cast, desks):
    confirm(desks, enter(cast, desks, **DEMERIT))
    again = typed(cast, "OF03", 20, **DEMERIT | {"authority_type": SUPERVISORY})
    assert "不得重复给予" in desks.hr.send("/desk/records/new/OF03", 422, **again, submit="1")


def test_what_is_not_of_duty_is_refused(cast, desks):
    text = desks.hr.send("/desk/records/new/OF01", 422, **typed(cast, "OF01", duty_related="否"), submit="1")
    assert "是否履职相关" in text and not Record.objects.exists()


def test_party_discipline_has_no_place(cast, desks):
    wrong = typed(cast, "OF03", **DEMERIT | {"violation": "受到党内严重警告"})
    assert "党纪处分不进入本系统" in desks.hr.send("/desk/records/new/OF03", 422, **wrong, submit="1")


def test_a_villages_officer_is_given_three_kinds_only(cast, desks):
    desks.hr.see(f"/desk/officials/{cast.file.pk}/")
    grassroots = {"category": "GRASSROOTS_OFFICER", "new_post": "村委会主任"}
    desks.hr.send(f"/desk/officials/{cast.file.pk}/amend", **grassroots)
    wrong = typed(cast, "OF04", sanction="撤职", period_months="24")
    assert "只适用警告、记过、记大过" in desks.hr.send("/desk/records/new/OF04", 422, **wrong, submit="1")


def test_whoever_entered_it_does_not_review_it(cast, desks):
    record = enter(cast, desks, **DEMERIT)
    desks.hr.see(f"/desk/records/{record.pk}/")
    desks.hr.send(f"/desk/records/{record.pk}/review", 409, **CHECKED)
    record.refresh_from_db()
    assert record.state == "SUBMITTED"


def test_nobody_decides_on_himself(cast, desks):
    number = "371199197001010010"
    me = builders.person(
        "hr2同志", number, is_official=True, managed_by=cast.orgs.personnel, parent=cast.orgs.personnel
    )
    cast.hr2.user.person = me
    cast.hr2.user.save()
    about_me = typed(cast, "OF03", **DEMERIT) | {"id_number": number, "subject_name": me.name}
    desks.hr.send("/desk/records/new/OF03", **about_me, submit="1")
    record = Record.objects.get()
    desks.hr2.see(f"/desk/records/{record.pk}/")
    assert "回避" in desks.hr2.send(f"/desk/records/{record.pk}/review", 409, **CHECKED)


ADDRESSES = (
    "/desk/records/{record}/",
    "/desk/officials/{file}/",
    "/me/records/{record}/",
    "/admin/integrity/record/{record}/change/",
)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    "who", ["clerk", "reviewer", "stranger", "credit", "county", "secrecy", "leader", "operator", "admin", "company"]
)
def test_a_negative_record_is_not_seen_without_right(cast, desks, who, address):
    record = confirm(desks, enter(cast, desks, **DEMERIT, title="记过处分"))
    url = address.format(record=record.pk, file=cast.file.pk)
    if (who, address) == ("credit", ADDRESSES[1]):
        return  # the credit office knows the file, and nothing restricted in it: see the next test
    assert desks.__dict__[who].get(url).status_code in (302, 403, 404)


def test_the_file_shows_the_credit_office_and_the_auditor_nothing_restricted(cast, desks):
    confirm(desks, enter(cast, desks, **DEMERIT, title="记过处分"))
    for who in ("credit", "auditor"):
        text = desks.__dict__[who].see(f"/desk/officials/{cast.file.pk}/")
        assert "记过处分" not in text and "依法必须" not in text


def test_the_public_finds_nothing_of_an_official(cast, desks, client):
    record = confirm(desks, enter(cast, desks, "OF01", title="判决记录"))
    for url in (
        f"/n/{record.number}",
        f"/v/{record.number}",
        f"/search?q={record.number}",
        "/search?q=王诚信",
        "/list/all",
        "/feeds/all.atom",
    ):
        answer = client.get(url)
        text = answer.content.decode().replace("王诚信", "", 2 if "q=王" in url else 0)
        assert "判决记录" not in text, url
    assert client.get(f"/api/v1/records/{record.pk}").status_code == 404
