"""Log leaves and their commitments: salted per field, so that a masked view verifies and deletion leaves the log whole (trust.md 2.5)."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from django.conf import settings

from integrity.crypto.algorithms import HASHES, CryptoError

_FIELD, _COMMIT = b"gi-field/v1\n", b"gi-commit/v1\n"
_CODE = re.compile(r"[A-Za-z0-9+/=:._-]{1,200}")  # no space, no Chinese: no name and no free text fits
WHOLE = "snapshot"  # the one field of an act that is never opened field by field
INSIDE = "inside"  # the commitment to a row's changed columns, which never leave the house
MAX_LEAF = 65535  # bytes: an entry bundle gives each entry a 16-bit length
Opening = dict[str, list[Any]]  # field name -> [salt in base64, value]


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of a value made of strings, integers, booleans, None, lists and ASCII-keyed objects."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def field_digest(salt: bytes, name: str, value: Any, alg: str = "sha256") -> bytes:
    return HASHES[alg](_FIELD + salt + canonical([name, value]))


def commitment(digests: Iterable[bytes], alg: str = "sha256") -> str:
    """The commitment over sorted field digests, with the algorithm's name."""
    return f"{alg}:" + HASHES[alg](_COMMIT + b"".join(sorted(digests))).hex()


def flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Members of nested objects as fields of their own (`subject.name`), so that each can be shown or withheld."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict) and value:
            found.update({f"{name}.{part}": v for part, v in value.items()})
        else:
            found[name] = value
    return found


def commit(values: Mapping[str, Any]) -> tuple[Opening, str]:
    """Fresh salts for every field: the opening that is kept apart, and the commitment that goes into the leaf."""
    alg = settings.LOG_HASH
    if WHOLE not in values:
        values = flat(values)
    noise = os.urandom(16 * len(values))
    opening: Opening = {}
    digests = []
    for i, (name, value) in enumerate(values.items()):
        salt = noise[16 * i : 16 * i + 16]
        digests.append(field_digest(salt, name, value, alg))
        opening[name] = [base64.b64encode(salt).decode(), value]
    return opening, commitment(digests, alg)


def values_of(opening: Opening) -> dict[str, Any]:
    """Field values of a kept opening, nested again and without salts."""
    if WHOLE in opening:
        return dict(opening[WHOLE][1])
    found: dict[str, Any] = {}
    for name, (_, value) in opening.items():
        head, dot, part = name.partition(".")
        if head == INSIDE:
            continue
        if dot:
            found.setdefault(head, {})[part] = value
        else:
            found[name] = value
    return found


def digests_of(opening: Opening, alg: str = "sha256") -> list[bytes]:
    return [field_digest(base64.b64decode(salt), name, value, alg) for name, (salt, value) in opening.items()]


def recompute(opening: Opening, withheld: Iterable[str] = (), alg: str = "sha256") -> str:
    """The commitment of a kept opening, some of whose fields may be known by their digest (hex) alone."""
    return commitment([*digests_of(opening, alg), *map(bytes.fromhex, withheld)], alg)


def opens(opening: Opening, commit_: str, withheld: Iterable[str] = ()) -> bool:
    """Whether fields, salts and withheld digests are those the commitment was made of; never raises."""
    try:
        alg = commit_.partition(":")[0]
        return alg in HASHES and recompute(opening, withheld, alg) == commit_
    except (ValueError, TypeError):
        return False


def masked(opening: Opening, commit_: str, shown: Iterable[str]) -> dict[str, Any]:
    """The view for a reader who may see only some fields: these open, the others as digests. It still verifies."""
    names, alg = set(shown), commit_.partition(":")[0]
    fields = {name: pair for name, pair in opening.items() if name in names}
    hidden = {name: pair for name, pair in opening.items() if name not in names}
    return {"fields": fields, "withheld": sorted(d.hex() for d in digests_of(hidden, alg))}


@lru_cache(maxsize=64)
def minute(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M") + at.strftime("%z")[:3] + ":" + at.strftime("%z")[3:]


def _code(name: str, value: Any) -> Any:
    """Only numbers, codes and digests stand openly in a leaf: a name or a sentence is refused."""
    if isinstance(value, list):
        return [_code(name, v) for v in value]
    if isinstance(value, int) or (isinstance(value, str) and _CODE.fullmatch(value)):
        return value
    raise CryptoError(f"{name} must not stand openly in a log leaf")


def make_leaf(type_: str, at: datetime, commit_: str, **more: Any) -> bytes:
    """A leaf: type, minute, commitment; typed entries add by, ref, prev and codes. Empty members are left out."""
    kept = {k: _code(k, v) for k, v in more.items() if v not in ("", None, [])}
    leaf = canonical(kept | {"v": 1, "type": type_, "at": minute(at), "commit": commit_})
    if len(leaf) > MAX_LEAF:
        raise CryptoError(f"a leaf of {len(leaf)} bytes does not fit into an entry bundle")
    return leaf
