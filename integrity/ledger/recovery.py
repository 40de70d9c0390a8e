"""The way back after an old backup was restored: put the published entries back, or open a new log (trust.md 2.3)."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import models, transaction

from integrity.crypto import keys
from integrity.crypto.algorithms import Ed25519Signer
from integrity.ledger import guard, merkle, nodes, note, sealing, signing, tiles
from integrity.ledger.guard import Head
from integrity.models import CLOCK, Checkpoint, Event, LedgerHead, PublicLog
from integrity.models.copying import copy_rows

REPLAYED = "log.replayed"  # the verb of an entry of which only the leaf could be put back


class CannotReplay(Exception):
    """What was published does not continue what the database holds, and why."""


def entries(folder: Path, start: int, until: int) -> Iterator[bytes]:
    """Published leaves [start, until), from whole or partial bundles of a folder."""
    for index in range(start // tiles.WIDTH, -(-until // tiles.WIDTH)):
        first = index * tiles.WIDTH
        width = min(tiles.WIDTH, until - first)
        whole = folder / tiles.tile_path("entries", index)
        path = whole if whole.exists() else folder / tiles.tile_path("entries", index, width)
        found = tiles.unbundle(path.read_bytes())
        yield from found[max(start - first, 0) : width]


def head_of(folder: Path) -> Head:
    """The checkpoint of a folder, signed by this node."""
    held = guard.published(folder)
    if held is None:
        raise CannotReplay(f"{folder} 中没有检查点")
    return held


@transaction.atomic
def replay(folder: Path, by: Any) -> tuple[int, int]:
    """Put the entries back that were published after the backup was made; returns their range.

    Entries that still wait here keep their content; of the others only the leaf is left, and people do the acts again.
    """
    head = LedgerHead.objects.select_for_update().get(pk=1)
    held, start = head_of(folder), head.size
    if held.size <= start:
        raise CannotReplay(f"{folder} 只有 {held.size} 条，数据库已有 {start} 条，没有可补回的条目")
    leaves = list(entries(folder, start, held.size))
    known = nodes.read(merkle.frontier(start))
    made = merkle.grow(start, map(merkle.leaf_hash, leaves), lambda *at: known[at])
    known |= {(level, index): value for level, index, value in made}
    if merkle.root(held.size, lambda *at: known[at]) != held.root:
        raise CannotReplay("补回后的根与已公布的检查点不一致：数据库中较早的条目被改动过，不能补回")
    log = PublicLog.objects.current()
    _number(leaves, start, log)
    copy_rows("integrity_ledgernode", ["level", "index", "hash"], made)
    Checkpoint(size=held.size, root=held.root, note=_own_lines(held)).save(force_insert=True)
    head.size = held.size
    head.save(update_fields=["size"])
    if log:
        log.note_restored(by=by, start=start, until=held.size, turned=_turned(leaves, log))
    return start, held.size


def _number(leaves: list[bytes], start: int, log: PublicLog | None) -> None:
    """Give entries that still wait their published number; the rest become entries without content."""
    waiting: dict[bytes, list[int]] = {}
    for pk, leaf in Event.objects.pending().order_by("id").values_list("id", "leaf"):
        waiting.setdefault(bytes(leaf), []).append(pk)
    pairs, lost = [], []
    for seq, leaf in enumerate(leaves, start):
        if ids := waiting.get(leaf):
            pairs.append((ids.pop(0), seq))
        else:
            lost.append((seq, leaf))
    sealing.number([pk for pk, _ in pairs], [seq for _, seq in pairs])
    for seq, leaf in lost:
        models.Model.save(_placeholder(seq, leaf, log), force_insert=True)


def _body(leaf: bytes) -> dict[str, Any]:
    try:
        body = json.loads(leaf)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _placeholder(seq: int, leaf: bytes, log: PublicLog | None) -> Event:
    """An entry of which only the leaf could be put back; a change of the log's key still counts as one."""
    body = _body(leaf)
    turn = log is not None and body.get("type") == "log.key"
    return Event(
        seq=seq, verb=signing.TURN if turn else REPLAYED, target_type="", version=0, changes=False, leaf=leaf,
        target=log.pk if turn else uuid.UUID(hex=body.get("ref") or "0" * 32), at=datetime.fromisoformat(body["at"]),
        seat_name="由已公布的日志补回", unit_code=body.get("by", ""),
    )  # fmt: skip


def _turned(leaves: list[bytes], log: PublicLog) -> list[dict[str, str]]:
    """Keys that the lost time announced, found again among the node's key files."""
    ours = {note.Verifier(log.origin, Ed25519Signer(k.secret).public).vkey: k.kid for k in keys.ring("log")}
    announced = [body["vkey"] for leaf in leaves if (body := _body(leaf)).get("type") == "log.key"]
    known = {key["vkey"] for key in log.keys}
    if lost := [vkey for vkey in announced if vkey not in ours]:
        raise CannotReplay(f"密钥目录中缺少日志后来换用的密钥 {lost[0]}")
    return [{"kid": ours[vkey], "vkey": vkey} for vkey in announced if vkey not in known]


def _own_lines(held: Head) -> str:
    """The published note without its witnesses' lines."""
    text, rows = note.split(held.note)
    return f"{text}\n" + "".join(note.line_of(name, blob) for name, blob in rows if name == held.origin)


@transaction.atomic
def reopen(by: Any) -> PublicLog:
    """Close the log and go on under a new name, whose first entry quotes the last published checkpoint of the old one."""
    LedgerHead.objects.select_for_update().get(pk=1)
    old = PublicLog.objects.current()
    if old is None:
        raise CannotReplay("没有使用中的公开日志")
    held = guard.published()
    last = {"origin": old.origin, "size": held.size, "root": base64.b64encode(held.root).decode()} if held else None
    old.close(by=CLOCK)
    key = keys.current("log")
    base = old.origin.rsplit("/log", 1)[0]
    log = PublicLog(origin=f"{base}/log/{PublicLog.objects.count() + 1}", previous=old)
    vkey = note.Verifier(log.origin, Ed25519Signer(key.secret).public).vkey
    log.open(by=by, kid=key.kid, vkey=vkey, last=last)
    return log
