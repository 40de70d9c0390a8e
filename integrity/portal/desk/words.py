"""What a record says, line by line, in the order of its form; what an event says, in one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from integrity.acts import acts_of
from integrity.catalogue import KindSpec
from integrity.facts import Fact
from integrity.guards import acted_models
from integrity.models import Event, Record
from integrity.models.record.spec import TIERS, base_facts


@dataclass(frozen=True)
class Line:
    """One field as staff read it; `before` is what stood there, where it was changed."""

    name: str
    label: str
    text: str
    before: str = ""
    changed: bool = False


def facts_of(spec: KindSpec) -> tuple[Fact, ...]:
    return (*base_facts(spec.code), *spec.facts)


def said(fact: Fact, value: Any) -> str:
    """A fact's value in words."""
    if value in (None, ""):
        return ""
    if fact.type == "bool":
        return "是" if value is True else "否"
    return TIERS.get(str(value), str(value)) if fact.name == "tier" else str(value)


def flat(record: Record) -> dict[str, Any]:
    """Base columns and the kind's facts in one mapping."""
    return {f.name: getattr(record, f.name, None) for f in base_facts(record.kind_id)} | record.facts


def lines(spec: KindSpec, now: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> list[Line]:
    """Filled fields in catalogue order, compared with an earlier state where there is one."""
    made = []
    for fact in facts_of(spec):
        text = said(fact, now.get(fact.name))
        old = said(fact, before.get(fact.name)) if before is not None else text
        if text or old:
            made.append(Line(fact.name, fact.label, text, old, text != old))
    return made


# ---- events ----

NOTES = {
    "reason": "理由", "note": "说明", "purpose": "用途", "outcome": "处理意见", "heard_outcome": "处理意见",
    "publish_ground": "公示决定理由", "progress": "检查情况", "what": "内容", "post": "职务", "ended_reason": "理由",
    "ground": "依据", "doc_no": "文号", "served_on": "送达日期", "notified_on": "告知日期", "statement_due": "陈述申辩截止",
}  # fmt: skip
CODED = {"repair", "revoked", "suspended", "withdrawn", "secrecy"}  # reasons as the public log writes them


@cache
def verbs() -> dict[str, str]:
    """Every verb of the ledger and its Chinese word."""
    return {spec.verb: spec.label for model in acted_models() for spec in acts_of(model)}


@dataclass(frozen=True)
class Happening:
    """One event as the timeline shows it."""

    at: Any
    label: str
    who: str
    notes: list[str]


def history(events: Iterable[Event], *, names: bool = True) -> list[Happening]:
    """A row's events in words, oldest first; without persons' names for those outside the case."""
    made = []
    for event in events:
        values = event.values
        notes = [
            f"{word}：{values[key]}"
            for key, word in NOTES.items()
            if (key != "doc_no" or event.target_type == "kind")
            and isinstance(values.get(key), str)
            and values[key]
            and values[key] not in CODED
        ]
        if event.verb == "record.amended":
            notes.append(f"修改：{changed_words(values)}")
        who = event.short_name if names else event.seat_name
        made.append(Happening(event.at, verbs().get(event.verb, event.verb), who, list(dict.fromkeys(notes))))
    return made


def changed_words(values: Mapping[str, Any]) -> str:
    """Labels of the columns an amendment touched."""
    hidden = {"updated_at", "doc_key", "scan", "until", "repair_from", "amended_by_id", "deciding_unit_id"}
    words = []
    for name in values:
        if name not in hidden:
            words.append(str(Record._meta.get_field(name).verbose_name) if _is_field(name) else name)
    return "、".join(words) or "无实质变化"


def _is_field(name: str) -> bool:
    return any(name in (f.name, f.attname) for f in Record._meta.concrete_fields)


def as_returned(record: Record) -> dict[str, Any] | None:
    """What stood in the record when it was last sent back, folded from its events; None when it never was."""
    state: dict[str, Any] = {}
    found = None
    for event in Event.objects.of(record).select_related("payload"):
        state |= event.values
        if event.verb == "record.returned":
            found = dict(state)
    return None if found is None else found | found.get("facts", {})
