"""A visitor reads the public register through the interface."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integrity.listing import LISTINGS
from integrity.models import Event, Version
from tests import builders, scenes


def test_a_visitor_reads_what_is_public_and_nothing_else(cast, visitor):
    scenes.all_states(cast)
    items = visitor.items("records", limit=2)
    assert {i["title"] for i in items} == {f"获评示范 {scenes.WORDS['public']}", "处罚 青龙庚", "处罚 青龙辛"}
    assert len(items) == 3


def test_a_record_is_shown_with_its_public_facts_only(cast, visitor):
    record = builders.published(cast, "DP02", who="market", reviewer="market_reviewer")
    shown = visitor.get(f"records/{record.pk}").json()
    assert shown["facts"] == {k: v for k, v in record.facts.items() if k != "simple_procedure"}
    assert shown["subject"]["name"] == cast.orgs.company.name
    assert not {"state", "publish_ground", "entered_at", "parties"} & shown.keys()


def test_every_answer_says_its_version_and_may_be_asked_for_again_cheaply(cast, visitor):
    builders.published(cast)
    first = visitor.get("records")
    assert first["API-Version"] == "1" and first["Cache-Control"] == "no-cache"
    again = visitor.get("records", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and again.content == b""
    builders.published(cast, doc_no="日政字〔2026〕19号")
    assert visitor.get("records", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_filters_narrow_and_combine(cast, visitor):
    honour = builders.published(cast)
    penalty = builders.published(cast, "DP02", who="market", reviewer="market_reviewer")

    def found(**params):
        return [i["uid"] for i in visitor.items("records", **params)]

    assert found(kind="AG11") == [str(honour.pk)] and found(kind="AG11,DP02", tier="general") == [str(penalty.pk)]
    assert found(subject=cast.orgs.company.code.lower()) == [str(penalty.pk)]
    assert found(doc_no="日市监处罚[2026]12 号") == [str(penalty.pk)]
    assert found(q="云帆") == [str(penalty.pk)] == found(number=penalty.number.lower())
    assert found(area="371100", decided_since="2099-01-01") == []


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "501"}, "limit"),
        ({"count": "yes"}, "count"),
        ({"as_of": "2026-02-30"}, "as_of"),
        ({"recorded_as_of": "yesterday"}, "recorded_as_of"),
        ({"tier": "huge"}, "tier"),
        ({"decided_since": "soon"}, "decided_since"),
    ],
)
def test_a_bad_value_is_named_by_its_field(cast, visitor, params, field):
    answer = visitor.get("records", **params)
    assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json"
    assert list(answer.json()["errors"]) == [field]


def test_an_unknown_parameter_is_refused_with_the_list_of_known_ones(cast, visitor):
    answer = visitor.get("records", subjct="x")
    assert answer.status_code == 400 and answer.json()["unknown"] == ["subjct"] and "subject" in answer.json()["known"]


def test_a_cursor_of_somebody_else_is_refused(cast, visitor):
    for cursor in ("x", "W10", "WzFd", "WyJhIiwiYiJd", "bnVsbA"):
        assert visitor.get("records", cursor=cursor).json()["type"].endswith("bad-cursor")


def test_totals_are_counted_only_on_request(cast, visitor):
    builders.published(cast)
    assert "count" not in visitor.get("records").json()
    body = visitor.get("records", count="true").json()
    assert (body["count"], body["count_is_capped"]) == (1, False)


def test_unknown_addresses_and_methods_answer_as_problems(cast, visitor):
    for path in ("nothing", "records/", "records/x/y", "records/%00", "subjects/%00", "kinds/%00"):
        answer = visitor.get(path)
        assert answer.status_code == 404 and answer.json()["type"].endswith("not-found"), path
    answer = visitor.post("records", {})
    assert answer.status_code == 405 and answer.json()["type"].endswith("method")


def test_matters_are_read_by_right_only(cast, visitor, auditor):
    answer = visitor.get("matters")
    assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Bearer")
    assert auditor.get("matters").json() == {"items": [], "next": None}


def test_subjects_kinds_organisations_and_areas_are_open(cast, visitor):
    assert visitor.get(f"subjects/{cast.orgs.company.code}").json()["name"] == cast.orgs.company.name
    assert visitor.get("kinds/AG11").json()["text"]["facts"]["honour"]["label"] == "荣誉名称"
    assert {o["form"] for o in visitor.items("organisations")} == {"AGENCY"}
    assert "3711X1101" in {a["code"] for a in visitor.items("areas", parent="3711X1")}
    assert not [s for s in visitor.items("subjects") if s["form"] == "PERSON"]


def test_a_page_costs_few_queries(cast, visitor, auditor, django_assert_max_num_queries):
    for i in range(4):
        builders.published(cast, doc_no=f"日政字〔2026〕{i}号")
    with django_assert_max_num_queries(1):
        visitor.get("records")
    auditor.get("records")
    with django_assert_max_num_queries(3):  # token, page, which of them from inside
        auditor.get("records")


# ---- two histories ----


def test_as_of_asks_how_things_stood_on_a_day(cast, visitor):
    record = builders.published(cast, "DP02", who="market", reviewer="market_reviewer")
    decided, before, after = record.decided_on, record.decided_on - timedelta(days=1), record.until
    assert visitor.items("records", as_of=decided.isoformat())
    assert not visitor.items("records", as_of=before.isoformat())
    assert not visitor.items("records", as_of=after.isoformat())


def corrected(record, cast, title):
    row = Version(record=record, changes={"title": title}, reason="名称有误")
    row.propose(by=cast.credit).review(by=cast.reviewer).adopt(by=cast.credit2)


def test_recorded_as_of_asks_what_the_register_knew(cast, visitor):
    record = builders.published(cast)
    published = Event.objects.of(record).last().at
    at = timezone.now().isoformat()
    corrected(record, cast, "更正后的事项名称")
    assert visitor.get(f"records/{record.pk}").json()["title"] == "更正后的事项名称"
    earlier = visitor.get(f"records/{record.pk}", recorded_as_of=at).json()
    assert earlier["title"] == record.title and earlier["version"] == record.version
    assert visitor.items("records", recorded_as_of=at)[0]["title"] == record.title
    too_early = (published - timedelta(seconds=1)).isoformat()
    assert visitor.items("records", recorded_as_of=too_early) == []
    assert visitor.get(f"records/{record.pk}", recorded_as_of=too_early).status_code == 404


def test_what_was_known_then_is_written_as_what_is_known_now(cast, visitor, auditor):
    """Replaying all events gives what the row holds."""
    scenes.all_states(cast)
    for caller in (visitor, auditor):
        for path in ("records", "subjects", "measures", "pledges"):
            unkept = LISTINGS[path].unkept
            now = {i["uid"]: {k: v for k, v in i.items() if k not in unkept} for i in caller.items(path)}
            then = {i["uid"]: i for i in caller.items(path, recorded_as_of="2999-01-01")}
            assert then == now, path


def test_the_past_of_a_subject_is_answered_from_its_events(cast, visitor):
    at = timezone.now().isoformat()
    cast.orgs.company.amend(by=builders.CREDIT, name="日照云帆建设集团有限公司（演示）")
    path = f"subjects/{cast.orgs.company.code}"
    assert visitor.get(path).json()["name"] == "日照云帆建设集团有限公司（演示）"
    assert visitor.get(path, recorded_as_of=at).json()["name"] == "日照云帆建设有限公司（演示）"


def test_history_never_shows_what_is_not_public_now(cast, visitor):
    record = builders.published(cast)
    at = timezone.now().isoformat()
    record.withdraw(by=cast.credit, reason="文书有误")
    assert visitor.items("records", recorded_as_of=at) == []
    assert visitor.items("records", as_of=timezone.localdate().isoformat()) == []
    assert visitor.get(f"records/{record.pk}", recorded_as_of=at).status_code == 404
