"""What a batch's openings say: one arrival per entry with content, in the words of a record's columns."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from django.utils import timezone

from integrity.codes import normalise_code, normalise_doc_no
from integrity.crypto import leaf as leaves
from integrity.models.record import Publicity, RecordState
from integrity.models.record.spec import TIERS
from integrity.models.subject import Subject

ENDED = {"REPAIRED": "REPAIR", "REVOKED": "REVOKE", "EXPIRED": "EXPIRE"}
LONGEST = {  # characters a column holds; longer texts never reach the database
    "number": 40, "title": 200, "fact": 4000, "doc_type": 20, "doc_no": 128, "legal_basis": 4000, "ended_reason": 300,
    "duplicate_note": 200, "origin": 120,
}  # fmt: skip
DAYS = ("decided_on", "effective_on", "served_on", "act_ended_on", "public_from", "until", "repair_from")
FLAGS = ("objection_open", "rectifying", "mitigated", "exempted", "suspended")
CONTENT = (
    "title", "fact", "doc_type", "doc_no", "deciding_name", "deciding_code", "decided_on", "effective_on", "served_on",
    "act_ended_on", "legal_basis", "tier", "facts", "duplicate_note",
)  # fmt: skip


class Unusable(ValueError):
    """An opening that is no record: the field, and why."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Found:
    """One finding on an entry of the batch (domain.md 7.3)."""

    index: int
    code: str
    field: str
    message: str
    blocks: bool = True
    uid: uuid.UUID | None = None
    version: int | None = None
    payload: Any = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record's snapshot as the lower node committed to it, with the place and time of its entry."""

    index: int
    leaf: bytes
    at: datetime
    uid: uuid.UUID
    version: int
    kind: str
    origin: str
    state: str
    subject: Mapping[str, str]
    source: Mapping[str, str]
    columns: dict[str, Any]
    cleared: bool

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    def op(self, known: bool) -> str:
        """ADD, UPDATE, REVOKE, REPAIR or EXPIRE (domain.md 7.2)."""
        return ENDED.get(self.state) or ("UPDATE" if known else "ADD")

    def found(self, code: str, field: str, message: str, blocks: bool = True) -> Found:
        return Found(self.index, code, field[:60], message[:500], blocks, self.uid, self.version)


def entry(leaf: bytes) -> dict[str, Any]:
    """A leaf's members; an empty object when it is not one of ours."""
    try:
        data = orjson.loads(leaf)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def arrival(index: int, leaf: bytes, data: Mapping[str, Any], opening: dict[str, Any]) -> Arrival:
    """The arrival that an opening holds; raises Unusable."""
    try:
        values = leaves.values_of(opening)
        state = _one_of(values, "state", {*ENDED, RecordState.CONFIRMED})
        if state in ENDED and values.get("publicity") in ("PUBLIC", "SCHEDULED"):
            raise Unusable("publicity", "已终止的记录不能公示")
        return Arrival(
            index=index,
            leaf=leaf,
            at=_minute(data.get("at")),
            uid=uuid.UUID(values["uid"]),
            version=_whole(values, "version"),
            kind=_text(values, "kind", 8),
            origin=_text(values, "origin", 120),
            state=state,
            subject=_named(values, "subject"),
            source=_named(values, "source_unit"),
            columns=_columns(values) | {"state": state},
            cleared=values.get("cleared") is True,
        )
    except Unusable:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise Unusable("", f"内容不完整：{type(fault).__name__} {fault}") from fault


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    deciding, flags, facts = values["deciding_unit"], values["flags"], values["facts"]
    if not isinstance(facts, dict):
        raise Unusable("facts", "具体内容应为对象")
    columns = {name: _text(values, name, longest) for name, longest in LONGEST.items() if name != "origin"}
    if not columns["doc_no"] or not columns["number"]:
        raise Unusable("doc_no", "缺少文书号或者记录编号")
    columns |= {name: _day(values, name) for name in DAYS}
    if columns["decided_on"] is None:
        raise Unusable("decided_on", "缺少认定日期")
    columns |= {name: flags[name] is True for name in FLAGS}
    hidden = values.get("hidden_until")
    return columns | {
        "kind_edition": _whole(values, "kind_edition"),
        "doc_key": normalise_doc_no(columns["doc_no"])[:128],
        "deciding_name": _text(deciding, "name", 200),
        "deciding_code": normalise_code(_text(deciding, "code", 18)),
        "tier": _one_of(values, "tier", TIERS),
        "publicity": _one_of(values, "publicity", Publicity.values),
        "hidden_until": datetime.fromisoformat(hidden) if hidden else None,
        "facts": facts,
    }


def _named(values: Mapping[str, Any], name: str) -> dict[str, str]:
    part = values[name]
    found = {"name": _text(part, "name", 200).strip(), "code": normalise_code(_text(part, "code", 18))}
    if not found["name"]:
        raise Unusable(name, "缺少名称")
    if name == "subject":
        found |= {"id": str(uuid.UUID(part["id"])), "form": _one_of(part, "form", Subject.Form.values)}
    return found


def _text(values: Mapping[str, Any], name: str, longest: int) -> str:
    value = values.get(name)
    if not isinstance(value, str):
        raise Unusable(name, f"“{name}”应为文本")
    if len(value) > longest:
        raise Unusable(name, f"“{name}”超过 {longest} 字")
    return value


def _whole(values: Mapping[str, Any], name: str) -> int:
    value = values[name]
    if type(value) is not int or not 0 < value < 2**31:
        raise Unusable(name, f"“{name}”应为正整数")
    return value


def _day(values: Mapping[str, Any], name: str) -> date | None:
    value = values.get(name)
    return date.fromisoformat(value) if value else None


def _one_of(values: Mapping[str, Any], name: str, known: Any) -> str:
    value = values[name]
    if not isinstance(value, str) or value not in known:
        raise Unusable(name, f"“{name}”的取值不在代码表中")
    return value


def _minute(text: Any) -> datetime:
    """The entry's own time, as far as it can be believed; order in the log counts, not this."""
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return timezone.now()
    return min(at, timezone.now()) if at.tzinfo else timezone.now()
