"""Redress through the doors: a company with an account, an agent without, the unit's people on the desk."""

import re

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from integrity.models import Matter, Record
from tests import builders
from tests.integrity.test_redress import other_reviewer, penalty


@pytest.fixture
def people(cast):
    def enter(name):
        client = Client()
        client.force_login(builders.User.objects.get(username=name), "django.contrib.auth.backends.ModelBackend")
        return client

    return enter


def test_a_company_objects_and_the_bureau_answers(cast, people):
    record = penalty(cast)
    other_reviewer(cast)
    company = people("company")
    page = company.get(f"/me/records/{record.pk}/")
    assert "提出异议" in page.content.decode() and "最短公示期" in page.content.decode()
    short = company.post(f"/me/records/{record.pk}/object", {"reason": "WRONG", "text": "不对"})
    assert short.status_code == 422 and "不对" in short.content.decode()
    filed = company.post(
        f"/me/records/{record.pk}/object", {"reason": "WRONG", "text": "罚款金额与决定书记载不一致。"}, follow=True
    )
    matter = Matter.objects.get()
    assert matter.number in filed.content.decode()
    bureau = people("market3")
    assert matter.title in bureau.get("/desk/matters/").content.decode()
    desk = f"/desk/matters/{matter.pk}/"
    assert "答复异议" in bureau.get(desk).content.decode()
    done = bureau.post(desk + "flow/decide", {"outcome": "成立，撤销记录", "reply": "原决定已经撤销。"}, follow=True)
    assert done.status_code == 200
    assert Record.objects.get(pk=record.pk).state == "REVOKED"
    assert "原决定已经撤销。" in company.get(f"/me/matters/{matter.number}/").content.decode()


def test_who_entered_the_record_is_refused_with_a_reason(cast, people):
    record = penalty(cast)
    people("company").post(
        f"/me/records/{record.pk}/object", {"reason": "WRONG", "text": "罚款金额与决定书记载不一致。"}
    )
    matter = Matter.objects.get()
    answer = people("market_reviewer").post(
        f"/desk/matters/{matter.pk}/flow/decide", {"outcome": "不成立", "reply": "一致。"}
    )
    assert answer.status_code == 422 and "其他人员" in answer.content.decode() and "一致。" in answer.content.decode()


def test_strangers_see_no_matter_and_no_record(cast, people):
    record = penalty(cast)
    people("company").post(
        f"/me/records/{record.pk}/object", {"reason": "WRONG", "text": "罚款金额与决定书记载不一致。"}
    )
    matter = Matter.objects.get()
    for name in ("stranger_reviewer", "reviewer", "county"):
        assert people(name).get(f"/desk/matters/{matter.pk}/").status_code == 404
    assert people("agency").get(f"/me/records/{record.pk}/").status_code == 404
    assert people("agency").get(f"/me/matters/{matter.number}/").status_code == 404
    assert Client().get("/me/").status_code == 302
    assert people("clerk").get("/me/").status_code == 403


def test_an_agent_files_with_a_letter_of_authority_and_follows_by_code(cast, people):
    cache.clear()
    record = penalty(cast)
    visitor = Client()
    assert record.title in visitor.get(f"/object/?n={record.number}").content.decode()
    data = {"reason": "WRONG", "text": "罚款金额与决定书记载不一致。", "agent": "张经办 0633-1234567"}
    refused = visitor.post(f"/object/?n={record.number}", data)
    assert refused.status_code == 422 and "请上传授权委托书" in refused.content.decode()
    paper = SimpleUploadedFile("授权书.pdf", b"%PDF-1.7 x", "application/pdf")
    done = visitor.post(f"/object/?n={record.number}", data | {"authority": paper}).content.decode()
    number = re.search(r"YY-\d{4}-\w{8}", done)[0]
    code = Matter.objects.get(number=number).query_code
    assert code in done
    found = visitor.post("/track/", {"number": number.lower(), "code": code.lower()})
    assert "已收" in found.content.decode() and "罚款金额" not in found.content.decode()


def test_guessing_codes_is_throttled_and_tells_nothing(cast):
    cache.clear()
    visitor = Client()
    unknown = visitor.post("/track/", {"number": "YY-2026-AAAAAAAA", "code": "AAAAAAAA"}).content.decode()
    assert "编号或者查询码不正确" in unknown
    for _ in range(4):
        visitor.post("/track/", {"number": "YY-2026-AAAAAAAA", "code": "BBBBBBBB"})
    assert visitor.post("/track/", {"number": "YY-2026-AAAAAAAA", "code": "CCCCCCCC"}).status_code == 429


def test_a_hidden_or_foreign_record_number_starts_nothing(cast):
    record = penalty(cast)
    record.suspend(by=cast.credit, reason="核查")
    page = Client().get(f"/repair/?n={record.number}")
    assert page.status_code == 200 and record.title not in page.content.decode()


def test_an_official_sees_his_file_and_who_looked(cast, people):
    from tests import scenes

    record = scenes.all_states(cast)["restricted"]
    record.view(by=cast.hr2, purpose="干部考核")
    official = people("official")
    page = official.get(f"/me/records/{record.pk}/").content.decode()
    assert "玄武字样" in page and "干部考核" in page and "处分期满自动解除" in page
    assert "干部考核" in official.get("/me/looks/").content.decode()


def test_a_self_report_reaches_the_unit(cast, people):
    data = {
        "headline": "多收费用已退还",
        "ground": "RECOVERED_LOSS",
        "recovered_wan": "1.5",
        "text": "自查发现多收费用，已全部退还。",
        "unit": cast.orgs.credit.code,
    }
    page = people("agency").post("/me/self-report", data, follow=True)
    assert "ZD-" in page.content.decode()
    matter = Matter.objects.get()
    done = people("credit").post(
        f"/desk/matters/{matter.pk}/flow/decide", {"outcome": "属实，采纳", "reply": "已核实。"}
    )
    assert done.status_code == 302 and Matter.objects.get().state == "REPLIED"


def test_pages_hold_their_query_ceilings(cast, people, django_assert_max_num_queries):
    record = penalty(cast)
    company = people("company")
    company.post(f"/me/records/{record.pk}/object", {"reason": "WRONG", "text": "罚款金额与决定书记载不一致。"})
    with django_assert_max_num_queries(16):
        company.get(f"/me/records/{record.pk}/")
    reviewer = people("market_reviewer")
    with django_assert_max_num_queries(10):
        reviewer.get("/desk/matters/")
