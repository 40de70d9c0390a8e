"""Paths of records, corrections, the catalogue and measures."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from unittest import mock

from django.utils import timezone

from integrity import catalogue
from integrity.exchange import sender
from integrity.ledger.sealing import seal_all
from integrity.models import CLOCK, PEER, Erasure, Event, Kind, Leniency, Measure, Record, Version
from integrity.models.access import as_rule
from integrity.models.record import Party, check_values
from tests import builders
from tests.builders import confirmed, draft, published, reviewed, submitted
from tests.integrity.exchange.upper import Upper

OK = {"privacy_ok": True, "secrecy_ok": True}


def kind(code: str) -> Kind:
    return Kind.objects.get(code=code)


def any_record(cast: Any, code: str) -> Record:
    """A submitted record of any kind."""
    row = Record(kind=kind(code))
    by = getattr(cast, builders.clerk_of(code))
    return row.enter(by=by, values=builders.sample_values(code, subject=builders.subject_of(cast, code))).submit(by=by)


def found_here(cast: Any) -> Record:
    return any_record(cast, "AG02")


def notified(cast: Any) -> Record:
    return found_here(cast).notify(by=cast.reviewer, served_on=timezone.localdate())


def county(cast: Any) -> Record:
    return reviewed(cast, who="county_clerk", reviewer="county_reviewer")


def flagged(cast: Any) -> Record:
    """Scheduled, with something the scan found: kept in the title by a rule that was looser when it was entered."""
    hit = [{"field": "title", "found": "手机号"}]
    with mock.patch.object(Record, "scan_texts", lambda self: hit):
        return confirmed(cast)


def with_party(cast: Any) -> Record:
    return draft(cast).add_party(by=cast.clerk, subject=cast.orgs.market, role="责任单位")


def penalty(cast: Any, days: int = 120) -> Record:
    day = (timezone.localdate() - timedelta(days=days)).isoformat()
    return published(cast, "DP02", who="market", reviewer="market_reviewer", decided_on=day, served_on=day)


def listed(cast: Any) -> Record:
    """A court's list entry, confirmed."""
    row = any_record(cast, "AG01").review(by=cast.reviewer, privacy_ok=True, secrecy_ok=True)
    return row.confirm(by=cast.credit, publish=True)


def run_out(cast: Any) -> Record:
    """Published long ago: its period is over and nobody has written it down yet."""
    then = timezone.now() - timedelta(days=1500)
    with mock.patch.object(timezone, "now", lambda: then):
        return penalty(cast, 30)


def revoked(cast: Any) -> Record:
    return published(cast).revoke(by=cast.credit, reason="原文书撤销")


def correction(cast: Any) -> Version:
    return Version(record=published(cast), changes={"title": "获评市级示范单位"}, reason="名称有误")


def proposed(cast: Any) -> Version:
    return correction(cast).propose(by=cast.clerk)


def checked(cast: Any) -> Version:
    return proposed(cast).review(by=cast.reviewer)


def managed(cast: Any) -> Record:
    """A restricted record confirmed by the personnel authority, not sent up."""
    row = any_record(cast, "OF03").review(by=cast.hr2, **OK)
    return row.confirm(by=cast.hr2, send_up=False)


def rejected(cast: Any) -> Record:
    """A published record that the upper node did not take."""
    row, node = published(cast), Upper()
    cast.settings.UPSTREAM_KEY = node.vkey
    seal_all()
    node.reject(Event.objects.of(row).get(verb="record.published").seq, "E11")
    sender.send(node, now=True)
    return row


def arriving(cast: Any) -> tuple[Record, Any, dict[str, Any]]:
    """A record of a lower node, confirmed there."""
    values = builders.sample_values("AG11")
    columns, facts, _ = check_values(kind("AG11").spec, values, timezone.localdate())
    own = {"kind": kind("AG11"), "subject": cast.orgs.stranger, "source_unit": cast.orgs.county_bureau, "facts": facts}
    own |= {"number": "RZ-AG11-2026-ABCDEFGH", "state": "CONFIRMED", "origin": "lower.example/log"}
    return Record(kind=kind("AG11"), subject=cast.orgs.stranger), PEER, {"values": columns | own, "notes": {}}


def arrived(cast: Any) -> Record:
    row, by, inputs = arriving(cast)
    return row.receive(by=by, **inputs)


# ---- catalogue ----


def open_kind(cast: Any) -> Kind:
    """An approved entry whose text changed, so that it is proposed again."""
    row = kind("AG11")
    return row.change_text(by=CLOCK, text=catalogue.load().texts["AG11"], digest="0" * 64)


def nominated(cast: Any) -> Kind:
    return open_kind(cast).nominate(by=cast.credit, doc_no="日信目录〔2026〕2号")


def new_kind(cast: Any) -> Kind:
    return Kind(code="ZZ99", name="试验", shape="record", text={}, text_hash="1" * 64)


# ---- measures ----


def reference(cast: Any) -> Measure:
    """A listed measure of reference on a penalised company, not yet imposed."""
    day = timezone.localdate()
    return Measure(
        kind=kind("E06"), record=penalty(cast), basis="山东省社会信用条例第二十六条", effect="reference",
        decided_unit=cast.orgs.market, decided_on=day, doc_no="日市监措〔2026〕1号", starts_on=day,
    )  # fmt: skip


def in_force(cast: Any) -> Measure:
    return reference(cast).impose(by=cast.market_reviewer)


def lenient(cast: Any) -> Leniency:
    return Leniency(
        measure=in_force(cast), ground="RECOVERED_LOSS", outcome="MITIGATE", reason="已退赔全部损失，附凭证。"
    )


REASON = {"reason": "核查属实"}
GROUND = {"ground": "主动挽回损失", "reason": "已退赔全部损失"}
NOTES = {"origin": "lower.example/log", "index": 3, "leaf": "0" * 64}


def order(cast: Any) -> Erasure:
    return Erasure(number=revoked(cast).number, basis="court", doc_no="（2026）鲁1102行初9号", reason="判决删除")


def ordered(cast: Any) -> Erasure:
    return order(cast).propose(by=cast.credit)


PATHS = {
    "record.entered": lambda c: (Record(kind=kind("AG11")), c.clerk, {"values": builders.values("AG11", c.orgs.stranger)}),
    "record.amended": lambda c: (draft(c), c.clerk, {"values": builders.values("AG11", c.orgs.stranger, title="改名")}),
    "record.party_added": lambda c: (draft(c), c.clerk, {"subject": c.orgs.market, "role": "责任单位"}),
    "record.party_dropped": lambda c: (row := with_party(c), c.clerk, {"party": Party.objects.get(record=row)}),
    "record.submitted": lambda c: (draft(c), c.clerk, {}),
    "record.returned": lambda c: (submitted(c), c.reviewer, REASON),
    "record.notified": lambda c: (found_here(c), c.reviewer, {"served_on": timezone.localdate()}),
    "record.recounted": lambda c: (notified(c), CLOCK, {"why": "工作日历已更新"}),
    "record.heard": lambda c: (notified(c), c.reviewer, {"waived": True}),
    "record.reviewed": lambda c: (submitted(c), c.reviewer, OK),
    "record.accepted": lambda c: (county(c), c.county, {}),
    "record.confirmed": lambda c: (reviewed(c), c.credit, {"publish": True}),
    "record.cleared": lambda c: (flagged(c), c.secrecy, REASON),
    "record.vetoed": lambda c: (confirmed(c), c.secrecy, REASON),
    "record.published": lambda c: (confirmed(c), c.credit2, {}),
    "record.hidden": lambda c: (published(c), c.credit, REASON),
    "record.suspended": lambda c: (published(c), c.credit, REASON),
    "record.resumed": lambda c: (published(c).suspend(by=c.credit, reason="核查"), c.credit2, {}),
    "record.withdrawn": lambda c: (published(c), c.credit, REASON),
    "record.objected": lambda c: (penalty(c), as_rule(c.company), {}),
    "record.objection_decided": lambda c: (penalty(c).mark_objection(by=as_rule(c.company)), as_rule(c.market_reviewer), {}),
    "record.repaired": lambda c: (penalty(c), c.market_reviewer, REASON),
    "record.revoked": lambda c: (published(c), c.credit, REASON),
    "record.released": lambda c: (listed(c), c.credit, REASON),
    "record.expired": lambda c: (run_out(c), CLOCK, {}),
    "record.reckoned": lambda c: (published(c), CLOCK, {"why": "处分合并执行"}),
    "record.sealed": lambda c: (revoked(c), CLOCK, {}),
    "record.erased": lambda c: (revoked(c), c.credit, {"basis": "court", "index": [1], "events": "[1]"}),
    "correction.erased": lambda c: (proposed(c), c.credit, {}),
    "erasure.proposed": lambda c: (order(c), c.credit, {}),
    "erasure.done": lambda c: (ordered(c), c.credit2, {}),
    "erasure.refused": lambda c: (ordered(c), c.credit2, {"reason": "没有依据"}),
    "record.flagged": lambda c: (published(c), as_rule(c.credit), {"rectifying": True}),
    "record.viewed": lambda c: (published(c), c.auditor, {"purpose": "审计"}),
    "record.corrected": lambda c: (checked(c).record, c.credit, {"correction": Version.objects.get()}),
    "record.resent": lambda c: (rejected(c), c.credit, REASON),
    "record.up_decided": lambda c: (managed(c), c.hr, {"send_up": True}),
    "record.received": arriving,
    "record.renewed": lambda c: (arrived(c), PEER, {"values": {"title": "获评先进单位"}, "notes": {}}),
    "record.relayed": lambda c: (arrived(c), PEER, {"values": {"until": timezone.localdate()}, "notes": NOTES}),
    "correction.proposed": lambda c: (correction(c), c.clerk, {}),
    "correction.reviewed": lambda c: (proposed(c), c.reviewer, {}),
    "correction.refused": lambda c: (proposed(c), c.reviewer, REASON),
    "correction.adopted": lambda c: (checked(c), c.credit, {}),
    "kind.synced": lambda c: (new_kind(c), CLOCK, {}),
    "kind.changed": lambda c: (kind("AG11"), CLOCK, {"text": json.dumps({"name": "改名"}), "digest": "2" * 64}),
    "kind.nominated": lambda c: (open_kind(c), c.credit, {"doc_no": "日信目录〔2026〕2号", "valid_from": timezone.localdate()}),
    "kind.approved": lambda c: (nominated(c), c.credit2, {}),
    "kind.returned": lambda c: (nominated(c), c.credit2, REASON),
    "kind.ended": lambda c: (kind("AG11"), c.credit2, REASON),
    "measure.imposed": lambda c: (reference(c), c.market_reviewer, {}),
    "measure.executed": lambda c: (in_force(c), c.market, {"result": "已列入重点监管"}),
    "measure.mitigated": lambda c: (in_force(c), c.credit, GROUND),
    "measure.exempted": lambda c: (in_force(c), c.credit, GROUND),
    "measure.lifted": lambda c: (in_force(c), c.credit, REASON),
    "measure.retimed": lambda c: (in_force(c), as_rule(c.credit), {}),
    "measure.ended": lambda c: (in_force(c), as_rule(c.credit), REASON),
    "leniency.proposed": lambda c: (lenient(c), c.market_reviewer, {}),
    "leniency.decided": lambda c: (lenient(c).propose(by=c.market_reviewer), c.credit, {}),
    "leniency.refused": lambda c: (lenient(c).propose(by=c.market_reviewer), c.credit, REASON),
}  # fmt: skip
