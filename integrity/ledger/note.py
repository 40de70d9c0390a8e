"""Signed notes of C2SP: checkpoint text, key ids, signature lines; Ed25519 (type 0x01)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from django.conf import settings

from integrity.crypto import keys
from integrity.crypto.algorithms import Ed25519Signer, verify_ed25519

ED25519 = b"\x01"


class NoteError(ValueError):
    """A note that is malformed or not signed as claimed."""


@dataclass(frozen=True)
class Verifier:
    """A name and public key that sign notes."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """`name+hash+key` as C2SP writes verifier keys."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, vkey: str) -> Verifier:
        try:
            name, key_id, body = vkey.strip().split("+", 2)
            raw = base64.b64decode(body, validate=True)
        except ValueError as fault:
            raise NoteError("not a verifier key") from fault
        found = cls(name, raw[1:])
        if raw[:1] != ED25519 or len(raw) != 33 or found.key_id.hex() != key_id:
            raise NoteError("verifier key does not match its id")
        return found


def origin() -> str:
    """The log's name: a schema-less address of this node."""
    return f"{settings.SITE_HOST.split(':')[0]}/{settings.NODE_NAME}/log"


def signer() -> tuple[Verifier, Ed25519Signer]:
    """The log's current key."""
    key = Ed25519Signer(keys.current("log").secret)
    return Verifier(origin(), key.public), key


def sign(text: str, verifier: Verifier, key: Ed25519Signer) -> str:
    """A signed note: the text, an empty line, one signature line. The text ends with a newline."""
    signature = base64.b64encode(verifier.key_id + key.sign(text.encode())).decode()
    return f"{text}\n\u2014 {verifier.name} {signature}\n"


def split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Text and signatures (name, key id + signature) of a note."""
    text, mark, tail = note.rpartition("\n\n")
    if not mark:
        raise NoteError("note has no signature block")
    lines = []
    for line in tail.splitlines():
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "\u2014":
            raise NoteError("malformed signature line")
        try:
            lines.append((parts[1], base64.b64decode(parts[2], validate=True)))
        except ValueError as fault:
            raise NoteError("malformed signature") from fault
    return text + "\n", lines


def verify(note: str, verifiers: list[Verifier]) -> str:
    """The text, if at least one of the verifiers signed it; NoteError otherwise."""
    text, lines = split(note)
    for name, blob in lines:
        for v in verifiers:
            if v.name == name and blob[:4] == v.key_id and verify_ed25519(v.public, blob[4:], text.encode()):
                return text
    raise NoteError("no known key signed this note")


def checkpoint_text(name: str, size: int, root: bytes) -> str:
    return f"{name}\n{size}\n{base64.b64encode(root).decode()}\n"


def parse_checkpoint(text: str) -> tuple[str, int, bytes]:
    """Origin, size, root of a checkpoint's text."""
    lines = text.split("\n")
    try:
        return lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True)
    except (IndexError, ValueError) as fault:
        raise NoteError("not a checkpoint") from fault
