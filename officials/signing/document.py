"""The exact bytes of a pledge: RFC 8785, whole text inside, a nonce that makes every ceremony's digest its own (trust.md 1.2)."""

from __future__ import annotations

import base64
import json
import secrets
import unicodedata
from datetime import date
from typing import Any

from django.conf import settings

from integrity.crypto.leaf import canonical
from integrity.models import Pledge


def nonce() -> str:
    """128 random bits in base64url."""
    return base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")


def compose(pledge: Pledge, on: date, once: str) -> bytes:
    """What is signed: `sha256sum` of these bytes is the challenge. They are kept and never made again to verify."""
    template, _, edition = pledge.template.partition(" ")
    fields: dict[str, Any] = {
        "type": "credit-pledge", "v": 1, "id": str(pledge.pk), "number": pledge.number, "title": pledge.title,
        "template": template, "template_version": edition, "text": pledge.text, "occasion": pledge.occasion,
        "signer": {"name": pledge.subject.name}, "position": pledge.post,
        "agency": {"code": pledge.unit.code, "name": pledge.unit.name}, "date": on.isoformat(), "nonce": once,
        "site": settings.SITE_HOST,
    }  # fmt: skip
    if pledge.replaces_id:
        fields["replaces"] = pledge.replaces.number
    return canonical(_normal(fields))


def unchanged(pledge: Pledge, document: bytes) -> bool:
    """Whether these bytes still say what the pledge says."""
    said = json.loads(document)
    return compose(pledge, date.fromisoformat(said["date"]), said["nonce"]) == document


def _normal(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _normal(v) for k, v in value.items()}
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n")) if isinstance(value, str) else value
