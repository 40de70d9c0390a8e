"""What a batch does to the register: ADD, UPDATE, REVOKE, REPAIR, EXPIRE, once each and in order; the checks on receipt."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from integrity.crypto import leaf as leaves
from integrity.models import CLOCK, Area, Event, Finding, Kind, Measure, Record, Subject
from integrity.models.record.many import expire_many
from tests import builders
from tests.integrity.exchange.lower import COMPANY, Lower, later, penalty, published


@pytest.fixture
def county(cast):
    return Lower()


def send(county, *snapshots):
    """Each snapshot one entry of the log; the findings of the batch."""
    start = county.size
    for values in snapshots:
        county.add(values)
    answer = county.send(start, county.size)
    assert answer.status_code == 201, answer.json()
    return [(f["index"] - start, f["code"], f["field"]) for f in answer.json()["findings"]]


def codes(county, *snapshots):
    return [code for _, code, _ in send(county, *snapshots)]


def row(values):
    return Record.objects.get(pk=values["uid"])


def test_a_record_is_added_and_updated_in_the_order_of_the_log(county):
    first = penalty()
    second = later(first, title="更正后的标题")
    third = published(second)
    assert send(county, first, second, third) == []
    record = row(first)
    assert (record.title, record.publicity, record.origin_version) == ("更正后的标题", "PUBLIC", 6)
    assert record.version == 3 and Event.objects.of(record).count() == 3


@pytest.mark.parametrize(
    ("state", "publicity"), [("REPAIRED", "ENDED_REPAIR"), ("REVOKED", "WITHDRAWN"), ("EXPIRED", "ENDED_MAX")]
)
def test_an_ending_ends_publicity_at_once(county, state, publicity):
    shown = published(penalty())
    send(county, shown)
    assert Record.objects.public().filter(pk=shown["uid"]).exists()
    send(county, later(shown, state=state, publicity=publicity, ended_reason="理由"))
    assert (row(shown).state, row(shown).publicity) == (state, publicity)
    assert not Record.objects.public().exists()


def test_what_was_applied_is_not_applied_again(county):
    first = penalty()
    send(county, first, later(first, title="新标题"))
    assert send(county, first) == []
    assert row(first).title == "新标题" and row(first).version == 2


def test_suspension_hiding_and_flags_follow_the_sender(county):
    shown = published(penalty())
    send(county, shown)
    flags = shown["flags"] | {"suspended": True}
    send(county, later(shown, flags=flags))
    assert not Record.objects.public().exists()
    hidden = (timezone.now() + timedelta(hours=24)).isoformat(timespec="seconds")
    send(county, later(shown, version=shown["version"] + 2, hidden_until=hidden))
    assert not Record.objects.public().exists() and not row(shown).suspended
    send(county, later(shown, version=shown["version"] + 3))
    assert Record.objects.public().exists()


def test_an_unknown_enterprise_becomes_a_provisional_subject_once(county):
    code = builders.make_uscc("91371199YYYY30003")
    new = COMPANY | {"name": "云岭石材有限公司（演示）", "code": code, "id": str(uuid.uuid4())}
    send(county, penalty(subject=new), penalty(subject=new))
    subject = Subject.objects.get(code=code)
    assert subject.state == "PROVISIONAL" and subject.records.count() == 2


def test_a_person_is_known_by_the_senders_id_and_by_no_other_peers(cast, county):
    person = {"id": str(cast.wang.pk), "form": "PERSON", "name": "李四", "code": ""}
    expert = {"kind": "SE04", "facts": {}, "subject": person}
    values = penalty(**expert | {"facts": builders_facts("SE04")})
    assert send(county, values, penalty(**expert | {"facts": builders_facts("SE04")})) == []
    made = row(values).subject
    assert made.pk != cast.wang.pk and made.name == "李四" and made.records.count() == 2
    other = Lower("other")
    again = penalty(**expert | {"facts": builders_facts("SE04")})
    send(other, again)
    assert row(again).subject_id not in (made.pk, cast.wang.pk)


def builders_facts(code):
    """Some value for every fact a kind requires."""
    from integrity import catalogue

    by_type = {"date": "2026-01-05", "amount": "1", "int": 1, "code": builders.make_uscc("91371100YYYY20001")}
    return {
        f.name: f.options[0] if f.options else by_type.get(f.type, "说明")
        for f in catalogue.load().kinds[code].facts
        if f.required and f.type != "bool"
    }


def test_a_natural_persons_negative_record_is_never_public_here(county):
    person = {"id": str(uuid.uuid4()), "form": "PERSON", "name": "李四", "code": ""}
    values = published(penalty(kind="SE04", facts=builders_facts("SE04"), subject=person))
    assert codes(county, values) == ["E13"]
    assert not Record.objects.filter(pk=values["uid"]).exists()


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"subject": COMPANY | {"code": "91371100YYYY200011"}}, "E05", "subject.code"),
        ({"subject": COMPANY | {"code": ""}}, "E10", "subject.code"),
        ({"subject": {**COMPANY, "form": "AGENCY", "code": builders.make_uscc("11371100YYYY10003")}}, "E10", "subject.form"),
        ({"subject": {**COMPANY, "name": "别的公司", "code": builders.make_uscc("91371100YYYY20001")}}, "E11", "subject.name"),
        ({"kind": "XX99"}, "E12", "kind"),
        ({"kind": "SV01"}, "E13", "kind"),
        ({"decided_on": "2099-01-01"}, "E08", "decided_on"),
        ({"effective_on": "2001-01-01"}, "E07", "effective_on"),
        ({"served_on": None}, "E01", "served_on"),
        ({"fact": "联系人电话 13812345678"}, "E15", "fact"),
    ],
)  # fmt: skip
def test_a_fault_of_content_is_named_and_the_rest_is_taken(county, change, code, field):
    good, bad = penalty(), penalty(**change)
    found = send(county, good, bad)
    assert (1, code, field) in found and not [f for f in found if f[0] == 0]
    assert row(good) and not Record.objects.filter(pk=bad["uid"]).exists()


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"simple_procedure": True}, "E14"),
        ({"fine_wan": "0"}, "E16"),
        ({"penalty_kinds": "没有的类别"}, "E04"),
        ({"nobody_knows": "1"}, "E02"),
    ],
)
def test_a_fault_of_facts_is_named(county, facts, code):
    values = penalty()
    values["facts"] |= facts
    assert code in codes(county, values)


def test_a_kind_that_is_not_approved_here_is_refused_with_e12(cast, county):
    Kind.objects.get(code="DP02").end(by=cast.credit, reason="试验")
    assert codes(county, penalty()) == ["E12"]


def test_the_same_document_from_another_record_is_e09_unless_explained(county):
    first = penalty()
    send(county, first)
    twin = penalty(doc_no=first["doc_no"])
    assert send(county, twin) == [(0, "E09", "doc_no")]
    assert send(county, later(twin, duplicate_note="同一文书处罚两项行为")) == []


def test_two_twins_in_one_batch_are_noticed(county):
    first = penalty()
    assert codes(county, first, penalty(doc_no=first["doc_no"])) == ["E09"]


def test_a_number_that_is_taken_is_e09(county):
    first = penalty()
    assert send(county, first, penalty(number=first["number"])) == [(1, "E09", "number")]


def test_a_peer_cannot_touch_our_records_or_another_peers(cast, county):
    own = builders.confirmed(cast, "DP02", who="market", reviewer="market_reviewer")
    theirs = penalty()
    send(county, theirs)
    other = Lower("other")
    stolen = [penalty(uid=str(own.pk)), later(theirs, title="夺取")]
    assert codes(other, *stolen) == ["E09", "E09"]
    assert row(theirs).title == theirs["title"]


def test_a_change_of_what_was_ended_here_is_e18(cast, county):
    day = (timezone.localdate() - timedelta(days=200)).isoformat()
    values = penalty(decided_on=day, served_on=day, repair_from=timezone.localdate().isoformat())
    send(county, values)
    row(values).repair(by=cast.credit, reason="已履行")
    assert codes(county, later(values, title="变更")) == ["E18"]
    assert send(county, later(values, version=6, state="REPAIRED", publicity="NOT_PUBLIC")) == []


def test_publishing_without_the_secrecy_review_is_e19(county):
    assert codes(county, published(penalty()) | {"cleared": False}) == ["E19"]


def test_a_late_report_is_only_remarked_on(county):
    day = (timezone.localdate() - timedelta(days=60)).isoformat()
    values = penalty(decided_on=day, served_on=day)
    assert codes(county, values) == ["E17"]
    assert row(values) and not Finding.objects.open().exists()


@pytest.mark.parametrize(
    "change",
    [
        {"uid": "no-uuid"}, {"version": 0}, {"version": "4"}, {"state": "DRAFT"}, {"publicity": "ALWAYS"}, {"facts": "x"},
        {"flags": None}, {"title": 7}, {"title": "长" * 201}, {"doc_no": ""}, {"decided_on": "gestern"}, {"decided_on": None},
        {"subject": None}, {"source_unit": {"name": "", "code": ""}}, {"state": "EXPIRED", "publicity": "PUBLIC"},
    ],
)  # fmt: skip
def test_content_that_is_no_record_is_quarantined(county, change):
    good, bad = penalty(), penalty(**change)
    assert [c for c in send(county, bad, good) if c[0] == 0][0][1] == "E02"
    assert row(good) and Finding.objects.get(code="E02").payload


def test_a_later_version_settles_the_finding(county):
    bad = penalty(fact="电话 13812345678")
    assert codes(county, bad) == ["E15"]
    assert Finding.objects.open().count() == 1
    assert send(county, later(bad, fact="已删除个人信息，责令改正后仍未改正。")) == []
    assert not Finding.objects.open().exists() and row(bad).origin_version == 5


def test_a_refused_record_that_ends_needs_nothing_more(county):
    bad = penalty(fact="电话 13812345678")
    send(county, bad)
    assert send(county, later(bad, state="REVOKED", publicity="WITHDRAWN")) == []
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
    send(county, values)
    until = timezone.localdate() + timedelta(days=400)
    assert expire_many(until, by=CLOCK) == 1
    assert send(county, later(values, state="EXPIRED", publicity="ENDED_MAX")) == []
    assert row(values).state == "EXPIRED"


def test_an_ending_without_content_ends_by_its_entry_alone(county):
    values = published(penalty())
    send(county, values)
    county.add(log="record.repaired", ref=values["uid"].replace("-", ""))
    assert county.send(county.size - 1, county.size).status_code == 201
    assert (row(values).state, row(values).publicity) == ("REPAIRED", "ENDED_REPAIR")


def test_measures_here_end_with_the_record(cast, county):
    values = penalty()
    send(county, values)
    kind = Kind.objects.get(code="E06")
    measure = Measure(
        kind=kind, record=row(values), basis="依据", effect="reference", decided_unit=cast.orgs.credit,
        decided_on=timezone.localdate(), starts_on=timezone.localdate(),
    ).impose(by=cast.credit2)  # fmt: skip
    send(county, later(values, state="REPAIRED", publicity="NOT_PUBLIC"))
    measure.refresh_from_db()
    assert measure.state == "LIFTED"


def test_the_peers_area_is_that_of_units_it_brings(county):
    county.peer.change(by=builders.MomentSeat("PLATFORM_OP"), name="乙县", area=Area.objects.get(code="3711Z1"))
    values = penalty(source_unit={"name": "乙县某局（演示）", "code": ""})
    send(county, values)
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
