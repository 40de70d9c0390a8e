"""The guard before every signature: what was published once is never contradicted (trust.md 2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from integrity.crypto import keys
from integrity.crypto.algorithms import Ed25519Signer
from integrity.ledger import note
from integrity.ledger.nodes import root_at
from integrity.models import PublicLog


class LogForked(Exception):
    """日志分叉: the database and what has been published or witnessed contradict each other; nothing is signed any more."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"日志分叉：{why}。已停止签署，业务数据照常保存，待存证的事项不会丢失。"
            "处理办法见 docs/verify.md“日志分叉”一节：先运行 python manage.py ledger status，"
            "再运行 python manage.py ledger replay 补回缺失的条目，确实无法补回的运行 python manage.py ledger reopen 另开新日志"
        )


@dataclass(frozen=True)
class Head:
    """A signed size and root, with the note that says so and since when it lies in the public folder."""

    origin: str
    size: int
    root: bytes
    note: str
    at: datetime


def published(folder: Path | None = None) -> Head | None:
    """The checkpoint in the public folder (or a copy of it), or None when nothing was published there yet."""
    path = (folder or Path(settings.PUBLIC_LOG_DIR)) / "checkpoint"
    try:
        text, at = path.read_text(encoding="utf-8"), path.stat().st_mtime
    except FileNotFoundError:
        return None
    try:
        name, size, root = note.parse_checkpoint(note.verify(text, _ours()))
    except (note.NoteError, UnicodeDecodeError) as fault:
        raise LogForked(f"已公布的检查点 {path} 不是本节点签署的（{fault}）") from fault
    return Head(name, size, root, text, datetime.fromtimestamp(at, tz=UTC))


def _ours() -> set[note.Verifier]:
    """Every key this node has or had for a log, also those a restored database does not know of."""
    known = [note.Verifier.parse(key["vkey"]) for log in PublicLog.objects.all() for key in log.keys]
    return {*known, *(note.Verifier(note.origin(), Ed25519Signer(key.secret).public) for key in keys.ring("log"))}


def check_published(size: int) -> None:
    """Refuse to go on when the published log is longer than ours, or differs in what both have."""
    held = published()
    if held is None or held.origin != note.origin():
        return
    if held.size > size:
        raise LogForked(f"已公布 {held.size} 条，数据库只有 {size} 条，数据库可能由旧备份恢复")
    if held.root != root_at(held.size):
        raise LogForked(f"已公布的前 {held.size} 条与数据库中的内容不一致，历史可能被改写")
