"""What must hold between two nodes after whatever happened: equal logs, equal records, applied in the log's order."""

from __future__ import annotations

from typing import Any

from tests.nodes import Node


def below() -> dict[str, Any]:
    """A node's own log and records, as its sender has them."""
    from integrity.exchange import outgoing
    from integrity.ledger.nodes import root_at
    from integrity.models import Record, Uplink

    size, link = outgoing.sealed_size(), Uplink.current()
    return {
        "size": size, "root": root_at(size), "acked": link.acked, "state": link.state, "error": link.error,
        "records": {str(r["id"]): tuple(r[n] for n in ALIKE) for r in Record.objects.going_up().values("id", *ALIKE)},
    }  # fmt: skip


ALIKE = (
    "number",
    "title",
    "doc_no",
    "state",
    "publicity",
    "public_from",
    "until",
    "suspended",
    "ended_reason",
    "facts",
)


def above(origin: str) -> dict[str, Any]:
    """The same as the upper node holds it for a peer; and in which order it was applied."""
    from integrity.exchange.trees import Tree
    from integrity.models import Batch, Event, Finding, Peer, Record

    peer = Peer.objects.select_related("mirror").get(origin=origin)
    size = peer.mirror.size
    places: dict[str, list[int]] = {}
    for event in Event.objects.filter(verb__in=("record.received", "record.renewed", "record.relayed")).order_by("id"):
        if event.values["origin"] == origin:
            places.setdefault(str(event.target), []).append(event.values["index"])
    batches = list(Batch.objects.filter(peer=peer).order_by("start").values_list("start", "until"))
    return {
        "size": size, "root": Tree(peer).root(size), "batches": batches, "places": places,
        "open": list(Finding.objects.open().values_list("code", "message")),
        "records": {str(r["id"]): tuple(r[n] for n in ALIKE) for r in Record.objects.filter(via=peer).values("id", *ALIKE)},
    }  # fmt: skip


def check(made: list[Node]) -> None:
    """Nothing lost, doubled or reordered at any level; roots equal; every record as its sender has it."""
    for lower, upper in zip(made, made[1:], strict=False):
        here, there = lower.run(below), upper.run(above, lower.origin)
        assert here["state"] == "RUNNING", here["error"]
        assert here["acked"] == here["size"] == there["size"]
        assert here["root"] == there["root"]
        assert [a for a, _ in there["batches"]] == [0, *(b for _, b in there["batches"])][: len(there["batches"])]
        assert there["open"] == [], there["open"]
        mine, theirs = here["records"], there["records"]
        assert mine and {k: (v, theirs.get(k)) for k, v in mine.items() if theirs.get(k) != v} == {}
        assert mine.keys() == theirs.keys()
        for places in there["places"].values():
            assert places == sorted(places), "applied in the log's order"
