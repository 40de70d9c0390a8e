"""Rounds of work and mishap over three levels: kills at every point, lost, doubled, late, altered and forged messages."""

from __future__ import annotations

import os
import random
import secrets
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from tests import builders, nodes
from tests.nodes import Died, Node, Wire


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dying(place: Any, name: str, *, after: bool) -> None:
    """From now on the process is killed before or after this function of the program."""
    original = getattr(place, name)

    def killed(*args: Any, **kwargs: Any) -> Any:
        if after:
            original(*args, **kwargs)
        die()

    setattr(place, name, killed)


# ---- where nodes die (trust.md 3.2) ----


def receiver_deaths() -> dict[str, Callable[[], None]]:
    from integrity.exchange import receiver, views
    from integrity.exchange.applying import Application
    from integrity.exchange.trees import Tree
    from integrity.models import Peer

    return {
        "verified": lambda: dying(Tree, "append", after=False),
        "mid": lambda: dying(Application, "_write", after=True),
        "before commit": lambda: dying(Peer, "note_batch", after=True),
        "after commit": lambda: dying(views.receiver, "take", after=True),
        "at the door": lambda: dying(receiver, "take", after=False),
    }


def sender_deaths() -> dict[str, Callable[[], None]]:
    from integrity.exchange import sender
    from integrity.ledger import sealing

    return {
        "seal mid": lambda: dying(sealing, "copy_rows", after=True),
        "send before": lambda: dying(sender.Sending, "_note_sent", after=True),
        "send after": lambda: dying(sender.Sending, "_acknowledge", after=False),
        "ack stored": lambda: dying(sender.Sending, "_acknowledge", after=True),
    }


RECEIVER = ["verified", "mid", "before commit", "after commit", "at the door"]
SENDER = ["seal mid", "send before", "send after", "ack stored"]
MESSAGES = ["drop", "lose answer", "duplicate", "late", "truncate", "tamper", "forge", "swap"]


class Mishap(Wire):
    """A wire on which one thing goes wrong; what passed once may come again later."""

    late: dict[str, list[bytes]] = {}

    def __init__(self, lower: Node, upper: Node, fault: str, seed: int) -> None:
        super().__init__(lower, upper)
        self.fault, self.dice = fault, random.Random(seed)

    def post(self, body: bytes) -> Any:
        from integrity.exchange.transport import Unreachable

        fault, self.fault = self.fault, ""
        if fault in RECEIVER:
            self.around = receiver_deaths()[fault]
            try:
                return super().post(body)
            finally:
                self.around = None
        if fault == "drop":
            raise Unreachable("dropped")
        if fault == "duplicate":
            super().post(body)
        if fault == "late" and (old := os.environ.get("OLD_BATCH")):
            with open(old, "rb") as kept:
                super().post(kept.read())
        answer = super().post(self._damaged(body, fault))
        if fault == "lose answer":
            raise Unreachable("answer lost")
        if fault == "forge":
            answer.body["receipt"] = self._forged(answer.body.get("receipt", ""))
        if fault == "swap":
            answer.body["findings"] = [{"index": 0, "code": "E01", "field": "", "message": "swapped"}]
        return answer

    def _damaged(self, body: bytes, fault: str) -> bytes:
        if fault == "truncate":
            return body[: self.dice.randrange(len(body))]
        if fault != "tamper":
            return body
        at = self.dice.randrange(len(body))
        return body[:at] + bytes([body[at] ^ (1 << self.dice.randrange(7))]) + body[at + 1 :]

    @staticmethod
    def _forged(receipt: str) -> str:
        from integrity.crypto.algorithms import Ed25519Signer
        from integrity.ledger import note

        if not receipt:
            return ""
        text, lines = note.split(receipt)
        key = Ed25519Signer(secrets.token_bytes(32))
        return note.sign(text, note.Verifier(lines[0][0], key.public), key)


# ---- work ----


def work(seed: int) -> None:
    """Some acts on a node, some of them rolled back."""
    from integrity.models import CLOCK, Record
    from integrity.models.record.many import expire_many

    dice, cast = random.Random(seed), builders.look_up()
    for i in range(dice.randrange(1, 4)):
        day = (timezone.localdate() - timedelta(days=dice.choice((3, 200, 300)))).isoformat()
        more = {"doc_no": f"日市监处罚〔2026〕{seed}-{i}号", "decided_on": day, "served_on": day}
        make = dice.choice((builders.published, builders.confirmed, builders.reviewed))
        try:
            with transaction.atomic():
                make(cast, "DP02", who="market", reviewer="market_reviewer", **more)
                if dice.random() < 0.1:
                    raise RuntimeError("rolled back")
        except RuntimeError:
            pass
    live = list(Record.objects.filter(origin="", state="CONFIRMED").order_by("doc_no"))
    for record in dice.sample(live, min(2, len(live))):
        _change(record, dice, cast)
    if dice.random() < 0.2:
        expire_many(timezone.localdate() + timedelta(days=dice.randrange(LAST)), by=CLOCK)


LAST = 150  # days to come that the clocks of the rounds may run ahead


def run_out() -> None:
    """All clocks come to the same day: what one level has expired, the others have as well."""
    from integrity.models import CLOCK
    from integrity.models.record.many import expire_many

    expire_many(timezone.localdate() + timedelta(days=LAST), by=CLOCK)


def _change(record: Any, dice: random.Random, cast: Any) -> None:
    choice = dice.random()
    if choice < 0.2:
        record.revoke(by=cast.credit, reason="文书撤销")
    elif choice < 0.4 and not record.repair_obstacle():
        record.repair(by=cast.credit, reason="已履行")
    elif record.publicity == "PUBLIC":
        record.resume(by=cast.credit2) if record.suspended else record.suspend(by=cast.credit2, reason="核查")


def keep_batch(path: str) -> None:
    """Keep the next batch of this node as one that will come late."""
    from integrity.exchange import outgoing
    from integrity.models import Uplink

    link = Uplink.current()
    if link and (load := outgoing.load(max(0, link.acked - 50), outgoing.sealed_size())):
        with open(path, "wb") as out:
            out.write(load.body)


def push(lower: Node, upper: Node, fault: str, seed: int, folder: Any) -> str:
    """One run of the sender in which one thing goes wrong; how the link stands afterwards, or that the sender died."""
    kept = str(folder / f"late-{lower.name}")

    def step() -> str:
        from integrity.exchange import sender
        from integrity.ledger.sealing import seal_all
        from integrity.models import Uplink

        os.environ["OLD_BATCH"] = kept if os.path.exists(kept) else ""
        if fault in SENDER:
            sender_deaths()[fault]()
        seal_all()
        if seed % 7 == 0:
            keep_batch(kept)
        if Uplink.current().state == "STOPPED":
            assert Uplink.current().code == "refused", Uplink.current().error
            sender.redrive()
        sender.send(Mishap(lower, upper, fault, seed), batches=3, now=True)
        return str(Uplink.current().state)

    try:
        return str(lower.run(step))
    except Died:
        return "died"


def rounds(made: list[Node], count: int, seed: int, folder: Any) -> dict[str, int]:
    """Rounds of work and mishap; returns how often each fault was tried."""
    dice, tried = random.Random(seed), {}
    for number in range(count):
        for lower, upper in zip(made, made[1:], strict=False):
            if dice.random() < 0.6:
                lower.run(work, seed * 100_000 + number * 10 + made.index(lower))
            fault = dice.choice([*RECEIVER, *SENDER, *MESSAGES, ""])
            tried[fault] = tried.get(fault, 0) + 1
            push(lower, upper, fault, dice.randrange(10**6), folder)
    settle(made)
    return tried


def settle(made: list[Node]) -> None:
    """Without further mishap everything arrives, from the lowest level on."""
    for lower, upper in zip(made, made[1:], strict=False):
        lower.run(run_out)
        upper.run(run_out)
        for _ in range(3):
            lower.run(_redrive)
            nodes.push(lower, upper)


def _redrive() -> None:
    from integrity.exchange import sender
    from integrity.models import Uplink

    if Uplink.current().state != "RUNNING":
        sender.redrive()
