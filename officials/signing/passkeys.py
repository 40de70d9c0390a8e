"""Passkeys of the signing host: options for the browser, and what comes back looked at (trust.md 1.4).

Only this host's full name is the RP ID, so that a login passkey never signs and a signing key never logs in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, options_to_json_dict
from webauthn.helpers.cose import COSEAlgorithmIdentifier as Algorithm
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

ALGORITHMS = [Algorithm.ECDSA_SHA_256, Algorithm.EDDSA, Algorithm.RSASSA_PKCS1_v1_5_SHA_256]
TIMEOUT = 240_000  # milliseconds a browser waits for the finger


class NotSigned(ValueError):
    """What the browser sent is no valid registration or signature, with the sentence the person reads."""


def rp_id() -> str:
    return settings.SIGN_HOST.partition(":")[0]


def origin() -> str:
    return f"{settings.SITE_SCHEME}://{settings.SIGN_HOST}"


def for_registering(user: Any, challenge: bytes, known: Iterable[str]) -> dict[str, Any]:
    """Options of `navigator.credentials.create`; the user id is never that of a login passkey."""
    options = generate_registration_options(
        rp_id=rp_id(), rp_name=f"{settings.SITE_NAME}签署", user_id=hashlib.sha256(f"sign:{user.pk}".encode()).digest(),
        user_name=user.username, user_display_name=user.get_full_name(), challenge=challenge, timeout=TIMEOUT,
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=_descriptors(known), supported_pub_key_algs=ALGORITHMS,
    )  # fmt: skip
    return options_to_json_dict(options)


def for_signing(challenge: bytes, usable: Iterable[str]) -> dict[str, Any]:
    """Options of `navigator.credentials.get`; never without a list of keys, which would invite any passkey."""
    allowed = _descriptors(usable)
    if not allowed:
        raise NotSigned("您还没有可用的签署密钥")
    options = generate_authentication_options(
        rp_id=rp_id(), challenge=challenge, timeout=TIMEOUT, allow_credentials=allowed,
        user_verification=UserVerificationRequirement.REQUIRED,
    )  # fmt: skip
    return options_to_json_dict(options)


def _descriptors(ids: Iterable[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(i)) for i in ids]


def parsed(text: str) -> dict[str, Any]:
    """The browser's answer as JSON with its client data looked at: this origin, not inside a foreign page."""
    try:
        credential = json.loads(text)
        client = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))
        foreign = client.get("crossOrigin") or client.get("topOrigin")
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise NotSigned("浏览器送来的数据不完整") from fault
    if foreign:
        raise NotSigned("签署页面被嵌在其他网站中，已拒绝")
    return dict(credential)


def registered(text: str, challenge: bytes) -> Any:
    """The new key as the library verified it."""
    try:
        return verify_registration_response(
            credential=parsed(text), expected_challenge=challenge, expected_rp_id=rp_id(), expected_origin=origin(),
            require_user_verification=True, supported_pub_key_algs=ALGORITHMS,
        )  # fmt: skip
    except (WebAuthnException, ValueError, KeyError, TypeError) as fault:
        raise fault if isinstance(fault, NotSigned) else NotSigned(f"登记未通过验证：{fault}") from fault


def signed(text: str, challenge: bytes, cose_key: bytes, count: int) -> Any:
    """The signature as the library verified it: this challenge, origin, key, with the person verified; the counter grew."""
    try:
        return verify_authentication_response(
            credential=parsed(text), expected_challenge=challenge, expected_rp_id=rp_id(), expected_origin=origin(),
            credential_public_key=cose_key, credential_current_sign_count=count, require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, ValueError, KeyError, TypeError) as fault:
        raise fault if isinstance(fault, NotSigned) else NotSigned(f"签名未通过验证：{fault}") from fault


def evidence(credential: dict[str, Any], alg: int, spki_pem: str) -> dict[str, Any]:
    """What anybody needs to verify the signature: nothing of account, device model or address (trust.md 1.5)."""
    answer = credential["response"]
    return {
        "method": "webauthn", "alg": alg, "rp_id": rp_id(), "origin": origin(), "credential_id": credential["id"],
        "public_key_pem": spki_pem, "authenticator_data": answer["authenticatorData"],
        "client_data_json": answer["clientDataJSON"], "signature": answer["signature"],
    }  # fmt: skip


__all__ = [
    "NotSigned", "bytes_to_base64url", "evidence", "for_registering", "for_signing", "origin", "parsed", "registered", "rp_id", "signed",
]  # fmt: skip
