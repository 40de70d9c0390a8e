"""Applying a batch: decide entry by entry in the log's order, write set-wise in waves (domain.md 7.2)."""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils import timezone

from integrity.codes import uscc_problem
from integrity.crypto import leaf as leaves
from integrity.exchange.arrivals import CONTENT, Arrival, Found, Unusable, arrival, entry
from integrity.exchange.checks import Checker
from integrity.exchange.naming import Names
from integrity.models import Peer, Record, Tombstone
from integrity.models.record.arriving import STATUS, TEXT, Row, locked, receive_many, renew_many
from integrity.snapshot import plain

Step = tuple[str, Row, Row, tuple[str, ...]]  # act, row as it will be, notes, changed columns


class Application:
    """One batch applied to the register; findings collect what was not taken or only remarked on."""

    def __init__(self, peer: Peer) -> None:
        self.peer, self.checks, self.now = peer, Checker(), timezone.now()
        self.found: list[Found] = []
        self.last: dict[uuid.UUID, int] = {}
        self.ended: list[Arrival] = []
        self.waves: dict[int, list[Step]] = defaultdict(list)
        self.steps: dict[uuid.UUID, int] = defaultdict(int)

    def apply(self, start: int, entries: Sequence[bytes], payloads: dict[int, Any]) -> list[Found]:
        """Take what the entries open to; returns the findings, in order."""
        arrivals = [a for i in sorted(payloads) if (a := self._open(i, entries[i - start], payloads[i]))]
        endings = {i: data for i, leaf in enumerate(entries, start) if i not in payloads and (data := _ending(leaf))}
        self.last = {a.uid: a.index for a in arrivals}
        self.rows = locked([*self.last, *(uuid.UUID(d["ref"]) for d in endings.values())])
        self.names = Names(self.peer, arrivals)
        stones = Tombstone.objects.filter(peer=self.peer, uid__in=self.last.keys() - self.rows.keys())
        self.stones = {s.uid: s for s in stones}
        self.twins = self._twins(arrivals)
        for step in sorted([*arrivals, *endings.items()], key=lambda s: s.index if isinstance(s, Arrival) else s[0]):
            self._take(step) if isinstance(step, Arrival) else self._end(*step)
        self._bury()
        self.names.write()
        for wave in sorted(self.waves):
            self._write(self.waves[wave])
        return sorted(self.found, key=lambda f: f.index)

    # ---- reading ----

    def _open(self, index: int, leaf: bytes, opening: Any) -> Arrival | None:
        data = entry(leaf)
        if not leaves.opens(opening, str(data.get("commit", ""))):
            self.found.append(
                Found(index, "E20", "", "内容与日志中的承诺不一致，已隔离，请核对后重报", payload=opening)
            )
            return None
        try:
            return arrival(index, leaf, data, opening)
        except Unusable as fault:
            self.found.append(Found(index, "E02", fault.field[:60], str(fault)[:500], payload=opening))
            return None

    def _twins(self, arrivals: Sequence[Arrival]) -> dict[tuple[Any, ...], uuid.UUID]:
        """Live records that would be the same matter, and numbers that are taken."""
        keys = {a.columns["doc_key"] for a in arrivals}
        live = Record.objects.filter(doc_key__in=keys, duplicate_note="").exclude(
            state__in=("DRAFT", "RETURNED", "REVOKED")
        )
        found = {r[1:]: r[0] for r in live.values_list("id", "kind_id", "subject_id", "doc_key", "deciding_name")}
        numbers = Record.objects.filter(number__in={a.columns["number"] for a in arrivals})
        return found | {(n,): pk for pk, n in numbers.values_list("id", "number")}

    # ---- deciding ----

    def _take(self, a: Arrival) -> None:
        row = self.rows.get(a.uid)
        if row and row["via_id"] != self.peer.pk:
            return self.found.append(a.found("E09", "uid", "该记录标识已由其他平台或者本平台使用"))
        if row and a.version <= row["origin_version"]:
            return None  # applied before: a repeated delivery changes nothing
        if row is None and a.ended:
            return self.ended.append(a)  # never taken here, so nothing is to be ended
        if row and row["state"] != "CONFIRMED" and not a.ended:
            return self.found.append(a.found("E18", "state", "上级平台已将该记录修复、撤销或者办理到期，不再变更"))
        alike = a.ended or (row is not None and self._alike(a, row))
        problems = [] if a.ended else self._problems(a, row, alike)
        self.found += problems
        if not any(p.blocks for p in problems):
            self._renew(a, row, alike) if row else self._receive(self._as_ended(a))
        return None

    def _alike(self, a: Arrival, row: Row) -> bool:
        """Whether only state, publicity or flags differ from what is here."""
        subject = self.names.known(a)
        same = all(row[n] == a.columns[n] for n in CONTENT)
        return same and subject is not None and subject["id"] == row["subject_id"]

    def _problems(self, a: Arrival, row: Row | None, alike: bool) -> list[Found]:
        if problems := self.checks.kind(a):
            return problems
        problems = self.checks.publicity(a)
        if alike:
            return problems
        if a.subject["code"] and (wrong := uscc_problem(a.subject["code"])):
            return [*problems, a.found("E05", "subject.code", wrong)]
        problems += self.checks.subject(a, self.names.known(a)) + self.checks.content(a) + self._doubled(a)
        return problems if row else problems + self.checks.late(a)

    def _doubled(self, a: Arrival) -> list[Found]:
        known = self.names.known(a)
        key = (a.kind, known["id"] if known else None, a.columns["doc_key"], a.columns["deciding_name"])
        if self.twins.get((a.columns["number"],), a.uid) != a.uid:
            return [a.found("E09", "number", "记录编号已被使用")]
        if not a.columns["duplicate_note"] and self.twins.get(key, a.uid) != a.uid:
            return [a.found("E09", "doc_no", "上级平台已有同一主体、同一文书、同一认定单位的记录")]
        return []

    def _as_ended(self, a: Arrival) -> Arrival:
        """A beginning that comes after its end, since it had been damaged on the way, arrives as ended."""
        stone = self.stones.get(a.uid)
        if stone is None or stone.version < a.version:
            return a
        days = {n: date.fromisoformat(stone.status[n]) for n in ("public_from", "until") if stone.status[n]}
        return replace(a, version=stone.version, state=stone.status["state"], columns=a.columns | stone.status | days)

    def _receive(self, a: Arrival) -> None:
        row = a.columns | self._first(a) | self._named(a)
        if a.columns["publicity"] != "PUBLIC":
            return self._step(a, "receive", row, ())
        self._step(a, "receive", row | {"publicity": "SCHEDULED", "public_from": None}, ())
        shown = {"published_at": a.at, "version": 2}
        return self._step(a, "relay", row | shown, STATUS)

    def _renew(self, a: Arrival, row: Row, alike: bool) -> None:
        own = {
            "number": row["number"],
            "version": row["version"] + 1,
            "origin_version": a.version,
            "updated_at": self.now,
        }
        public = a.columns["publicity"] == "PUBLIC"
        after = a.columns | own | {"published_at": row["published_at"] or (a.at if public else None)}
        if alike:
            after = {n: v for n, v in after.items() if n in STATUS or n in own}
        else:
            after |= self._named(a)
        act = "relay" if public or row["publicity"] == "PUBLIC" else "renew"
        self._step(a, act, row | after, STATUS if alike else STATUS + TEXT)

    def _named(self, a: Arrival) -> Row:
        subject, source, deciding = (
            self.names.subject(a),
            self.names.source(a),
            self.names.by_code.get(a.columns["deciding_code"]),
        )
        self.twins[a.kind, subject["id"], a.columns["doc_key"], a.columns["deciding_name"]] = a.uid
        self.twins[(a.columns["number"],)] = a.uid
        return {
            "subject_id": subject["id"],
            "subject__form": subject["form"],
            "subject__name": subject["name"],
            "subject__code": subject["code"],
            "source_unit_id": source["id"],
            "source_unit__name": source["name"],
            "source_unit__code": source["code"],
            "deciding_unit_id": deciding["id"] if deciding and a.columns["deciding_code"] else None,
        }

    def _first(self, a: Arrival) -> Row:
        own = {"id": a.uid, "kind_id": a.kind, "via_id": self.peer.pk, "origin": a.origin or self.peer.origin}
        unset = {"needs_clearance": False, "cleared_by_id": None, "published_at": None}
        times = {"entered_at": self.now, "updated_at": self.now, "confirmed_at": a.at}
        return own | unset | times | {"version": 1, "origin_version": a.version}

    def _end(self, index: int, data: dict[str, Any]) -> None:
        """An ending whose content may not be told any more still ends the record (house.md 2.9)."""
        uid = uuid.UUID(data["ref"])
        row = self.rows.get(uid)
        if row is None or row["via_id"] != self.peer.pk or row["state"] != "CONFIRMED":
            return
        publicity = row["publicity"] if row["publicity"] not in ("PUBLIC", "SCHEDULED") else data["publicity"]
        after = {"state": data["state"], "publicity": publicity, "updated_at": self.now, "version": row["version"] + 1}
        act = "relay" if row["publicity"] == "PUBLIC" else "renew"
        self._add(uid, act, row | after, self._notes(index, data["leaf"]), STATUS)

    def _step(self, a: Arrival, act: str, row: Row, changed: tuple[str, ...]) -> None:
        self._add(a.uid, act, row, self._notes(a.index, a.leaf), changed)

    def _add(self, uid: uuid.UUID, act: str, row: Row, notes: Row, changed: tuple[str, ...]) -> None:
        self.rows[uid] = row
        self.waves[self.steps[uid]].append((act, row, notes, changed))
        self.steps[uid] += 1

    def _notes(self, index: int, leaf: bytes) -> Row:
        return {"origin": self.peer.origin, "index": index, "leaf": hashlib.sha256(b"\x00" + leaf).hexdigest()}

    # ---- writing ----

    def _bury(self) -> None:
        names = ("state", "publicity", "public_from", "until", "ended_reason")
        rows = {
            a.uid: Tombstone(
                peer=self.peer, uid=a.uid, version=a.version, status={n: plain(a.columns[n]) for n in names}
            )
            for a in self.ended
        }
        Tombstone.objects.bulk_create(
            rows.values(), update_conflicts=True, unique_fields=["peer", "uid"], update_fields=["version", "status"]
        )

    def _write(self, steps: Sequence[Step]) -> None:
        groups: dict[tuple[str, tuple[str, ...]], list[Step]] = defaultdict(list)
        for step in steps:
            groups[step[0], step[3]].append(step)
        for (act, changed), group in groups.items():
            rows, notes = [s[1] for s in group], [s[2] for s in group]
            if act == "receive":
                receive_many(rows, notes, by=self.peer.seat)
            else:
                renew_many(act, rows, notes, changed, by=self.peer.seat)


_ENDINGS = {
    "record.repaired": {"state": "REPAIRED", "publicity": "ENDED_REPAIR"},
    "payload.removed": {"state": "EXPIRED", "publicity": "ENDED_MAX"},
    "record.withdrawn": {"state": "CONFIRMED", "publicity": "WITHDRAWN"},
}


def _ending(leaf: bytes) -> dict[str, Any] | None:
    """What an unopened leaf still says about a record's end; None for every other leaf."""
    if not any(name.encode() in leaf for name in _ENDINGS):
        return None
    data = entry(leaf)
    try:
        uuid.UUID(data["ref"])
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
    known = _ENDINGS.get(data.get("type", ""))
    return {"ref": data["ref"], "leaf": leaf, **known} if known else None
