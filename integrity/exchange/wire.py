"""The one format between nodes (trust.md 3.1): a batch of log entries, and the answer to it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from integrity.crypto.leaf import MAX_LEAF

MAX_ENTRIES = 1000
MAX_BODY = 8 * 2**20
VERSION = 1


class Malformed(ValueError):
    """Bytes that are no batch, with what is wrong with them."""


@dataclass(frozen=True)
class Parcel:
    """One batch: entries [start, until) of an origin's log, a signed head, and openings of some of the entries."""

    origin: str
    start: int
    until: int
    checkpoint: str
    consistency: list[bytes]
    entries: list[bytes]
    payloads: dict[int, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """Status code and body of the answer to a batch."""

    status: int
    body: dict[str, Any]


def pack(
    origin: str,
    start: int,
    checkpoint: str,
    consistency: Sequence[bytes],
    entries: Sequence[bytes],
    payloads: Sequence[tuple[int, str]],
) -> bytes:
    """The batch's bytes; payloads are openings as JSON text, set in as they are stored."""
    head = {
        "v": VERSION,
        "origin": origin,
        "from": start,
        "until": start + len(entries),
        "checkpoint": checkpoint,
        "consistency": [base64.b64encode(h).decode() for h in consistency],
        "entries": [base64.b64encode(e).decode() for e in entries],
    }
    opened = ",".join([f'"{index}":{text}' for index, text in payloads])
    return orjson.dumps(head)[:-1] + b',"payloads":{' + opened.encode() + b"}}"


def bundle(entries: Sequence[bytes]) -> bytes:
    """Entries one after the other, each with its length before it (as C2SP's entry bundles)."""
    return b"".join([len(e).to_bytes(2, "big") + e for e in entries])


def unbundle(data: bytes) -> list[bytes]:
    """The entries of a bundle."""
    found, at = [], 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 2], "big")
        found.append(data[at + 2 : at + 2 + size])
        at += 2 + size
    return found


def parse(raw: bytes) -> Parcel:
    """The batch that these bytes are; Malformed says what is wrong."""
    try:
        if b"\\u0000" in raw:
            raise Malformed("文本中有不可见的控制字符")
        data = orjson.loads(raw)
        if not isinstance(data, dict) or data.get("v") != VERSION:
            raise Malformed(f"不是第 {VERSION} 版的交换批次")
        start, until = data["from"], data["until"]
        entries = [_bytes(e) for e in data["entries"]]
        parcel = Parcel(
            origin=_text(data["origin"], 120),
            start=start,
            until=until,
            checkpoint=_text(data["checkpoint"], 4000),
            consistency=[_bytes(h) for h in data["consistency"]],
            entries=entries,
            payloads={int(index): _object(opening) for index, opening in data.get("payloads", {}).items()},
        )
    except Malformed:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise Malformed(f"批次格式不正确：{type(fault).__name__} {fault}") from fault
    _check_range(parcel)
    return parcel


def _check_range(parcel: Parcel) -> None:
    start, until = parcel.start, parcel.until
    if type(start) is not int or type(until) is not int or not 0 <= start <= until < 2**60:
        raise Malformed("起止序号不正确")
    if len(parcel.entries) != until - start or until - start > MAX_ENTRIES:
        raise Malformed(f"条目数与起止序号不符，或者超过 {MAX_ENTRIES} 条")
    if any(not start <= index < until for index in parcel.payloads):
        raise Malformed("内容的序号不在批次范围内")
    if any(not 0 < len(e) <= MAX_LEAF for e in parcel.entries):
        raise Malformed("条目长度不正确")
    if any(len(h) != 32 for h in parcel.consistency) or len(parcel.consistency) > 63:
        raise Malformed("一致性证明不正确")


def _bytes(text: Any) -> bytes:
    try:
        return base64.b64decode(text.encode(), validate=True)
    except (binascii.Error, AttributeError, ValueError) as fault:
        raise Malformed("条目不是 base64 文本") from fault


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise Malformed("文本字段缺失或者过长")
    return value


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Malformed("内容不是对象")
    return value
