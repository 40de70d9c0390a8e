"""Who signs: the open log and its keys, each in force from the entry that announced it; a second line by SM2 where asked for."""

from __future__ import annotations

import hashlib
from typing import Any

from integrity.crypto import keys
from integrity.crypto.algorithms import Ed25519Signer, SM2Signer
from integrity.ledger import note, verifier
from integrity.models import CLOCK, PublicLog

TURN = "log.key_changed"  # the event after which the next key signs


def open_log() -> PublicLog:
    """The log that is signed; the first one is opened by the program itself."""
    log = PublicLog.objects.current()
    if log is None:
        log = PublicLog(origin=note.origin())
        log.open(by=CLOCK, kid=keys.current("log").kid, vkey=note.signer()[0].vkey)
    for name, data in (("gi_verify.py", verifier.script()), ("verify.js", verifier.code())):
        digest = hashlib.sha256(data).hexdigest()
        if log.releases.get(name) != digest:
            log.release(by=CLOCK, name=name, sha256=digest)
    return log


def sign(log: PublicLog, size: int, root: bytes, before: int) -> str:
    """The note over size and root, by the key in force for what is sealed onto a log of `before`."""
    text = note.checkpoint_text(log.origin, size, root)
    key = Ed25519Signer(keys.by_kid("log", log.key_at(before)).secret)
    signed = note.sign(text, note.Verifier(log.origin, key.public), key)
    for entry in log.second_keys[-1:]:
        second = SM2Signer(keys.by_kid("logsm2", entry["kid"]).secret)
        signed += note.line(note.Verifier(log.origin, second.public, note.SM2), second.sign(text.encode()))
    return signed


def rotate(by: Any) -> str:
    """Announce a new key in the log; returns its vkey. It signs once the entry is sealed."""
    log = open_log()
    key = keys.make("log")
    vkey = note.Verifier(log.origin, Ed25519Signer(key.secret).public).vkey
    log.change_key(by=by, kid=key.kid, vkey=vkey)
    return vkey


def add_sm2(by: Any) -> str:
    """Give checkpoints a second signature line by a new SM2 key; returns its vkey."""
    log = open_log()
    key = keys.make("logsm2")
    vkey = note.Verifier(log.origin, SM2Signer(key.secret).public, note.SM2).vkey
    log.add_second_key(by=by, kid=key.kid, vkey=vkey)
    return vkey
