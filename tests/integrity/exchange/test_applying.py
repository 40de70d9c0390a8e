"""What a batch does to the register: ADD, UPDATE, REVOKE, REPAIR, EXPIRE, once each and in order; the checks on receipt."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from integrity.crypto import leaf as leaves
from integrity.models import CLOCK, Area, Event, Finding, Kind, Measure, Record, Subject
from integrity.models.record.many import expire_many
from tests import builders
from tests.integrity.exchange.lower import COMPANY, Lower, codes, deliver, later, penalty, published, some_facts


@pytest.fixture
def county(cast):
    return Lower()


def row(values):
    return Record.objects.get(pk=values["uid"])


def test_a_record_is_added_and_updated_in_the_order_of_the_log(county):
    first = penalty()
    second = later(first, title="更正后的标题")
    third = published(second)
    assert deliver(county, first, second, third) == []
    record = row(first)
    assert (record.title, record.publicity, record.origin_version) == ("更正后的标题", "PUBLIC", 6)
    assert record.version == 3 and Event.objects.of(record).count() == 3


@pytest.mark.parametrize(
    ("state", "publicity"), [("REPAIRED", "ENDED_REPAIR"), ("REVOKED", "WITHDRAWN"), ("EXPIRED", "ENDED_MAX")]
)
def test_an_ending_ends_publicity_at_once(county, state, publicity):
    shown = published(penalty())
    deliver(county, shown)
    assert Record.objects.public().filter(pk=shown["uid"]).exists()
    deliver(county, later(shown, state=state, publicity=publicity, ended_reason="理由"))
    assert (row(shown).state, row(shown).publicity) == (state, publicity)
    assert not Record.objects.public().exists()


def test_what_was_applied_is_not_applied_again(county):
    first = penalty()
    deliver(county, first, later(first, title="新标题"))
    assert deliver(county, first) == []
    assert row(first).title == "新标题" and row(first).version == 2


def test_suspension_hiding_and_flags_follow_the_sender(county):
    shown = published(penalty())
    deliver(county, shown)
    flags = shown["flags"] | {"suspended": True}
    deliver(county, later(shown, flags=flags))
    assert not Record.objects.public().exists()
    hidden = (timezone.now() + timedelta(hours=24)).isoformat(timespec="seconds")
    deliver(county, later(shown, version=shown["version"] + 2, hidden_until=hidden))
    assert not Record.objects.public().exists() and not row(shown).suspended
    deliver(county, later(shown, version=shown["version"] + 3))
    assert Record.objects.public().exists()


def test_an_unknown_enterprise_becomes_a_provisional_subject_once(county):
    code = builders.make_uscc("91371199YYYY30003")
    new = COMPANY | {"name": "云岭石材有限公司（演示）", "code": code, "id": str(uuid.uuid4())}
    deliver(county, penalty(subject=new), penalty(subject=new))
    subject = Subject.objects.get(code=code)
    assert subject.state == "PROVISIONAL" and subject.records.count() == 2


def test_a_person_is_known_by_the_senders_id_and_by_no_other_peers(cast, county):
    person = {"id": str(cast.wang.pk), "form": "PERSON", "name": "李四", "code": ""}
    expert = {"kind": "SE04", "facts": {}, "subject": person}
    values = penalty(**expert | {"facts": some_facts("SE04")})
    assert deliver(county, values, penalty(**expert | {"facts": some_facts("SE04")})) == []
    made = row(values).subject
    assert made.pk != cast.wang.pk and made.name == "李四" and made.records.count() == 2
    other = Lower("other")
    again = penalty(**expert | {"facts": some_facts("SE04")})
    deliver(other, again)
    assert row(again).subject_id not in (made.pk, cast.wang.pk)


def test_a_later_version_settles_the_finding(county):
    bad = penalty(fact="电话 13812345678")
    assert codes(county, bad) == ["E15"]
    assert Finding.objects.open().count() == 1
    assert deliver(county, later(bad, fact="已删除个人信息，责令改正后仍未改正。")) == []
    assert not Finding.objects.open().exists() and row(bad).origin_version == 5


def test_a_refused_record_that_ends_needs_nothing_more(county):
    bad = penalty(fact="电话 13812345678")
    deliver(county, bad)
    assert deliver(county, later(bad, state="REVOKED", publicity="WITHDRAWN")) == []
    assert not Record.objects.filter(pk=bad["uid"]).exists() and not Finding.objects.open().exists()


def test_an_ending_that_comes_before_its_late_beginning_stands(county):
    values = penalty()
    index = county.add(values)
    opening = county.openings[index]
    county.openings[index] = {"snapshot": [opening["snapshot"][0], values | {"title": "损坏"}]}
    county.add(later(values, state="REVOKED", publicity="WITHDRAWN"))
    answer = county.send()
    assert [f["code"] for f in answer.json()["findings"]] == ["E20"]
    county.openings[index] = opening
    assert county.send(0, 1).json()["findings"] == []
    assert (row(values).state, row(values).title, row(values).origin_version) == ("REVOKED", values["title"], 5)
    assert not Record.objects.public().exists()


def test_our_clock_may_expire_it_first(county):
    values = published(penalty())
    deliver(county, values)
    until = timezone.localdate() + timedelta(days=400)
    assert expire_many(until, by=CLOCK) == 1
    assert deliver(county, later(values, state="EXPIRED", publicity="ENDED_MAX")) == []
    assert row(values).state == "EXPIRED"


def test_an_ending_without_content_ends_by_its_entry_alone(county):
    values = published(penalty())
    deliver(county, values)
    county.add(log="record.repaired", ref=values["uid"].replace("-", ""))
    assert county.send(county.size - 1, county.size).status_code == 201
    assert (row(values).state, row(values).publicity) == ("REPAIRED", "ENDED_REPAIR")


def test_measures_here_end_with_the_record(cast, county):
    values = penalty()
    deliver(county, values)
    kind = Kind.objects.get(code="E06")
    measure = Measure(
        kind=kind, record=row(values), basis="依据", effect="reference", decided_unit=cast.orgs.credit,
        decided_on=timezone.localdate(), starts_on=timezone.localdate(),
    ).impose(by=cast.credit2)  # fmt: skip
    deliver(county, later(values, state="REPAIRED", publicity="NOT_PUBLIC"))
    measure.refresh_from_db()
    assert measure.state == "LIFTED"


def test_the_peers_area_is_that_of_units_it_brings(county):
    county.peer.change(by=builders.MomentSeat("PLATFORM_OP"), name="乙县", area=Area.objects.get(code="3711Z1"))
    values = penalty(source_unit={"name": "乙县某局（演示）", "code": ""})
    deliver(county, values)
    assert row(values).source_unit.area_id == "3711Z1"


def test_a_batch_of_any_size_costs_the_same_number_of_statements(county, django_assert_max_num_queries):
    snapshots = [s for values in (penalty() for _ in range(40)) for s in (values, published(values))]
    for values in snapshots:
        county.add(values)
    body = county.batch(0, county.size)
    with django_assert_max_num_queries(60):
        answer = county.post(body)
    assert answer.status_code == 201 and answer.json()["findings"] == []
    assert Record.objects.public().count() == 40


def test_what_is_kept_of_the_entries_can_be_handed_back(county):
    from integrity.exchange.wire import unbundle
    from integrity.models import Batch

    county.add(), county.add(penalty())
    county.send()
    assert unbundle(bytes(Batch.objects.get().entries_bundle)) == county.leaves
    assert leaves.opens(county.openings[1], leaves.orjson.loads(county.leaves[1])["commit"])
