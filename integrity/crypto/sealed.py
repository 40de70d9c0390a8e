"""Sealed fields and their blind index (trust.md 6): `alg.kid.base64`, bound to table, column and row."""

from __future__ import annotations

import base64
import unicodedata

from integrity.crypto import keys
from integrity.crypto.algorithms import CryptoError, mac, seal, unseal


def seal_text(text: str, place: str) -> str:
    """Seal a text for one place (`table.column.row-id`): moved to another row it does not open."""
    key = keys.current("field")
    blob = seal(key.alg, key.secret, text.encode(), f"{key.alg}.{key.kid}.{place}".encode())
    return f"{key.alg}.{key.kid}.{base64.b64encode(blob).decode()}"


def open_text(value: str, place: str) -> str:
    """The text, or CryptoError when the value belongs to another row or was altered."""
    try:
        alg, kid, body = value.split(".", 2)
        blob = base64.b64decode(body, validate=True)
    except ValueError as fault:
        raise CryptoError("not a sealed value") from fault
    key = keys.by_kid("field", kid)
    return unseal(alg, key.secret, blob, f"{alg}.{kid}.{place}".encode()).decode()


def blind_index(text: str, field: str, kid: str = "") -> str:
    """Keyed hash for exact look-up: `kid.hex`, 160 bits, equal for equal normalised values."""
    key = keys.by_kid("index", kid) if kid else keys.current("index")
    value = field + chr(0) + unicodedata.normalize("NFKC", text).strip().upper()
    return f"{key.kid}.{mac(key.alg, key.secret, value.encode())[:20].hex()}"


def blind_indexes(text: str, field: str) -> list[str]:
    """The value's index under every live key, for look-ups during a rotation."""
    return [blind_index(text, field, key.kid) for key in keys.ring("index")]
