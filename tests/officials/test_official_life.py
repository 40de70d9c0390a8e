"""A file goes with its official: appointment, promotion, transfer, retirement; access follows, responsibility stays (task 1)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from integrity.acts import NotAllowed
from integrity.models import Kind, MomentSeat, Record, Seat, Subject
from officials.models import Official
from tests import builders
from tests.officials.test_sanctions import confirmed

NUMBER = "371199197001010010"
TODAY = timezone.localdate()


def appoint(cast, **more):
    columns = {"category": "CIVIL_SERVANT", "post": "副科长", "appointed_on": TODAY - timedelta(days=400)} | more
    inputs = {
        "full_name": "李守诺",
        "id_number": NUMBER,
        "workplace": cast.orgs.bureau,
        "document": "日组干字〔2025〕3号",
    }
    inputs |= {k: columns.pop(k) for k in list(columns) if k in inputs}
    return Official(**columns).appoint(by=cast.hr, **inputs)


@pytest.fixture
def other(cast):
    """Another managing authority with its own personnel officer."""
    org = builders.subject("云岭县组织人事部门（演示）", "11371199YYYY10090", area=cast.orgs.county.area)
    founders = (builders.user("f1", "甲"), builders.user("f2", "乙"))
    return builders.seat(builders.user("county_hr", "县人事"), "HR_OFFICER", org, founders)


def test_an_appointment_opens_the_file_with_the_number_sealed(cast):
    row = appoint(cast)
    assert (row.birth_year, row.sex, row.state) == (1970, "MALE", "ACTIVE")
    assert row.unit == cast.orgs.bureau and row.authority == cast.orgs.personnel
    assert NUMBER not in str(Subject.objects.filter(pk=row.subject_id).values())
    assert [a.doc_no for a in row.appointments.all()] == ["日组干字〔2025〕3号"]


def test_nobody_has_two_files(cast):
    appoint(cast)
    with pytest.raises(ValidationError, match="已有诚信档案"):
        appoint(cast)


def test_a_wrong_number_is_named(cast):
    with pytest.raises(ValidationError, match="校验位"):
        appoint(cast, id_number="371199197001010011")


def test_another_authoritys_people_are_not_taken_over(cast, other):
    with pytest.raises(ValidationError, match="由其管理机关办理"):
        Official(category="CIVIL_SERVANT", post="科员", appointed_on=date(2024, 1, 1)).appoint(
            by=other, full_name="王诚信", id_number="371199198002290127", workplace=cast.orgs.county, document="x"
        )


def test_promotion_is_remembered_and_barred_while_a_sanction_runs(cast):
    row = cast.file
    row.promote(by=cast.hr, new_post="副局长", new_rank="二级调研员", since=TODAY, document="日组干字〔2026〕9号")
    first, last = row.appointments.order_by("starts_on")
    assert (first.post, first.until, last.post, last.until) == ("规划科科长", TODAY, "副局长", None)
    confirmed(cast)
    with pytest.raises(ValidationError, match="公务员法第六十四条"):
        row.promote(by=cast.hr, new_post="局长", since=TODAY, document="日组干字〔2026〕10号")


def test_after_a_transfer_access_follows_and_seats_at_the_old_unit_end(cast, other):
    record = confirmed(cast)
    founders = [Seat.objects.get(user__username=u).user for u in ("admin", "admin2")]
    builders.seat(cast.official.user, "UNIT_CLERK", cast.orgs.bureau, founders)
    cast.file.transfer(
        by=cast.hr,
        workplace=cast.orgs.county,
        authority=other.org,
        new_post="副局长",
        since=TODAY,
        document="日组干字〔2026〕11号",
    )
    assert not Official.objects.visible_to(cast.hr).exists() and Official.objects.visible_to(other).count() == 1
    assert not Record.objects.visible_to(cast.hr).filter(pk=record.pk).exists()
    assert Record.objects.visible_to(other).filter(pk=record.pk).exists()
    seats = {s.role_code: (s.state, s.org) for s in Seat.objects.filter(user=cast.official.user)}
    assert seats["UNIT_CLERK"][0] == "REVOKED"
    assert seats["OFFICIAL"] == ("ACTIVE", cast.orgs.county)
    assert Record.objects.visible_to(Seat.objects.get(role_code="OFFICIAL")).filter(pk=record.pk).exists()


def test_who_leaves_keeps_answering_for_his_projects(cast):
    finding = Record(kind=Kind.objects.get(code="AG11")).enter(
        by=cast.clerk, values=builders.values("AG11", cast.orgs.stranger)
    )
    finding.add_party(by=cast.clerk, subject=cast.wang, role="责任人", post="规划科科长")
    cast.file.retire(by=cast.hr, ended_on=TODAY)
    party = finding.parties.get()
    assert (party.subject, party.post) == (cast.wang, "规划科科长")
    assert cast.file.appointments.get().until == TODAY
    values = builders.sample_values("OF10") | {"subject": cast.wang}
    assert Record(kind=Kind.objects.get(code="OF10")).enter(by=cast.hr, values=values).state == "DRAFT"


def test_a_retired_official_still_sees_his_own_file(cast):
    record = confirmed(cast)
    cast.file.retire(by=cast.hr, ended_on=TODAY)
    assert Official.objects.visible_to(cast.official).exists()
    assert Record.objects.visible_to(cast.official).filter(pk=record.pk).exists()


def test_a_file_is_not_sealed_while_records_are_in_use(cast):
    confirmed(cast)
    cast.file.leave(by=cast.hr, ended_on=TODAY, reason="辞职")
    with pytest.raises(ValidationError, match="在用的记录"):
        cast.file.seal(by=cast.hr, reason="期满")


def test_a_sealed_file_is_the_archives_alone(cast):
    cast.file.leave(by=cast.hr, ended_on=TODAY, reason="辞职")
    cast.file.seal(by=cast.hr, reason="保管期满")
    for seat in (cast.hr, cast.official, cast.credit, cast.auditor):
        assert not Official.objects.visible_to(seat).exists()
    assert Official.objects.visible_to(cast.archivist).exists()


def test_only_the_managing_authority_keeps_the_file(cast, other):
    for seat in (other, cast.credit, cast.clerk, cast.official):
        with pytest.raises(NotAllowed):
            cast.file.retire(by=seat, ended_on=TODAY)


def test_whoever_enters_an_old_file_does_not_release_it(cast):
    who = builders.person("周待核", NUMBER, is_official=True, managed_by=cast.orgs.personnel, parent=cast.orgs.bureau)
    row = builders.credit_file(who, by=cast.hr)
    assert row.state == "PENDING"
    with pytest.raises(NotAllowed, match="他人复核"):
        row.release(by=cast.hr)
    assert row.release(by=cast.hr2).state == "ACTIVE"


def test_unit_and_authority_change_by_the_file_alone(cast):
    with pytest.raises(ValidationError, match="随其档案"):
        cast.wang.amend(by=cast.hr, parent=cast.orgs.stranger)


def test_the_promotion_of_a_relative_is_anothers_business(cast):
    cast.hr.user.avoids.add(cast.wang)
    with pytest.raises(NotAllowed, match="回避"):
        cast.file.promote(by=cast.hr, new_post="局长", since=TODAY, document="x")


def test_strangers_and_the_public_see_no_file(cast):
    for seat in (MomentSeat("PUBLIC"), cast.clerk, cast.leader, cast.secrecy, cast.admin, cast.operator, cast.company):
        assert not Official.objects.visible_to(seat).exists()
