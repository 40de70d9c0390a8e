"""The catalogue's checks on receipt: each fault has its code of domain.md 7.3, and the rest of the batch is taken."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from integrity.models import Finding, Kind, Record
from tests import builders
from tests.integrity.exchange.lower import COMPANY, Lower, codes, deliver, later, penalty, published, some_facts


@pytest.fixture
def county(cast):
    return Lower()


def row(values):
    return Record.objects.get(pk=values["uid"])


def test_a_natural_persons_negative_record_is_never_public_here(county):
    person = {"id": str(uuid.uuid4()), "form": "PERSON", "name": "李四", "code": ""}
    values = published(penalty(kind="SE04", facts=some_facts("SE04"), subject=person))
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
    found = deliver(county, good, bad)
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
    deliver(county, first)
    twin = penalty(doc_no=first["doc_no"])
    assert deliver(county, twin) == [(0, "E09", "doc_no")]
    assert deliver(county, later(twin, duplicate_note="同一文书处罚两项行为")) == []


def test_two_twins_in_one_batch_are_noticed(county):
    first = penalty()
    assert codes(county, first, penalty(doc_no=first["doc_no"])) == ["E09"]


def test_a_number_that_is_taken_is_e09(county):
    first = penalty()
    assert deliver(county, first, penalty(number=first["number"])) == [(1, "E09", "number")]


def test_a_peer_cannot_touch_our_records_or_another_peers(cast, county):
    own = builders.confirmed(cast, "DP02", who="market", reviewer="market_reviewer")
    theirs = penalty()
    deliver(county, theirs)
    other = Lower("other")
    stolen = [penalty(uid=str(own.pk)), later(theirs, title="夺取")]
    assert codes(other, *stolen) == ["E09", "E09"]
    assert row(theirs).title == theirs["title"]


def test_a_change_of_what_was_ended_here_is_e18(cast, county):
    day = (timezone.localdate() - timedelta(days=200)).isoformat()
    values = penalty(decided_on=day, served_on=day, repair_from=timezone.localdate().isoformat())
    deliver(county, values)
    row(values).repair(by=cast.credit, reason="已履行")
    assert codes(county, later(values, title="变更")) == ["E18"]
    assert deliver(county, later(values, version=6, state="REPAIRED", publicity="NOT_PUBLIC")) == []


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
    assert [c for c in deliver(county, bad, good) if c[0] == 0][0][1] == "E02"
    assert row(good) and Finding.objects.get(code="E02").payload
