"""What the timetable does: time is written down, the archive filled, a missing calendar announced."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integrity import tasks
from integrity.acts import NotAllowed
from integrity.models import CalendarDay, Message, Record
from integrity.models.record.many import seal_many
from tests import builders


def test_ended_records_go_into_the_archive_after_their_time(cast, monkeypatch):
    record = builders.published(cast).revoke(by=cast.credit2, reason="原决定已撤销")
    assert tasks.clock() == 0
    later = timezone.now() + timedelta(days=181)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert tasks.clock() == 1
    assert Record.objects.get(pk=record.pk).state == "SEALED"
    assert not Record.objects.visible_to(cast.credit).filter(pk=record.pk).exists()
    assert Record.objects.visible_to(cast.archivist).filter(pk=record.pk).exists()


def test_only_the_clock_seals(cast):
    with pytest.raises(NotAllowed):
        seal_many(timezone.now(), by=cast.credit)


def test_a_missing_year_is_filled_or_announced(cast):
    year = (timezone.localdate() + timedelta(days=45)).year
    CalendarDay.objects.filter(day__year=year).delete()
    known = tasks.calendar_alarm() is False
    assert known == CalendarDay.objects.filter(day__year=year).exists()
    if not known:
        assert Message.objects.filter(user=cast.admin.user, key__startswith=f"calendar-{year}").exists()
        tasks.calendar_alarm()
        assert Message.objects.filter(user=cast.admin.user, key__startswith=f"calendar-{year}").count() == 1


def test_readiness_says_what_is_missing(client, cast, monkeypatch):
    assert client.get("/livez").content == b"ok\n"
    answer = client.get("/readyz")
    assert answer.status_code == 200 and answer.json()["checks"]["worker"]["fault"]
    tasks.heartbeat()
    assert client.get("/readyz").json()["checks"]["worker"]["value"] == 0
    later = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    answer = client.get("/readyz")
    assert answer.status_code == 503 and "waited" in answer.json()["checks"]["sealer"]["fault"]


def test_figures_are_for_the_watching_machine_alone(client, cast):
    assert b"ledger_pending_events" in client.get("/metrics").content
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
    assert client.get("/metrics", HTTP_X_FORWARDED_FOR="203.0.113.9").status_code == 404
