"""The ceremonies: register a key, sign with it, confirm by login; each opened on the site and finished on the signing host."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from webauthn.helpers import decode_credential_public_key, decoded_public_key_to_cryptography
from webauthn.helpers.structs import CredentialDeviceType

from integrity.acts import Refused, may
from integrity.ledger import note
from integrity.models import Pledge, Seat, find_person
from officials.models import Ceremony, PaperSigning, PledgeSignature, SigningKey
from officials.models.signkey import thumbprint_of
from officials.signing import authority, passkeys
from officials.signing.document import compose, nonce, unchanged
from officials.signing.passkeys import NotSigned

EDDSA = -8  # COSE's name of Ed25519
GONE = "这次签署已经用过或者超过五分钟，内容没有提交。请回到原页面重新开始。"


def sign_spec() -> Any:
    return Pledge.sign.act  # type: ignore[attr-defined]


def open_registration(seat: Any, label: str) -> str:
    """Begin to register a key; returns the token of its page on the signing host."""
    if spec := may(SigningKey.enrol.act, SigningKey(user=seat.user, subject=seat.user.person), seat):  # type: ignore[attr-defined]
        raise spec
    token, _ = Ceremony.open(seat, Ceremony.Purpose.REGISTER, label=label.strip()[:60] or "签署密钥")
    return token


def open_signing(seat: Any, pledge: Pledge) -> str:
    """Begin to sign a pledge; the document is composed now and stays as it is."""
    if refusal := may(sign_spec(), pledge, seat):
        raise refusal
    if not usable(seat.user).exists():
        raise Refused("您还没有可用的签署密钥：请先登记，并由组织人事部门当面核对")
    document = compose(pledge, timezone.localdate(), nonce())
    token, _ = Ceremony.open(seat, Ceremony.Purpose.SIGN, pledge=pledge, document=document)
    return token


def usable(user: Any) -> Any:
    """Keys this person may sign with now."""
    return SigningKey.objects.usable().filter(user=user)


def options(ceremony: Ceremony) -> dict[str, Any]:
    """What the browser is asked for."""
    challenge = bytes(ceremony.challenge)
    if ceremony.purpose == Ceremony.Purpose.REGISTER:
        known = SigningKey.objects.exclude(state="REVOKED").filter(user=ceremony.user)
        return passkeys.for_registering(ceremony.user, challenge, known.values_list("credential_id", flat=True))
    return passkeys.for_signing(challenge, usable(ceremony.user).values_list("credential_id", flat=True))


def finish(ceremony: Ceremony, answer: str) -> Any:
    """Burn the ceremony, then look at what came: a key or a signed pledge; NotSigned or Refused otherwise."""
    if not ceremony.consume():
        raise NotSigned(GONE)
    if not Seat.objects.in_force().filter(pk=ceremony.seat_id, user__is_active=True).exists():
        raise NotSigned("您的岗位已失效，没有提交")
    with transaction.atomic():
        return _enrol(ceremony, answer) if ceremony.purpose == Ceremony.Purpose.REGISTER else _sign(ceremony, answer)


def _enrol(ceremony: Ceremony, answer: str) -> SigningKey:
    seen = passkeys.registered(answer, bytes(ceremony.challenge))
    decoded = decode_credential_public_key(seen.credential_public_key)
    public = decoded_public_key_to_cryptography(decoded)
    spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    key = SigningKey(
        user=ceremony.user, subject=ceremony.user.person, label=ceremony.label, thumbprint=thumbprint_of(spki),
        credential_id=passkeys.bytes_to_base64url(seen.credential_id), cose_key=seen.credential_public_key,
        spki_pem=public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(), alg=int(decoded.alg),
        aaguid=seen.aaguid, registration={"fmt": str(getattr(seen.fmt, "value", seen.fmt)), "count": seen.sign_count},
        device_bound=seen.credential_device_type == CredentialDeviceType.SINGLE_DEVICE, backed_up=seen.credential_backed_up,
    )  # fmt: skip
    return key.enrol(by=ceremony.seat)


def _sign(ceremony: Ceremony, answer: str) -> Pledge:
    credential, document = passkeys.parsed(answer), bytes(ceremony.document)
    key = usable(ceremony.user).filter(credential_id=str(credential.get("id"))).first()
    if key is None:
        raise NotSigned("所用的密钥没有登记、尚未核对或者已经注销")
    if not unchanged(ceremony.pledge, document):
        raise NotSigned("承诺书已更新，请重新阅读")
    last = key.signatures.aggregate(last=Max("sign_count"))["last"] or int(key.registration.get("count", 0))
    seen = passkeys.signed(answer, bytes(ceremony.challenge), bytes(key.cose_key), last)
    proof = passkeys.evidence(credential, key.alg, key.spki_pem)
    pledge = bind(ceremony.pledge, ceremony.seat, Pledge.Level.KEY, document, thumbprint=key.thumbprint)
    keep(pledge, Pledge.Level.KEY, document, proof, key=key, sign_count=seen.new_sign_count)
    return pledge


def bind(pledge: Pledge, seat: Any, level: str, document: bytes, **more: Any) -> Pledge:
    """The act of signing."""
    return pledge.sign(by=seat, level=level, document=document, signer=signer_of(pledge), **more)


def signer_of(pledge: Pledge) -> str:
    return f"{pledge.subject.name}（{pledge.post}）" if pledge.post else pledge.subject.name


def keep(pledge: Pledge, level: str, document: bytes, evidence: dict[str, Any], **more: Any) -> PledgeSignature:
    """The exact bytes and their proof, beside the act."""
    return PledgeSignature.objects.create(
        pledge=pledge,
        level=level,
        document=document,
        digest=pledge.sha256,
        evidence=evidence,
        made_at=pledge.signed_at,
        **more,
    )


# ---- with a certificate (level S) ----


def open_certificate(seat: Any, pledge: Pledge) -> str:
    """Begin to sign with a certificate: the document is composed now, signed outside, and brought back in five minutes."""
    if refusal := may(sign_spec(), pledge, seat):
        raise refusal
    token, _ = Ceremony.open(
        seat, Ceremony.Purpose.SIGN, pledge=pledge, document=compose(pledge, timezone.localdate(), nonce())
    )
    return token


def finish_certificate(ceremony: Ceremony, signature: bytes, certificate: bytes) -> Pledge:
    """Burn the ceremony, then look at certificate, revocation, signature and person."""
    if not ceremony.consume():
        raise NotSigned(GONE)
    document = bytes(ceremony.document)
    if not unchanged(ceremony.pledge, document):
        raise NotSigned("承诺书已更新，请重新阅读")
    signer = authority.verify(document, signature, certificate)
    person = ceremony.pledge.subject
    if signer.name != person.name or find_person(signer.id_number) != person:
        raise NotSigned("证书上的姓名、公民身份号码与承诺人不符")
    evidence = {
        "method": "sm2", "alg": "SM2", "signature": passkeys.bytes_to_base64url(signature), "public_key_pem": signer.key_pem,
        "certificate_serial": signer.serial, "certificate_issuer": signer.issuer,
    }  # fmt: skip
    with transaction.atomic():
        pledge = bind(ceremony.pledge, ceremony.seat, Pledge.Level.CERTIFICATE, document)
        keep(pledge, Pledge.Level.CERTIFICATE, document, evidence, certificate=signer.pem)
    return pledge


# ---- without a key ----


@transaction.atomic
def confirm_by_login(seat: Any, pledge: Pledge) -> Pledge:
    """Level B: the account's holder has just given his password; the platform says so under the log's key (trust.md 1.6)."""
    document = compose(pledge, timezone.localdate(), nonce())
    signed = bind(pledge, seat, Pledge.Level.LOGIN, document)
    text = statement(signed, "password")
    verifier, key = note.signer()
    proof = {
        "method": "login", "alg": EDDSA, "statement": text, "signature": passkeys.bytes_to_base64url(key.sign(text.encode())),
        "public_key_pem": ed25519_pem(verifier.public), "vkey": verifier.vkey,
    }  # fmt: skip
    keep(signed, Pledge.Level.LOGIN, document, proof)
    return signed


def ed25519_pem(public: bytes) -> str:
    """A raw Ed25519 key as openssl reads it."""
    key = Ed25519PublicKey.from_public_bytes(public)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def statement(pledge: Pledge, method: str) -> str:
    """What the platform vouches for at level B: that an account confirmed this digest by password, and nothing more."""
    at = timezone.localtime(pledge.signed_at).isoformat(timespec="seconds")
    return f"gi-pledge-statement/v1\nnumber {pledge.number}\nsha256 {pledge.sha256}\nmethod {method}\ntime {at}\n"


def on_paper(paper: PaperSigning, by: Any) -> Pledge:
    """Level C: two people have seen the signed paper; its scan stays inside, its digest does not."""
    pledge = paper.pledge
    document = compose(pledge, paper.signed_on, nonce())
    signed = pledge.transcribe(by=by, document=document, signer=signer_of(pledge))
    keep(
        signed,
        Pledge.Level.PAPER,
        document,
        {"method": "paper", "scan_sha256": paper.scan_sha256, "signed_on": paper.signed_on.isoformat()},
    )
    return signed
