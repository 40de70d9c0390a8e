"""Task 9: a dishonest agency explains in writing, mends in time, is criticised, barred from honours, held to account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from agencies.models import BreachLead, SanctionCase
from integrity.models import Kind, Measure, Record, deadline
from integrity.simulation import Moment, simulated
from tests import builders
from tests.desks import Desk
from tests.integrity.desk.pages import CHECKED
from tests.paths.affairs import other_credit
from tests.paths.sanctions import STATEMENT, dishonest

TODAY = timezone.localdate


@pytest.fixture
def record(cast):
    """A court's judgment on a broken contract of the transport bureau, adopted and confirmed."""
    return dishonest(cast)


def begin(desks, cast, record, **more):
    given = {
        "record": record.number,
        "government": cast.orgs.government.code,
        "loss_wan": "120.5",
        "effect": "企业多次信访",
    }
    return desks.credit.send("/desk/cases/new", 302, **given | more)


def step(desk, case, name, status=302, /, **data):
    return desk.send(f"/desk/matters/{case.matter_id}/flow/{name}", status, **data)


def fresh(case):
    return SanctionCase.objects.select_related("matter").get(pk=case.pk)


@pytest.fixture
def case(cast, desks, record):
    """Opened by the credit office, the notice served today."""
    place = begin(desks, cast, record)
    row = SanctionCase.objects.get()
    assert place == f"/desk/matters/{row.matter_id}/"
    step(desks.credit, row, "notify", served_on=TODAY().isoformat())
    return fresh(row)


@pytest.fixture
def ordered(cast, desks, case):
    step(desks.agency, case, "explain", **STATEMENT)
    step(desks.credit, case, "order", demand="付清工程款", term="0", served_on=TODAY().isoformat())
    return fresh(case)


def test_an_agency_explains_mends_and_is_accepted(cast, desks, case, record):
    due = deadline("D15", TODAY())
    assert (case.matter.due_on, case.matter.due_explain) == (due.on, due.explain)
    page = desks.agency.see(f"/desk/matters/{case.matter_id}/")
    assert "待说明" in page and due.explain[-1] in page and "提交失信情况说明" in page
    step(desks.agency, case, "explain", **STATEMENT)
    assert "预算安排不及时" in desks.credit.see(f"/desk/matters/{case.matter_id}/")
    talk = {
        "held_on": TODAY().isoformat(),
        "talk": "WARNING",
        "attended_by": "主要负责人",
        "minutes": "限期付清全部款项。",
    }
    step(desks.credit, case, "hold_talk", **talk)
    step(desks.credit, case, "order", demand="付清工程款", term="0", served_on=TODAY().isoformat())
    case = fresh(case)
    assert case.matter.due_on == deadline("D16", TODAY()).on and case.matter.unit == cast.orgs.bureau
    assert Record.objects.get(pk=record.pk).rectifying
    step(desks.agency, case, "make_plan", plan="分两笔支付", plan_leader="分管负责人")
    files = {"files": SimpleUploadedFile("凭证.pdf", b"%PDF-1.7 x")}
    assert desks.agency.post(f"/desk/matters/{case.matter_id}/files", files).status_code == 302
    step(desks.agency, case, "submit", evidence="已付清，附支付凭证。")
    assert fresh(case).matter.due_on == deadline("D17", TODAY()).on
    page = desks.credit2.see(f"/desk/matters/{case.matter_id}/")
    assert "凭证.pdf" in page and "限期付清全部款项。" in page
    step(desks.credit2, case, "accept", result="款项已付清。")
    assert not Record.objects.get(pk=record.pk).rectifying
    step(desks.credit2, case, "close", reason="整改完成")
    case = fresh(case)
    assert (case.state, case.matter.state, case.matter.outcome) == ("CLOSED", "CLOSED", "整改完成")


def test_the_notice_letter_starts_the_term_when_it_is_served(cast, desks, record):
    begin(desks, cast, record)
    case = SanctionCase.objects.get()
    assert "起草失信情况书面说明通知书" in desks.credit.see(f"/desk/matters/{case.matter_id}/")
    given = {"fact": "拒不支付工程款", "basis": "日政发〔2018〕12号", "days": "15", "contact": "张科 8800000"}
    place = desks.credit.send(f"/desk/letters/new/explain?matter={case.matter_id}", 302, **given)
    desks.credit2.send(f"{place}issue")
    desks.credit.post(f"{place}files", {"file": SimpleUploadedFile("用印.pdf", b"%PDF-1.7 x")})
    desks.credit2.send(f"{place}serve", 302, way="ACCOUNT", served_on=TODAY().isoformat())
    assert (fresh(case).state, fresh(case).notified_on) == ("STATEMENT_DUE", TODAY())


def test_prompt_correction_mitigates_but_the_duty_to_explain_stays(cast, desks, case, record):
    step(desks.credit, case, "mitigate", reason="接到通知当日已付清")
    assert Record.objects.get(pk=record.pk).mitigated
    step(desks.credit, case, "order", demand="报送付款凭证", term="0", served_on=TODAY().isoformat())
    step(desks.agency, case, "make_plan", plan="已付清", plan_leader="分管负责人")
    step(desks.agency, case, "submit", evidence="付款凭证")
    step(desks.credit2, case, "accept", result="属实")
    assert "不免除说明义务" in step(desks.credit2, case, "close", 422, reason="已纠正")
    step(desks.agency, case, "explain", **STATEMENT)
    step(desks.credit2, case, "close", reason="整改完成")


def test_who_opened_the_case_does_not_accept_it(desks, ordered):
    step(desks.agency, ordered, "make_plan", plan="付清", plan_leader="分管负责人")
    step(desks.agency, ordered, "submit", evidence="凭证")
    assert "立案人不能验收" in step(desks.credit, ordered, "accept", 422, result="可以")
    step(desks.credit2, ordered, "fail", result="凭证不全")
    assert (fresh(ordered).state, fresh(ordered).matter.unit_id) == ("RECTIFYING", ordered.agency_id)


def test_the_term_is_extended_once_and_by_thirty_days_at_most(desks, ordered):
    assert "30" in step(desks.credit, ordered, "prolong", 422, days="31", reason="资金分批")
    step(desks.credit, ordered, "prolong", days="30", reason="资金分批")
    assert fresh(ordered).matter.due_on == deadline("D16", TODAY(), extension=30).on
    assert "只能延长一次" in step(desks.credit, ordered, "prolong", 422, days="5", reason="再次")


def test_an_overdue_rectification_is_noticed_heard_and_recorded(cast, desks, ordered):
    assert "尚未届满" in step(desks.credit, ordered, "find_overdue", 422, paper_no="日诚信〔2026〕9号", undone="全部")
    with simulated(Moment(timezone.localtime() + timedelta(days=60))):
        credit, credit2 = Desk(cast.credit), Desk(cast.credit2)
        step(credit, ordered, "find_overdue", paper_no="日诚信〔2026〕9号", undone="尚欠一半")
        found = Record.objects.get(kind="AG07")
        assert (found.state, found.subject, found.facts["case_no"]) == ("SUBMITTED", cast.orgs.bureau, ordered.number)
        place = f"/desk/records/{found.pk}/"
        checks = {"privacy_ok": "on", "secrecy_ok": "on"}
        assert credit.post(f"{place}review", checks).status_code in (403, 409)  # who found it
        credit2.send(f"{place}notify", 302, served_on=TODAY().isoformat())
        credit2.send(f"{place}hear", 302, statement="资金困难", outcome="不予采纳")
        found.refresh_from_db()
        found.review(by=cast.credit2, privacy_ok=True, secrecy_ok=True).confirm(by=cast.credit2)
    assert Record.objects.get(pk=found.pk).state == "CONFIRMED" and fresh(ordered).state == "OVERDUE"
    step(desks.agency, ordered, "make_plan", 409, plan="付清", plan_leader="负责人")


def test_agency_and_government_are_criticised(cast, desks, case):
    step(desks.credit, case, "criticise", whom="both", scope="全市", content="久拖不付", paper_no="日诚信〔2026〕8号")
    subjects = set(Record.objects.filter(kind="AG04").values_list("subject", flat=True))
    assert subjects == {cast.orgs.bureau.pk, cast.orgs.government.pk}


def test_honours_are_barred_by_the_list_and_lifted_with_the_record(cast, desks, case, record):
    denied = step(desks.credit, case, "restrict", 409, measure="A04", decision_no="日诚信〔2026〕7号")
    assert "须由他人办理" in denied
    wrong = step(desks.credit2, case, "restrict", 422, measure="A07", decision_no="日诚信〔2026〕7号")
    assert "A07" not in wrong.split("error")[0] or "有效" in wrong
    step(desks.credit2, case, "restrict", measure="A04", decision_no="日诚信〔2026〕7号")
    bar = Measure.objects.get(kind="A04")
    assert (bar.subject, bar.record, bar.state) == (cast.orgs.bureau, record, "IN_FORCE")
    Record.objects.get(pk=record.pk).revoke(by=cast.credit2, reason="判决被撤销")
    assert Measure.objects.get(pk=bar.pk).state == "LIFTED"


def test_a_referral_needs_its_outcome_before_the_case_is_closed(desks, ordered):
    step(desks.credit, ordered, "refer", to="组织人事部门", reason="负有主要责任")
    step(desks.agency, ordered, "make_plan", plan="付清", plan_leader="分管负责人")
    step(desks.agency, ordered, "submit", evidence="凭证")
    step(desks.credit2, ordered, "accept", result="可以")
    assert "尚未登记结果" in step(desks.credit2, ordered, "close", 422, reason="整改完成")
    step(desks.credit, ordered, "answer_referral", referral="予以批评教育")
    step(desks.credit2, ordered, "close", reason="整改完成")


def test_statement_and_result_are_published_in_summary_where_that_is_decided(cast, desks, ordered):
    step(desks.agency, ordered, "make_plan", plan="付清", plan_leader="分管负责人")
    step(desks.agency, ordered, "submit", evidence="凭证")
    step(desks.credit2, ordered, "accept", result="可以")
    step(desks.credit, ordered, "summarise", paper_no="日诚信〔2026〕10号", summary="已全部付清。", rectified="已完成")
    told = Record.objects.get(kind="AG10")
    desks.credit2.send(f"/desk/records/{told.pk}/review", 302, **CHECKED)
    desks.credit2.send(f"/desk/records/{told.pk}/confirm", 302, publish="yes", ground="经决定公开", send_up="")
    assert Client().get(f"/n/{told.number}").status_code == 404
    desks.credit.send(f"/desk/records/{told.pk}/publish", 409)  # who summarised it does not publish it
    Desk(other_credit(cast)).send(f"/desk/records/{told.pk}/publish", 302)
    page = Client().get(f"/n/{told.number}").content.decode()
    assert "已全部付清。" in page and "已完成" in page and cast.orgs.bureau.name in page
    assert told.number in Client().get(f"/s/{cast.orgs.bureau.code}").content.decode()


def test_an_honour_brings_its_incentives_and_stands_on_the_public_list(cast, desks):
    record = builders.published(cast, "AG11")
    for code in ("R02", "R05"):
        kind = Kind.objects.get(code=code)
        given = {
            "kind": code, "record": record.number, "basis": "山东省社会信用条例第二十六条", "effect": "reference", "doc_no": "日诚信〔2026〕3号",
            "decided_unit": cast.orgs.credit.code, "decided_on": TODAY().isoformat(), "starts_on": TODAY().isoformat(), "until": "",
        }  # fmt: skip
        desks.credit.send("/admin/integrity/measure/add/", 302, **given)
        assert Measure.objects.get(kind=kind).subject == record.subject
    page = Client().get("/list/honours").content.decode()
    assert record.title in page and record.subject.name in page
    assert "宣传推介" in Client().get(f"/s/{record.subject.code}").content.decode()
    assert record.number in Client().get("/feeds/honours.atom").content.decode()


def test_a_case_needs_a_verified_record_and_a_superior(cast, desks, record):
    lead = BreachLead(agency=cast.orgs.stranger, field="其他", contract="合同", counterparty="云帆", breach="未付款")
    lead.file(by=cast.company)
    assert "没有找到" in desks.credit.send("/desk/cases/new", 422, record=lead.matter.number, effect="信访")
    assert "造成的损失" in desks.credit.send("/desk/cases/new", 422, record=record.number)
    denied = desks.clerk.send("/desk/cases/new", 409, record=record.number, effect="信访")
    assert "没有" in denied and record.number in denied  # what was typed stays
    desks.county.send("/desk/cases/new", 422, record=record.number, effect="信访")  # not of its county: not found
    assert SanctionCase.objects.count() == 0


def test_strangers_find_no_case_and_another_agency_cannot_answer(desks, case):
    desks.stranger_reviewer.see(f"/desk/matters/{case.matter_id}/", 404)
    assert case.matter.title not in desks.stranger_reviewer.see("/desk/cases/")
    step(desks.stranger_reviewer, case, "explain", 404, **STATEMENT)


def test_a_merged_agencys_case_goes_on_with_its_successor_under_its_clock(cast, desks, ordered):
    due = ordered.matter.due_on
    cast.orgs.bureau.merge(by=cast.credit, successor=cast.orgs.stranger, on=TODAY())
    ordered = fresh(ordered)
    assert (ordered.matter.unit, ordered.matter.due_on) == (cast.orgs.stranger, due)
    step(desks.stranger_reviewer, ordered, "make_plan", plan="承继单位付清", plan_leader="分管负责人")
    assert "承继单位付清" in desks.stranger_reviewer.see(f"/desk/matters/{ordered.matter_id}/")


def test_leadership_sees_figures_with_definitions_and_their_lists(desks, case, django_assert_max_num_queries):
    page = desks.leader.see("/lead/")
    assert "机构失信惩戒" in page and "失信被执行人清零" in page
    assert case.matter.number in desks.credit.see("/desk/cases/?open=true")
    assert case.matter.number not in desks.credit.see("/desk/cases/?late=true")
    with django_assert_max_num_queries(15):
        desks.credit.see("/desk/cases/")


def test_the_record_leads_its_superiors_to_a_case(desks, record):
    assert f"/desk/cases/new?record={record.number}" in desks.credit.see(f"/desk/records/{record.pk}/")
    assert record.number in desks.credit.see(f"/desk/cases/new?record={record.number}")
    assert "惩戒立案" not in desks.market_reviewer.see(f"/desk/records/{record.pk}/")
