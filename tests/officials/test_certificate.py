"""The certificate as PDF: fonts inside, text extractable, QR readable, and the proof inside verifies (trust.md 4)."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from django.test import Client

from integrity.models import Pledge
from officials.models import PledgeSignature
from officials.signing import bundle, clock
from officials.signing.softkey import Authenticator
from tests.officials.signing_desk import sign, verify, with_key
from tests.showcase import days_ago

pytestmark = pytest.mark.django_db
TOOLS = ("pdffonts", "pdftotext", "pdfdetach", "pdftoppm", "zbarimg")


def run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def printed(cast, desks, asked, sign_host, tmp_path):
    """A certificate as its signer takes it away."""
    if missing := [t for t in TOOLS if shutil.which(t) is None]:
        pytest.skip(f"NOT INSTALLED: {missing}; sudo apt-get install -y poppler-utils zbar-tools")
    device = Authenticator()
    with_key(desks, sign_host, device)
    pledge = sign(desks, sign_host, asked, device)
    file = tmp_path / "certificate.pdf"
    file.write_bytes(desks.official.get(f"/me/pledges/{pledge.number}/certificate.pdf").content)
    return pledge, file


def test_text_fonts_and_code_are_in_the_file(cast, printed, tmp_path):
    pledge, file = printed
    fonts = run("pdffonts", str(file)).splitlines()[2:]
    assert fonts and all(line.split()[-5] == "yes" for line in fonts), fonts
    text = run("pdftotext", "-layout", str(file), "-").replace(" ", "").replace("\n", "")
    for words in (
        pledge.number,
        cast.wang.name,
        "副局长",
        "遵纪守规",
        "本人密钥签署",
        pledge.thumbprint,
        pledge.sha256[:32],
        "不显示全文",
    ):
        assert words.replace(" ", "") in text, words
    run("pdftoppm", "-r", "100", "-png", str(file), str(tmp_path / "page"))
    assert f"/v/{pledge.number}" in run("zbarimg", "-q", str(tmp_path / "page-1.png"))


def test_the_attached_bytes_verify_and_the_file_is_made_alike_twice(printed, tmp_path):
    pledge, file = printed
    folder = tmp_path / "out" / "files"
    folder.mkdir(parents=True)
    run("pdfdetach", "-saveall", "-o", str(folder), str(file))
    told = verify(folder)
    assert told.returncode == 0 and pledge.sha256 in told.stdout
    assert bundle.certificate(PledgeSignature.objects.get(pledge=pledge)) == file.read_bytes()


def test_a_public_pledge_carries_its_place_in_the_log(cast, printed, desks):
    from integrity.ledger.sealing import seal_all

    pledge, _ = printed
    desks.official.send(f"/me/pledges/{pledge.number}/consent", to="give")
    with days_ago(-1):
        clock.publish_due()
        seal_all()
        row = Pledge.objects.get(pk=pledge.pk)
        assert row.public
        found = bundle.files(PledgeSignature.objects.get(pledge=row), proof=bundle.log_proof(row))
        assert f"{row.number}.tlog-proof" in found and b"c2sp.org/tlog-proof" in found[f"{row.number}.tlog-proof"]
        answer = Client().get(f"/pledge/{row.number}/bundle.zip")
        assert answer.status_code == 200 and answer.content[:2] == b"PK"
