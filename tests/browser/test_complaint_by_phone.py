"""A complaint on a phone without script: filed in four steps, followed, rated, reviewed once (issue 6)."""

from __future__ import annotations

import pytest

from supervision.models import Complaint
from tests.browser.conftest import PHONE
from tests.paths.complaints import ANSWER, SORTED, TEXT

pytestmark = pytest.mark.browser


def fits(page) -> bool:
    """Nothing stands out of a phone's screen."""
    return page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_complaint_is_filed_followed_rated_and_reviewed_on_a_phone(tab_without_script, city, tmp_path):
    page, cast = tab_without_script, city.cast
    page.set_viewport_size(PHONE)
    page.goto(f"/s/{cast.orgs.stranger.code}")
    page.get_by_role("link", name="投诉该单位").click()
    assert (
        page.locator("h1").text_content() == "发生了什么" and "市水利局（演示）" in page.locator("main").text_content()
    )
    page.get_by_role("button", name="下一步").click()
    assert page.get_by_role("alert").count() == 1 and "请选择事项类别" in page.locator("main").text_content()
    page.select_option("#id_category", "CONTRACT")
    page.fill("#id_text", TEXT)
    proof = tmp_path / "结算单.pdf"
    proof.write_bytes(b"%PDF-1.7 proof")
    page.set_input_files("#id_files", proof)
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("匿名", exact=True).check()
    page.get_by_role("button", name="下一步").click()
    text = page.locator("main").text_content()
    assert TEXT in text and "结算单.pdf" in text and "匿名" in text and fits(page)
    page.get_by_role("button", name="提交投诉").click()
    assert page.locator("h1").text_content() == "投诉已提交" and page.locator("figure svg").count() == 1 and fits(page)
    number, code = (page.locator("dd.code").nth(i).text_content() for i in (0, 1))

    complaint = Complaint.objects.get(matter__number=number)
    complaint.accept(by=cast.credit, **SORTED).answer(by=cast.credit, **ANSWER)

    page.context.clear_cookies()
    page.goto("/track/")
    page.fill("#number", number)
    page.fill("#code", code.lower())
    page.get_by_role("button", name="查询", exact=True).last.click()
    assert ANSWER["reply"] in page.locator("main").text_content() and fits(page)
    page.get_by_role("link", name="评价").click()
    page.get_by_label("不满意", exact=True).check()
    page.get_by_role("button", name="提交").click()
    page.get_by_role("link", name="申请复核").click()
    page.fill("#id_reason", "至今没有付款")
    page.get_by_role("button", name="提交").click()
    assert "重新办理" in page.locator("main").text_content() and fits(page)
    complaint.refresh_from_db()
    complaint.answer(by=cast.credit2, outcome="属实", reply="复核：货款已于昨日付清。")
    page.goto(f"/track/{number}")
    text = page.locator("main").text_content()
    assert "货款已于昨日付清" in text and page.get_by_role("link", name="申请复核").count() == 0
