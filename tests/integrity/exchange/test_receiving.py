"""Taking a batch: every status code of the wire format, what is kept, and what a receipt says (trust.md 3.1)."""

import base64

import pytest

from integrity.acts import NotAllowed
from integrity.crypto import keys
from integrity.exchange import receipts
from integrity.exchange.receipts import Receipt
from integrity.ledger import note
from integrity.models import Batch, Event, Finding, Fork, Mirror, Peer, Record
from tests.integrity.exchange.lower import OPERATOR, Lower, penalty, published


@pytest.fixture
def county(cast):
    return Lower()


def receipt_of(answer) -> Receipt:
    return receipts.read(answer.json()["receipt"], [receipts.signer()[0]])


def test_a_batch_is_taken_applied_and_receipted(county):
    county.add()
    values = penalty()
    county.add(values)
    county.add(published(values), log="record.published", ref=values["uid"].replace("-", ""))
    answer = county.send()
    assert answer.status_code == 201, answer.json()
    receipt = receipt_of(answer)
    assert (receipt.origin, receipt.until, receipt.root) == (county.origin, 3, county.root())
    assert (receipt.ok, receipt.quarantined) == (2, 0)
    assert receipt.findings == receipts.digest([]) and answer.json()["findings"] == []
    record = Record.objects.public().get(pk=values["uid"])
    assert (record.origin, record.number, record.origin_version) == (county.origin, values["number"], 5)
    assert record.source_unit.state == "PROVISIONAL" and record.entered_by is None
    verbs = list(Event.objects.of(record).values_list("verb", flat=True))
    assert verbs == ["record.received", "record.relayed"]
    relay = Event.objects.filter(verb="exchange.received").get()
    assert relay.values["origin"] == county.origin and b'"type":"batch.received"' in bytes(relay.leaf)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"v":2}',
        b'{"v":1,"origin":"x","from":0,"until":2,"checkpoint":"x","consistency":[],"entries":["AA=="],"payloads":{}}',
        b'{"v":1,"origin":"x","from":-1,"until":0,"checkpoint":"x","consistency":[],"entries":["AA=="],"payloads":{}}',
        b'{"v":1,"origin":"x","from":0,"until":1,"checkpoint":"x","consistency":["AA=="],"entries":["AA=="],"payloads":{}}',
        b'{"v":1,"origin":"x","from":0,"until":1,"checkpoint":"x","consistency":[],"entries":["A"],"payloads":{}}',
        b'{"v":1,"origin":"x","from":0,"until":1,"checkpoint":"x","consistency":[],"entries":["AA=="],"payloads":{"7":{}}}',
        b'{"v":1,"origin":"x","from":0,"until":1,"checkpoint":"\\u0000","consistency":[],"entries":["AA=="],"payloads":{}}',
    ],
)
def test_what_is_no_batch_is_a_400(county, body):
    answer = county.post(body)
    assert answer.status_code == 400 and answer.json()["error"] == "malformed"


def test_more_than_a_thousand_entries_are_a_400(county):
    county.leaves = [b"x"] * 1001
    assert county.send().status_code == 400


def test_a_body_over_eight_mebibytes_is_a_413(county):
    assert county.post(b" " * (8 * 2**20 + 1)).status_code == 413


def test_a_checkpoint_that_does_not_cover_the_batch_is_a_400(county):
    county.add(), county.add()
    answer = county.post(county.batch(0, 2, checkpoint=county.head(1)))
    assert answer.status_code == 400 and answer.json()["error"] == "malformed"


def test_a_checkpoint_of_another_log_is_a_400(county):
    other = Lower("other")
    county.add(), other.add()
    assert county.post(county.batch(0, 1, checkpoint=other.head())).status_code == 400


@pytest.mark.parametrize("token", ["", "wrong"])
def test_without_a_valid_token_it_is_a_401(county, token):
    county.add()
    answer = county.post(county.batch(0, 1), token)
    assert answer.status_code == 401 and "Bearer" in answer["WWW-Authenticate"]


def test_an_unknown_origin_is_a_404(county):
    stranger = Lower("stranger", admit=False)
    stranger.add()
    assert stranger.post(stranger.batch(0, 1), county.token).status_code == 404


def test_another_peers_token_is_a_403(county):
    other = Lower("other")
    other.add()
    answer = other.post(other.batch(0, 1), county.token)
    assert answer.status_code == 403 and answer.json()["error"] == "token"


def test_a_head_signed_by_a_foreign_key_is_a_403(county):
    county.add()
    county.key = Lower("thief", admit=False).key
    answer = county.send()
    assert answer.status_code == 403 and answer.json()["error"] == "signature"
    assert "签名" in Mirror.objects.get(peer=county.peer).error


def test_a_stopped_peer_is_a_403_until_it_is_resumed(county):
    county.add()
    county.peer.stop(by=OPERATOR, reason="核查中")
    assert county.send().status_code == 403
    county.peer.resume(by=OPERATOR)
    assert county.send().status_code == 201


def test_the_same_batch_again_is_a_200_with_the_same_receipt(county):
    county.add(penalty())
    first, second = county.send(), county.send()
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Record.objects.count() == 1 and Batch.objects.count() == 1


def test_a_held_part_of_other_cut_is_a_200_with_a_receipt_of_its_own(county):
    for _ in range(5):
        county.add()
    county.send()
    answer = county.send(1, 3)
    assert answer.status_code == 200 and answer.json()["held"] == 5
    assert (receipt_of(answer).until, receipt_of(answer).root) == (3, county.root(3))


def test_a_gap_is_a_409_with_the_held_size(county):
    for _ in range(4):
        county.add()
    county.send(0, 2)
    answer = county.send(3, 4)
    assert answer.status_code == 409 and answer.json()["held"] == 2
    assert county.send(2, 4).status_code == 201


def test_an_overlap_is_a_409_with_the_held_size(county):
    for _ in range(4):
        county.add()
    county.send(0, 2)
    answer = county.send(1, 4)
    assert answer.status_code == 409 and answer.json()["held"] == 2


def test_an_altered_entry_is_a_422_and_nothing_is_kept(county):
    county.add(penalty())
    altered = base64.b64encode(county.leaves[0].replace(b'"v":1', b'"v":2')).decode()
    answer = county.post(county.batch(0, 1, entries=[altered]))
    assert answer.status_code == 422 and answer.json()["error"] == "inconsistent"
    assert not Record.objects.exists() and not Batch.objects.exists()
    assert Mirror.objects.get().size == 0


def test_a_repeated_range_with_other_entries_is_a_422(county):
    county.add(), county.add()
    county.send()
    county.leaves[1] = county.leaves[1].replace(b'"v":1', b'"v":2')
    answer = county.send(1, 2)
    assert answer.status_code == 422


def test_two_heads_of_one_size_prove_a_fork_and_both_are_kept(county):
    county.add(), county.add()
    county.send()
    honest = county.head()
    county.leaves[0] = county.leaves[0].replace(b'"v":1', b'"v":2')
    answer = county.send(0, 2)
    assert answer.status_code == 422 and answer.json()["error"] == "fork"
    proof = Fork.objects.get()
    assert (proof.size, proof.first, proof.second) == (2, honest, county.head())
    assert county.send(0, 2).status_code == 422 and Fork.objects.count() == 1


def test_rewritten_history_correctly_signed_is_a_422_with_the_head_we_hold(county):
    county.add(), county.add()
    county.send()
    honest = county.head()
    county.leaves[0] = county.leaves[0].replace(b'"v":1', b'"v":2')
    county.add()
    answer = county.send(2, 3)
    assert answer.status_code == 422 and answer.json()["head"] == honest
    evidence = county.post(county.batch(2, 2, 2))
    assert evidence.status_code == 422 and Fork.objects.count() == 1


def test_an_empty_batch_only_shows_the_head(county):
    county.add()
    county.send()
    assert county.send(1, 1).status_code == 200


def test_a_planned_new_key_holds_from_its_entry_on(county):
    county.add()
    county.send()
    old = county.key
    new = Lower("new", admit=False).key
    at = county.add(log="log.key", vkey=note.Verifier(county.origin, new.public).vkey)
    assert county.send(1, 2).status_code == 201
    county.add()
    assert county.send(2, 3).status_code == 403, "the old key signs nothing after the change"
    county.key = new
    assert county.send(2, 3).status_code == 201
    peer = Peer.objects.get()
    assert peer.vkeys_at(at + 1) == [note.Verifier(county.origin, old.public).vkey]
    assert peer.vkeys_at(at + 2) == [county.vkey]
    county.key = old
    assert county.post(county.batch(0, 1, 1)).status_code == 200, "what it signed before stays good"


def test_the_old_key_may_sign_within_its_grace(county):
    new = Lower("new", admit=False).key
    county.add(log="log.key", vkey=note.Verifier(county.origin, new.public).vkey, grace=2)
    county.send()
    county.add()
    assert county.send(1, 2).status_code == 201
    county.add(), county.add()
    assert county.send(2, 4).status_code == 403


def test_after_a_compromise_two_people_change_the_key(cast, county):
    county.add()
    county.send()
    county.key = Lower("new", admit=False).key
    peer = county.peer
    peer.propose_key(by=cast.credit, vkey=county.vkey)
    with pytest.raises(NotAllowed, match="他人批准"):
        peer.approve_key(by=cast.credit)
    county.add()
    assert county.send(1, 2).status_code == 403
    peer.approve_key(by=cast.credit2)
    assert county.send(1, 2).status_code == 201


def test_a_tampered_payload_is_quarantined_and_healed_by_an_intact_one(county):
    values = penalty()
    index = county.add(values)
    opening = county.openings[index]
    county.openings[index] = {"snapshot": [opening["snapshot"][0], values | {"title": "别的"}]}
    answer = county.send()
    assert answer.status_code == 201
    assert [f["code"] for f in answer.json()["findings"]] == ["E20"]
    assert receipt_of(answer).quarantined == 1
    assert not Record.objects.exists() and Finding.objects.get().payload
    county.openings[index] = opening
    again = county.send()
    assert again.status_code == 200 and again.json()["findings"] == []
    assert receipt_of(again).findings == receipts.digest([])
    assert Record.objects.get().title == values["title"]


def test_the_receipt_signs_the_findings(county):
    county.add(penalty(kind="SV01"))
    answer = county.send()
    assert [f["code"] for f in answer.json()["findings"]] == ["E13"]
    assert receipt_of(answer).findings == receipts.digest(answer.json()["findings"])


def test_a_receipt_key_of_its_own_signs(county):
    county.add()
    assert keys.current("receipt").secret != keys.current("log").secret
    with pytest.raises(note.NoteError):
        receipts.read(county.send().json()["receipt"], [note.signer()[0]])
