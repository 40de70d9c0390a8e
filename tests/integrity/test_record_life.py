"""A record's life, act by act: from a clerk's draft to the public and to its end."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from integrity.acts import BareWrite, NotAllowed, WrongState
from integrity.models import CLOCK, PUBLIC, Event, Kind, Record
from integrity.models.record.many import expire_many
from tests import builders


def test_an_honour_goes_from_draft_to_the_public(cast):
    record = builders.published(cast, "AG11")
    assert record.state == "CONFIRMED" and record.publicity == "PUBLIC"
    assert Record.objects.visible_to(PUBLIC).get() == record
    verbs = list(Event.objects.of(record).values_list("verb", flat=True))
    assert verbs == ["record.entered", "record.submitted", "record.reviewed", "record.confirmed", "record.published"]
    assert Event.objects.of(record).last().values["subject"]["name"] == cast.orgs.stranger.name


def test_without_an_approved_kind_nothing_is_entered(cast):
    Kind.objects.get(code="AG11").end(by=cast.credit, reason="试验")
    with pytest.raises(ValidationError, match="尚未批准"):
        builders.draft(cast, "AG11")


def test_the_clerk_cannot_review_his_own_record(cast):
    record = builders.submitted(cast)
    with pytest.raises(NotAllowed):
        record.review(by=cast.clerk, privacy_ok=True, secrecy_ok=True)


def test_a_strangers_reviewer_cannot_review_it(cast):
    record = builders.submitted(cast, subject=cast.orgs.market)
    with pytest.raises(NotAllowed, match="管理范围"):
        record.review(by=cast.stranger_reviewer, privacy_ok=True, secrecy_ok=True)


def test_a_unit_never_decides_on_a_record_about_itself(cast):
    record = builders.submitted(cast, subject=cast.orgs.bureau)
    with pytest.raises(NotAllowed, match="回避"):
        record.review(by=cast.reviewer, privacy_ok=True, secrecy_ok=True)


def test_who_confirms_does_not_publish(cast):
    record = builders.confirmed(cast)
    with pytest.raises(NotAllowed, match="两人"):
        record.publish(by=cast.credit)


def test_a_draft_is_not_public_and_not_the_credit_offices(cast):
    record = builders.draft(cast)
    assert not Record.objects.visible_to(PUBLIC).exists()
    assert not Record.objects.visible_to(cast.credit).filter(pk=record.pk).exists()
    assert Record.objects.visible_to(cast.clerk).get() == record


def test_an_act_from_the_wrong_state_is_refused(cast):
    with pytest.raises(WrongState, match="草稿"):
        builders.draft(cast).review(by=cast.reviewer, privacy_ok=True, secrecy_ok=True)


def test_bare_writes_are_refused_by_the_model(cast):
    record = builders.draft(cast)
    for write in (
        record.save,
        record.delete,
        lambda: Record.objects.update(state="CONFIRMED"),
        Record.objects.all().delete,
    ):
        with pytest.raises(BareWrite):
            write()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE integrity_record SET title = 'x'",
        "UPDATE integrity_record SET title = 'x', version = version + 1",
        "DELETE FROM integrity_record",
        "DELETE FROM integrity_event",
        "UPDATE integrity_event SET verb = 'x'",
        "UPDATE integrity_event SET leaf = ''",
        "DELETE FROM integrity_payload",
        "TRUNCATE integrity_record CASCADE",
        "ALTER TABLE integrity_record DISABLE TRIGGER ALL",
        "UPDATE integrity_record SET reviewed_by_id = entered_by_id",
    ],
)
def test_the_database_refuses_what_no_act_did(cast, sql):
    builders.draft(cast)
    with (
        pytest.raises(Exception, match="gi-0|permission denied|must be owner|two_people") as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert isinstance(refused.value, Exception)


def test_a_copied_row_without_event_is_refused(cast):
    builders.draft(cast)
    with pytest.raises(IntegrityError, match="gi-01"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO integrity_setting (id, version, key, value, ground, valid_from, state, entered_by_id) "
            "SELECT gen_random_uuid(), 1, 'D14', '1', 'x', now(), 'APPROVED', id FROM integrity_user LIMIT 1"
        )


def test_a_company_penalty_becomes_public(cast):
    record = builders.confirmed(cast, "DP02", who="market", reviewer="market_reviewer")
    assert record.until and record.repair_from
    record.publish(by=cast.credit2)
    assert Record.objects.public().get() == record


def test_expiry_needs_no_job_and_is_written_down_by_the_clock(cast):
    record = builders.published(cast, "DP02", who="market", reviewer="market_reviewer")
    later = record.until
    assert not Record.objects.public(later).exists()
    assert Record.objects.public(later - timedelta(days=1)).exists()
    assert expire_many(later, by=CLOCK) == 1
    record.refresh_from_db()
    assert (record.state, record.publicity) == ("EXPIRED", "ENDED_MAX")


def test_repair_waits_for_the_shortest_period_and_ends_everything(cast):
    record = builders.published(cast, "DP02", who="market", reviewer="market_reviewer")
    with pytest.raises(ValidationError, match="最短公示期"):
        record.repair(by=cast.credit)
    old = (timezone.localdate() - timedelta(days=120)).isoformat()
    record = builders.published(
        cast,
        "DP02",
        who="market",
        reviewer="market_reviewer",
        decided_on=old,
        served_on=old,
        doc_no="日市监处罚〔2026〕13号",
    )
    record.repair(by=cast.credit, reason="已履行")
    assert (record.state, record.publicity) == ("REPAIRED", "ENDED_REPAIR")
    assert record not in Record.objects.public()


def test_every_act_is_at_most_eight_statements(cast, django_assert_max_num_queries):
    record = builders.reviewed(cast)
    with django_assert_max_num_queries(8):
        record.confirm(by=cast.credit, publish=True)
    with django_assert_max_num_queries(8):
        record.publish(by=cast.credit2)
