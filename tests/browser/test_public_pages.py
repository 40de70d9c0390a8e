"""Every public page in a real browser: accessible in four modes, no overflow, within its budget, without a word of script."""

import gzip

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESKTOP, NARROW, PHONE, log_in
from tests.showcase import public_pages

pytestmark = pytest.mark.browser
RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
ELDER = "document.documentElement.setAttribute('data-view', 'elder')"
WIDTH = "document.documentElement.scrollWidth"


def violations(page, mode):
    """What axe finds; its script is put into a page once."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate("rules => axe.run(rules).then(r => r.violations)", RULES)
    return [f"{page.url} {mode}: {v['id']} {[n['target'] for n in v['nodes'][:3]]}" for v in found]


def inspect(page):
    """Axe at 1280, dark, 390 and in the elder view; no horizontal overflow at 320."""
    page.set_viewport_size(DESKTOP)
    page.emulate_media(color_scheme="light")
    faults = violations(page, "desktop")
    page.emulate_media(color_scheme="dark")
    faults += violations(page, "dark")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    faults += violations(page, "phone")
    page.set_viewport_size(NARROW)
    if (width := page.evaluate(WIDTH)) > NARROW["width"]:
        faults.append(f"{page.url}: {width} px wide at 320")
    page.set_viewport_size(DESKTOP)
    page.evaluate(ELDER)
    return faults + violations(page, "elder")


def test_every_page_is_accessible_in_every_mode(tab, city):
    faults = []
    for address in [*public_pages(city), "/never-built/", "/v/CN-2026-00000000"]:
        tab.goto(address)
        faults += inspect(tab)
    assert "\n".join(faults) == ""


def test_every_page_keeps_its_budget(tab, site, city):
    faults, seen = [], []
    tab.on("request", lambda r: seen.append(r.url))
    for address in public_pages(city):
        seen.clear()
        html = tab.goto(address).body()
        if len(seen) > 5 or any(not u.startswith(site) for u in seen):
            faults.append(f"{address}: {seen}")
        if (size := len(gzip.compress(html))) > 25_000:
            faults.append(f"{address}: {size} bytes")
    css = tab.request.get("/static/site/site.css").body()
    assert len(gzip.compress(css)) <= 12_000
    assert faults == [] and tab.context.cookies() == []


def test_the_first_tab_stop_skips_to_the_content(tab):
    tab.goto("/list/all")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "跳到主要内容"
    tab.keyboard.press("Enter")
    tab.wait_for_url("**#main")


def test_pages_of_an_account_wear_the_sites_dress(tab, city):
    tab.goto("/accounts/login/")
    faults = inspect(tab)
    log_in(tab, "clerk")
    for address in (
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/seats/",
        "/accounts/logout/",
        "/accounts/2fa/webauthn/",
    ):
        tab.goto(address)
        if tab.locator("main h1").count() != 1:
            faults.append(f"{address}: no h1")
        faults += inspect(tab)
    for address in ("/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"):
        tab.goto(address)
        if "reauthenticate" in tab.url:
            faults += inspect(tab)
            tab.fill("input[name=password]", "correct horse battery")
            tab.click("main form button[type=submit]")
        faults += inspect(tab)
        assert tab.url.endswith(address)
    assert "\n".join(faults) == ""
