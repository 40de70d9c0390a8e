"""An invented lower node, kept in memory: makes entries, signs heads and sends batches, honest or not."""

from __future__ import annotations

import copy
import secrets
import uuid
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from integrity import catalogue
from integrity.codes import make_uscc, public_number
from integrity.crypto import leaf as leaves
from integrity.crypto.algorithms import Ed25519Signer
from integrity.exchange import wire
from integrity.ledger import merkle, note
from integrity.ledger.note import Verifier
from integrity.models import MomentSeat, Peer

OPERATOR = MomentSeat("PLATFORM_OP")
COMPANY = {"id": str(uuid.uuid4()), "form": "ENTERPRISE", "name": "日照云帆建设有限公司（演示）"}
UNIT = {"name": "云岭县市场监管局（演示）", "code": make_uscc("11371199YYYY10077")}


class Lower:
    """One lower node with a log of its own."""

    def __init__(self, name: str = "county", admit: bool = True) -> None:
        self.origin, self.token = f"{name}.example/{name}/log", f"token-of-{name}"
        self.key = Ed25519Signer(secrets.token_bytes(32))
        self.leaves: list[bytes] = []
        self.openings: dict[int, Any] = {}
        if admit:
            self.peer = Peer(origin=self.origin, name=f"{name}（演示）").admit(
                by=OPERATOR, vkey=self.vkey, token=self.token
            )

    @property
    def vkey(self) -> str:
        return Verifier(self.origin, self.key.public).vkey

    @property
    def size(self) -> int:
        return len(self.leaves)

    # ---- the log ----

    def add(self, values: dict[str, Any] | None = None, log: str = "", **leaf: Any) -> int:
        """One entry; with values it is one that may be opened."""
        now = timezone.localtime()
        whole = {leaves.WHOLE: values} if values and not log else values or {leaves.WHOLE: {"x": 1}}
        opening, commitment = leaves.commit(whole)
        self.leaves.append(leaves.make_leaf(log or "act", now, commitment, **leaf))
        if values:
            self.openings[self.size - 1] = opening
        return self.size - 1

    def node(self, level: int, index: int) -> bytes:
        width = 1 << level
        part = [merkle.leaf_hash(x) for x in self.leaves[index * width : (index + 1) * width]]
        while len(part) > 1:
            part = [merkle.node_hash(part[i], part[i + 1]) for i in range(0, len(part), 2)]
        return part[0]

    def root(self, size: int | None = None) -> bytes:
        return merkle.root(self.size if size is None else size, self.node)

    def head(self, size: int | None = None, key: Ed25519Signer | None = None, root: bytes | None = None) -> str:
        size, key = self.size if size is None else size, key or self.key
        text = note.checkpoint_text(self.origin, size, root or self.root(size))
        return note.sign(text, Verifier(self.origin, key.public), key)

    # ---- batches ----

    def batch(self, start: int, until: int, head_size: int | None = None, **change: Any) -> bytes:
        size = head_size or self.size
        opened = [(i, leaves.orjson.dumps(o).decode()) for i, o in sorted(self.openings.items()) if start <= i < until]
        body = wire.pack(
            self.origin, start, self.head(size), merkle.consistency(until, size, self.node), self.leaves[start:until], opened,
        )  # fmt: skip
        if not change:
            return body
        data = leaves.orjson.loads(body)
        return leaves.orjson.dumps(data | change)

    def post(self, body: bytes, token: str | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token if token is None else token}"}
        return Client().post("/exchange/v1/batches", body, content_type="application/json", headers=headers)

    def send(self, start: int | None = None, until: int | None = None) -> Any:
        """Everything, or a range; the answer."""
        return self.post(self.batch(start or 0, self.size if until is None else until))


def penalty(version: int = 4, **change: Any) -> dict[str, Any]:
    """A confirmed, unpublished penalty as a lower node's snapshot says it."""
    day = timezone.localdate() - timedelta(days=5)
    number = public_number("RZ-DP02", 2026)
    values = {
        "uid": str(uuid.uuid4()), "version": version, "number": number, "kind": "DP02", "kind_edition": 1,
        "subject": COMPANY | {"code": make_uscc("91371100YYYY20001")}, "source_unit": UNIT,
        "title": "未按规定公示收费标准", "fact": "在经营场所未按规定公示收费标准，责令改正后仍未改正。",
        "doc_type": "行政处罚决定书", "doc_no": f"云市监处罚〔2026〕{number[-8:]}号",
        "deciding_unit": UNIT, "decided_on": day.isoformat(), "effective_on": None, "act_ended_on": None,
        "legal_basis": "《中华人民共和国价格法》第十三条、第四十二条", "tier": "general",
        "facts": {"violation": "未明码标价", "penalty_kinds": "罚款", "content": "罚款 0.5 万元", "fine_wan": "0.5"},
        "state": "CONFIRMED", "publicity": "SCHEDULED", "public_from": None,
        "until": (day + timedelta(days=365)).isoformat(), "repair_from": (day + timedelta(days=90)).isoformat(),
        "flags": dict.fromkeys(("objection_open", "rectifying", "mitigated", "exempted", "suspended"), False),
        "ended_reason": "", "served_on": day.isoformat(), "hidden_until": None, "duplicate_note": "", "cleared": True,
        "origin": "",
    }  # fmt: skip
    return values | change


def later(values: dict[str, Any], **change: Any) -> dict[str, Any]:
    """The next snapshot of the same record."""
    return copy.deepcopy(values) | {"version": values["version"] + 1} | change


def published(values: dict[str, Any]) -> dict[str, Any]:
    return later(values, publicity="PUBLIC", public_from=timezone.localdate().isoformat())


def deliver(county: Lower, *snapshots: dict[str, Any]) -> list[tuple[int, str, str]]:
    """Each snapshot one entry of the log, sent as one batch; the findings: place in the batch, code, field."""
    start = county.size
    for values in snapshots:
        county.add(values)
    answer = county.send(start, county.size)
    assert answer.status_code == 201, answer.json()
    return [(f["index"] - start, f["code"], f["field"]) for f in answer.json()["findings"]]


def codes(county: Lower, *snapshots: dict[str, Any]) -> list[str]:
    return [code for _, code, _ in deliver(county, *snapshots)]


def some_facts(code: str) -> dict[str, Any]:
    """Some value for every fact a kind requires."""
    by_type = {"date": "2026-01-05", "amount": "1", "int": 1, "code": make_uscc("91371100YYYY20001")}
    return {
        f.name: f.options[0] if f.options else by_type.get(f.type, "说明")
        for f in catalogue.load().kinds[code].facts
        if f.required and f.type != "bool"
    }
