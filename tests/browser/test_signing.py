"""The signing story in a real browser with a virtual security key: two hosts, one key only its holder has (trust.md 1, acceptance)."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from integrity.models import Pledge, Setting
from integrity.models.calendar import forget
from officials.models import PledgeSignature, PledgeTemplate, SigningKey
from officials.signing import issuing
from tests import builders
from tests.browser.conftest import DESKTOP, PHONE, log_in
from tests.paths import signing as paths

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def hosts(site: str, settings: Any) -> str:
    """Site and signing host of the running server."""
    port = urlsplit(site).port
    settings.SITE_HOST, settings.SIGN_HOST, settings.SITE_SCHEME = f"localhost:{port}", f"sign.localhost:{port}", "http"
    return site


@pytest.fixture
def scene(hosts: str, chromium: Any) -> Any:
    """A template in force, a key usable as soon as it is vouched for, a fresh debt, a browser each with its own key device."""
    cast = builders.look_up()
    forget()
    if PledgeTemplate.objects.current("年度") is None:
        paths.approved(cast)
    today = timezone.localdate()
    if not Setting.objects.filter(key="signkey_wait_hours", state="APPROVED").exists():
        Setting(key="signkey_wait_hours", value="0", ground="测试", valid_from=today).propose(by=cast.credit).approve(
            by=cast.credit2
        )
        forget()
    for key in SigningKey.objects.exclude(state="REVOKED").filter(subject=cast.wang):
        key.surrender(by=cast.official, key_reason="replaced")
    for old in issuing.personal().filter(subject=cast.wang, state="ISSUED"):
        old.end(by=cast.hr, reason="重新开始")
    pledge, opened, errors = issuing.issue(cast.file, "年度", cast.hr), [], []

    def tab(name: str, **more: Any) -> Any:
        context = chromium.new_context(
            base_url=hosts, locale="zh-CN", reduced_motion="reduce", **({"viewport": DESKTOP} | more)
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on(
            "console", lambda m: errors.append(m.text) if m.type == "error" and "status of 4" not in m.text else None
        )
        page.on("pageerror", lambda e: errors.append(str(e)))
        opened.append(context)
        log_in(page, name)
        return page

    yield SimpleNamespace(cast=cast, pledge=pledge, tab=tab, site=hosts)
    for context in opened:
        context.close()
    assert errors == []


def device(page: Any, **more: Any) -> Any:
    """Put a security key into this page's computer; returns how it is spoken to."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    found = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE | more})
    return SimpleNamespace(session=session, id=found["authenticatorId"])


def register(page: Any, label: str) -> str:
    """Register the key in the computer; returns the thumbprint the page shows."""
    page.goto("/me/keys/")
    page.fill("#label", label)
    page.get_by_role("button", name="登记密钥").click()
    assert urlsplit(page.url).hostname == "sign.localhost"
    page.get_by_role("button", name="登记这台设备或者安全密钥").click()
    page.get_by_role("heading", name="已登记").wait_for()
    return page.locator("[data-thumbprint]").text_content()


def vouch(page: Any, thumbprint: str) -> None:
    """A second person compares the thumbprint with the holder and confirms it."""
    page.goto("/desk/keys/")
    row = page.locator("tr", has_text=thumbprint)
    row.locator("input[type=checkbox]").check()
    page.get_by_label("所选各项均已与本人当面核对，指纹一致。").check()
    page.get_by_role("button", name="核对无误").click()
    page.get_by_text("已核对密钥 1 项").wait_for()


def open_signing(page: Any, pledge: Pledge) -> None:
    page.goto(f"/me/pledges/{pledge.number}")
    page.get_by_role("button", name="使用通行密钥签署").click()
    page.wait_for_url("**//sign.localhost*/**")


def press(page: Any) -> None:
    """Tick that it was read, and touch the key."""
    page.get_by_label("我已阅读全文，自愿签署。").check()
    page.get_by_role("button", name="使用通行密钥签署").click()


def owed(scene: Any) -> Pledge:
    return issuing.personal().get(subject=scene.cast.wang, state="ISSUED")


def test_an_official_registers_is_vouched_for_signs_withdraws_and_signs_again(scene):
    official, hr = scene.tab("official"), scene.tab("hr")
    device(official)
    thumbprint = register(official, "办公电脑")
    official.get_by_role("link", name="返回签署密钥").click()
    assert thumbprint in official.locator("main").text_content()
    vouch(hr, thumbprint)
    open_signing(official, scene.pledge)
    digest = official.locator("[data-digest]").text_content().replace(" ", "")
    bytes_ = base64.b64decode(official.locator("form[data-sign]").get_attribute("data-document"))
    assert digest == hashlib.sha256(bytes_).hexdigest()
    assert official.locator("[data-show=text]").text_content() == json.loads(bytes_)["text"].replace("\n", "")
    press(official)
    official.get_by_role("heading", name="已签署").wait_for()
    assert PledgeSignature.objects.get(pledge=scene.pledge).digest == digest
    official.get_by_role("link", name="查看签署凭证").click()
    assert "本人密钥签署" in official.locator("main").text_content()
    official.get_by_role("link", name="撤回签署").click()
    official.get_by_role("button", name="撤回").click()
    official.wait_for_url("**/me/pledges/")
    assert Pledge.objects.get(pk=scene.pledge.pk).state == "WITHDRAWN"
    again = owed(scene)
    open_signing(official, again)
    press(official)
    official.get_by_role("heading", name="已签署").wait_for()
    assert Pledge.objects.get(pk=again.pk).level == "A"


def ready(scene: Any) -> tuple[Any, Any, str]:
    """The official at his computer with a key vouched for."""
    official, hr = scene.tab("official"), scene.tab("hr")
    key = device(official)
    thumbprint = register(official, "办公电脑")
    vouch(hr, thumbprint)
    return official, key, thumbprint


def test_an_answer_sent_twice_is_refused(scene):
    official, _, _ = ready(scene)
    open_signing(official, scene.pledge)
    sent = []
    official.on("request", lambda r: sent.append((r.url, r.post_data)) if r.method == "POST" else None)
    press(official)
    official.get_by_role("heading", name="已签署").wait_for()
    address, body = sent[-1]
    again = official.evaluate(
        """([address, body]) => fetch(address, {method: "POST", body, headers: {"content-type": "application/x-www-form-urlencoded"}})
             .then(async answer => [answer.status, await answer.text()])""",
        [address, body],
    )
    assert again[0] == 410 and "已经用过" in again[1]
    assert PledgeSignature.objects.filter(pledge=scene.pledge).count() == 1


def test_the_browser_refuses_the_key_to_the_login_host(scene):
    official, _, _ = ready(scene)
    official.goto("/me/")
    name = official.evaluate(
        """() => navigator.credentials.get({publicKey: {rpId: "sign.localhost", challenge: new Uint8Array(32), userVerification: "required"}})
             .then(() => "signed", fault => fault.name)"""
    )
    assert name == "SecurityError"


def fetched(route: Any) -> Any:
    """The signing host's own answer; its name is known to browsers alone."""
    address = route.request.url
    headers = route.request.headers | {"host": urlsplit(address).netloc}
    return route.fetch(url=address.replace("sign.localhost", "localhost"), headers=headers)


def test_the_page_refuses_a_text_that_is_not_what_is_to_be_signed(scene):
    """A proxy, or a server gone bad, that shows one text and asks for a signature under another."""
    official, _, _ = ready(scene)

    def forge(route: Any) -> None:
        answer = fetched(route)
        page = answer.text()
        found = re.search(r'data-document="([^"]*)"', page)
        if found:
            forged = base64.b64decode(found[1]).replace("科长".encode(), "局长".encode())
            assert forged != base64.b64decode(found[1])
            page = page.replace(found[1], base64.b64encode(forged).decode())
        route.fulfill(response=answer, body=page)

    open_signing(official, scene.pledge)
    official.route(official.url, forge)
    official.reload()
    official.get_by_text("所显示的文本与待签摘要不一致，已停止。").wait_for()
    assert official.get_by_role("button", name="使用通行密钥签署").is_disabled()


def test_what_the_page_shows_comes_out_of_the_signed_bytes(scene):
    """Words written around the bytes are overwritten by what the bytes say."""
    official, _, _ = ready(scene)

    def forge(route: Any) -> None:
        answer = fetched(route)
        assert "<p>本人郑重承诺：</p>" in answer.text()
        route.fulfill(response=answer, body=answer.text().replace("<p>本人郑重承诺：</p>", "<p>别的话。</p>"))

    open_signing(official, scene.pledge)
    official.route(official.url, forge)
    official.reload()
    official.wait_for_function("document.querySelector('[data-digest]').textContent.length > 60")
    assert "别的话" not in official.locator("[data-show=text]").text_content()


def test_without_finger_or_pin_nothing_is_signed_and_he_may_try_again(scene):
    official, key, _ = ready(scene)
    open_signing(official, scene.pledge)
    official.get_by_role("button", name="使用通行密钥签署").click()
    official.get_by_text("请先阅读并勾选确认。").wait_for()
    key.session.send("WebAuthn.setUserVerified", {"authenticatorId": key.id, "isUserVerified": False})
    press(official)
    official.get_by_text("签署未完成，您可以再试一次。内容没有提交。").wait_for()
    key.session.send("WebAuthn.setUserVerified", {"authenticatorId": key.id, "isUserVerified": True})
    official.get_by_role("button", name="使用通行密钥签署").click()
    official.get_by_role("heading", name="已签署").wait_for()


def test_a_lost_key_signs_no_more_and_another_takes_its_place(scene):
    official, key, thumbprint = ready(scene)
    official.goto("/me/keys/")
    official.locator("tr", has_text=thumbprint).get_by_role("link", name="注销（遗失、更换）").click()
    official.get_by_label("遗失", exact=True).check()
    official.get_by_role("button", name="注销（遗失、更换）").click()
    official.wait_for_url("**/me/keys/")
    official.goto(f"/me/pledges/{scene.pledge.number}")
    assert official.get_by_role("button", name="使用通行密钥签署").count() == 0
    key.session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key.id})
    device(official, transport="usb")
    other = register(official, "USB 安全密钥")
    assert other != thumbprint
    vouch(scene.tab("hr2"), other)
    open_signing(official, scene.pledge)
    press(official)
    official.get_by_role("heading", name="已签署").wait_for()
    assert Pledge.objects.get(pk=scene.pledge.pk).thumbprint == other.replace(" ", "")


def test_the_pages_stand_on_a_phone_and_by_the_rules_of_access(scene):
    from axe_playwright_python.sync_playwright import Axe

    official = scene.tab("official", viewport=PHONE)
    device(official)
    register(official, "手机")
    vouch(scene.tab("hr"), SigningKey.objects.filter(state="PENDING").latest("registered_at").spaced)
    open_signing(official, scene.pledge)
    pages = [
        official.url,
        f"{scene.site}/me/pledges/{scene.pledge.number}",
        f"{scene.site}/me/pledges/",
        f"{scene.site}/me/keys/",
        f"{scene.site}/pledge/register/",
    ]
    for address in pages:
        official.goto(address)
        found = Axe().run(official).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], address
        assert official.evaluate("document.documentElement.scrollWidth") <= 390, address
