"""Level S: SM2 certificates of a licensed e-government CA, checked here against the CA's own files (trust.md 1.6).

SIGN_CA_FOLDER holds the CA's certificates (*.pem) and its revocation lists (*.crl, PEM); without it level S is not offered. The person
is told by the certificate's subject: his name as CN, his ID number as serialNumber. The certificate stays inside; its key goes out.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils import timezone
from pyasn1.codec.der import decoder, encoder
from pyasn1_modules import rfc5280

from integrity.crypto.algorithms import CryptoError, verify_sm2
from officials.signing.passkeys import NotSigned

SM2_SM3 = "1.2.156.10197.1.501"


@dataclass(frozen=True)
class Signer:
    """Whom a certificate names, and its public key."""

    name: str
    id_number: str
    serial: str
    issuer: str
    pem: str
    key_pem: str


def offered() -> bool:
    """Whether a CA is set up here."""
    return bool(settings.SIGN_CA_FOLDER) and any(Path(settings.SIGN_CA_FOLDER).glob("*.pem"))


def verify(document: bytes, signature: bytes, certificate: bytes) -> Signer:
    """The signer of these exact bytes, or NotSigned with the sentence he reads. `signature` is DER (r, s) of SM2 with SM3."""
    found = _load(certificate)
    issuer = _issuer(found)
    _valid_now(found)
    _not_revoked(found, issuer)
    if not _signed(_point(found), signature, document):
        raise NotSigned("证书签名与所签文本不符，没有提交")
    return _signer(found)


def _load(data: bytes) -> x509.Certificate:
    try:
        return (
            x509.load_pem_x509_certificate(data) if data.startswith(b"-----") else x509.load_der_x509_certificate(data)
        )
    except ValueError as fault:
        raise NotSigned("上传的不是 X.509 证书（PEM 或者 DER）") from fault


def _issuer(found: x509.Certificate) -> x509.Certificate:
    """The configured CA certificate that signed it."""
    for path in sorted(Path(settings.SIGN_CA_FOLDER).glob("*.pem")):
        authority = x509.load_pem_x509_certificate(path.read_bytes())
        named = authority.subject == found.issuer and found.signature_algorithm_oid.dotted_string == SM2_SM3
        if named and _may_issue(authority) and _signed(_point(authority), found.signature, found.tbs_certificate_bytes):
            _valid_now(authority)
            return authority
    raise NotSigned("证书不是本市认可的电子政务电子认证服务机构签发的")


def _may_issue(authority: x509.Certificate) -> bool:
    try:
        return bool(authority.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except x509.ExtensionNotFound:
        return False


def _valid_now(found: x509.Certificate) -> None:
    if not found.not_valid_before_utc <= timezone.now() <= found.not_valid_after_utc:
        raise NotSigned("证书不在有效期内")


def _not_revoked(found: x509.Certificate, issuer: x509.Certificate) -> None:
    """Asked of the CA's newest list; without a current list nothing is signed."""
    for path in sorted(Path(settings.SIGN_CA_FOLDER).glob("*.crl")):
        listed = x509.load_pem_x509_crl(path.read_bytes())
        if listed.issuer != issuer.subject or not _signed(_point(issuer), listed.signature, listed.tbs_certlist_bytes):
            continue
        if listed.next_update_utc is not None and listed.next_update_utc >= timezone.now():
            if listed.get_revoked_certificate_by_serial_number(found.serial_number) is not None:
                raise NotSigned("证书已被吊销")
            return
    raise NotSigned("没有有效的证书吊销列表，暂时不能以证书签署，请联系平台运维或者改用其他方式")


def _spki(found: x509.Certificate) -> Any:
    whole, _ = decoder.decode(found.public_bytes(Encoding.DER), asn1Spec=rfc5280.Certificate())
    return whole["tbsCertificate"]["subjectPublicKeyInfo"]


def _point(found: x509.Certificate) -> bytes:
    """The uncompressed point; `cryptography` itself reads no SM2 keys."""
    return bytes(_spki(found)["subjectPublicKey"].asOctets())


def _signed(point: bytes, signature: bytes, message: bytes) -> bool:
    try:
        r, s = decode_dss_signature(signature)
        return verify_sm2(point, r.to_bytes(32, "big") + s.to_bytes(32, "big"), message)
    except (ValueError, OverflowError):
        return False
    except CryptoError as fault:
        raise NotSigned("本平台没有安装国密组件，暂时不能以证书签署") from fault


def _signer(found: x509.Certificate) -> Signer:
    def told(oid: x509.ObjectIdentifier) -> str:
        values = found.subject.get_attributes_for_oid(oid)
        return str(values[0].value) if len(values) == 1 else ""

    key = base64.encodebytes(encoder.encode(_spki(found))).decode()
    return Signer(
        told(NameOID.COMMON_NAME), told(NameOID.SERIAL_NUMBER), f"{found.serial_number:X}", found.issuer.rfc4514_string(),
        found.public_bytes(Encoding.PEM).decode(), f"-----BEGIN PUBLIC KEY-----\n{key}-----END PUBLIC KEY-----\n",
    )  # fmt: skip
