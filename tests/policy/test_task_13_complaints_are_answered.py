"""Task 13: the public reports dishonesty of the government, follows it by number and code, rates and has it reviewed once."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from integrity.models import Attachment, Event, Record
from supervision.models import Complaint
from tests.desks import Desk
from tests.paths.complaints import TEXT, accepted, answered, filed, heard, just_filed, rep
from tests.showcase import days_ago

pytestmark = pytest.mark.django_db
NAME, PHONE = "孙实名", "13800001111"
SCAN = b"%PDF-1.7 proof"


def file_by_steps(visitor: Client, about: str, **contact: str) -> str:
    """The four steps as a visitor takes them; returns the receipt's page."""
    assert visitor.post("/complain/unit", {"unit": about})["Location"] == "/complain/facts"
    facts = {"category": "CONTRACT", "text": TEXT, "files": SimpleUploadedFile("结算单.pdf", SCAN)}
    assert visitor.post("/complain/facts", facts)["Location"] == "/complain/contact"
    given = {"way": "NAMED", "name": NAME, "reach": PHONE, "publish_reply": "on"} | contact
    assert visitor.post("/complain/contact", given)["Location"] == "/complain/check"
    shown = visitor.get("/complain/check").content.decode()
    assert TEXT in shown and "结算单.pdf" in shown
    answer = visitor.post("/complain/check", follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_complaint_is_filed_handled_answered_rated_and_reviewed_once(cast):
    visitor, credit, credit2 = Client(), Desk(cast.credit), Desk(cast.credit2)
    with days_ago(1):
        receipt = file_by_steps(visitor, cast.orgs.stranger.code)
    number = re.search(r"TS-\d{4}-[0-9A-Z]{8}", receipt)[0]
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}(?=<)", receipt)[0]
    assert "<svg" in receipt and "10 分钟内可以撤回" in receipt or "撤回投诉" in receipt
    complaint = Complaint.objects.visible_to(cast.credit).get(matter__number=number)
    page = f"/desk/matters/{complaint.matter_id}/"
    assert credit.post(f"{page}flow/accept", {"harm": "损害市场公平交易", "sphere": "政府采购"}).status_code == 302
    assert credit.post(f"{page}assign", {"unit": cast.orgs.bureau.code}).status_code == 302
    bureau = Desk(cast.reviewer)
    assert bureau.post(f"{page}take").status_code == 302
    answer = {"outcome": "属实", "reply": "经核查属实，已责令十个工作日内付款。"}
    assert bureau.post(f"{page}flow/answer", answer).status_code == 302

    found = visitor.post("/track/", {"number": number, "code": code.lower()}).content.decode()
    assert "已责令十个工作日内付款" in found and "已答复" in found and TEXT not in found
    assert visitor.post(f"/track/{number}/rate", {"rating": "不满意"}).status_code == 302
    assert visitor.post(f"/track/{number}/ask_review", {"reason": "至今没有付款"}).status_code == 302
    complaint.refresh_from_db()
    assert (complaint.matter.state, complaint.matter.unit_id) == ("REWORK", cast.orgs.credit.pk)
    again = {"outcome": "属实", "reply": "复核：货款已于昨日付清。"}
    assert credit2.post(f"{page}flow/answer", again).status_code == 302
    found = visitor.get(f"/track/{number}").content.decode()
    assert "货款已于昨日付清" in found and f"/track/{number}/ask_review" not in found
    assert visitor.post(f"/track/{number}/rate", {"rating": "满意"}).status_code == 302


def test_whoever_filed_it_takes_it_back_within_ten_minutes_and_nothing_is_kept(cast):
    visitor = Client()
    number = re.search(r"TS-\d{4}-[0-9A-Z]{8}", file_by_steps(visitor, cast.orgs.stranger.code))[0]
    assert Complaint.objects.visible_to(cast.credit).filter(matter__number=number).count() == 0
    assert visitor.post(f"/track/{number}/withdraw").status_code == 302
    complaint = Complaint.objects.get(matter__number=number)
    assert (complaint.matter.state, complaint.matter.text, complaint.contact_sealed) == ("WITHDRAWN", "", "")


def test_after_ten_minutes_it_is_not_taken_back(cast):
    visitor = Client()
    with days_ago(0, minutes=11):
        number = re.search(r"TS-\d{4}-[0-9A-Z]{8}", file_by_steps(visitor, cast.orgs.stranger.code))[0]
    assert visitor.get(f"/track/{number}/withdraw")["Location"] == f"/track/{number}"
    visitor.post(f"/track/{number}/withdraw")
    assert Complaint.objects.get(matter__number=number).matter.state == "RECEIVED"


@pytest.mark.parametrize(
    ("step", "given", "word"),
    [
        ("unit", {"unit": "没有这个单位"}, "没有找到"),
        ("facts", {"category": "", "text": TEXT}, "请选择事项类别"),
        ("facts", {"category": "OTHER", "text": "太短"}, "请写明经过，至少 30 字"),
        ("contact", {"way": "NAMED", "reach": ""}, "请填写手机号或选择匿名"),
        ("contact", {"way": "NAMED", "reach": "12"}, "手机号应为 11 位数字"),
    ],
)
def test_a_step_with_a_fault_says_so_and_keeps_what_was_typed(cast, step, given, word):
    visitor = Client()
    visitor.post("/complain/unit", {"unit": cast.orgs.stranger.code})
    answer = visitor.post(f"/complain/{step}", given)
    assert answer.status_code == 422 and word in answer.content.decode()
    if given.get("text"):
        assert given["text"] in visitor.get(f"/complain/{step}").content.decode()


def test_a_file_that_is_none_of_the_allowed_is_named_and_refused(cast):
    visitor = Client()
    visitor.post("/complain/unit", {"unit": cast.orgs.stranger.code})
    given = {"category": "OTHER", "text": TEXT, "files": SimpleUploadedFile("病毒.exe", b"MZ\x90")}
    answer = visitor.post("/complain/facts", given)
    assert answer.status_code == 422 and "病毒.exe" in answer.content.decode()
    assert Attachment.objects.count() == 0


def test_a_private_company_is_not_complained_of_here_but_a_public_service_is(cast):
    visitor = Client()
    assert "12345" in visitor.post("/complain/unit", {"unit": cast.orgs.company.code}).content.decode()
    cast.orgs.company.amend(by=cast.credit, public_service="供水")
    assert visitor.post("/complain/unit", {"unit": cast.orgs.company.code}).status_code == 302


def test_it_is_never_handled_by_the_body_complained_of_alone(cast):
    complaint = filed(cast)
    answer = Desk(cast.credit).post(f"/desk/matters/{complaint.matter_id}/assign", {"unit": cast.orgs.stranger.code})
    assert answer.status_code == 422 and "不能只转给被反映的单位" in answer.content.decode()


def test_a_complaint_about_the_credit_office_goes_to_its_superior(cast):
    visitor = Client()
    receipt = file_by_steps(visitor, cast.orgs.credit.code, way="ANONYMOUS")
    assert cast.orgs.government.name in receipt


def test_the_body_gives_its_account_of_the_facts_once_asked(cast):
    complaint = filed(cast)
    assert not Complaint.objects.visible_to(rep(cast)).exists()
    complaint = heard(cast)
    complaint.explain(by=rep(cast), account="货款已列入本月支付计划。")
    assert Complaint.objects.visible_to(rep(cast)).get().explanation


def test_verified_dishonesty_is_a_record_only_by_a_finding(cast):
    complaint = answered(cast)
    assert not Record.objects.filter(kind="SV06").exists()
    finding = {
        "title": "拖欠货款", "legal_basis": "优化营商环境条例第三十二条", "fact_found": "验收合格后超过约定期限未付货款。",
        "verdict_no": "日信认〔2026〕19号", "verdict_on": "2026-11-20", "tier": "general",
    }  # fmt: skip
    assert Desk(cast.credit).post(f"/desk/matters/{complaint.matter_id}/flow/find", finding).status_code == 302
    record = Record.objects.get(kind="SV06")
    assert (record.state, record.facts["harm"], record.facts["sphere"]) == ("DRAFT", "损害市场公平交易", "政府采购")
    assert record.subject == cast.orgs.stranger


def test_numbers_and_codes_are_not_guessed(cast):
    complaint = just_filed(cast)
    visitor = Client()
    real = visitor.post("/track/", {"number": complaint.matter.number, "code": "AAAAAAAA"})
    unknown = visitor.post("/track/", {"number": "TS-2026-AAAAAAAA", "code": "AAAAAAAA"})
    plain = [
        a.content.decode().replace(complaint.matter.number, "N").replace("TS-2026-AAAAAAAA", "N")
        for a in (real, unknown)
    ]
    strip = [re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", p) for p in plain]
    assert real.status_code == unknown.status_code == 422 and strip[0] == strip[1]
    for _ in range(4):
        visitor.post("/track/", {"number": complaint.matter.number, "code": "BBBBBBBB"})
    right = {"number": complaint.matter.number, "code": complaint.matter.query_code}
    assert visitor.post("/track/", right).status_code == 429
    for name in ("", "/rate", "/withdraw", "/supplement"):
        for number in (complaint.matter.number, "TS-2026-AAAAAAAA"):
            assert Client().get(f"/track/{number}{name}")["Location"] == f"/track/?n={number}"


def test_guessing_many_numbers_from_one_address_is_throttled(cast):
    visitor = Client()
    guesses = [{"number": f"TS-2026-{n:08d}", "code": "AAAAAAAA"} for n in range(62)]  # two minutes' worth and more
    assert 429 in [visitor.post("/track/", guess).status_code for guess in guesses]


def test_what_was_filed_is_shown_only_to_who_knows_the_phone(cast):
    complaint = filed(cast)
    visitor = Client()
    page = f"/track/{complaint.matter.number}"
    visitor.post("/track/", {"number": complaint.matter.number, "code": complaint.matter.query_code})
    assert visitor.post(page, {"reach": "13900000000"}).status_code == 422
    assert TEXT not in visitor.get(page).content.decode()
    visitor.post(page, {"reach": "138 0000 1111"})
    assert TEXT in visitor.get(page).content.decode()


def test_more_material_comes_to_the_handling_unit(cast):
    complaint = filed(cast)
    visitor = Client()
    visitor.post("/track/", {"number": complaint.matter.number, "code": complaint.matter.query_code})
    more = {"text": "补充银行流水。", "files": SimpleUploadedFile("流水.pdf", SCAN)}
    assert visitor.post(f"/track/{complaint.matter.number}/supplement", more).status_code == 302
    shown = Desk(cast.credit).get(f"/desk/matters/{complaint.matter_id}/").content.decode()
    assert "补充银行流水" in shown and "流水.pdf" in shown


def test_the_ledger_keeps_no_identity(cast):
    complaint = filed(cast)
    events = Event.objects.filter(target__in=[complaint.pk, complaint.matter_id])
    kept = " ".join(str(e.payload.fields) + str(e.payload.inside) for e in events)
    assert NAME not in kept and PHONE not in kept and complaint.contact_sealed not in kept


def test_only_the_handling_unit_learns_who_filed_it_and_each_look_is_logged(cast):
    complaint = filed(cast)
    page = f"/desk/complaints/{complaint.pk}/contact"
    credit = Desk(cast.credit)
    assert NAME not in credit.get(page).content.decode()
    assert credit.post(page, {"purpose": "其他"}).status_code == 422
    shown = credit.post(page, {"purpose": "其他", "detail": "电话核实"}).content.decode()
    assert NAME in shown and PHONE in shown
    look = Event.objects.of(complaint).get(verb="complaint.looked")
    assert look.values["purpose"] == "其他：电话核实" and look.user == cast.credit.user
    complaint.matter.assign(by=cast.credit, unit=cast.orgs.bureau)
    for name, status in (
        ("credit", 403),
        ("county", 404),
        ("stranger_reviewer", 404),
        ("auditor", 403),
        ("leader", 403),
    ):
        assert Desk(getattr(cast, name)).post(page, {"purpose": "审计监督"}).status_code == status, name
    assert PHONE in Desk(cast.reviewer).post(page, {"purpose": "复核审批"}).content.decode()


def test_the_body_sees_facts_without_identity_and_explains_once(cast):
    complaint = heard(cast)
    body = Desk(cast.stranger)
    page = f"/desk/complaints/{complaint.pk}/"
    text = body.get(page).content.decode()
    assert TEXT in text and NAME not in text and PHONE not in text and "提交说明" in text
    assert page in body.get("/desk/complaints/").content.decode()
    assert body.post(f"{page}explain", {"account": "货款已列入本月支付计划。"}).status_code == 302
    assert body.post(f"{page}explain", {"account": "再说一遍。"}).status_code == 422
    assert "货款已列入" in Desk(cast.credit).get(f"/desk/matters/{complaint.matter_id}/").content.decode()
    assert Desk(cast.market).get(page).status_code == 404


def test_a_media_item_is_registered_with_its_promise_and_what_became_of_it(cast):
    credit = Desk(cast.credit)
    item = {
        "channel": "MEDIA", "headline": "小区供暖管网年久失修", "text": "节目反映小区供暖管网多年未修。", "about": cast.orgs.stranger.code,
        "category": "POLICY", "harm": "危害群众利益", "sphere": "公共服务", "programme": "问政日照", "aired_on": "2026-11-10",
        "promise": "月底前完成维修", "promised_until": "2026-11-30",
    }  # fmt: skip
    answer = credit.post("/desk/complaints/new", item)
    assert answer.status_code == 302, answer.content.decode()
    complaint = Complaint.objects.get(channel="MEDIA")
    page = f"/desk/matters/{complaint.matter_id}/"
    assert "月底前完成维修" in credit.get(page).content.decode()
    assert credit.post(f"{page}flow/check_promise", {"promise_result": "已按期完成"}).status_code == 302
    assert "已按期完成" in credit.get(page).content.decode()
    assert credit.post("/desk/complaints/new", item | {"programme": ""}).status_code == 422


def test_a_matter_for_the_courts_is_transferred_with_an_explanation_the_visitor_reads(cast):
    complaint = filed(cast)
    page = f"/desk/matters/{complaint.matter_id}/"
    sent = {"to": "人民法院", "reason": "合同纠纷已由人民法院受理，请向受理法院查询。"}
    assert Desk(cast.credit).post(f"{page}transfer", sent).status_code == 302
    visitor = Client()
    found = visitor.post("/track/", {"number": complaint.matter.number, "code": complaint.matter.query_code})
    assert "请向受理法院查询" in found.content.decode() and "移送" in found.content.decode()


def test_two_complaints_of_one_fact_are_answered_as_one(cast):
    first, second = accepted(cast), filed(cast)
    page = f"/desk/matters/{second.matter_id}/merge"
    assert Desk(cast.credit).post(page, {"into": first.matter.number}).status_code == 302
    first.answer(by=cast.credit2, outcome="属实", reply="已责令限期付款。")
    visitor = Client()
    found = visitor.post("/track/", {"number": second.matter.number, "code": second.matter.query_code}).content.decode()
    assert "已责令限期付款" in found and first.matter.number not in found
