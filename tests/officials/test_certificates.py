"""Level S: SM2 certificates of a CA made with openssl for these tests; everything is checked as with a licensed one (trust.md 1.6)."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from integrity.models import Pledge
from officials.models import PledgeSignature
from tests.officials.signing_desk import verify

pytestmark = pytest.mark.django_db
pytest.importorskip("gmalg", reason="NOT INSTALLED: the extra gm; pip install '.[gm]'")
ID = "distid:1234567812345678"
NAME, NUMBER = "王诚信", "371199198002290127"
CONFIG = """
[ca]
default_ca = it
[it]
database = index.txt
default_md = sm3
default_crl_days = 7
[issuer]
basicConstraints = critical,CA:TRUE
[req]
distinguished_name = name
[name]
"""


class TestCA:
    """Issues, revokes and lists, with the openssl program alone."""

    __test__ = False

    def __init__(self, folder: Path, name: str = "测试电子政务CA") -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "openssl.cnf").write_text(CONFIG)
        (folder / "index.txt").write_text("")
        self.key("ca")
        self.run(
            "req", "-new", "-x509", "-utf8", "-key", "ca.key", "-sm3", "-sigopt", ID, "-subj", f"/CN={name}", "-days", "30",
            "-extensions", "issuer", "-config", "openssl.cnf", "-out", "ca.pem",
        )  # fmt: skip
        self.list()

    def run(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)

    def key(self, name: str) -> None:
        self.run("ecparam", "-genkey", "-name", "SM2", "-noout", "-out", f"{name}.key")

    def issue(self, stem: str, name: str = NAME, number: str = NUMBER) -> bytes:
        self.key(stem)
        subject = f"/CN={name}/serialNumber={number}"
        self.run("req", "-new", "-utf8", "-key", f"{stem}.key", "-sm3", "-sigopt", ID, "-subj", subject, "-config", "openssl.cnf", "-out", f"{stem}.csr")  # fmt: skip
        self.run(
            "x509", "-req", "-in", f"{stem}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-sm3", "-sigopt", ID,
            "-vfyopt", ID, "-days", "10", "-out", f"{stem}.crt",
        )  # fmt: skip
        return (self.folder / f"{stem}.crt").read_bytes()

    def list(self) -> None:
        self.run("ca", "-gencrl", "-config", "openssl.cnf", "-keyfile", "ca.key", "-cert", "ca.pem", "-sigopt", ID, "-out", "ca.crl")  # fmt: skip

    def revoke(self, stem: str) -> None:
        self.run("ca", "-revoke", f"{stem}.crt", "-config", "openssl.cnf", "-keyfile", "ca.key", "-cert", "ca.pem")
        self.list()

    def sign(self, stem: str, document: bytes) -> bytes:
        (self.folder / "document").write_bytes(document)
        self.run("dgst", "-sm3", "-sign", f"{stem}.key", "-sigopt", ID, "-out", "signature", "document")
        return (self.folder / "signature").read_bytes()


@pytest.fixture
def ca(tmp_path, settings):
    """The CA this city recognises: only its certificate and list stand in the configured folder."""
    made, known = TestCA(tmp_path / "ca"), tmp_path / "known"
    known.mkdir()
    made.publish = lambda: [shutil.copy(made.folder / n, known / n) for n in ("ca.pem", "ca.crl")]
    made.publish()
    settings.SIGN_CA_FOLDER = str(known)
    return made


def bring(desks, pledge: Pledge, ca: TestCA, certificate: bytes, stem: str = "wang", change: bytes = b"") -> str:
    """Take the document, sign it outside, bring it back; the page it leads to."""
    address = desks.official.send(f"/me/pledges/{pledge.number}/certificate")
    document = desks.official.get(f"{address}/document.json").content
    signature = ca.sign(stem, document + change)
    files = {"signature": io.BytesIO(signature), "certificate": io.BytesIO(certificate)}
    files["signature"].name, files["certificate"].name = "document.sig", "me.crt"
    desks.official.send(address, read="1", **files)
    page = desks.official.see(f"/me/pledges/{pledge.number}")
    assert desks.official.get(address).status_code == 404  # burnt, whatever came of it
    return page


def test_a_certificate_signs_at_level_s_and_openssl_verifies_it(desks, asked, ca, tmp_path):
    page = bring(desks, asked, ca, ca.issue("wang"))
    row = Pledge.objects.get(pk=asked.pk)
    assert (row.state, row.level) == ("SIGNED", "S") and "电子政务 CA 证书签署（SM2）" in page
    box = zipfile.ZipFile(io.BytesIO(desks.official.get(f"/me/pledges/{row.number}/bundle.zip").content))
    assert NUMBER not in "".join(box.read(n).decode() for n in box.namelist())
    box.extractall(tmp_path)
    told = verify(tmp_path / row.number)
    assert told.returncode == 0 and "数字证书签署（S）：签名有效" in told.stdout
    document = tmp_path / row.number / "document.json"
    document.write_text(document.read_text().replace("副局长", "局长"))
    assert verify(tmp_path / row.number).returncode == 1
    assert "BEGIN CERTIFICATE" in PledgeSignature.objects.get(pledge=row).certificate


def refused(desks, asked, page: str, words: str) -> None:
    assert words in page
    assert Pledge.objects.get(pk=asked.pk).state == "ISSUED" and not PledgeSignature.objects.exists()


def test_a_certificate_of_another_person_is_refused(desks, asked, ca):
    refused(
        desks,
        asked,
        bring(desks, asked, ca, ca.issue("wang", name="李守诺", number="371199197001010010")),
        "与承诺人不符",
    )


def test_a_revoked_certificate_is_refused(desks, asked, ca):
    certificate = ca.issue("wang")
    ca.revoke("wang")
    ca.publish()
    refused(desks, asked, bring(desks, asked, ca, certificate), "已被吊销")


def test_without_a_current_revocation_list_nothing_is_signed(desks, asked, ca, settings):
    (Path(settings.SIGN_CA_FOLDER) / "ca.crl").unlink()
    refused(desks, asked, bring(desks, asked, ca, ca.issue("wang")), "没有有效的证书吊销列表")


def test_a_certificate_of_an_unknown_authority_with_the_same_name_is_refused(desks, asked, ca, tmp_path):
    forger = TestCA(tmp_path / "forger")
    refused(desks, asked, bring(desks, asked, forger, forger.issue("wang")), "不是本市认可的")


def test_a_signature_over_another_text_is_refused(desks, asked, ca):
    refused(desks, asked, bring(desks, asked, ca, ca.issue("wang"), change=b" "), "与所签文本不符")


def test_where_no_authority_is_set_up_the_way_is_not_offered(desks, asked):
    assert "数字证书" not in desks.official.see(f"/me/pledges/{asked.number}")
    assert desks.official.post(f"/me/pledges/{asked.number}/certificate").status_code == 404
