"""The verification page, saved to a disk and opened without network: it accepts the true proof and no altered one."""

import pytest

from integrity.crypto.algorithms import HASHES
from integrity.ledger import sealing, verifier
from tests import builders

sync_api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
pytestmark = [pytest.mark.django_db, pytest.mark.browser]


@pytest.fixture
def saved(cast, client, tmp_path):
    """The page and a proof as files."""
    record = builders.published(cast, "DP02", who="market", reviewer="market_reviewer")
    sealing.seal_all()
    (tmp_path / "verify.html").write_bytes(client.get("/verify.html").content)
    proof = tmp_path / f"{record.number}.tlog-proof"
    proof.write_bytes(client.get(f"/log/proof/{record.number}").content)
    return tmp_path, proof, record.title


@pytest.fixture
def page(saved, chromium):
    """The saved page in a browser that is offline; it must say nothing on the console."""
    context = chromium.new_context(offline=True)
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda fault: said.append(str(fault)))
    page.goto(f"file://{saved[0]}/verify.html")
    yield page
    context.close()
    assert said == []


def result(page):
    box = page.locator("#result")
    sync_api.expect(box).to_be_visible()
    return box.inner_text()


def test_the_true_proof_is_accepted_from_a_file(saved, page):
    page.set_input_files("#file", str(saved[1]))
    text = result(page)
    assert "核验通过" in text and saved[2] in text and "违法行为" in text


@pytest.mark.parametrize("line", [0, 1, 2, 3, -2])
def test_an_altered_proof_is_refused(saved, page, line):
    lines = saved[1].read_text(encoding="utf-8").split("\n")
    at = len(lines[line]) // 2
    lines[line] = lines[line][:at] + ("B" if lines[line][at] != "B" else "C") + lines[line][at + 1 :]
    page.fill("#proof", "\n".join(lines))
    page.click("button")
    assert "核验未通过" in result(page)


def test_a_foreign_key_is_refused(saved, page):
    page.fill("#policy", "log other.example+a2f76d87+AYEXJRWDdHP9bYvjVCYpe3Vsfs5tnrlWKCbBqGGHRWJ0\nquorum none\n")
    page.set_input_files("#file", str(saved[1]))
    assert "核验未通过" in result(page)


def test_the_pages_own_sm3_is_the_standards(saved, page):
    for text in ("abc", "abcd" * 16, "", "x" * 55, "x" * 56, "政务诚信" * 40):
        assert page.evaluate("(t) => hex(sm3(utf8(t)))", text) == HASHES["sm3"](text.encode()).hex()


def test_the_page_asks_for_nothing_outside_itself(saved):
    text = verifier.page().decode()
    assert (
        "default-src 'none'" in text
        and "http" not in text.split("<body>")[1].replace("http-equiv", "").split("log ")[0]
    )
