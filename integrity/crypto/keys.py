"""Keys in files outside database and repository: KEYS_DIR/<purpose>-<kid>.json, mode 0400; the newest is current."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from integrity.crypto.algorithms import new_secret

PURPOSES = {"field": "a256gcm", "index": "hs256", "log": "ed25519", "receipt": "ed25519"}
OPTIONAL = {"logsm2": "sm2-sm3"}  # made only when asked for
CHOICES = {"field": ("a256gcm", "sm4gcm"), "index": ("hs256", "hsm3")}  # algorithms a purpose may turn to


@dataclass(frozen=True)
class Key:
    """One key: what it is for, its id, algorithm and secret."""

    purpose: str
    kid: str
    alg: str
    secret: bytes


def _read(path: Path) -> Key:
    data = json.loads(path.read_text())
    return Key(data["purpose"], data["kid"], data["alg"], base64.b64decode(data["secret"]))


@lru_cache(maxsize=8)
def _ring(folder: str, changed: int) -> dict[str, list[Key]]:
    ring: dict[str, list[Key]] = {}
    for path in sorted(Path(folder).glob("*-*.json")):
        key = _read(path)
        ring.setdefault(key.purpose, []).append(key)
    return ring


def ring(purpose: str) -> list[Key]:
    """All live keys of a purpose, oldest first; a key that another process made is known at once."""
    folder = str(settings.KEYS_DIR)
    try:
        changed = os.stat(folder).st_mtime_ns
    except FileNotFoundError:
        return []
    return _ring(folder, changed).get(purpose, [])


def current(purpose: str) -> Key:
    """The key new values are made with; LookupError with a hint when there is none."""
    keys = ring(purpose)
    if not keys:
        raise LookupError(f"no {purpose} key in {settings.KEYS_DIR}; run: python manage.py keys init")
    return keys[-1]


def by_kid(purpose: str, kid: str) -> Key:
    for key in ring(purpose):
        if key.kid == kid:
            return key
    raise LookupError(f"{purpose} key {kid} is not in {settings.KEYS_DIR}")


def make(purpose: str, alg: str = "") -> Key:
    """Write a new key beside the old ones, which stay readable; it is current from now on."""
    folder = Path(settings.KEYS_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    kid = f"k{max((int(key.kid[1:]) for key in ring(purpose)), default=0) + 1:03d}"
    alg = alg or settings.KEY_ALGORITHMS.get(purpose) or (PURPOSES | OPTIONAL)[purpose]
    key = Key(purpose, kid, alg, new_secret(alg))
    path = folder / f"{purpose}-{kid}.json"
    text = json.dumps({"purpose": purpose, "kid": kid, "alg": key.alg, "secret": base64.b64encode(key.secret).decode()})
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(fd, "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    forget()
    return key


def destroy(purpose: str, kid: str) -> None:
    """Remove the file of a key that nothing is sealed with any more; what it sealed could never be read again."""
    if current(purpose).kid == kid:
        raise ValueError(f"{purpose} key {kid} is the current one")
    (Path(settings.KEYS_DIR) / f"{purpose}-{kid}.json").unlink()
    forget()


def forget() -> None:
    """Read the key folder again at the next use."""
    _ring.cache_clear()
