"""Wrong settings stop the start with an id and a hint (contract.md)."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register

from integrity.crypto.algorithms import HASHES
from integrity.crypto.keys import CHOICES
from integrity.ledger.note import COSIGNATURE, Verifier

LOCAL = ("localhost", "127.0.0.1")


@register(Tags.security)
def node_settings(**_: Any) -> list[Error]:
    """Secret, demonstration and host settings that must not go into service."""
    errors = []
    if not settings.SECRET_KEY or len(settings.SECRET_KEY) < 20 and not settings.DEMO:
        errors.append(
            Error("SECRET_KEY is missing or short", hint="Set SECRET_KEY to 50 random characters.", id="registry.E001")
        )
    if settings.DEMO and settings.SITE_HOST.split(":")[0] not in LOCAL:
        errors.append(
            Error(
                f"DEMO=1 with the public host {settings.SITE_HOST}",
                hint="Demonstration accounts have one known password: unset DEMO, or use SITE_HOST=localhost.",
                id="registry.E002",
            )
        )
    if settings.SIGN_HOST == settings.SITE_HOST:
        errors.append(
            Error("SIGN_HOST equals SITE_HOST", hint="Give signing a host name of its own.", id="registry.E003")
        )
    if settings.UPSTREAM_URL and not settings.UPSTREAM_KEY:
        errors.append(
            Error("UPSTREAM_URL without UPSTREAM_KEY", hint="Set the upper node's vkey line.", id="registry.E004")
        )
    if settings.NODE_LEVEL not in ("TOWNSHIP", "COUNTY", "CITY", "PROVINCE"):
        errors.append(Error("NODE_LEVEL unknown", hint="TOWNSHIP, COUNTY, CITY or PROVINCE.", id="registry.E005"))
    return errors + _algorithms() + _witnesses() + _key_files()


def _algorithms() -> list[Error]:
    """Names of algorithms that the program knows."""
    wanted = {f"{p}": (settings.KEY_ALGORITHMS[p], known) for p, known in CHOICES.items()} | {
        "LOG_HASH": (settings.LOG_HASH, tuple(HASHES))
    }
    return [
        Error(f"{name}: unknown algorithm {alg}", hint=f"One of {', '.join(known)}.", id="registry.E007")
        for name, (alg, known) in wanted.items()
        if alg not in known
    ]


def _witnesses() -> list[Error]:
    """Each witness as `url vkey` with a cosigner's key, and a quorum that they can reach."""
    errors, count = [], len(settings.WITNESSES)
    for entry in settings.WITNESSES:
        try:
            url, vkey = entry
            if not url.startswith(("https://", "http://")) or Verifier.parse(vkey).kind != COSIGNATURE:
                raise ValueError(vkey)
        except ValueError:
            hint = "Each is the witness's address, a space, and the key that `manage.py witness show` prints."
            errors.append(Error(f"WITNESSES: {' '.join(entry)}", hint=hint, id="registry.E008"))
    if not 0 <= settings.WITNESS_QUORUM <= count:
        hint = "At most the number of witnesses."
        errors.append(Error(f"WITNESS_QUORUM={settings.WITNESS_QUORUM} of {count}", hint=hint, id="registry.E009"))
    return errors


def _key_files() -> list[Error]:
    folder = Path(settings.KEYS_DIR)
    open_files = [p.name for p in folder.glob("*.json") if p.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if open_files:
        return [
            Error(
                f"key files readable by others: {', '.join(open_files)}",
                hint=f"chmod 0400 {folder}/*.json",
                id="registry.E006",
            )
        ]
    return []
