"""任务 4：the official objects, repairs, complains, reports himself; each flow by itself, each decided by another person."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integrity.models import Leniency, Matter, Measure, Record, deadline
from tests import builders
from tests.desks import Desk
from tests.policy.test_task_01_credit_files import confirm, enter

OBJECTION = {"reason": "WRONG", "text": "处罚决定书已经变更，金额与记载不一致。"}
REPAIR = {"proof": "罚款已经缴清，违法所得已经退回，材料附后。", "pledged": "on"}


@pytest.fixture
def third(cast):
    """A third personnel officer, who had no part in the record."""
    seat = builders.seat(
        builders.user("hr3", "人事三"), "HR_OFFICER", cast.orgs.personnel, (cast.admin.user, cast.admin2.user)
    )
    return Desk(seat)


@pytest.fixture
def penalty(cast, desks):
    """A penalty of Wang's duty, two hundred days old: its minimum has passed."""
    return confirm(desks, enter(cast, desks, "OF02", back=200, title="履职处罚", penalty_kinds="罚款", fine_wan="1"))


def filed(desks, record, flow, **data):
    there = desks.official.send(f"/me/records/{record.pk}/{flow}", **data)
    return Matter.objects.get(number=there.split("/")[3])


def again(record):
    return Record.objects.get(pk=record.pk)


# ---- objection: the data is wrong ----


def test_an_objection_marks_the_record_and_another_person_answers_in_three_days(cast, desks, third, penalty):
    matter = filed(desks, penalty, "object", **OBJECTION)
    assert matter.due_on == deadline("D02", timezone.localdate()).on
    assert "异议处理中" in desks.hr.see(f"/desk/officials/{cast.file.pk}/")
    same = desks.hr2.send(f"/desk/matters/{matter.pk}/flow/decide", 422, outcome="不成立", reply="与处罚决定书一致。")
    assert "其他人员" in same and "与处罚决定书一致" in same
    third.send(f"/desk/matters/{matter.pk}/flow/decide", outcome="不成立", reply="与处罚决定书一致。")
    assert not again(penalty).objection_open
    assert "与处罚决定书一致" in desks.official.see(f"/me/matters/{matter.number}/")


def test_help_of_another_unit_makes_it_seven_days(cast, desks, third, penalty):
    matter = filed(desks, penalty, "object", **OBJECTION)
    third.send(f"/desk/matters/{matter.pk}/flow/assist", unit=cast.orgs.market.code)
    matter.refresh_from_db()
    assert matter.due_on == deadline("D03", timezone.localdate()).on


def test_not_content_he_asks_the_superior_once(cast, desks, third, penalty):
    matter = filed(desks, penalty, "object", **OBJECTION)
    third.send(f"/desk/matters/{matter.pk}/flow/decide", outcome="不成立", reply="一致。")
    desks.official.send(f"/me/matters/{matter.number}/flow/ask_recheck", reason="没有调取变更后的决定书")
    matter.refresh_from_db()
    assert matter.unit == cast.orgs.credit
    desks.credit2.send(f"/desk/matters/{matter.pk}/flow/decide", outcome="成立，撤销记录", reply="决定书已变更。")
    assert again(penalty).state == "REVOKED"
    assert again(penalty).objection_open is False


# ---- repair: the data is right, and put right ----


def test_repair_ends_record_measures_and_sharing_in_one_act(cast, desks, third, penalty):
    matter = filed(desks, penalty, "repair", **REPAIR)
    desks.hr2.send(f"/desk/matters/{matter.pk}/flow/accept")
    third.send(f"/desk/matters/{matter.pk}/flow/decide", outcome="准予修复", reply="已经纠正。")
    row = again(penalty)
    assert row.state == "REPAIRED" and not Measure.objects.in_force().filter(record=row).exists()
    answers = desks.hr.send(
        "/desk/checks/new", purpose="PERSONNEL", stage="MERIT", matter="评优", ground="x", subjects="371199198002290127"
    )
    assert "没有在用的失信记录" in desks.hr.see(answers)


def test_it_is_too_early_before_the_minimum(cast, desks):
    fresh = builders.published(cast, "DP02", who="market", reviewer="market_reviewer")
    text = desks.company.send(f"/me/records/{fresh.pk}/repair", 422, **REPAIR)
    assert f"最短公示期至 {fresh.repair_from}" in text and REPAIR["proof"] in text and not Matter.objects.exists()


def test_a_sanction_ends_by_itself_and_is_not_repaired(cast, desks):
    from tests.policy.test_task_01_credit_files import DEMERIT

    record = confirm(desks, enter(cast, desks, **DEMERIT))
    assert "处分期满自动解除" in desks.official.send(f"/me/records/{record.pk}/repair", 422, **REPAIR)


def test_without_the_pledge_there_is_no_repair(desks, penalty):
    text = desks.official.send(f"/me/records/{penalty.pk}/repair", 422, proof=REPAIR["proof"])
    assert "信用修复承诺" in text


def test_who_accepted_does_not_decide(desks, third, penalty):
    matter = filed(desks, penalty, "repair", **REPAIR)
    third.send(f"/desk/matters/{matter.pk}/flow/accept")
    text = third.send(f"/desk/matters/{matter.pk}/flow/decide", 422, outcome="准予修复", reply="已经纠正。")
    assert "他人受理" in text and again(penalty).state == "CONFIRMED"


# ---- complaint: the handling was wrong ----


def test_a_complaint_goes_to_the_credit_office_and_not_to_those_complained_of(cast, desks, third, penalty):
    matter = filed(desks, penalty, "handling", text="经办人没有听取本人的陈述申辩。")
    assert matter.unit == cast.orgs.credit
    assert third.get(f"/desk/matters/{matter.pk}/flow/decide").status_code in (404, 409)
    desks.credit.send(f"/desk/matters/{matter.pk}/flow/decide", outcome="不属实", reply="听取笔录在案。")
    assert "听取笔录在案" in desks.official.see(f"/me/matters/{matter.number}/")


# ---- care: leniency and self-report ----


def imposed(desks, cast, record):
    today = timezone.localdate()
    data = {
        "kind": "P04", "effect": "reference", "basis": "任务3", "decided_unit": cast.orgs.personnel.code,
        "decided_on": today.isoformat(), "starts_on": today.isoformat(), "until": (today + timedelta(days=30)).isoformat(),
    }  # fmt: skip
    desks.hr.see(f"/desk/records/{record.pk}/")
    desks.hr.send(f"/desk/records/{record.pk}/impose", **data)
    return Measure.objects.get(record=record, kind="P04")


ASKED = {"ground": "RECOVERED_LOSS", "outcome": "EXEMPT", "reason": "主动退赔全部损失，有银行回单"}


@pytest.mark.parametrize(("outcome", "state"), [("EXEMPT", "EXEMPTED"), ("MITIGATE", "MITIGATED")])
def test_recovered_loss_lightens_the_measure_and_the_record_stays(cast, desks, penalty, outcome, state):
    measure = imposed(desks, cast, penalty)
    desks.hr.send(f"/desk/measures/{measure.pk}/leniency", **ASKED | {"outcome": outcome})
    row = Leniency.objects.get()
    desks.hr2.see(f"/desk/records/{penalty.pk}/")
    desks.hr.send(f"/desk/leniencies/{row.pk}/decide", 409)
    desks.hr2.send(f"/desk/leniencies/{row.pk}/decide")
    measure.refresh_from_db()
    stays = again(penalty)
    assert (measure.state, stays.state) == (state, "CONFIRMED")
    assert stays.exempted if outcome == "EXEMPT" else stays.mitigated


def test_what_statute_demands_is_not_forgiven(cast, desks):
    from tests.policy.test_task_01_credit_files import DEMERIT

    record = confirm(desks, enter(cast, desks, **DEMERIT))
    bar = Measure.objects.get(record=record, kind="P01")
    desks.hr.see(f"/desk/records/{record.pk}/")
    desks.hr.send(f"/desk/measures/{bar.pk}/leniency", **ASKED)
    text = desks.hr2.send(f"/desk/leniencies/{Leniency.objects.get().pk}/decide", 422)
    assert "依法必须实施的措施不能免于实施" in text


def test_a_self_report_comes_before_any_finding_and_is_checked(cast, desks):
    report = {
        "headline": "多收的费用已经退还", "ground": "RECOVERED_LOSS", "recovered_wan": "1.5",
        "text": "自查发现多收费用一万五千元，已全部退还当事人。", "unit": cast.orgs.personnel.code,
    }  # fmt: skip
    matter = Matter.objects.get(number=desks.official.send("/me/self-report", **report).split("/")[3])
    desks.hr.send(f"/desk/matters/{matter.pk}/flow/decide", outcome="属实，采纳", reply="已核实退款。")
    assert "已核实退款" in desks.official.see(f"/me/matters/{matter.number}/")
    assert not Record.objects.exists()


# ---- who may not ----


@pytest.mark.parametrize("flow", ["object", "repair", "handling"])
@pytest.mark.parametrize("who", ["company", "agency", "expert"])
def test_nobody_else_files_about_his_record(desks, penalty, who, flow):
    data = {"object": OBJECTION, "repair": REPAIR, "handling": {"text": "没有听取陈述申辩，程序不当。"}}[flow]
    assert desks.__dict__[who].post(f"/me/records/{penalty.pk}/{flow}", data).status_code == 404


def test_nobody_decides_on_a_relative(cast, desks, third, penalty):
    third.seat.user.avoids.add(cast.wang)
    matter = filed(desks, penalty, "repair", **REPAIR)
    desks.hr2.send(f"/desk/matters/{matter.pk}/flow/accept")
    assert "回避" in third.send(f"/desk/matters/{matter.pk}/flow/decide", 409, outcome="准予修复", reply="已经纠正。")


def test_nobody_decides_on_himself(cast, desks, third, penalty):
    matter = filed(desks, penalty, "repair", **REPAIR)
    desks.hr2.send(f"/desk/matters/{matter.pk}/flow/accept")
    cast.official.user.person = None
    cast.official.user.save()
    third.seat.user.person = cast.wang
    third.seat.user.save()
    assert "回避" in third.send(f"/desk/matters/{matter.pk}/flow/decide", 409, outcome="准予修复", reply="已经纠正。")


def test_a_unit_does_not_decide_on_a_record_about_itself(cast, desks):
    record = builders.published(cast, "AG11", who="stranger", reviewer="stranger_reviewer", subject=cast.orgs.bureau)
    there = desks.agency.send(f"/me/records/{record.pk}/object", **OBJECTION)
    matter = Matter.objects.get(number=there.split("/")[3])
    assert matter.unit == cast.orgs.stranger
    assert desks.reviewer.get(f"/desk/matters/{matter.pk}/flow/decide").status_code in (404, 409, 200)
    done = desks.reviewer.post(f"/desk/matters/{matter.pk}/flow/decide", {"outcome": "成立，撤销记录", "reply": "撤"})
    assert done.status_code in (404, 409) and again(record).state == "CONFIRMED"
