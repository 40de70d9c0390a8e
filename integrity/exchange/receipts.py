"""Receipts: a signed note over what was taken, its root and what was found wrong (trust.md 3.1, change 4)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from integrity.crypto import keys
from integrity.crypto.algorithms import Ed25519Signer
from integrity.crypto.leaf import canonical
from integrity.ledger import note
from integrity.ledger.note import NoteError, Verifier

FORM = "gov-integrity/receipt/v1"


@dataclass(frozen=True)
class Receipt:
    """What the receiver states: it holds `until` entries of `origin` under `root`, and found this wrong."""

    receiver: str
    origin: str
    until: int
    root: bytes
    ok: int
    quarantined: int
    at: int
    findings: str

    @property
    def text(self) -> str:
        root = base64.b64encode(self.root).decode()
        lines = [FORM, self.receiver, self.origin, str(self.until), root, f"{self.ok} {self.quarantined}", str(self.at)]
        return "\n".join([*lines, self.findings]) + "\n"


def receiver_name() -> str:
    """This node's name on receipts."""
    return f"{settings.SITE_HOST.split(':')[0]}/{settings.NODE_NAME}/receipt"


def signer() -> tuple[Verifier, Ed25519Signer]:
    """The key this node signs receipts with."""
    key = Ed25519Signer(keys.current("receipt").secret)
    return Verifier(receiver_name(), key.public), key


def digest(findings: Sequence[dict[str, Any]]) -> str:
    """The digest of findings that a receipt signs."""
    return "sha256:" + hashlib.sha256(canonical(list(findings))).hexdigest()


def sign(receipt: Receipt) -> str:
    return note.sign(receipt.text, *signer())


def read(text: str, verifiers: list[Verifier]) -> Receipt:
    """The receipt, if one of these keys signed it; NoteError otherwise."""
    lines = note.verify(text, verifiers).split("\n")
    try:
        form, receiver, origin, until, root, counts, at, findings = lines[:8]
        if form != FORM or lines[8:] != [""]:
            raise NoteError("not a receipt")
        ok, quarantined = counts.split(" ")
        body = base64.b64decode(root, validate=True)
        return Receipt(receiver, origin, int(until), body, int(ok), int(quarantined), int(at), findings)
    except ValueError as fault:
        raise NoteError("not a receipt") from fault
