"""Paths of personal pledges: templates, keys, consent, paper (task 2)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from integrity.models import Pledge
from officials.models import PaperSigning, PledgeConsent, PledgeTemplate, SigningKey
from officials.signing import issuing

TEXT = {
    "title": "公务人员信用承诺书", "discipline": "严格遵守宪法、法律法规和工作纪律，依法行使职权。",
    "duty": "认真履行岗位职责，不推诿、不拖延、不弄虚作假。",
    "honesty": "对组织、对服务对象如实告知，言出必行，及时兑现承诺事项。",
    "oversight": "自觉接受组织监督、群众监督和舆论监督。",
    "breach_clause": "本人知悉：违背上述承诺并经认定的，将依照规定记入本人诚信档案。",
    "consent_text": "本人同意将本承诺书（姓名、单位、职务、承诺内容、日期）在“信用中国（山东日照）”网站公开。不同意不影响任职。",
}  # fmt: skip


def template(occasion: str = "年度", code: str = "GRCN-ND", **more: Any) -> PledgeTemplate:
    return PledgeTemplate(code=code, occasion=occasion, **(TEXT | more))


def nominated(cast: Any, **more: Any) -> PledgeTemplate:
    return template(**more).draft(by=cast.credit).nominate(by=cast.credit)


def approved(cast: Any, **more: Any) -> PledgeTemplate:
    return nominated(cast, **more).approve(by=cast.credit2)


def owed(cast: Any) -> Pledge:
    """A pledge the official has been asked for."""
    if PledgeTemplate.objects.current("年度") is None:
        approved(cast)
    pledge = issuing.issue(cast.file, "年度", cast.hr)
    assert pledge is not None
    return pledge


def key(cast: Any, **more: Any) -> SigningKey:
    return SigningKey(
        user=cast.official.user, subject=cast.wang, label="安全密钥", thumbprint="0123456789abcdef0123", credential_id="AAAA",
        cose_key=b"cose", spki_pem="-----BEGIN PUBLIC KEY-----", alg=-7, **more,
    )  # fmt: skip


def enrolled(cast: Any) -> SigningKey:
    return key(cast).enrol(by=cast.official)


def paper(cast: Any) -> PaperSigning:
    return PaperSigning(pledge=owed(cast), signed_on=timezone.localdate(), scan=b"%PDF-1.7 scan")


def consent(cast: Any) -> PledgeConsent:
    return PledgeConsent(pledge=owed(cast), text=TEXT["consent_text"])


LOST: dict[str, Any] = {"key_reason": "lost", "suspect_from": date(2026, 1, 2)}
PATHS = {
    "template.drafted": lambda c: (template(), c.credit, {}),
    "template.nominated": lambda c: (template().draft(by=c.credit), c.credit, {}),
    "template.approved": lambda c: (nominated(c), c.credit2, {}),
    "template.returned": lambda c: (nominated(c), c.credit2, {"reason": "第二条不明确"}),
    "template.retired": lambda c: (approved(c), c.credit, {}),
    "signkey.enrolled": lambda c: (key(c), c.official, {}),
    "signkey.vouched": lambda c: (enrolled(c), c.hr, {}),
    "signkey.surrendered": lambda c: (enrolled(c), c.official, LOST),
    "signkey.revoked": lambda c: (enrolled(c).vouch(by=c.hr), c.hr2, LOST),
    "consent.given": lambda c: (consent(c), c.official, {}),
    "consent.withdrawn": lambda c: (consent(c).give(by=c.official), c.official, {}),
    "paper.entered": lambda c: (paper(c), c.hr, {}),
    "paper.confirmed": lambda c: (paper(c).enter(by=c.hr), c.hr2, {}),
    "paper.refused": lambda c: (paper(c).enter(by=c.hr), c.hr2, {"reason": "日期不一致"}),
}
