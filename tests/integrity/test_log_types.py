"""What stands in the log: the types of trust.md 2.5 with their codes, and nothing personal in any leaf."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from integrity import catalogue
from integrity.acts import acts_of
from integrity.guards import acted_models
from integrity.ledger import sealing
from integrity.models import CLOCK, Event, Kind, Pledge, Setting, Subject, User
from integrity.models.record.many import expire_many
from tests import builders, scenes
from tests.integrity import ledger_builders as log

pytestmark = pytest.mark.django_db
TYPES = {
    "act", "log.opened", "log.key", "log.second-key", "log.closed", "record.published", "record.corrected", "record.withdrawn",
    "record.objected", "record.objection-decided", "record.repaired", "payload.removed", "pledge.signed", "pledge.published",
    "pledge.replaced", "pledge.lapsed", "signkey.registered", "signkey.revoked", "template.changed",
    "catalogue.changed", "rule.changed", "role.changed", "report.issued", "batch.received",
    "relay", "software.released", "backup.restored",
}  # fmt: skip
COMMON = {"v", "type", "at", "commit", "by", "ref", "prev"}


def leaf_of(row, verb):
    return json.loads(bytes(Event.objects.filter(target=row.pk, verb=verb).last().leaf))


def test_acts_bear_only_the_agreed_types_and_every_one_is_explained():
    used = {a.log for m in acted_models() for a in acts_of(m) if a.log} | {"act"}
    assert used <= TYPES
    text = (catalogue.ROOT / "docs/verify.md").read_text()
    assert [t for t in used if f".{t.split('.')[-1]}" not in text and f"`{t}`" not in text] == []


def test_no_leaf_of_a_demonstration_log_holds_anything_personal(cast):
    scenes.all_states(cast)
    record = builders.published(cast, "DP02", who="market", reviewer="market_reviewer", doc_no="日市监处罚〔2026〕77号")
    record.withdraw(by=cast.credit2, reason="当事人王诚信要求")
    Setting(key="D14", value="5", ground="试行", valid_from="2030-01-01").propose(by=cast.credit).approve(
        by=cast.credit2
    )
    seat = builders.seat(
        User.objects.get(username="auditor"), "LEADER", cast.orgs.audit, (cast.admin.user, cast.admin2.user)
    )
    seat.revoke(by=cast.admin, reason="王诚信调离")
    sealing.seal_all()
    persons = Subject.objects.filter(form="PERSON")
    forbidden = (
        {p.pk.hex for p in persons} | {str(p.pk) for p in persons} | {"371199198002290127", "371199199912311235"}
    )
    forbidden |= {u.username for u in User.objects.all()}
    allowed = COMMON | {name for m in acted_models() for a in acts_of(m) for name in a.leaf}
    seen = set()
    for leaf in log.database_leaves():
        body = json.loads(leaf)
        seen.add(body["type"])
        assert leaf.isascii(), "no Chinese: no name, no free text"
        assert body.keys() <= (allowed if body["type"] != "act" else {"v", "type", "at", "commit"})
        values = {str(v) for k, v in body.items() if k not in ("type", "at")}
        assert not values & forbidden
        assert not any(re.fullmatch(r"[1-9]\d{16}[\dX]", v) and v[6:8] in ("19", "20") for v in values), "an ID number"
    assert {
        "act",
        "record.published",
        "record.withdrawn",
        "payload.removed",
        "catalogue.changed",
        "role.changed",
        "rule.changed",
    } <= seen


def test_a_withdrawal_says_why_in_one_word(cast):
    record = builders.published(cast)
    record.withdraw(by=cast.credit2, reason="公示内容有误")
    assert leaf_of(record, "record.withdrawn")["reason"] == "withdrawn"
    other = builders.published(cast, doc_no="日政字〔2026〕20号")
    other.suspend(by=cast.credit2, reason="核实")
    assert leaf_of(other, "record.suspended")["reason"] == "suspended"


def test_expiry_of_one_and_of_many_names_its_basis_and_the_entry_before(cast):
    record = builders.published(cast, "DP02", who="market", reviewer="market_reviewer")
    expire_many(timezone.localdate().replace(year=2099), by=CLOCK)
    told = leaf_of(record, "record.expired")
    before = bytes(Event.objects.get(target=record.pk, verb="record.published").leaf)
    assert (told["type"], told["basis"]) == ("payload.removed", "expiry")
    assert told["prev"] == sealing.merkle.leaf_hash(before).hex()


def test_an_approved_kind_bears_the_digest_of_its_text(cast):
    kind = Kind.objects.get(code="AG11")
    told = leaf_of(kind, "kind.approved")
    assert (told["code"], told["sha256"]) == ("AG11", catalogue.text_hash("AG11"))


def test_seats_are_counted_not_named(cast):
    row = builders.seat(
        User.objects.get(username="auditor"), "UNIT_CLERK", cast.orgs.bureau, (cast.admin.user, cast.admin2.user)
    )
    told = leaf_of(row, "seat.released")
    assert (told["type"], told["org"], told["role"], told["count"]) == (
        "role.changed",
        cast.orgs.bureau.code,
        "UNIT_CLERK",
        2,
    )
    row.revoke(by=cast.admin, reason="调离")
    assert leaf_of(row, "seat.revoked")["count"] == 1


def test_signing_is_a_commitment_and_publication_ten_minutes_later_bears_the_digest(cast, monkeypatch):
    pledge = Pledge(
        kind=Kind.objects.get(code="AG09"),
        subject=cast.orgs.bureau,
        unit=cast.orgs.bureau,
        occasion="年度",
        title="承诺",
        text="依法行政",
    ).issue(by=cast.clerk)
    pledge.sign(by=cast.agency, level="B", document=b"document", signer="某")
    assert leaf_of(pledge, "pledge.signed").keys() == COMMON - {"prev"}
    later = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr(timezone, "now", lambda: later)
    pledge.publish(by=cast.credit, public=True)
    told = leaf_of(pledge, "pledge.published")
    assert (told["sha256"], told["level"]) == (pledge.sha256, "B")
