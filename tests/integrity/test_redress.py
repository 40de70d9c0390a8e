"""Objection, repair, complaint and leniency: three separate flows, each with its clock and its second person (task 4)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from integrity.acts import NotAllowed, Refused
from integrity.models import (
    PUBLIC,
    Event,
    HandlingComplaint,
    Leniency,
    Matter,
    Measure,
    Objection,
    Record,
    RepairApplication,
    deadline,
)
from tests import builders

DAY = timedelta(days=1)


def penalty(cast, days=30, **more):
    day = (timezone.localdate() - days * DAY).isoformat()
    return builders.published(
        cast, "DP02", who="market", reviewer="market_reviewer", decided_on=day, served_on=day, **more
    )


def objection(cast, record, by=None):
    return Objection(record=record, reason="WRONG", text="罚款金额与决定书记载不一致。").file(by=by or cast.company)


def other_reviewer(cast):
    """A second reviewer of the market bureau, who had no part in the record."""
    return builders.seat(builders.user("market3", "市场监管三"), "UNIT_REVIEWER", cast.orgs.market, cast_founders(cast))


def cast_founders(cast):
    return (cast.admin.user, cast.admin2.user)


def test_an_objection_marks_the_record_and_is_answered_by_another_person(cast):
    record = penalty(cast)
    row = objection(cast, record)
    record.refresh_from_db()
    assert record.objection_open and row.matter.due_on == deadline("D02", timezone.localdate()).on
    with pytest.raises(ValidationError, match="其他人员"):
        row.decide(by=cast.market_reviewer, outcome="不成立", reply="与决定书一致。")
    row.decide(by=other_reviewer(cast), outcome="不成立", reply="与决定书一致。")
    record.refresh_from_db()
    assert not record.objection_open and row.matter.state == "REPLIED" and record in Record.objects.public()


def test_an_upheld_objection_revokes_and_ends_publication_at_once(cast):
    record = penalty(cast)
    objection(cast, record).decide(by=other_reviewer(cast), outcome="成立，撤销记录", reply="原决定已撤销。")
    record.refresh_from_db()
    assert (record.state, record.publicity) == ("REVOKED", "WITHDRAWN")
    assert Event.objects.of(record).last().user == builders.User.objects.get(username="market3")


def test_a_wrong_text_is_off_the_pages_until_it_is_corrected(cast):
    record = penalty(cast)
    objection(cast, record).decide(by=other_reviewer(cast), outcome="部分成立，更正记录", reply="金额有误，予以更正。")
    assert record not in Record.objects.public()


def test_help_from_another_unit_makes_it_seven_days(cast):
    row = objection(cast, penalty(cast)).assist(by=cast.market_reviewer, unit=cast.orgs.bureau)
    assert row.matter.due_on == deadline("D03", timezone.localdate()).on


def test_a_recheck_goes_once_to_the_superior(cast):
    record = penalty(cast)
    row = objection(cast, record)
    row.decide(by=other_reviewer(cast), outcome="不成立", reply="与决定书一致。")
    row.ask_recheck(by=cast.company, reason="未看证据")
    assert row.matter.unit == cast.orgs.credit and row.matter.state == "REWORK"
    with pytest.raises(NotAllowed, match="承办单位"):
        row.decide(by=cast.market_reviewer, outcome="不成立", reply="x")
    row.decide(by=cast.credit2, outcome="不成立", reply="维持。")
    with pytest.raises(ValidationError, match="一次"):
        row.ask_recheck(by=cast.company, reason="再来")


def test_nobody_objects_for_another(cast):
    with pytest.raises(NotAllowed, match="本人或者其代表"):
        objection(cast, penalty(cast), by=cast.agency)
    with pytest.raises(NotAllowed):
        objection(cast, penalty(cast, doc_no="日市监处罚〔2026〕99号"), by=PUBLIC)


def test_without_an_account_the_authorisation_is_checked_first(cast):
    record = penalty(cast)
    row = Objection(record=record, reason="WRONG", text="罚款金额与决定书记载不一致。", agent="张经办").file(by=PUBLIC)
    record.refresh_from_db()
    assert not record.objection_open
    with pytest.raises(ValidationError, match="核验"):
        row.decide(by=other_reviewer(cast), outcome="不成立", reply="x")
    row.verify(by=cast.market_reviewer, reason="授权书、营业执照齐全")
    record.refresh_from_db()
    assert record.objection_open


def test_repair_waits_is_accepted_by_one_and_decided_by_another(cast):
    early = penalty(cast)
    with pytest.raises(ValidationError, match="最短公示期"):
        RepairApplication(record=early, proof="罚款已经缴清，附票据。").file(by=cast.company, pledged=True)
    record = penalty(cast, 120, doc_no="日市监处罚〔2026〕44号")
    with pytest.raises(ValidationError, match="承诺"):
        RepairApplication(record=record, proof="罚款已经缴清，附票据。").file(by=cast.company, pledged=False)
    row = RepairApplication(record=record, proof="罚款已经缴清，附票据。").file(by=cast.company, pledged=True)
    row.accept(by=cast.market_reviewer)
    with pytest.raises(ValidationError, match="他人受理"):
        row.decide(by=cast.market_reviewer, outcome="准予修复", reply="已履行。")
    row.decide(by=other_reviewer(cast), outcome="准予修复", reply="已履行。")
    record.refresh_from_db()
    assert (record.state, record.publicity) == ("REPAIRED", "ENDED_REPAIR")
    assert not Measure.objects.in_force().filter(record=record).exists()


def test_a_refused_repair_leaves_everything(cast):
    record = penalty(cast, 120)
    row = RepairApplication(record=record, proof="罚款已经缴清，附票据。").file(by=cast.company, pledged=True)
    row.ask_papers(by=cast.market_reviewer, reason="缴款票据")
    row.matter.supplement(by=cast.company, text="补交票据")
    row.accept(by=cast.market_reviewer)
    row.decide(by=other_reviewer(cast), outcome="不予修复", reply="票据无效。")
    assert record in Record.objects.public()


def test_dismissal_and_court_lists_are_not_repaired_on_application(cast):
    record = Record(kind_id="LS01")
    assert "人民法院" in record.repair_obstacle()


def test_a_complaint_is_not_answered_by_those_complained_of(cast):
    record = penalty(cast)
    row = HandlingComplaint(record=record, text="告知后未听取陈述申辩。").file(by=cast.company)
    assert row.matter.unit == cast.orgs.credit
    with pytest.raises(ValidationError, match="经办人"):
        row.decide(by=cast.credit, outcome="不属实", reply="x")
    third = builders.seat(builders.user("credit3", "信用办三"), "CREDIT_CITY", cast.orgs.credit, cast_founders(cast))
    row.decide(by=third, outcome="不属实", reply="程序完备。")
    assert Matter.objects.visible_to(cast.company).get().reply == "程序完备。"


def test_leniency_is_proposed_by_one_and_decided_by_another_and_the_record_stays(cast):
    record = builders.confirmed(cast, "DP02", who="market", reviewer="market_reviewer")
    measure = Measure(
        kind_id="E06", record=record, basis="山东条例28(四)", effect="reference", decided_unit=cast.orgs.market,
        decided_on=timezone.localdate(), starts_on=timezone.localdate(),
    ).impose(by=cast.market_reviewer)  # fmt: skip
    row = Leniency(measure=measure, ground="RECOVERED_LOSS", outcome="EXEMPT", reason="已退还全部费用").propose(
        by=cast.market_reviewer
    )
    with pytest.raises(Refused):
        row.decide(by=cast.market_reviewer)
    row.decide(by=cast.credit)
    record.refresh_from_db()
    measure.refresh_from_db()
    assert (measure.state, record.state, record.exempted) == ("EXEMPTED", "CONFIRMED", True)


def test_matters_about_restricted_records_stay_with_their_readers(cast):
    from tests import scenes

    restricted = scenes.all_states(cast)["restricted"]
    row = Objection(record=restricted, reason="WRONG", text="处分期计算有误，请核对。").file(by=cast.official)
    assert row in Objection.objects.visible_to(cast.hr2) and row in Objection.objects.visible_to(cast.official)
    for seat in (cast.credit, cast.auditor, cast.clerk, cast.leader, cast.county, cast.admin):
        assert row not in Objection.objects.visible_to(seat)
