"""What the public does, done in a browser that runs no script (brief 9.3)."""

import pytest

pytestmark = pytest.mark.browser


def test_a_visitor_finds_an_agency_and_reads_its_record(tab_without_script, city):
    page = tab_without_script
    page.goto("/")
    page.fill("#q", "云岭县教育")
    page.press("#q", "Enter")
    page.get_by_role("link", name="云岭县教育局（演示）", exact=True).click()
    assert page.locator("h1").text_content() == "云岭县教育局（演示）"
    page.get_by_role("link", name="未履行生效判决确定的付款义务").click()
    assert city.court.number in page.locator("main").text_content()


def test_a_visitor_narrows_a_list_turns_its_page_and_takes_the_file(tab_without_script, city):
    page = tab_without_script
    page.goto("/list/all")
    page.get_by_role("link", name="下一页").click()
    page.get_by_role("link", name="上一页").click()
    page.select_option("#kind", "DP01")
    page.get_by_role("button", name="筛选").click()
    assert page.locator(".notices li").count() == 3
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert text.count("行政许可信息") == 3


def test_a_visitor_reads_a_pledge_and_verifies_it(tab_without_script, city):
    page = tab_without_script
    page.goto("/")
    page.get_by_role("link", name="公开信用承诺").click()
    page.get_by_role("link", name="2026 年度政务信用承诺书").click()
    page.get_by_role("link", name="核验这份承诺书").click()
    assert page.locator("h1").text_content() == "核验结果：真实有效"
    page.fill("#number", "CN-2026-00000000")
    page.get_by_role("button", name="核验").click()
    assert page.locator("h1").text_content() == "未找到该编号"


def test_an_older_visitor_chooses_large_letters_and_goes_back(tab_without_script, city):
    page = tab_without_script
    page.goto("/")
    page.get_by_role("link", name="长辈版").click()
    assert page.locator("h1").text_content() == "查一查，问一问"
    page.get_by_role("link", name="看最新公示").click()
    assert page.locator("html").get_attribute("data-view") == "elder"
    page.get_by_role("link", name="标准版").click()
    assert page.locator("html").get_attribute("data-view") is None
