"""Tree and signatures: every leaf hashed anew, every stored hash and signed root compared, and the published checkpoint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from integrity.ledger import guard, merkle, nodes, note
from integrity.ledger.audit import Fault, Progress
from integrity.models import Checkpoint, Event, LedgerHead, PublicLog

CHUNK = 4096


def check(progress: Progress) -> Iterator[Fault]:
    """Faults of the log as such."""
    size = LedgerHead.objects.values_list("size", flat=True).get(pk=1)
    verifiers = [note.Verifier.parse(k["vkey"]) for log in PublicLog.objects.all() for k in log.keys]
    signed = Checkpoint.objects.order_by("size").iterator()
    due, last = next(signed, None), 0
    tree = Growing()
    for start in range(0, size, CHUNK):
        until = min(start + CHUNK, size)
        leaves = list(_leaves(start, until))
        if fault := _gap(start, [seq for seq, _ in leaves], until):
            yield fault
            return
        yield from _differing(tree.grow(leaf for _, leaf in leaves))
        while due and due.size <= until:
            yield from _checkpoint(due, tree.root(due.size), verifiers)
            last, due = due.size, next(signed, None)
        tree.forget()
        progress("日志条目", until)
    if due or last != size:
        yield Fault("检查点", f"日志有 {size} 条，最后签署的检查点是 {due.size if due else last} 条")
    yield from _published(size)


class Growing:
    """A tree computed anew, of which only what later leaves need is kept."""

    def __init__(self) -> None:
        self.size, self.known = 0, dict[nodes.Place, bytes]()

    def _node(self, level: int, index: int) -> bytes:
        return self.known[level, index]

    def grow(self, leaves: Iterable[bytes]) -> list[tuple[int, int, bytes]]:
        made = merkle.grow(self.size, map(merkle.leaf_hash, leaves), self._node)
        self.known |= {(level, index): value for level, index, value in made}
        self.size += sum(level == 0 for level, _, _ in made)
        return made

    def root(self, size: int) -> bytes:
        return merkle.root(size, self._node)

    def forget(self) -> None:
        self.known = {at: self.known[at] for at in merkle.frontier(self.size)}


def _leaves(start: int, until: int) -> Iterator[tuple[int, bytes]]:
    rows = Event.objects.filter(seq__gte=start, seq__lt=until).order_by("seq").values_list("seq", "leaf")
    return ((seq, bytes(leaf)) for seq, leaf in rows)


def _gap(start: int, seqs: list[int], until: int) -> Fault | None:
    if seqs == list(range(start, until)):
        return None
    missing = sorted(set(range(start, until)) - set(seqs))
    return Fault(f"日志第 {missing[0] if missing else start} 条", "条目缺失，此后的条目无法核对")


def _differing(made: list[tuple[int, int, bytes]]) -> Iterator[Fault]:
    stored = nodes.read((level, index) for level, index, _ in made)
    for level, index, value in made:
        if stored.get((level, index)) != value:
            where = f"日志第 {index} 条" if level == 0 else f"日志节点 {level}/{index}"
            yield Fault(where, "与签署时的摘要不一致" if (level, index) in stored else "摘要缺失")


def _checkpoint(row: Checkpoint, root: bytes, verifiers: list[note.Verifier]) -> Iterator[Fault]:
    where = f"检查点 {row.size}"
    if bytes(row.root) != root:
        yield Fault(where, "与由全部条目重算的根不一致")
    try:
        _, size, signed = note.parse_checkpoint(note.verify(row.note, verifiers))
        if (size, signed) != (row.size, bytes(row.root)):
            yield Fault(where, "签名的内容与登记的不一致")
    except note.NoteError as fault:
        yield Fault(where, f"签名无效（{fault}）")


def _published(size: int) -> Iterator[Fault]:
    try:
        guard.check_published(size)
    except guard.LogForked as fork:
        yield Fault("公开目录", str(fork))
