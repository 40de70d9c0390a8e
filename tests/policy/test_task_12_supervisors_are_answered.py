"""Task 12: congress, consultative conference, courts and procurators are answered in time, and carried out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from integrity.models import Record, deadline
from integrity.simulation import Moment, simulated
from supervision.models import Motion
from tests.desks import Desk
from tests.paths import motions as paths

TODAY = timezone.localdate
NEW = "/desk/motions/new"
GIVEN = {
    "channel": "DEPUTY", "sort": "建议", "reference": "第118号", "session": "十九届人大五次会议", "topic": "关于延伸公交线路的建议",
    "text": "园区职工上下班不便，建议延伸公交线路。", "proposer": "孙代表",
}  # fmt: skip


def assign(desks, cast, status=302, /, **more):
    given = GIVEN | {"assigned_on": TODAY().isoformat(), "main_unit": cast.orgs.bureau.code}
    place = desks.supervisor.send(NEW, status, **given | more)
    return Motion.objects.select_related("matter").latest("matter__received_at") if status == 302 else place


def step(desk, motion, name, status=302, /, **data):
    return desk.send(f"/desk/matters/{motion.matter_id}/flow/{name}", status, **data)


def fresh(motion):
    return Motion.objects.select_related("matter").get(pk=motion.pk)


def later(days):
    return simulated(Moment(timezone.localtime() + timedelta(days=days)))


# ---- suggestions of deputies, proposals ----


def test_a_suggestion_is_answered_assisted_rated_answered_again_and_published(cast, desks, client):
    motion = assign(desks, cast, secret="on", assisting=cast.orgs.stranger.name)
    assert motion.due_on == deadline("D19", TODAY()).on and motion.matter.unit == cast.orgs.bureau
    assert motion.topic in desks.stranger_reviewer.see("/desk/motions/")
    helping = f"/desk/motions/{motion.pk}/assist"
    assert motion.text in desks.stranger_reviewer.see(helping)
    desks.stranger_reviewer.send(helping, 302, opinion="已安排配套道路。")
    step(desks.reviewer, motion, "accept")
    step(desks.reviewer, motion, "answer", outcome="B", reply="已列入明年线网优化计划。")
    step(desks.supervisor, motion, "rate", attitude="满意", result_rating="不满意")
    step(desks.supervisor, motion, "rework", reason="没有时间表")
    assert fresh(motion).matter.due_on == deadline("D22", TODAY()).on
    step(desks.reviewer, motion, "answer", outcome="A", reply="线路已于本月延伸至园区。")
    step(desks.supervisor, motion, "rate", attitude="满意", result_rating="满意")
    step(desks.reviewer, motion, "carry_out", carried="线路已开通", carried_on=TODAY().isoformat())
    step(desks.supervisor, motion, "publish", privacy_ok="on", secrecy_ok="on")
    step(desks.supervisor, motion, "close")
    page = client.get(f"/answers/{motion.matter.number}").content.decode()
    assert "线路已于本月延伸至园区" in page and "孙代表" not in page and "代表要求保密" in page
    assert motion.topic in client.get("/answers/").content.decode()
    items = client.get("/api/v1/motions").json()["items"]
    assert [(i["number"], i["proposer"]) for i in items] == [(motion.matter.number, "")]
    board = desks.supervisor.see("/desk/motions/board")
    assert cast.orgs.bureau.name in board and "1/1" in board


def test_an_unpublished_answer_is_nowhere_for_the_public(cast, client):
    motion = paths.answered(cast)
    assert client.get(f"/answers/{motion.matter.number}").status_code == 404
    assert client.get("/api/v1/motions").json()["items"] == []


def test_a_broad_suggestion_has_six_months_from_the_same_day(cast, desks):
    motion = assign(desks, cast)
    step(desks.supervisor, motion, "prolong", reason="涉及三个部门")
    assert fresh(motion).due_on == deadline("D19", TODAY(), term=1).on
    assert "延长一次" in step(desks.supervisor, motion, "prolong", 422, reason="再次")


def test_a_misdirected_suggestion_goes_back_within_five_days_and_to_another_unit(cast, desks):
    motion = assign(desks, cast)
    step(desks.reviewer, motion, "return_", reason="属于水利部门职责")
    step(desks.supervisor, motion, "reassign", unit=cast.orgs.stranger.code)
    step(desks.stranger_reviewer, motion, "accept")
    assert fresh(motion).main_unit == cast.orgs.stranger
    desks.reviewer.see(f"/desk/matters/{motion.matter_id}/", 404)


def test_after_five_days_it_is_not_sent_back(cast):
    motion = paths.assigned(cast)
    with later(8):
        assert "五日内" in step(Desk(cast.reviewer), motion, "return_", 422, reason="职责不符")


def test_the_same_number_is_assigned_to_a_unit_once(cast, desks):
    assign(desks, cast)
    assert "已经交办" in assign(desks, cast, 422)
    assign(desks, cast, main_unit=cast.orgs.stranger.code)


def test_what_is_missing_or_wrong_is_said_and_kept(cast, desks):
    page = assign(desks, cast, 422, sort="审议意见", session="", assisting="没有这个局")
    assert "类型须为" in page and "请填写会议届次" in page and "园区职工上下班不便" in page


def test_only_the_main_unit_answers_and_only_the_assigning_office_rates(cast, desks):
    motion = paths.answered(cast)
    assert "由主办单位办理" in step(desks.credit, motion, "carry_out", 409, carried="x", carried_on=TODAY().isoformat())
    desks.stranger_reviewer.see(f"/desk/matters/{motion.matter_id}/", 404)
    assert "由交办单位办理" in step(desks.reviewer, motion, "rate", 409, attitude="满意", result_rating="满意")
    assert desks.stranger_reviewer.get(f"/desk/motions/{motion.pk}/assist").status_code == 404


# ---- opinions of the standing committee ----


def test_the_standing_committee_sets_the_day_and_votes_on_the_report(cast, desks):
    until = TODAY() + timedelta(days=60)
    assert "请填写报告落实情况的期限" in assign(
        desks, cast, 422, channel="COMMITTEE", sort="执法检查", reference="〔2026〕2号"
    )
    motion = assign(
        desks, cast, channel="COMMITTEE", sort="执法检查", reference="〔2026〕2号", set_until=until.isoformat()
    )
    assert (motion.due_on, motion.matter.due_explain) == (until, [f"按文书指定的日期，应于 {until} 前办理"])
    step(desks.reviewer, motion, "accept")
    step(desks.reviewer, motion, "answer", outcome="已落实", reply="逐条整改落实。")
    step(desks.supervisor, motion, "vote", votes_good="30", votes_fair="4", votes_bad="1")
    page = desks.supervisor.see(f"/desk/matters/{motion.matter_id}/")
    assert "满意 30 票，基本满意 4 票，不满意 1 票" in page
    assert "不产生逾期记录" in step(desks.supervisor, motion, "find_late", 422, verdict_no="日人办〔2026〕1号")


# ---- recommendations of courts and procurators ----


def test_a_judicial_recommendation_is_answered_point_by_point(cast, desks):
    pairs = "合同台账不全——建立履约台账\n付款拖延——按期付款"
    motion = assign(
        desks,
        cast,
        channel="COURT",
        sort="司法建议",
        session="",
        reference="〔2026〕日法建1号",
        proposer="日照市中级人民法院",
        pairs=pairs,
    )
    assert motion.due_on == deadline("D24", TODAY()).on and len(motion.points) == 2
    step(desks.reviewer, motion, "accept")
    done = {"outcome": "部分采纳", "reply": "逐项答复如下。"}
    assert "还有 2 个问题" in step(desks.reviewer, motion, "answer", 422, **done)
    step(desks.reviewer, motion, "answer_point", point="1", adopted="采纳", point_reply="已建立台账。")
    step(desks.reviewer, motion, "answer_point", point="2", adopted="不采纳", point_reply="财政年度未到。")
    step(desks.reviewer, motion, "answer", **done)
    assert "不采纳：财政年度未到。" in desks.supervisor.see(f"/desk/matters/{motion.matter_id}/")


@pytest.mark.parametrize(("urgent", "term"), [("", 0), ("on", 1)])
def test_public_interest_recommendations_have_two_months_or_fifteen_days(cast, desks, urgent, term):
    more = {"urgent": urgent} if urgent else {}
    motion = assign(
        desks, cast, channel="PROCURATOR", sort="公益诉讼", session="", reference="日检建〔2026〕3号", **more
    )
    assert motion.due_on == deadline("D26", TODAY(), term=term).on


def test_pairs_are_written_as_pairs(cast, desks):
    page = assign(desks, cast, 422, channel="COURT", sort="司法建议", session="", pairs="只有问题")
    assert "第 1 行请写成“问题——建议”" in page


# ---- late ones ----


@pytest.mark.parametrize(
    ("channel", "sort", "code"),
    [("DEPUTY", "建议", "SV02"), ("PROPOSAL", "委员", "SV03"), ("COURT", "司法建议", "SV04"), ("PROCURATOR", "纠正违法", "SV05")],
)  # fmt: skip
def test_a_late_answer_becomes_a_record_only_after_notice_hearing_and_review(cast, channel, sort, code):
    motion = paths.accepted(cast, channel, sort)
    early = step(Desk(cast.supervisor), motion, "find_late", 422, verdict_no="日人办〔2026〕3号")
    assert "没有逾期" in early
    with later(200):
        step(Desk(cast.supervisor), motion, "find_late", verdict_no="日人办〔2026〕3号")
        found = Record.objects.get(kind=code)
        assert (found.state, found.subject, found.publicity) == ("SUBMITTED", cast.orgs.bureau, "NOT_PUBLIC")
        assert date.fromisoformat(found.facts["due_on"]) == motion.due_on
        found.notify(by=cast.credit, served_on=TODAY())
        found.hear(by=cast.credit, statement="人手不足", outcome="不予采纳")
        found.review(by=cast.credit, privacy_ok=True, secrecy_ok=True).confirm(by=cast.credit2)
    assert Record.objects.get(pk=found.pk).state == "CONFIRMED"


def test_a_recommendation_answered_but_not_carried_out_is_found_too(cast, desks):
    more = {"answer": {"outcome": "采纳", "reply": "立即整改。"}}
    motion = paths.answered(cast, "PROCURATOR", "纠正违法", **more)
    step(desks.supervisor, motion, "find_late", verdict_no="日检办〔2026〕3号", not_done="答复后六个月仍未整改。")
    assert Record.objects.get(kind="SV05").facts["problem"] == "答复后六个月仍未整改。"


def test_the_list_asks_few_questions(cast, desks, django_assert_max_num_queries):
    for n in range(6):
        paths.assigned(cast, reference=f"第{n}号")
    with django_assert_max_num_queries(14):
        desks.supervisor.see("/desk/motions/")
