"""Contents: every kept opening is what its leaf committed to, and none is gone without the entry that says so."""

from __future__ import annotations

import json
from collections.abc import Iterator

from integrity.crypto import leaf as leaves
from integrity.ledger.audit import Fault, Progress
from integrity.models import Event

CHUNK = 2000


def check(progress: Progress) -> Iterator[Fault]:
    """Faults of the kept contents, each named by its entry; of entries put back from what was published none is left."""
    erased = _erased()
    rows = Event.objects.exclude(target_type="").order_by("id").select_related("payload")
    for done, event in enumerate(rows.iterator(chunk_size=CHUNK), 1):
        if what := _fault(event, erased):
            yield Fault(name(event), what)
        if done % CHUNK == 0:
            progress("台账内容", done)


def name(event: Event) -> str:
    """An entry as the operator finds it again."""
    place = f"日志第 {event.seq} 条" if event.seq is not None else f"台账 {event.id}（尚未签署）"
    return f"{place} {event.verb} {event.target_type} {event.target}"


def _fault(event: Event, erased: set[int]) -> str:
    payload = getattr(event, "payload", None)
    if payload is None:
        return "内容缺失"
    if payload.removed_at:
        return "" if event.pk in erased else "内容被移除，但没有移除决定"
    if not leaves.opens(payload.fields, event.commit):
        return "内容与日志摘要不一致"
    seal = payload.fields.get(leaves.INSIDE)
    if (seal is None) != (payload.inside is None) or (seal and not leaves.opens(payload.inside, seal[1])):
        return "变更的列与日志摘要不一致"
    return ""


def _erased() -> set[int]:
    """Events whose content was removed by decision, as the deciding events name them."""
    found: set[int] = set()
    for event in Event.objects.filter(verb="record.erased").select_related("payload"):
        found.update(json.loads(event.values.get("events", "[]")))
    return found
