"""Task 10: agencies on the courts' lists are found, warned, made to perform, and taken off, towards zero."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from agencies.models import ClearingCase, CourtEntry
from integrity.models import Record, deadline
from tests import builders
from tests.paths.clearing import CASE, FACTS
from tests.paths.sanctions import dishonest

TODAY = timezone.localdate
HEAD = [
    "被执行人名称", "统一社会信用代码", "执行法院", "案号", "执行依据文号", "作出执行依据单位", "立案时间", "生效法律文书确定的义务", "履行情况",
    "失信被执行人行为具体情形", "发布时间", "执行标的金额（万元）", "性别",
]  # fmt: skip


def row(name, code="", **more):
    f = FACTS | {"case_no": f"（2026）鲁1102执{len(name)}{ord(name[-1])}号"} | more
    return [
        name, code, f["court"], f["case_no"], f["gist_no"], f["gist_unit"], f["filed_on"], f["duty"], f["performance"], f["behaviour"],
        f["listed_on"], f["amount_wan"], "男",
    ]  # fmt: skip


def sheet(*rows, head=HEAD):
    book = openpyxl.Workbook()
    for cells in ([*head], *rows):
        book.active.append(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return SimpleUploadedFile("法院名单.xlsx", buffer.getvalue())


def bring(desk, file, status=302):
    answer = desk.post("/desk/courtlist/", {"file": file}, follow=status == 302)
    assert answer.status_code == (200 if status == 302 else status), answer.content.decode()
    return answer.content.decode()


def step(desk, case, name, status=302, /, **data):
    return desk.send(f"/desk/matters/{case.matter_id}/flow/{name}", status, **data)


@pytest.fixture
def entry(cast, desks):
    bring(desks.credit, sheet(row("市交通运输局（演示）", **CASE)))
    return CourtEntry.objects.get()


@pytest.fixture
def listed(cast):
    """The transport bureau on the list, its record in the register, its case opened by rule."""
    record = dishonest(cast, "AG01", **FACTS, doc_no=CASE["case_no"], served_on="2026-10-12", decided_on="2026-10-12")
    return ClearingCase.objects.select_related("matter", "record").get(record=record)


def test_a_list_is_matched_confirmed_recorded_and_cleared(cast, desks, entry):
    page = desks.credit2.see("/desk/courtlist/")
    assert "市交通运输局（演示）" in page and "名称一致" in page and entry.state == "NEW"
    asked = desks.credit2.see(f"/desk/courtlist/{entry.pk}/match")
    assert cast.orgs.bureau.code in asked
    desks.credit2.send(f"/desk/courtlist/{entry.pk}/match", 302, meant=cast.orgs.bureau.code)
    record = Record.objects.get(kind="AG01")
    assert (record.subject, record.state, record.doc_no) == (cast.orgs.bureau, "SUBMITTED", CASE["case_no"])
    record.review(by=cast.credit, privacy_ok=True, secrecy_ok=True).confirm(by=cast.credit, publish=True)
    case = ClearingCase.objects.select_related("matter").get()
    assert (case.state, case.agency, case.matter.unit) == ("LISTED", cast.orgs.bureau, cast.orgs.credit)
    due = TODAY().replace(year=TODAY().year + 1, day=1).isoformat()
    step(desks.agency, case, "make_plan", plan_kind="INSTALMENTS", plan="分三期付清", leader="张分管", plan_due_on=due)
    step(desks.agency, case, "perform", performed_on=TODAY().isoformat(), performed_wan="88", proof="已付清")
    step(desks.agency, case, "ask_removal", asked_on=TODAY().isoformat())
    case.matter.refresh_from_db()
    assert case.matter.due_on == deadline("D44", TODAY()).on
    page = desks.credit2.see(f"/desk/matters/{case.matter_id}/")
    assert "分三期付清" in page and deadline("D44", TODAY()).explain[-1] in page
    desks.credit.send(f"/desk/records/{record.pk}/release", 302, reason="已履行完毕，人民法院移出名单")
    case.refresh_from_db()
    assert (case.state, case.removed_on) == ("REMOVED", TODAY())
    assert Record.objects.get(pk=record.pk).state == "EXPIRED"


def test_who_brought_the_list_does_not_confirm_it(cast, desks, entry):
    page = desks.credit.send(f"/desk/courtlist/{entry.pk}/match", 409, meant=cast.orgs.bureau.code)
    assert "须由他人办理" in page
    desks.clerk.send(f"/desk/courtlist/{entry.pk}/match", 403, meant=cast.orgs.bureau.code)
    assert not Record.objects.exists()


def test_another_agency_may_be_named_and_none_of_them_dismissed(cast, desks, entry):
    bring(desks.credit, sheet(row("市水利局", case_no="（2026）鲁1102执9号")))
    water = CourtEntry.objects.get(name="市水利局")
    desks.credit2.send(f"/desk/courtlist/{water.pk}/match", 302, other=cast.orgs.market.code)
    assert Record.objects.get(kind="AG01").subject == cast.orgs.market
    desks.credit2.send(f"/desk/courtlist/{entry.pk}/match", 422)
    desks.credit2.send(f"/desk/courtlist/{entry.pk}/dismiss", 302, reason="系同名企业")
    assert CourtEntry.objects.get(pk=entry.pk).state == "DISMISSED"


def test_persons_and_firms_of_the_list_are_counted_and_not_kept(cast, desks):
    text = bring(
        desks.credit,
        sheet(
            row("王某", "371199198002290127"), row("李某某", "3711991980****0127"), row("日照云帆建设有限公司", cast.orgs.company.code),
            row("某某商贸有限公司"), row("市交通运输局", cast.orgs.bureau.code), row("市交通运输局", cast.orgs.bureau.code),
        ),
    )  # fmt: skip
    assert "名单共 6 行：代码一致 1 行" in text and "自然人 2 行、不是政府机构 2 行" in text and "已导入过 1 行" in text
    kept = CourtEntry.objects.get()
    assert kept.candidates[0]["sure"] and "性别" not in str(kept.facts) and "男" not in str(kept.facts)


def test_a_published_list_with_other_headings_is_read(cast, desks):
    head = ["企业名称", "工商注册号", "组织机构代码", "统一信用代码", "失信领域"]
    rows = [
        ["某某电子商务有限公司", "1", "2", "", "失信被执行人名单"],
        ["市交通运输局", "", "", cast.orgs.bureau.code, "失信被执行人名单"],
    ]
    assert "名单共 2 行：代码一致 1 行" in bring(desks.credit, sheet(*rows, head=head))
    desks.credit2.send(f"/desk/courtlist/{CourtEntry.objects.get().pk}/match", 422, meant=cast.orgs.bureau.code)


def test_a_file_without_names_says_what_is_missing(desks):
    assert "被执行人名称" in bring(desks.credit, sheet(["甲", "乙"], head=["序号", "备注"]), 422)
    bring(desks.credit, SimpleUploadedFile("名单.xlsx", b"nothing"), 422)
    assert not CourtEntry.objects.exists()


def test_the_court_warns_five_working_days_before(cast, desks):
    given = {
        "agency": cast.orgs.bureau.code,
        "creditor": "云帆建设",
        "amount_wan": "88",
        "told_on": TODAY().isoformat(),
    }
    desks.credit.send("/desk/clearing/new", 302, **CASE | given)
    case = ClearingCase.objects.select_related("matter").get()
    due = deadline("D61", TODAY())
    assert (case.state, case.matter.unit, case.matter.due_on) == ("WARNED", cast.orgs.bureau, due.on)
    assert due.explain[-1] in desks.agency.see(f"/desk/matters/{case.matter_id}/")
    step(desks.credit2, case, "avert", reason="已在列入前付清")
    assert ClearingCase.objects.get().state == "AVERTED" and not Record.objects.exists()


def test_a_warned_agency_that_is_listed_goes_on_in_the_same_case(cast, desks):
    case = ClearingCase(agency=cast.orgs.bureau, **CASE).warn(by=cast.credit)
    record = dishonest(cast, "AG01", **FACTS, doc_no=CASE["case_no"], served_on="2026-10-12", decided_on="2026-10-12")
    case.refresh_from_db()
    assert (case.state, case.record) == ("LISTED", record)
    assert ClearingCase.objects.count() == 1


def test_only_the_debtor_clears_and_only_in_order(desks, listed):
    step(desks.stranger_reviewer, listed, "perform", 404, performed_on=TODAY().isoformat(), proof="已付清")
    step(desks.agency, listed, "ask_removal", 409, asked_on=TODAY().isoformat())
    assert "不能晚于今天" in step(desks.agency, listed, "perform", 422, performed_on="2099-01-01", proof="已付清")


def test_a_settlement_also_leads_off_the_list(desks, listed):
    step(desks.agency, listed, "settle", performed_on=TODAY().isoformat(), proof="已达成和解协议")
    step(desks.agency, listed, "ask_removal", asked_on=TODAY().isoformat())
    assert ClearingCase.objects.get().state == "REMOVAL_REQUESTED"


def test_the_board_counts_by_area_and_kind_and_leads_to_the_cases(cast, desks, listed, django_assert_max_num_queries):
    village = builders.subject(
        "石岭村民委员会", "54371102YYYY77001", area=cast.orgs.town.area, agency_kind="VILLAGE_COMMITTEE"
    )
    ClearingCase(agency=village, case_no="（2026）鲁1102执5号", court="东港区人民法院").warn(by=cast.credit)
    with django_assert_max_num_queries(12):
        page = desks.leader.see("/desk/clearing/board")
    assert "云岭县（演示）" in page and "村民委员会" in page and "0 / 1" in page
    found = desks.credit.see("/desk/clearing/?kind=VILLAGE_COMMITTEE")
    assert "石岭村民委员会" in found and listed.matter.number not in found
