"""Nothing leaks through the interface: every role against every visibility state, in every list, row, feed and history."""

import uuid

import pytest

from integrity.ledger.sealing import seal_all
from tests import scenes
from tests.integrity.api.conftest import Caller

LISTS = {
    "records": {"limit": 500},
    "records of the past": {"limit": 500, "recorded_as_of": "2999-01-01"},
    "measures": {"limit": 500},
    "measures of the past": {"limit": 500, "recorded_as_of": "2999-01-01"},
    "matters": {"limit": 500},
}


def caller(cast, account):
    found = Caller()
    if account != "visitor":
        found.client.force_login(getattr(cast, account).user)
    return found


@pytest.mark.parametrize("account", sorted(scenes.who_sees()))
def test_every_role_reads_exactly_what_it_may(cast, account):
    records = scenes.all_states(cast)
    seal_all()
    may = scenes.who_sees()[account] | scenes.PUBLIC_STATES
    who, wrong = caller(cast, account), []
    bodies = {name: who.get(name.split()[0], **params).content.decode() for name, params in LISTS.items()}
    bodies["events"] = "".join(
        who.get("events", limit=500, after=a, proof="true").content.decode() for a in range(0, 2000, 500)
    )
    for state, record in records.items():
        word, seen = scenes.WORDS[state], state in may
        one = who.get(f"records/{record.pk}")
        if (one.status_code == 200) is not seen or (word in one.content.decode()) is not seen:
            wrong.append(f"record {state}: {one.status_code}")
        if (word in bodies["records"]) is not seen:
            wrong.append(f"records: {state}")
        wrong += [f"{name}: {state}" for name, body in bodies.items() if word in body and not seen]
        if who.get("records", q=record.number).json().get("items") and not seen:
            wrong.append(f"search: {state}")
    assert not wrong


def test_none_hidden_repaired_expired_and_withdrawn_answer_alike(cast, visitor):
    records = scenes.all_states(cast)
    bodies = {visitor.get(f"records/{uuid.uuid4()}").content}
    for state, record in records.items():
        if state not in scenes.PUBLIC_STATES:
            answer = visitor.get(f"records/{record.pk}")
            assert answer.status_code == 404, state
            bodies.add(answer.content)
            bodies.add(visitor.get(f"records/{record.pk}", recorded_as_of="2999-01-01").content)
    bodies.add(visitor.get("records/not-a-uid").content)
    bodies.add(visitor.get("nothing/at/all").content)
    assert len(bodies) == 1


def test_persons_are_nowhere_in_what_a_visitor_gets(cast, visitor):
    scenes.all_states(cast)
    seal_all()
    everything = "".join(
        visitor.get(path, limit=500).content.decode()
        for path in ("subjects", "records", "measures", "pledges", "events")
    )
    for secret in ("王诚信", "赵评审", "371199198002290127", str(cast.wang.pk)):
        assert secret not in everything
    assert visitor.get(f"subjects/{cast.wang.pk}").status_code == 404
    assert visitor.get("subjects", q="王诚信").json()["items"] == []
    assert visitor.get("subjects", q="371199198002290127").json()["items"] == []
