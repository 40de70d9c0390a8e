"""Leaves of the public log: salted per-field commitments, canonical JSON, nothing personal (trust.md 2.5)."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

_FIELD, _COMMIT = b"gi-field/v1\n", b"gi-commit/v1\n"
WHOLE = "snapshot"  # the one field of an act that is never opened field by field
Opening = dict[str, list[Any]]  # field name -> [salt in base64, value]


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of a value made of strings, integers, booleans, None, lists and ASCII-keyed objects."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def field_digest(salt: bytes, name: str, value: Any) -> bytes:
    return hashlib.sha256(_FIELD + salt + canonical([name, value])).digest()


def commitment(digests: list[bytes]) -> str:
    """The commitment over sorted field digests, with the algorithm's name."""
    return "sha256:" + hashlib.sha256(_COMMIT + b"".join(sorted(digests))).hexdigest()


def commit(values: Mapping[str, Any]) -> tuple[Opening, str]:
    """Fresh salts for every field: the opening that is kept apart, and the commitment that goes into the leaf."""
    noise = os.urandom(16 * len(values))
    opening: Opening = {}
    digests = []
    for i, (name, value) in enumerate(values.items()):
        salt = noise[16 * i : 16 * i + 16]
        digests.append(field_digest(salt, name, value))
        opening[name] = [base64.b64encode(salt).decode(), value]
    return opening, commitment(digests)


def values_of(opening: Opening) -> dict[str, Any]:
    """Field values of a kept opening, without salts."""
    if WHOLE in opening:
        return dict(opening[WHOLE][1])
    return {name: value for name, (_, value) in opening.items()}


def recompute(opening: Opening) -> str:
    """The commitment of a kept opening, to be held against the leaf."""
    return commitment([field_digest(base64.b64decode(s), name, value) for name, (s, value) in opening.items()])


def minute(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M") + at.strftime("%z")[:3] + ":" + at.strftime("%z")[3:]


def make_leaf(type_: str, at: datetime, commit_: str, **more: str) -> bytes:
    """A leaf: type, minute, commitment; typed entries add by, ref, prev. Empty members are left out."""
    body = {"v": 1, "type": type_, "at": minute(at), "commit": commit_, **{k: v for k, v in more.items() if v}}
    return canonical(body)
