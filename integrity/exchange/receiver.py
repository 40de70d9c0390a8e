"""Taking a lower node's batch: admission, signed head, lock, mirror, application, receipt, in one transaction (trust.md 3.1)."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from integrity.exchange import receipts, wire
from integrity.exchange.applying import Application
from integrity.exchange.arrivals import Found, entry
from integrity.exchange.receipts import Receipt
from integrity.exchange.trees import Tree
from integrity.exchange.wire import Answer, Malformed, Parcel
from integrity.ledger import note
from integrity.ledger.merkle import leaf_hash, verify_consistency
from integrity.ledger.note import NoteError, Verifier
from integrity.models import Batch, Finding, Fork, Mirror, Peer, Side


class Refusal(Exception):
    """A batch that is not taken: status, code and sentence of the answer."""

    def __init__(self, status: int, code: str, message: str, **more: object) -> None:
        super().__init__(message)
        self.answer = Answer(status, {"error": code, "message": message, **more})


class Head:
    """The signed head a batch comes with."""

    def __init__(self, peer: Peer, parcel: Parcel) -> None:
        try:
            name, self.size, self.root = note.parse_checkpoint(note.split(parcel.checkpoint)[0])
            keys = [Verifier.parse(k) for k in peer.vkeys_at(self.size)]
        except NoteError as fault:
            raise Refusal(400, "malformed", f"检查点格式不正确：{fault}") from fault
        if name != parcel.origin or self.size < parcel.until:
            raise Refusal(400, "malformed", "检查点不属于该日志，或者没有覆盖本批次")
        try:
            note.verify(parcel.checkpoint, keys)
        except NoteError as fault:
            raise Refusal(403, "signature", "检查点的签名不属于该平台在此长度有效的公钥") from fault


def take(raw: bytes, admitted: Peer | None = None) -> Answer:
    """Take one batch; `admitted` is the peer whose token came with it (none: carried in by the operator)."""
    try:
        parcel = wire.parse(raw)
    except Malformed as fault:
        return Answer(400, {"error": "malformed", "message": str(fault)})
    peer = Peer.objects.filter(origin=parcel.origin).first()
    try:
        if peer is None:
            raise Refusal(404, "unknown-origin", f"本平台没有登记日志“{parcel.origin}”")
        if admitted is not None and admitted.pk != peer.pk:
            raise Refusal(403, "token", "令牌不属于该平台")
        return Reception(peer, parcel).take()
    except Refusal as refusal:
        if peer is not None:
            _remember(peer, refusal)
        return refusal.answer


def _remember(peer: Peer, refusal: Refusal) -> None:
    """A refusal is kept where the desk shows it; the batch itself is not."""
    if refusal.answer.status != 409:
        mirror, _ = Mirror.objects.get_or_create(peer=peer)
        Mirror.objects.filter(pk=mirror.pk).update(
            contact_at=timezone.now(), refused=mirror.refused + 1, error=str(refusal)[:300]
        )


class Reception:
    """One parcel at the door of one peer's mirror."""

    def __init__(self, peer: Peer, parcel: Parcel) -> None:
        self.peer, self.parcel, self.tree = peer, parcel, Tree(peer)

    def take(self) -> Answer:
        """Refusal when it is not taken; what was written before it is undone, but a proof of a fork is kept."""
        if self.peer.state != Peer.State.ACTIVE:
            raise Refusal(403, "stopped", f"本平台已停止接收：{self.peer.reason}")
        self.head = Head(self.peer, self.parcel)
        self._look_for_fork()
        with transaction.atomic():
            Mirror.objects.get_or_create(peer=self.peer)
            mirror = Mirror.objects.select_for_update().get(peer=self.peer)
            self.held, parcel = mirror.size, self.parcel
            if parcel.until <= self.held:
                answer = self._again()
            elif parcel.start != self.held:
                raise Refusal(409, "held", f"本平台已持有 {self.held} 条，请从该序号续报", held=self.held)
            else:
                answer = self._take_new()
            Mirror.objects.filter(pk=mirror.pk).update(
                size=max(self.held, parcel.until), contact_at=timezone.now(), refused=0, error=""
            )
        return answer

    # ---- evidence ----

    def _look_for_fork(self) -> None:
        """Two heads of one size with different roots prove a fork: both are kept (evidence rule, trust.md 3.1)."""
        other = Batch.objects.filter(peer=self.peer, head_size=self.head.size).exclude(head_root=self.head.root).first()
        if other:
            Fork.objects.get_or_create(
                peer=self.peer, size=self.head.size, second=self.parcel.checkpoint, defaults={"first": other.head}
            )
            raise Refusal(
                422, "fork", f"长度 {self.head.size} 处有两个签名的检查点，根不相同：日志分叉，双方证据已保存"
            )

    def _check_head(self, root: bytes) -> None:
        """The mirror with this batch must be a prefix of the signed head."""
        until, head = self.parcel.until, self.head
        if not verify_consistency(until, head.size, root, head.root, self.parcel.consistency):
            raise self._disputed("inconsistent", "条目与签名的检查点不一致：传输损坏，或者历史被改写，未接收任何内容")

    def _disputed(self, code: str, message: str) -> Refusal:
        """The sender learns what we hold and under which head of its own, and can judge its history by it."""
        last = Batch.objects.filter(peer=self.peer, side=Side.IN).order_by("-until").first()
        return Refusal(422, code, message, held=self.held, **({"head": last.head} if last else {}))

    # ---- a range that is held already ----

    def _again(self) -> Answer:
        """Idempotent: compare, heal what was quarantined, and answer as before."""
        start, until = self.parcel.start, self.parcel.until
        if self.tree.leaf_hashes(start, until) != [leaf_hash(e) for e in self.parcel.entries]:
            raise self._disputed("different", "重报的条目与已接收的不一致：历史被改写，或者传输损坏")
        self._check_head(self.tree.root(until))
        self._heal()
        findings = self._findings(start, until)
        stored = Batch.objects.filter(peer=self.peer, side=Side.IN, start=start, until=until).first()
        same = stored is not None and receipts.digest([f.wire for f in findings]) in stored.receipt
        text = stored.receipt if same else self._receipt(self.tree.root(until), findings)
        return self._answer(200, text, findings)

    def _heal(self) -> None:
        """A quarantined opening that is delivered once more, and now opens, is applied."""
        open_ = {f.index: f for f in self._open_findings() if f.code == "E20" and f.index in self.parcel.payloads}
        if not open_:
            return
        payloads = {i: self.parcel.payloads[i] for i in open_}
        found = Application(self.peer).apply(self.parcel.start, self.parcel.entries, payloads)
        bad = {f.index for f in found if f.code == "E20"}
        Finding.objects.filter(pk__in=[f.pk for i, f in open_.items() if i not in bad]).delete()
        self._keep(next(iter(open_.values())).batch, [f for f in found if f.index not in bad])

    def _open_findings(self) -> Sequence[Finding]:
        rows = Finding.objects.theirs().open().filter(batch__peer=self.peer)
        return rows.filter(index__gte=self.parcel.start, index__lt=self.parcel.until).select_related("batch")

    def _findings(self, start: int, until: int) -> list[Finding]:
        rows = Finding.objects.theirs().filter(batch__peer=self.peer, index__gte=start, index__lt=until)
        return list(rows.order_by("index", "id"))

    # ---- a new range ----

    def _take_new(self) -> Answer:
        parcel = self.parcel
        nodes, root = self.tree.grown(self.held, [leaf_hash(e) for e in parcel.entries])
        self._check_head(root)
        self.tree.append(nodes)
        application = Application(self.peer)
        found = application.apply(parcel.start, parcel.entries, parcel.payloads)
        self._follow_keys()
        batch = self._store(found)
        findings = self._keep(batch, found)
        self._settle(application, found)
        batch.receipt = self._receipt(root, findings)
        batch.answered_at = timezone.now()
        batch.save(update_fields=["receipt", "answered_at"])
        self.peer.note_batch(
            by=self.peer.seat, start=parcel.start, until=parcel.until, root=base64.b64encode(root).decode(),
            ok=len(parcel.payloads) - batch.quarantined, quarantined=batch.quarantined,
        )  # fmt: skip
        return self._answer(201, batch.receipt, findings)

    def _follow_keys(self) -> None:
        """A planned change of key stands in the log itself, under the old key."""
        for index, leaf in enumerate(self.parcel.entries, self.parcel.start):
            if b'"log.key"' in leaf and (data := entry(leaf)).get("type") == "log.key":
                self.peer.follow_key(
                    by=self.peer.seat, vkey=str(data["vkey"]), size=index + 1, grace=int(data.get("grace", 0))
                )

    def _store(self, found: Sequence[Found]) -> Batch:
        parcel, head = self.parcel, self.head
        return Batch.objects.create(
            side=Side.IN, peer=self.peer, start=parcel.start, until=parcel.until, head_size=head.size,
            head_root=head.root, head=parcel.checkpoint, records=len(parcel.payloads), state=Batch.State.ACCEPTED,
            quarantined=len({f.index for f in found if f.blocks}), entries_bundle=wire.bundle(parcel.entries),
        )  # fmt: skip

    def _keep(self, batch: Batch, found: Sequence[Found]) -> list[Finding]:
        rows = [
            Finding(
                side=Side.IN, batch=batch, index=f.index, uid=f.uid, version=f.version, code=f.code, field=f.field,
                message=f.message, blocks=f.blocks, payload=f.payload,
            )
            for f in found
        ]  # fmt: skip
        return Finding.objects.bulk_create(rows)

    def _settle(self, application: Application, found: Sequence[Found]) -> None:
        """Earlier findings on records of which a later version was taken are settled."""
        refused = {f.index for f in found if f.blocks}
        taken = [uid for uid, index in application.last.items() if index not in refused]
        older = Finding.objects.theirs().open().filter(uid__in=taken, index__lt=self.parcel.until)
        older.filter(batch__peer=self.peer).resolve()

    # ---- the answer ----

    def _receipt(self, root: bytes, findings: Sequence[Finding]) -> str:
        bad = len({f.index for f in findings if f.blocks})
        ok, now = len(self.parcel.payloads) - bad, int(timezone.now().timestamp())
        digest = receipts.digest([f.wire for f in findings])
        name, origin = receipts.receiver_name(), self.parcel.origin
        return receipts.sign(Receipt(name, origin, self.parcel.until, root, ok, bad, now, digest))

    def _answer(self, status: int, receipt: str, findings: Sequence[Finding]) -> Answer:
        held = max(self.held, self.parcel.until)
        return Answer(status, {"receipt": receipt, "findings": [f.wire for f in findings], "held": held})
