"""A newcomer follows the README: one record of two kinds from a clerk's desk to the page, the interface and the upper node."""

from __future__ import annotations

import json
import re
import urllib.request
from contextlib import ExitStack
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests.browser.conftest import DESKTOP
from tests.running import Node, folder, running, wait_for

LATELY = (date.today() - timedelta(days=3)).isoformat()
HONOUR = {
    "title": "诚信示范单位表彰", "doc_type": "表彰决定", "doc_no": "日政发〔2026〕917号", "deciding_name": "演示市人民政府", "decided_on": LATELY,
    "legal_basis": "《山东省社会信用条例》第十四条", "honour": "政务诚信示范单位", "level": "市级", "granted_by": "演示市人民政府",
}  # fmt: skip

PENALTY = {
    "title": "超限运输货物", "fact": "运输车辆超限行驶。", "doc_type": "行政处罚决定书", "doc_no": "日交罚〔2026〕918号", "deciding_name": "市交通运输局（演示）",
    "decided_on": LATELY, "legal_basis": "《公路安全保护条例》第六十四条", "tier": "general", "violation": "违法超限运输",
    "penalty_kinds": "罚款", "content": "罚款 2 万元", "fine_wan": "2",
}  # fmt: skip


@pytest.fixture(scope="module")
def nodes(chromium):
    """City and province as `make run` and `make upper` start them, and a tab for each account."""
    with folder() as place, ExitStack() as ends:
        city, province = Node(place / "var"), Node(place / "upper", "--upper", LOWER_DIR=str(place / "var"))
        ends.enter_context(running(province, city))
        password, tabs = city.account_file()["password"], {}

        def tab(name: str) -> Any:
            if name not in tabs:
                context = chromium.new_context(
                    base_url=f"http://localhost:{city.port}", viewport=DESKTOP, locale="zh-CN"
                )
                ends.callback(context.close)
                tabs[name] = page = context.new_page()
                page.set_default_timeout(15_000)
                page.goto("/accounts/login/")
                page.fill("input[name=login]", name)
                page.fill("input[name=password]", password)
                press(page, "登录")
            return tabs[name]

        yield SimpleNamespace(city=city, province=province, tab=tab)


def press(page: Any, label: str) -> None:
    page.locator("main").get_by_role("button", name=label, exact=True).or_(
        page.locator("main").get_by_role("link", name=label, exact=True)
    ).first.click()
    page.wait_for_load_state()


def fill(page: Any, values: dict[str, str]) -> None:
    for name, value in values.items():
        field = page.locator(f"main [name={name}]").first
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(label=value)
        elif field.get_attribute("type") in ("radio", "checkbox"):
            page.locator(f"main [name={name}][value='{value}']").check()
        else:
            field.fill(value)


def found(page: Any, text: str) -> tuple[str, str]:
    """Name and code of the first organisation of a search."""
    page.goto(f"/search?q={text}")
    link = page.locator("main a[href^='/s/']").first
    return link.inner_text(), link.get_attribute("href").removeprefix("/s/")


def enter(page: Any, kind: str, values: dict[str, str]) -> str:
    page.goto("/desk/records/new")
    page.locator(f"main a[href='/desk/records/new/{kind}']").first.click()
    fill(page, values)
    press(page, "提交复核")
    return page.url


def carry_through(nodes: Any, record: str) -> str:
    """The three further people's acts; the record's number."""
    clerk, reviewer, credit, credit2 = (nodes.tab(n) for n in ("clerk", "reviewer", "credit", "credit2"))
    clerk.goto(record)
    assert (
        clerk.get_by_role("button", name="复核通过").count() == clerk.get_by_role("link", name="复核通过").count() == 0
    )
    assert clerk.goto(record + "review").status == 403
    assert "没有办理此事项的权限" in clerk.inner_text("main")
    reviewer.goto(record + "review")
    for box in reviewer.locator("main input[type=checkbox]").all():
        box.check()
    press(reviewer, "复核通过")
    credit.goto(record)
    press(credit, "入库认定")
    fill(credit, {"publish": "yes"})
    press(credit, "入库认定")
    assert credit.get_by_role("link", name="公示", exact=True).count() == 0
    assert credit.goto(record + "publish").status == 409
    assert "须由两人办理" in credit.inner_text("main")
    credit2.goto(record)
    press(credit2, "公示")
    press(credit2, "公示")
    return re.search(r"RZ-[A-Z0-9]+-\d{4}-[A-Z0-9]+", credit2.inner_text("main"))[0]


def test_an_honour_and_a_penalty_from_the_desk_to_the_province(nodes):
    clerk = nodes.tab("clerk")
    school = found(clerk, "教育局")
    honour = enter(clerk, "AG11", HONOUR | {"subject_code": school[1]})
    company = found(clerk, "有限公司")
    penalty = enter(clerk, "DP02", PENALTY | {"subject_code": company[1]})
    assert penalty.endswith("/DP02") and "送达" in clerk.inner_text("main [role=alert]")
    fill(clerk, {"served_on": LATELY})
    press(clerk, "提交复核")
    penalty = clerk.url
    records = {school[1]: carry_through(nodes, honour), company[1]: carry_through(nodes, penalty)}
    for code, number in records.items():
        page = nodes.tab("clerk")
        page.goto(f"/s/{code}")
        assert number in page.content(), page.inner_text("main")
        assert page.goto(f"/n/{number}").status == 200
        assert number in api(nodes.city, f"records?number={number}")
        arrives(nodes.province, code, number)
    exchange = nodes.tab("operator")
    exchange.goto("/desk/exchange/")
    assert "demo-province" in exchange.inner_text("main")


def api(node: Node, path: str) -> str:
    with urllib.request.urlopen(f"http://localhost:{node.port}/api/v1/{path}") as answer:
        return json.dumps(json.load(answer), ensure_ascii=False)


def arrives(node: Node, code: str, number: str) -> None:
    """The record stands on the upper node's page once the worker ran."""

    def there() -> bool:
        try:
            with urllib.request.urlopen(f"http://localhost:{node.port}/s/{code}") as answer:
                return number in answer.read().decode()
        except OSError:
            return False

    wait_for(there, 90)
