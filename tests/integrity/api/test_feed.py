"""A mirror follows the ledger and proves that it has all of it."""

import base64
import json

from integrity.crypto import leaf as leaves
from integrity.ledger import merkle
from integrity.ledger.sealing import seal_all
from integrity.models import CLOCK
from tests import builders, scenes


class Mirror:
    """Somebody else's copy of the public register, kept by the feed alone."""

    def __init__(self, caller):
        self.caller, self.after, self.copies, self.leaves = caller, None, {}, []

    def sync(self, limit=7):
        while True:
            ask = {"after": self.after} if self.after is not None else {}
            page = self.caller.get("events", limit=limit, leaves="true", proof="true", **ask).json()
            start = 0 if self.after is None else self.after + 1
            assert len(page["leaves"]) == page["next"] + 1 - start
            self.leaves += [base64.b64decode(leaf) for leaf in page["leaves"]]
            for item in page["items"]:
                self.take(item)
            self.after = page["next"]
            if page["next"] == page["size"] - 1:
                return page["size"]

    def take(self, item):
        if "values" not in item:
            assert item.keys() == {"seq", "uid"}
            self.copies.pop(item["uid"], None)
            return
        leaf = base64.b64decode(item["proof"]["leaf"])
        assert leaf == self.leaves[item["seq"]]
        assert leaves.opens(item["proof"]["fields"], json.loads(leaf)["commit"], item["proof"]["withheld"])
        assert leaves.values_of(item["proof"]["fields"]) == item["values"]
        self.copies[item["uid"]] = item["values"]

    def root(self):
        grown = merkle.grow(0, [merkle.leaf_hash(leaf) for leaf in self.leaves], lambda *a: b"")
        nodes = {(level, index): value for level, index, value in grown}
        return merkle.root(len(self.leaves), lambda level, index: nodes[level, index]).hex()


def records_of(mirror):
    return {uid: v for uid, v in mirror.copies.items() if v.get("number", "").startswith("RZ-")}


def test_a_mirror_has_what_is_public_and_proves_that_it_has_all(cast, visitor):
    scenes.all_states(cast)
    seal_all()
    mirror = Mirror(visitor)
    size = mirror.sync()
    public = {i["uid"]: i for i in visitor.items("records")}
    assert records_of(mirror).keys() == public.keys()
    for uid, kept in records_of(mirror).items():
        assert {n: kept[n] for n in ("title", "doc_no", "version", "facts")} == {
            n: public[uid][n] for n in ("title", "doc_no", "version", "facts")
        }
    assert mirror.root() == visitor.get("state-root", size=size).json()["root"]


def test_a_mirror_forgets_what_is_withdrawn_hidden_repaired_or_expired(cast, visitor):
    records = [builders.published(cast, doc_no=f"日政字〔2026〕{i}号") for i in range(5)]
    seal_all()
    mirror = Mirror(visitor)
    mirror.sync()
    assert len(records_of(mirror)) == 5
    records[0].withdraw(by=cast.credit, reason="文书有误")
    records[1].hide(by=cast.credit, reason="核查")
    records[2].suspend(by=cast.credit, reason="核查")
    records[3].revoke(by=cast.credit, reason="撤销")
    seal_all()
    mirror.sync()
    assert records_of(mirror).keys() == {str(records[4].pk)}
    records[2].resume(by=cast.credit)
    records[1].resume(by=cast.credit)
    seal_all()
    mirror.sync()
    assert records_of(mirror).keys() == {str(records[i].pk) for i in (1, 2, 4)}


def test_a_withdrawal_is_a_uid_and_a_number_and_nothing_more(cast, visitor):
    record = builders.published(cast).withdraw(by=cast.credit, reason="文书有误")
    seal_all()
    items = [i for i in visitor.get("events", limit=500).json()["items"] if i["uid"] == str(record.pk)]
    assert [set(i) for i in items] == [{"seq", "uid"}] * 2


def test_what_never_was_public_does_not_stand_in_the_public_feed(cast, visitor):
    records = scenes.all_states(cast)
    records["official"].mark_objection(by=cast.hr)
    seal_all()
    uids = {i["uid"] for i in visitor.get("events", limit=500).json()["items"]}
    assert not {str(records[n].pk) for n in ("official", "restricted", "not_public", "scheduled", "draft")} & uids


def test_the_feed_waits_for_the_sealer_and_ends_where_it_says(cast, visitor):
    seal_all()
    size = visitor.get("state-root").json()["size"]
    record = builders.published(cast)
    page = visitor.get("events", after=size - 1).json()
    assert (page["items"], page["next"], page["size"]) == ([], size - 1, size)
    seal_all()
    page = visitor.get("events", after=size - 1).json()
    assert [i["uid"] for i in page["items"]] == [str(record.pk)] and page["next"] == page["size"] - 1


def test_an_archived_record_is_gone_for_the_auditor_too(cast, auditor):
    record = scenes.all_states(cast)["sealed"]
    seal_all()
    items = [i for i in auditor.get("events", limit=500).json()["items"] if i["uid"] == str(record.pk)]
    assert items and all(set(i) == {"seq", "uid"} for i in items)
    assert record.state == "SEALED" and CLOCK.role_code == "CLOCK"


def test_a_state_root_is_given_for_every_size_and_signed_at_checkpoints(cast, visitor):
    seal_all()
    now = visitor.get("state-root").json()
    assert now["checkpoint"].splitlines()[1] == str(now["size"])
    assert visitor.get("state-root", size=now["size"] - 1).json()["checkpoint"] is None
    assert visitor.get("state-root", size=0).json()["root"] == merkle.EMPTY_ROOT.hex()
    assert visitor.get("state-root", size=now["size"] + 1).json()["errors"].keys() == {"size"}
    assert visitor.get("events", after="-1").json()["errors"].keys() == {"after"}
