"""Task 11: superiors inspect lower governments and agencies; scores come from an approved scheme and the ledger alone."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from integrity.models import Commitment, Record, deadline
from supervision.models import Assessment, ConfirmedNumber, InspectionFinding, InspectionRound, Score
from supervision.vertical.recompute import differences
from tests import builders
from tests.desks import Desk
from tests.integrity.api.conftest import Caller, token_of
from tests.paths import inspection as paths
from tests.paths import motions
from tests.paths.sanctions import dishonest

TODAY = timezone.localdate
YEAR = TODAY().year
ROUND = {
    "name": "第一轮政务诚信督察",
    "year": "2026",
    "plan": "重点督察承诺兑现。",
    "team": "组长：督查室",
    "starts_on": "2026-03-01",
    "ends_on": "2026-12-31",
}
FINDING = {"problem": "承诺的公交线路逾期未开通。", "basis": "日政发〔2018〕12号任务11", "harm": "危害群众利益"}


def step(desk, finding, name, status=302, /, **data):
    return desk.send(f"/desk/matters/{finding.matter_id}/flow/{name}", status, **data)


@pytest.fixture
def finding(cast, desks):
    place = desks.supervisor.send(
        "/desk/inspections/new", 302, **ROUND, targets_text=f"{cast.orgs.bureau.name}、{cast.orgs.county_bureau.name}"
    )
    desks.supervisor.send(f"{place}find", 302, **FINDING, target=cast.orgs.bureau.code)
    return InspectionFinding.objects.get()


@pytest.fixture
def colleague(cast):
    """A second member of the inspection team."""
    founders = (cast.admin.user, cast.admin2.user)
    return Desk(builders.seat(builders.user("supervisor2", "督察员乙"), "SUPERVISOR", cast.orgs.government, founders))


# ---- inspection ----


def test_a_finding_is_noticed_replied_to_mended_and_accepted_by_another_person(cast, desks, colleague, finding):
    step(desks.supervisor, finding, "notify", served_on=TODAY().isoformat())
    finding.matter.refresh_from_db()
    assert (finding.matter.unit, finding.matter.due_on) == (cast.orgs.bureau, deadline("D15", TODAY()).on)
    step(desks.reviewer, finding, "reply", unit_reply="属实，正在采购车辆。")
    until = TODAY() + timedelta(days=20)
    step(desks.supervisor, finding, "order", mend_order="限期开通", rectify_until=until.isoformat())
    step(desks.reviewer, finding, "submit", done_text="已开通。")
    assert "不能验收" in step(desks.supervisor, finding, "accept", 422, check_result="可以")
    step(colleague, finding, "fail", check_result="班次不足。")
    step(desks.reviewer, finding, "submit", done_text="班次已加密。")
    step(colleague, finding, "accept", check_result="符合要求。")
    finding.refresh_from_db()
    assert (finding.state, finding.matter.outcome) == ("PASSED", "已整改")
    place = f"/desk/inspections/{finding.round_id}/"
    assert "班次" not in desks.leader.see(place) and finding.problem in desks.supervisor.see(place)
    desks.supervisor.send(f"{place}close", 302)
    assert InspectionRound.objects.get().state == "CLOSED"


def test_targets_are_lower_governments_and_agencies_only(cast, desks):
    for unit in (cast.orgs.government, cast.orgs.company):
        page = desks.supervisor.send("/desk/inspections/new", 422, **ROUND, targets_text=unit.name)
        assert unit.name in page and "重点督察承诺兑现" in page
    assert desks.credit.post("/desk/inspections/new", ROUND).status_code == 403
    assert "由督察机构的监督联络员办理" in desks.clerk.send(
        "/desk/inspections/new", 409, **ROUND, targets_text=cast.orgs.stranger.name
    )
    assert not InspectionRound.objects.exists()


def test_only_a_target_of_the_round_can_be_found_wanting(cast, desks, finding):
    page = desks.supervisor.send(
        f"/desk/inspections/{finding.round_id}/find", 422, **FINDING, target=cast.orgs.stranger.code
    )
    assert "不是本轮督察的对象" in page


def test_a_round_with_open_findings_does_not_end(desks, finding):
    assert "还有 1 个问题" in desks.supervisor.send(f"/desk/inspections/{finding.round_id}/close", 422)


def test_a_confirmed_finding_becomes_a_record_only_after_notice_and_review(cast, desks, finding):
    step(desks.supervisor, finding, "notify", served_on=TODAY().isoformat())
    step(desks.supervisor, finding, "confirm", 409, verdict_no="日督〔2026〕6号")  # not before the unit was heard
    step(desks.reviewer, finding, "reply", unit_reply="属实。")
    step(desks.supervisor, finding, "confirm", verdict_no="日督〔2026〕6号")
    found = Record.objects.get(kind="SV01")
    assert (found.state, found.subject, found.publicity) == ("SUBMITTED", cast.orgs.bureau, "NOT_PUBLIC")
    found.notify(by=cast.credit, served_on=TODAY())
    found.hear(by=cast.credit, statement="车辆采购延期", outcome="不予采纳")
    found.review(by=cast.credit, privacy_ok=True, secrecy_ok=True).confirm(by=cast.credit2)
    assert Record.objects.get(pk=found.pk).state == "CONFIRMED"


def test_other_units_see_no_finding(desks, finding):
    desks.stranger_reviewer.see(f"/desk/matters/{finding.matter_id}/", 404)
    assert desks.reviewer.get(f"/desk/inspections/{finding.round_id}/").status_code == 403
    step(desks.reviewer, finding, "notify", 404, served_on=TODAY().isoformat())  # the unit hears of it by the notice
    step(desks.supervisor, finding, "notify", served_on=TODAY().isoformat())
    step(desks.stranger_reviewer, finding, "reply", 404, unit_reply="属实。")


# ---- assessment ----


@pytest.fixture
def year(cast, desks):
    """What the year holds: an answered and a late motion, a court's judgment, promises kept and broken, a confirmed number."""
    motions.answered(cast)
    motions.overdue(cast, reference="第7号")
    dishonest(cast)
    ConfirmedNumber(unit=cast.orgs.bureau, year=YEAR, number=2, doc_no="日组核〔2026〕3号").enter(by=cast.hr)
    given = {
        "year": str(YEAR),
        "name": "政务诚信考核方案",
        "doc_no": "日诚信办〔2026〕1号",
        "indicators_text": paths.INDICATORS,
    }
    return desks.credit.send("/desk/assessments/new", 302, **given)


def publish(desks, place, **more):
    desks.credit2.send(f"{place}approve", 302)
    desks.credit.send(f"{place}reckon", 302)
    desks.credit.send(f"{place}publish", 302, year_summary="全市政务诚信水平稳步提升。", **more)


def test_published_scores_are_reckoned_again_from_the_auditors_interface(cast, desks, client, year):
    publish(desks, year, totals_public="on")
    score = Score.objects.get(unit=cast.orgs.bureau)
    assert {i["type"] for i in score.items} >= {"motion", "record", "confirmed-number"}
    caller = Caller(token_of(cast.auditor))

    def get(resource, query):
        answer = caller.get(resource, **query)
        assert answer.status_code == 200
        return answer.json()

    assert list(differences(get, YEAR)) == []
    shown = get("scores", {"year": YEAR})["items"]
    assert (
        shown
        and "王诚信" not in str(shown)
        and next(s for s in shown if s["unit"]["name"] == cast.orgs.bureau.name)["items"] == score.items
    )

    def tampered(resource, query):
        page = get(resource, query)
        return page | {"items": [item | {"total": "100.00"} for item in page["items"]]}

    assert list(differences(tampered, YEAR))[0][0] == cast.orgs.bureau.name
    page = client.get(f"/assessment/{YEAR}/").content.decode()
    assert "稳步提升" in page and cast.orgs.bureau.name in page and str(score.total) in page
    assert "items" not in client.get("/api/v1/scores").json()["items"][0]


def test_points_follow_from_items(cast, desks, year):
    publish(desks, year)
    score = Score.objects.get(unit=cast.orgs.bureau)
    by = {i["name"]: (points, len(items)) for i, points, items in score.by_indicator()}
    assert by["承诺兑现"] == ("40.00", Commitment.objects.filter(pledge__subject=cast.orgs.bureau).count())
    assert by["公务人员"] == ("3.00", 1)
    assert by["失信记录"][0] == f"{max(0, 10 - 2 * 3)}.00"  # a judgment is serious and counts three
    page = desks.reviewer.see(f"/desk/scores/{score.pk}/")
    assert "日组核〔2026〕3号" in page and "王诚信" not in page


def test_a_scheme_is_approved_by_another_person_and_then_frozen(desks, year):
    assert "须由他人批准" in desks.credit.send(f"{year}approve", 409)
    assert "待批准" in desks.credit.send(f"{year}reckon", 409)
    desks.credit2.send(f"{year}approve", 302)
    assert "已冻结" in desks.credit2.send(f"{year}approve", 409)
    row = Assessment.objects.get()
    assert row.state == "FROZEN" and len(row.digest) == 64


@pytest.mark.parametrize(
    ("text", "said"),
    [("承诺｜90｜承诺按期兑现率", "合计须为 100"), ("排名｜100｜一票否决", "第 1 行请写成"), ("失信｜100｜records", "每件扣几分")],
)  # fmt: skip
def test_a_scheme_that_cannot_count_is_refused(desks, text, said):
    page = desks.credit.send("/desk/assessments/new", 422, year="2026", name="方案", doc_no="1号", indicators_text=text)
    assert said in page and text in page


def test_a_unit_objects_and_what_was_wrong_no_longer_counts(cast, desks, year):
    desks.credit2.send(f"{year}approve", 302)
    desks.credit.send(f"{year}reckon", 302)
    score = Score.objects.get(unit=cast.orgs.bureau)
    at = f"/desk/scores/{score.pk}/"
    desks.agency.send(f"{at}object", 302, reason="核定人数有误")
    assert "未答复的得分异议" in desks.credit.send(f"{year}publish", 422, year_summary="总体向好。")
    assert "没有编号" in desks.credit.send(f"{at}settle", 422, uncounted="没有的编号", reply="核减")
    desks.credit.send(f"{at}settle", 302, uncounted="日组核〔2026〕3号", reply="已核减。")
    desks.credit.send(f"{year}reckon", 302)
    after = Score.objects.select_related("matter").get(pk=score.pk)
    assert after.total == score.total + 2 and after.matter.outcome == "成立，已调整"


def test_units_see_their_own_score_only_and_the_public_none_unless_decided(cast, desks, client, year):
    publish(desks, year)
    score = Score.objects.get(unit=cast.orgs.bureau)
    assert desks.stranger.get(f"/desk/scores/{score.pk}/").status_code == 404
    assert str(score.total) not in client.get(f"/assessment/{YEAR}/").content.decode()
    assert client.get("/api/v1/scores").json()["items"] == []
    assert client.get(f"/assessment/{YEAR - 1}/").status_code == 404


def test_only_the_personnel_or_discipline_authority_confirms_a_number(cast, desks):
    given = {"unit": cast.orgs.bureau.code, "year": "2026", "number": "3", "doc_no": "日组核〔2026〕9号"}
    assert desks.credit.post("/desk/numbers/new", given).status_code == 409
    desks.hr.send("/desk/numbers/new", 302, **given)
    assert ConfirmedNumber.objects.get().number == 3


def test_scores_leave_as_workbook_and_paper_with_formula_and_log_state(cast, desks, year):
    publish(desks, year)
    row = Assessment.objects.get()
    answer = desks.credit.get(f"{year}scores.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    cells = [str(c) for line in book.get_sheet_by_name("得分").to_python() for c in line]
    assert any(row.digest in c for c in cells) and any(f"日志条目数：{row.checkpoint}" in c for c in cells)
    assert cast.orgs.bureau.name in cells
    assert desks.credit.get(f"{year}scores.pdf").content.startswith(b"%PDF")
    assert desks.clerk.get(f"{year}scores.xlsx").status_code == 403
