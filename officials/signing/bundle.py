"""What a signer may take away: the bundle anybody verifies offline, and the certificate as PDF with the same proof inside (trust.md 1.5, 4)."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from django.utils import timezone

from integrity.crypto.leaf import canonical
from integrity.ledger.proofs import NotSealed, standing
from integrity.models import Pledge
from integrity.models.pledge.fields import NOTICE
from integrity.reports.pdf import render
from integrity.reports.qr import drawing
from officials.models import PledgeSignature
from officials.signing.host import site

PAPERS = Path(__file__).resolve().parent / "papers"


def files(signature: PledgeSignature, *, proof: str = "") -> dict[str, bytes]:
    """The bundle's files by name; the log proof only where the pledge is public."""
    found = {
        "document.json": bytes(signature.document),
        "signature.json": canonical(signature.evidence),
        "verify_offline.sh": (PAPERS / "verify_offline.sh").read_bytes(),
        "README.txt": (PAPERS / "README.txt").read_bytes(),
    }
    return found | ({f"{signature.pledge.number}.tlog-proof": proof.encode()} if proof else {})


def log_proof(pledge: Pledge) -> str:
    """The proof that the log holds it, once sealed; only of a public pledge."""
    if not pledge.public:
        return ""
    try:
        return standing(pledge).proof()
    except NotSealed:
        return ""


def bundle(signature: PledgeSignature) -> bytes:
    """The files as ZIP, with the time of signing: the same bytes for the same signature."""
    at = timezone.localtime(signature.made_at)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in files(signature, proof=log_proof(signature.pledge)).items():
            info = zipfile.ZipInfo(f"{signature.pledge.number}/{name}", at.timetuple()[:6])
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            box.writestr(info, data)
    return out.getvalue()


def certificate(signature: PledgeSignature) -> bytes:
    """The pledge as PDF/A-3 with QR code, signature and proof attached; the attached bytes count, the printed layer shows them."""
    pledge = signature.pledge
    attached = [
        {
            "name": name,
            "text": data.decode(),
            "about": ABOUT.get(name, "存证证明"),
            "type": TYPES.get(name, "text/plain"),
        }
        for name, data in files(signature, proof=log_proof(pledge)).items()
    ]
    level, _ = pledge.level_words
    data: dict[str, Any] = {
        "title": pledge.title, "paragraphs": pledge.text.split("\n"), "signer": pledge.subject.name, "unit": pledge.unit.name,
        "post": pledge.post, "date": f"{timezone.localtime(signature.made_at):%Y 年 %m 月 %d 日}", "number": pledge.number,
        "template": pledge.template, "sha256": signature.digest, "level": level, "thumbprint": pledge.thumbprint,
        "notice": NOTICE[signature.level], "qr": drawing(site(f"/v/{pledge.number}")), "address": site(f"/v/{pledge.number}"),
        "public": pledge.public, "attached": attached,
    }  # fmt: skip
    return render("certificate", data, signature.made_at, folder=PAPERS, standard="a-3b")


ABOUT = {
    "document.json": "所签文本的原始字节", "signature.json": "签名和公钥", "verify_offline.sh": "离线核验程序", "README.txt": "说明",
}  # fmt: skip
TYPES = {"document.json": "application/json", "signature.json": "application/json"}
