"""An invented upper node, kept in memory: honest unless told otherwise."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any

from integrity.crypto.algorithms import Ed25519Signer
from integrity.exchange import receipts, wire
from integrity.exchange.receipts import Receipt
from integrity.exchange.transport import Unreachable
from integrity.exchange.wire import Answer
from integrity.ledger import merkle, note
from integrity.ledger.note import Verifier

NAME = "province.example/province/receipt"


class Upper:
    """Answers batches; `trick` may change or replace an answer, `found` adds findings by index."""

    def __init__(self) -> None:
        self.key = Ed25519Signer(secrets.token_bytes(32))
        self.leaves: list[bytes] = []
        self.payloads: dict[int, Any] = {}
        self.found: dict[int, dict[str, Any]] = {}
        self.trick: Callable[[wire.Parcel, Answer], Answer] | None = None
        self.down = False
        self.seen: list[wire.Parcel] = []
        self.signs_as = Verifier(NAME, self.key.public)

    @property
    def vkey(self) -> str:
        return Verifier(NAME, self.key.public).vkey

    def root(self, size: int) -> bytes:
        hashes = [merkle.leaf_hash(x) for x in self.leaves[:size]]
        nodes = {(level, i): h for level, i, h in merkle.grow(0, hashes, lambda *at: b"")}
        return merkle.root(size, lambda *at: nodes[at])

    def post(self, body: bytes) -> Answer:
        if self.down:
            raise Unreachable("down")
        parcel = wire.parse(body)
        self.seen.append(parcel)
        answer = self._answer(parcel)
        return self.trick(parcel, answer) if self.trick else answer

    def _answer(self, parcel: wire.Parcel) -> Answer:
        held = len(self.leaves)
        if parcel.until > held and parcel.start != held:
            return Answer(409, {"error": "held", "held": held})
        if parcel.until <= held and self.leaves[parcel.start : parcel.until] != parcel.entries:
            return Answer(422, {"error": "different", "message": "different", "held": held})
        status = 200 if parcel.until <= held else 201
        if status == 201:
            self.leaves += parcel.entries
            self.payloads |= parcel.payloads
        return Answer(status, self.receipt(parcel))

    def receipt(self, parcel: wire.Parcel, **change: Any) -> dict[str, Any]:
        found = [f for i, f in sorted(self.found.items()) if parcel.start <= i < parcel.until]
        values = {
            "receiver": NAME, "origin": parcel.origin, "until": parcel.until, "root": self.root(parcel.until), "ok": 0,
            "quarantined": 0, "at": int(time.time()), "findings": receipts.digest(found),
        }  # fmt: skip
        text = note.sign(Receipt(**values | change).text, self.signs_as, self.key)
        return {"receipt": text, "findings": found, "held": len(self.leaves)}

    def reject(self, index: int, code: str = "E11") -> None:
        self.found[index] = {"index": index, "code": code, "field": "subject.name", "message": "名称不一致"}
