"""Signed notes of C2SP: checkpoint text, key ids, signature lines (signed-note, tlog-checkpoint, tlog-cosignature)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from integrity.crypto import keys
from integrity.crypto.algorithms import Ed25519Signer, verify_ed25519, verify_sm2
from integrity.models import PublicLog

ED25519, COSIGNATURE = b"\x01", b"\x04"  # signature types; a cosignature also signs its time
SM2 = b"\xffgov-integrity/sm2-sm3/v1\n"  # no type is assigned to SM2: ours is named in full
SIZES = {ED25519: 32, COSIGNATURE: 32, SM2: 65}
MAX_SIGNATURES = 64


class NoteError(ValueError):
    """A note that is malformed or not signed as claimed."""


@dataclass(frozen=True)
class Verifier:
    """A name and public key that sign notes, in one of the signature types."""

    name: str
    public: bytes
    kind: bytes = ED25519

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """`name+hash+key` as C2SP writes verifier keys."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(self.kind + self.public).decode()}"

    @classmethod
    def parse(cls, vkey: str) -> Verifier:
        try:
            name, key_id, body = vkey.strip().split("+", 2)
            raw = base64.b64decode(body, validate=True)
        except ValueError as fault:
            raise NoteError("not a verifier key") from fault
        kind = next((k for k, size in SIZES.items() if raw.startswith(k) and len(raw) == len(k) + size), b"")
        found = cls(name, raw[len(kind) :], kind)
        if not kind or found.key_id.hex() != key_id:
            raise NoteError("verifier key does not match its id")
        return found

    def signed(self, text: str, signature: bytes) -> bool:
        """Whether this key made the signature over the text."""
        if self.kind == COSIGNATURE:
            return verify_ed25519(self.public, signature[8:], cosigned_message(text, signature[:8]))
        if self.kind == SM2:
            return verify_sm2(self.public, signature, text.encode())
        return verify_ed25519(self.public, signature, text.encode())


def origin() -> str:
    """The log's name: that of the open log, else a schema-less address of this node."""
    log = PublicLog.objects.current()
    return log.origin if log else f"{settings.SITE_HOST.split(':')[0]}/{settings.NODE_NAME}/log"


def signer() -> tuple[Verifier, Ed25519Signer]:
    """The log's newest key."""
    key = Ed25519Signer(keys.current("log").secret)
    return Verifier(origin(), key.public), key


def own_verifiers() -> list[Verifier]:
    """Every key the open log signs checkpoints with, oldest first."""
    log = PublicLog.objects.current()
    return [Verifier.parse(key["vkey"]) for key in log.keys] if log else [signer()[0]]


def line(verifier: Verifier, signature: bytes) -> str:
    return line_of(verifier.name, verifier.key_id + signature)


def line_of(name: str, blob: bytes) -> str:
    """A signature line of its name, and key id with signature."""
    return f"\u2014 {name} {base64.b64encode(blob).decode()}\n"


def sign(text: str, verifier: Verifier, key: Ed25519Signer) -> str:
    """A signed note: the text, an empty line, one signature line. The text ends with a newline."""
    return f"{text}\n{line(verifier, key.sign(text.encode()))}"


def cosigned_message(text: str, stamp: bytes) -> bytes:
    """What a witness signs: the checkpoint's text under its time (8 bytes, seconds since 1970)."""
    return f"cosignature/v1\ntime {int.from_bytes(stamp, 'big')}\n{text}".encode()


def cosign(text: str, verifier: Verifier, key: Ed25519Signer, unixtime: int) -> str:
    """A witness's signature line over a checkpoint."""
    stamp = unixtime.to_bytes(8, "big")
    return line(verifier, stamp + key.sign(cosigned_message(text, stamp)))


def split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Text and signatures (name, key id + signature) of a note."""
    text, mark, tail = note.rpartition("\n\n")
    if not mark or not tail.endswith("\n"):
        raise NoteError("note has no signature block")
    lines = []
    for row in tail[:-1].split("\n"):
        parts = row.split(" ")
        if len(parts) != 3 or parts[0] != "\u2014":
            raise NoteError("malformed signature line")
        try:
            lines.append((parts[1], base64.b64decode(parts[2], validate=True)))
        except ValueError as fault:
            raise NoteError("malformed signature") from fault
    if len(lines) > MAX_SIGNATURES:
        raise NoteError("too many signatures")
    return text + "\n", lines


def signers(note: str, verifiers: Iterable[Verifier]) -> tuple[str, list[Verifier]]:
    """The text and the known keys that signed it; NoteError when a known key's signature is false."""
    text, lines = split(note)
    known, found = {(v.name, v.key_id): v for v in verifiers}, []
    for name, blob in lines:
        verifier = known.get((name, blob[:4]))
        if verifier and not verifier.signed(text, blob[4:]):
            raise NoteError(f"the signature of {name} is false")
        if verifier and verifier not in found:
            found.append(verifier)
    return text, found


def verify(note: str, verifiers: Iterable[Verifier]) -> str:
    """The text, if at least one of the verifiers signed it and none falsely; NoteError otherwise."""
    text, found = signers(note, verifiers)
    if not found:
        raise NoteError("no known key signed this note")
    return text


def checkpoint_text(name: str, size: int, root: bytes) -> str:
    return f"{name}\n{size}\n{base64.b64encode(root).decode()}\n"


def parse_checkpoint(text: str) -> tuple[str, int, bytes]:
    """Origin, size, root of a checkpoint's text."""
    lines = text.split("\n")
    try:
        size, root = int(lines[1]), base64.b64decode(lines[2], validate=True)
    except (IndexError, ValueError) as fault:
        raise NoteError("not a checkpoint") from fault
    if str(size) != lines[1] or size < 0 or len(root) != 32 or not lines[0]:
        raise NoteError("not a checkpoint")
    return lines[0], size, root
