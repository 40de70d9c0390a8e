"""Sending up: from the last receipt on, batch by batch; a receipt counts only when it fits our own log (trust.md 3.1)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from integrity.exchange import outgoing, receipts, rejections
from integrity.exchange.outgoing import Load
from integrity.exchange.transport import Transport, Unreachable
from integrity.exchange.wire import Answer
from integrity.ledger import note
from integrity.ledger.nodes import root_at
from integrity.ledger.note import NoteError, Verifier
from integrity.models import Batch, Side, Uplink

log = logging.getLogger("exchange")
PAUSES = (15, 30, 60, 120, 300, 600, 1800, 3600)  # seconds before the next attempt, by failures in a row
PATIENCE = 5  # refusals of one batch before a person has to look
LOCK = 0x67692D7570  # advisory lock: one sender at a time

WORDS = {  # why the link stands still, in the words the desk shows
    "peer-ahead": "停止：对方多于本地。上级平台持有的条目多于本地日志，本地数据库可能由旧备份恢复。请先补回缺失的条目，再恢复上报",
    "diverged": "停止：历史不一致。本地日志与上级平台已回执的内容不同，历史可能被改写。请核对备份与存证，不要继续上报",
    "refused": "停止：上级平台多次拒收同一批次，需人工处理后重新发送",
}


class Post(Protocol):
    """Whatever carries a batch to the upper node and brings the answer."""

    def post(self, body: bytes) -> Answer: ...


class Stop(Exception):
    """The link must not go on before a person has looked."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{WORDS[code]}（{detail}）" if detail else WORDS[code])
        self.code = code


class NotTaken(Exception):
    """The answer is no acceptance; the batch will be tried again."""


def receivers() -> list[Verifier]:
    """The keys the upper node signs receipts with; several while it changes them."""
    return [Verifier.parse(line) for line in settings.UPSTREAM_KEY.replace(",", " ").split()]


@contextmanager
def alone() -> Iterator[bool]:
    """One sender at a time; a killed one's lock goes with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def send(post: Post | None = None, *, batches: int = 1000, now: bool = False) -> int:
    """Send what is due; returns how many entries were receipted. Failures are kept on the link, not raised."""
    link = Uplink.current()
    if (
        link is None
        or (post is None and not settings.UPSTREAM_URL)
        or not (link.due or (now and link.state != "STOPPED"))
    ):
        return 0
    with alone() as held:
        if not held:
            return 0
        link.refresh_from_db()
        carrier = post or Transport()
        try:
            return Sending(link, carrier).run(batches)
        finally:
            if isinstance(carrier, Transport):
                carrier.close()


@dataclass
class Sending:
    """One run over the link."""

    link: Uplink
    carrier: Post
    keys: list[Verifier] = field(default_factory=receivers)

    def run(self, batches: int) -> int:
        """Send batch after batch until all is receipted, something fails, or the count is reached."""
        first = self.link.acked
        self._deliver_again()
        for _ in range(batches):
            load = self._next()
            if load is None:
                break
            try:
                self._send(load)
            except (Unreachable, NotTaken) as fault:
                self._wait(load, fault)
                break
            except Stop as stop:
                self._stop(load, stop)
                break
        return self.link.acked - first

    def _next(self) -> Load | None:
        size, link = outgoing.sealed_size(), self.link
        if link.held > size:
            self._stop(None, Stop("peer-ahead", f"上级 {link.held} 条，本地 {size} 条"))
            return None
        limit = link.held if link.held > link.acked else size
        return outgoing.load(link.acked, limit)

    def _send(self, load: Load) -> None:
        self._note_sent(load)
        answer = self.carrier.post(load.body)
        held = answer.body.get("held")
        if type(held) is int and held > outgoing.sealed_size():
            self._save(held=held)
            raise Stop("peer-ahead", f"上级 {held} 条，本地 {outgoing.sealed_size()} 条")
        if answer.status in (200, 201):
            self._accept(load, answer)
        elif answer.status == 409 and type(held) is int and held >= 0:
            self._go_to(held)
        elif answer.status == 422:
            self._disputed(load, answer)
        else:
            raise NotTaken(f"上级平台拒收（HTTP {answer.status}）：{answer.body.get('message', '')}")

    # ---- answers ----

    def _accept(self, load: Load, answer: Answer) -> None:
        found = self._findings_of(load, answer)
        self._acknowledge(load, str(answer.body["receipt"]), found, int(answer.body.get("held") or load.until))

    def _findings_of(self, load: Load, answer: Answer) -> list[dict[str, Any]]:
        """Only a receipt by the right key, for our origin and range, over our own root counts; its findings."""
        found = answer.body.get("findings")
        try:
            receipt = receipts.read(str(answer.body.get("receipt", "")), self.keys)
        except NoteError as fault:
            raise NotTaken(f"回执的签名不可信：{fault}") from fault
        if receipt.origin != note.origin() or receipt.until != load.until:
            raise NotTaken("回执不是本平台本批次的回执")
        if receipt.root != root_at(load.until):
            raise Stop("diverged", f"长度 {load.until} 处的根不同")
        if not isinstance(found, list) or receipts.digest(found) != receipt.findings:
            raise NotTaken("回执与所附的校验反馈不符")
        return found

    @transaction.atomic
    def _acknowledge(self, load: Load, receipt: str, found: list[dict[str, Any]], held: int) -> None:
        now = timezone.now()
        batch = self._batch(load)
        batch.state, batch.receipt, batch.answered_at, batch.error = Batch.State.ACCEPTED, receipt, now, ""
        batch.quarantined = rejections.keep(batch, load, found)
        batch.save()
        self._save(
            acked=load.until, sent=max(self.link.sent, load.until), held=max(held, load.until), state=Uplink.State.RUNNING,
            code="", error="", failures=0, refusals=0, next_at=None, contact_at=now, acked_at=now,
        )  # fmt: skip

    def _go_to(self, held: int) -> None:
        """The one 409 answer heals gap, overlap, reordering and lost receipt: go on from where the peer stands."""
        acked = min(held, self.link.acked)
        if acked < self.link.acked:
            log.warning("the upper node holds less than it had receipted: %s of %s", held, self.link.acked)
        elif held == self.link.held:
            raise NotTaken("上级平台的回答前后矛盾")
        self._save(acked=acked, held=held, contact_at=timezone.now())

    def _disputed(self, load: Load, answer: Answer) -> None:
        """The peer cannot fit our entries to its mirror: damaged on the way, or our history is another one now."""
        if answer.body.get("error") == "fork":
            raise Stop("diverged", str(answer.body.get("message", "")))
        head = self._own_head(str(answer.body.get("head", "")))
        if head and head[0] <= outgoing.sealed_size() and root_at(head[0]) != head[1]:
            if evidence := outgoing.head_only(head[0], min(load.start, head[0])):
                self.carrier.post(evidence)
            raise Stop("diverged", f"上级平台持有本平台签名的长度 {head[0]} 的检查点，与本地日志不符")
        raise NotTaken(f"上级平台未能核对（HTTP 422）：{answer.body.get('message', '')}")

    @staticmethod
    def _own_head(text: str) -> tuple[int, bytes] | None:
        """A checkpoint that our own key signed, as the peer shows it."""
        try:
            name, size, root = note.parse_checkpoint(note.verify(text, note.own_verifiers()))
        except NoteError:
            return None
        return (size, root) if name == note.origin() else None

    def _deliver_again(self) -> None:
        """Openings that were damaged on the way are shown once more; the peer quarantined them (E20)."""
        for finding in rejections.damaged(self.link.acked):
            load = outgoing.load(finding.index, finding.index + 1)
            rejections.count_try(finding)
            try:
                answer = self.carrier.post(load.body) if load and load.uids else None
                if answer and answer.status == 200:
                    rejections.replace(finding, load, self._findings_of(load, answer))
            except (Unreachable, NotTaken) as fault:
                log.info("not delivered again: %s", fault)
                return

    # ---- what is kept ----

    def _batch(self, load: Load) -> Batch:
        same = Batch.objects.filter(side=Side.OUT, receiver=self.link.receiver, start=load.start, until=load.until)
        return same.exclude(state=Batch.State.ACCEPTED).first() or Batch(
            side=Side.OUT, receiver=self.link.receiver, start=load.start, until=load.until, head_size=load.head.size,
            head_root=load.head.root, head=load.head.note, records=load.records, attempts=0,
        )  # fmt: skip

    def _note_sent(self, load: Load) -> None:
        """Before anything leaves: if we die now, the batch is known to be on its way."""
        batch = self._batch(load)
        batch.attempts, batch.state = batch.attempts + 1, Batch.State.SENT
        batch.save()
        if load.until > self.link.sent:
            self._save(sent=load.until)

    def _save(self, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(self.link, name, value)
        self.link.save(update_fields=list(changes))

    def _wait(self, load: Load, fault: Exception) -> None:
        """Try again after a growing pause; a batch refused too often becomes a dead letter for a person."""
        batch, failures = self._batch(load), self.link.failures + 1
        refusals = self.link.refusals + isinstance(fault, NotTaken)
        self._save(failures=failures, refusals=refusals, contact_at=timezone.now())
        if refusals >= PATIENCE:
            return self._stop(load, Stop("refused", str(fault)))
        batch.error = str(fault)[:500]
        batch.save()
        pause = timedelta(seconds=PAUSES[min(failures, len(PAUSES)) - 1])
        return self._save(state=Uplink.State.WAITING, code="", error=batch.error, next_at=timezone.now() + pause)

    def _stop(self, load: Load | None, stop: Stop) -> None:
        if load is not None:
            batch = self._batch(load)
            batch.state, batch.error = Batch.State.DEAD, str(stop)[:500]
            batch.save()
        self._save(state=Uplink.State.STOPPED, code=stop.code, error=str(stop)[:500], next_at=None)
        rejections.alarm(stop.code, str(stop))


def redrive() -> None:
    """A person has looked: dead letters go out again, with fresh patience."""
    link = Uplink.current()
    if link is not None:
        Batch.objects.filter(side=Side.OUT, receiver=link.receiver, state=Batch.State.DEAD).update(
            state=Batch.State.SENT
        )
        Uplink.objects.filter(pk=link.pk).update(
            state=Uplink.State.RUNNING, code="", error="", failures=0, refusals=0, next_at=None, held=link.acked
        )
