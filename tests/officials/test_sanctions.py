"""Sanctions by statute: periods, combination, automatic end, one sanction for one act, grassroots officers (task 1)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from integrity.acts import NotAllowed
from integrity.clocks import add_months
from integrity.models import CLOCK, Kind, Measure, Record
from integrity.models.record.many import expire_many
from tests import builders

APPOINTING, SUPERVISORY = "处分（任免机关、单位）", "政务处分（监察机关）"


def ago(days):
    return timezone.localdate() - timedelta(days=days)


def entered(cast, kind="OF03", days=30, **more):
    """A sanction as the personnel office types it, decided so many days ago."""
    day = ago(days).isoformat()
    facts = {"sanction": "警告", "period_months": 6, "authority_type": APPOINTING, "violation": f"{days} 日前失职"}
    values = builders.sample_values(kind, decided_on=day, effective_on=day, served_on=day) | facts | more
    if kind == "OF05":
        del values["period_months"]
    return Record(kind=Kind.objects.get(code=kind)).enter(by=cast.hr, values=values | {"subject": cast.wang})


def reviewed(cast, *args, **more):
    row = entered(cast, *args, **more).submit(by=cast.hr)
    return row.review(by=cast.hr2, privacy_ok=True, secrecy_ok=True)


def confirmed(cast, *args, **more):
    return reviewed(cast, *args, **more).confirm(by=cast.hr2, send_up=False)


def test_each_sanction_has_the_statutes_period_and_ends_by_itself(cast):
    row = confirmed(cast, sanction="记过", period_months=12)
    assert row.until == add_months(ago(30), 12)
    bars = Measure.objects.filter(record=row)
    assert {(m.kind_id, m.until) for m in bars} == {(c, row.until) for c in ("P01", "P02", "P03")}
    expire_many(row.until, by=CLOCK)
    row.refresh_from_db()
    assert row.state == "EXPIRED" and not Measure.objects.filter(record=row, state="IN_FORCE").exists()


def test_a_warning_does_not_bar_the_pay_step(cast):
    row = confirmed(cast)
    assert {m.kind_id for m in Measure.objects.filter(record=row)} == {"P01", "P02"}


def test_the_period_runs_from_the_day_it_takes_effect(cast):
    row = confirmed(cast, effective_on=ago(20).isoformat())
    assert row.until == add_months(ago(20), 6)


def test_a_new_sanction_joins_what_is_left_of_a_running_one(cast):
    first = confirmed(cast, days=60, sanction="记过", period_months=12)
    second = confirmed(cast, days=10)
    assert second.until == add_months(first.until, 6)
    assert Measure.objects.filter(record=second, kind="P02").get().until == second.until


def test_combined_periods_never_last_longer_than_forty_eight_months(cast):
    for days in (90, 60):
        confirmed(cast, "OF04", days=days, sanction="撤职", period_months=24)
    third = confirmed(cast, "OF04", days=10, sanction="降级", period_months=24)
    assert third.until == add_months(ago(10), 48)


def test_an_earlier_sanction_entered_late_moves_the_later_ones(cast):
    later = confirmed(cast, days=10)
    confirmed(cast, days=60, sanction="记过", period_months=12)
    later.refresh_from_db()
    assert later.until == add_months(add_months(ago(60), 12), 6)
    assert {m.until for m in Measure.objects.filter(record=later)} == {later.until}


def test_a_revoked_sanction_never_ran(cast):
    first = confirmed(cast, days=60, sanction="记过", period_months=12)
    second = confirmed(cast, days=10)
    first.revoke(by=cast.hr2, reason="复核决定撤销")
    second.refresh_from_db()
    assert second.until == add_months(ago(10), 6)
    assert {m.until for m in Measure.objects.filter(record=second)} == {second.until}


def test_no_shorter_period_than_the_statutes(cast):
    with pytest.raises(ValidationError, match="不能少于法定期限"):
        reviewed(cast, sanction="记大过", period_months=12)


def test_no_longer_period_than_forty_eight_months(cast):
    with pytest.raises(ValidationError, match="48"):
        entered(cast, period_months=49)


def test_a_stated_end_must_be_the_computed_one(cast):
    with pytest.raises(ValidationError, match="处分期满日应为"):
        reviewed(cast, ends_on=add_months(ago(30), 7).isoformat())
    assert reviewed(cast, ends_on=add_months(ago(30), 6).isoformat()).state == "REVIEWED"


def test_one_act_is_not_sanctioned_twice(cast):
    confirmed(cast, violation="未按规定审核材料")
    with pytest.raises(ValidationError, match="不得重复给予"):
        reviewed(cast, days=20, authority_type=SUPERVISORY, violation="未按规定，审核材料。")


def test_nor_when_both_wait_for_confirmation_at_once(cast):
    one, two = (reviewed(cast, violation="同一行为", authority_type=t) for t in (APPOINTING, SUPERVISORY))
    one.confirm(by=cast.hr2, send_up=False)
    with pytest.raises(ValidationError, match="不得重复给予"):
        two.confirm(by=cast.hr2, send_up=False)


def test_another_act_by_the_other_body_is_only_pointed_out(cast):
    confirmed(cast)
    row = reviewed(cast, days=20, authority_type=SUPERVISORY)
    assert [p for p in row.problems() if "请核对不是同一违法行为" in p.text and not p.blocks]


def test_grassroots_officers_are_warned_or_given_demerits_only(cast):
    cast.file.amend(by=cast.hr, category="GRASSROOTS_OFFICER", new_post="村委会主任")
    with pytest.raises(ValidationError, match="只适用警告、记过、记大过"):
        reviewed(cast, "OF04", sanction="撤职", period_months=24)
    with pytest.raises(ValidationError, match="只适用警告、记过、记大过"):
        reviewed(cast, "OF05", sanction="开除")
    assert confirmed(cast).state == "CONFIRMED"


def test_what_is_not_of_duty_stays_out(cast):
    with pytest.raises(ValidationError, match="是否履职相关"):
        entered(cast, duty_related="否")
    court = builders.sample_values("OF08")
    row = Record(kind=Kind.objects.get(code="OF08")).enter(by=cast.hr, values=court | {"subject": cast.wang})
    assert row.submit(by=cast.hr).state == "SUBMITTED"


def test_party_discipline_has_no_place(cast):
    with pytest.raises(ValidationError, match="党纪处分不进入本系统"):
        entered(cast, violation="党内严重警告")


def test_a_correction_is_held_to_the_same_rules(cast):
    from integrity.models import Version

    row = confirmed(cast)
    with pytest.raises(ValidationError, match="不能少于法定期限"):
        Version(record=row, changes={"facts": {"sanction": "记大过"}}, reason="原录入有误").propose(by=cast.hr)
    changes = {"facts": {"sanction": "记过", "period_months": 12}}
    fix = Version(record=row, changes=changes, reason="原录入有误").propose(by=cast.hr)
    fix.review(by=cast.hr2).adopt(by=cast.hr2)
    row.refresh_from_db()
    assert row.until == add_months(ago(30), 12)
    assert {m.until for m in Measure.objects.filter(record=row)} == {row.until}


def test_nobody_decides_on_himself(cast):
    cast.hr2.user.person = cast.wang
    row = entered(cast).submit(by=cast.hr)
    with pytest.raises(NotAllowed, match="回避"):
        row.review(by=cast.hr2, privacy_ok=True, secrecy_ok=True)
