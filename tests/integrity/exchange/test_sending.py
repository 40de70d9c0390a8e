"""Sending up: what goes, which receipts count, what happens when they do not (trust.md 3.1)."""

from datetime import timedelta

import orjson
import psycopg2
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from integrity.crypto.leaf import opens, values_of
from integrity.exchange import outgoing, sender
from integrity.exchange.wire import Answer
from integrity.ledger import note
from integrity.ledger.sealing import seal_all
from integrity.models import Batch, Event, Finding, Message, Uplink
from tests import builders, scenes
from tests.integrity.exchange.upper import Upper


@pytest.fixture
def upper(cast, settings):
    node = Upper()
    settings.UPSTREAM_KEY = node.vkey
    return node


def push(upper, **more):
    seal_all()
    sender.send(upper, now=True, **more)
    return Uplink.current()


def place(record, verb):
    return Event.objects.of(record).get(verb=verb).seq


def test_all_leaves_go_up_and_of_the_contents_only_reviewed_ones(cast, upper):
    records = scenes.all_states(cast)
    link = push(upper)
    assert link.acked == link.sent == outgoing.sealed_size() == len(upper.leaves) > 0
    assert (link.state, link.error) == ("RUNNING", "")
    sent = {values_of(p)["uid"] for p in upper.payloads.values()}
    stay = {str(records[n].pk) for n in ("draft", "submitted", "reviewed", "restricted")}
    assert sent == {str(r.pk) for r in records.values()} - stay
    text = str(upper.payloads)
    assert not [
        w for n, w in scenes.WORDS.items() if n in ("draft", "submitted", "reviewed", "restricted") and w in text
    ]


def test_every_opening_opens_its_leaf(cast, upper):
    builders.published(cast)
    push(upper)
    for index, opening in upper.payloads.items():
        assert opens(opening, orjson.loads(upper.leaves[index])["commit"])


def test_a_kind_that_stays_here_sends_no_content(cast, upper, monkeypatch):
    monkeypatch.setattr(outgoing, "kinds_going_up", lambda: (["DP02"], []))
    builders.published(cast)
    push(upper)
    assert upper.payloads == {} and upper.leaves


def test_a_restricted_record_goes_up_only_when_its_authority_says_so(cast, upper):
    record = scenes._of(cast, "OF03", scenes.RESTRICTED)
    push(upper)
    assert upper.payloads == {}
    record.decide_up(by=cast.hr, send_up=True)
    push(upper)
    assert [values_of(p)["uid"] for p in upper.payloads.values()] == [str(record.pk)]
    with pytest.raises(ValidationError, match="不能改为不上报"):
        record.decide_up(by=cast.hr, send_up=False)


def test_a_revoked_record_that_was_never_confirmed_stays_here(cast, upper):
    record = builders.reviewed(cast)
    record.revoke(by=cast.credit, reason="文书撤销")
    push(upper)
    assert upper.payloads == {}


def test_later_acts_go_up_as_they_happen(cast, upper):
    record = builders.published(cast)
    push(upper)
    record.hide(by=cast.credit2, reason="核查")
    record.resume(by=cast.credit2)
    record.revoke(by=cast.credit, reason="文书撤销")
    push(upper)
    verbs = ["record.hidden", "record.resumed", "record.revoked"]
    states = [values_of(upper.payloads[place(record, v)]) for v in verbs]
    assert [bool(s["hidden_until"]) for s in states] == [True, False, False]
    assert [s["state"] for s in states] == ["CONFIRMED", "CONFIRMED", "REVOKED"]


def test_batches_are_cut_at_the_most_entries(cast, upper, monkeypatch):
    monkeypatch.setattr(outgoing.wire, "MAX_ENTRIES", 100)
    push(upper)
    assert {len(p.entries) for p in upper.seen[:-1]} == {100} and Uplink.current().acked == outgoing.sealed_size()


def test_a_body_stays_under_its_limit(cast, upper, monkeypatch):
    builders.published(cast)
    monkeypatch.setattr(outgoing, "ROOM", 3000)
    push(upper)
    assert len(upper.seen) > 2 and Uplink.current().acked == outgoing.sealed_size()


def test_a_batch_ends_with_a_change_of_key(cast, upper, monkeypatch):
    seal_all()
    monkeypatch.setattr(outgoing, "KEY_LEAF", b"%" + bytes(Event.objects.get(seq=5).leaf)[-60:] + b"%")
    push(upper)
    assert upper.seen[0].until == 6


def test_killed_before_the_answer_the_batch_goes_again_and_counts_once(cast, upper):
    builders.published(cast)

    def lost(parcel, answer):
        raise sender.Unreachable("answer lost")

    upper.trick = lost
    link = push(upper)
    assert (link.state, link.acked) == ("WAITING", 0) and link.sent > 0
    assert Batch.objects.get().state == "SENT"
    upper.trick = None
    assert push(upper).acked == outgoing.sealed_size()
    assert [p.start for p in upper.seen] == [0, 0]
    batch = Batch.objects.get()
    assert (batch.state, batch.attempts) == ("ACCEPTED", 2) and batch.receipt


def test_the_answer_held_size_heals_a_gap_and_an_overlap(cast, upper):
    push(upper)
    more = builders.published(cast)
    push(upper)
    del upper.leaves[10:]  # the upper node came back from an older backup
    builders.published(cast, doc_no="日政字〔2026〕20号")
    assert push(upper).acked == outgoing.sealed_size() == len(upper.leaves)
    Uplink.objects.update(acked=3, held=3)  # we lost the last receipts
    assert push(upper).acked == outgoing.sealed_size()
    assert more


@pytest.mark.parametrize(
    "forge",
    [
        lambda upper, parcel: upper.receipt(parcel, origin="other/log"),
        lambda upper, parcel: upper.receipt(parcel, until=parcel.until - 1),
        lambda upper, parcel: upper.receipt(parcel, findings="sha256:00"),
        lambda upper, parcel: upper.receipt(parcel) | {"receipt": "nothing"},
        lambda upper, parcel: upper.receipt(parcel) | {"findings": [{"index": 0, "code": "E01"}]},
        lambda upper, parcel: forged_by(Upper(), upper, parcel),
    ],
)
def test_a_receipt_that_does_not_fit_is_no_receipt(cast, upper, forge):
    upper.trick = lambda parcel, answer: Answer(201, forge(upper, parcel))
    link = push(upper)
    assert (link.acked, link.state) == (0, "WAITING") and link.error
    upper.trick = None
    assert push(upper).acked == outgoing.sealed_size()


def forged_by(thief, upper, parcel):
    thief.leaves, thief.signs_as = upper.leaves, upper.signs_as
    return thief.receipt(parcel)


def test_a_receipt_over_another_root_stops_the_link_with_an_explanation(cast, upper):
    upper.trick = lambda parcel, answer: Answer(201, upper.receipt(parcel, root=b"x" * 32))
    link = push(upper)
    assert (link.state, link.code, link.acked) == ("STOPPED", "diverged", 0)
    assert "历史" in link.error and Message.objects.filter(title="上报已停止").exists()
    upper.trick = None
    assert push(upper).acked == 0, "nothing more before a person has looked"


def test_a_peer_that_holds_more_than_we_have_stops_the_link(cast, upper):
    push(upper)
    upper.leaves += [b"{}"] * 50  # entries that our restored database has forgotten
    builders.published(cast)
    link = push(upper)
    assert (link.state, link.code) == ("STOPPED", "peer-ahead")
    assert "对方多于本地" in link.error


def test_our_rewritten_history_stops_the_link_and_shows_the_evidence(cast, upper):
    push(upper)
    size = outgoing.sealed_size()
    verifier, key = note.signer()
    head = note.sign(note.checkpoint_text(verifier.name, size, b"y" * 32), verifier, key)
    upper.trick = lambda parcel, answer: Answer(
        422, {"error": "inconsistent", "held": size, "head": head, "message": "x"}
    )
    builders.published(cast)
    link = push(upper)
    assert (link.state, link.code) == ("STOPPED", "diverged") and "检查点" in link.error
    assert upper.seen[-1].entries == [] and upper.seen[-1].checkpoint


def test_retries_come_at_growing_pauses_and_an_outage_never_ends_them(cast, upper):
    upper.down = True
    pauses = []
    for _ in range(10):
        link = push(upper)
        pauses.append(round((link.next_at - timezone.now()).total_seconds()))
    assert link.state == "WAITING" and pauses == sorted(pauses) and pauses[0] <= 15 and pauses[-1] <= 3600
    assert sender.send(upper) == 0, "the worker's nudge waits for its time"
    upper.down = False
    Uplink.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    assert sender.send(upper) == outgoing.sealed_size()


def test_a_batch_refused_again_and_again_becomes_a_dead_letter_that_a_person_redrives(cast, upper):
    upper.trick = lambda parcel, answer: Answer(403, {"error": "signature", "message": "公钥无效"})
    for _ in range(sender.PATIENCE):
        link = push(upper)
    assert (link.state, link.code) == ("STOPPED", "refused") and "公钥无效" in link.error
    assert Batch.objects.get().state == "DEAD"
    upper.trick = None
    sender.redrive()
    assert push(upper).acked == outgoing.sealed_size()
    assert Batch.objects.get().state == "ACCEPTED"


def test_a_rejection_is_told_to_the_unit_and_settled_by_the_next_version(cast, upper):
    record = builders.published(cast)
    seal_all()
    upper.reject(place(record, "record.published"))
    push(upper)
    finding = Finding.objects.ours().open().get()
    assert (finding.uid, finding.code) == (record.pk, "E11") and finding.due_on > timezone.localdate()
    told = Message.objects.filter(title="上报被退回，待更正").values_list("user__username", flat=True)
    assert {"clerk", "reviewer"} <= set(told)
    record.resend(by=cast.credit, reason="上级已更正主体名称")
    push(upper)
    assert not Finding.objects.open().exists()


def test_a_remark_refuses_nothing(cast, upper):
    record = builders.published(cast)
    seal_all()
    upper.reject(place(record, "record.published"), "E17")
    push(upper)
    assert Finding.objects.ours().get().blocks is False


def test_content_damaged_on_the_way_is_delivered_again(cast, upper):
    record = builders.published(cast)
    seal_all()
    index = place(record, "record.published")
    upper.reject(index, "E20")
    push(upper)
    assert Finding.objects.get().code == "E20"
    upper.found = {}
    push(upper)
    assert not Finding.objects.exists() and upper.seen[-1].start == index


def test_one_sender_at_a_time(cast, upper):
    at = connection.settings_dict
    other = psycopg2.connect(dbname=at["NAME"], user=at["USER"], host=at["HOST"], port=at["PORT"] or None)
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [sender.LOCK])
    push(upper)
    assert upper.seen == []
    other.close()
    assert push(upper).acked > 0


def test_without_an_upper_node_nothing_is_due(cast, settings):
    settings.UPSTREAM_KEY = settings.UPSTREAM_URL = ""
    assert Uplink.current() is None and sender.send() == 0
