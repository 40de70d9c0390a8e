"""One board for every channel: the most urgent first, with next step, warning, urging and escalation by rule (issue 6.4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from integrity.models import CLOCK, Event, Matter, Message, Record, work_calendar
from integrity.models.matter.watching import level, watch
from tests.desks import Desk
from tests.paths.affairs import filed, objection
from tests.paths.complaints import accepted as complaint
from tests.paths.complaints import just_filed
from tests.showcase import days_ago

pytestmark = pytest.mark.django_db


def late(cast, days: int) -> Matter:
    with days_ago(days):
        return filed(cast).receive(by=cast.company)


def test_every_channel_stands_on_the_board_the_most_urgent_first(cast):
    objection(cast).file(by=cast.company)
    complaint(cast)
    old = late(cast, 60)
    text = Desk(cast.credit).see("/desk/matters/")
    assert all(word in text for word in ("信用信息异议", "政务失信投诉", "告知是否受理", "转办或者着手办理"))
    assert text.index(old.number) < text.index("TS-")
    assert "已逾期" in text and old.number in Desk(cast.credit).see("/desk/matters/?due=overdue")
    assert "TS-" not in Desk(cast.credit).see("/desk/matters/?due=overdue")
    assert "TS-" not in Desk(cast.credit).see("/desk/matters/?kind=TB01")


def test_the_board_asks_few_questions_of_the_database(cast, django_assert_max_num_queries):
    for _ in range(25):
        late(cast, 40)
    desk = Desk(cast.credit)
    desk.see("/desk/matters/")
    with django_assert_max_num_queries(16):
        desk.see("/desk/matters/")
    first = desk.see("/desk/matters/")
    after = first.split('rel="next"')[0].rsplit('href="', 1)[-1].split('"')[0] if 'rel="next"' in first else ""
    assert "下一页" in first
    assert after == "" or desk.get(f"/desk/matters/{after}".replace("&amp;", "&")).status_code == 200


def test_the_clock_warns_urges_and_escalates_each_once(cast):
    cal, today = work_calendar(), timezone.localdate()
    assert level(cal.add_workdays(today, 4), today, cal) == ""
    assert level(cal.add_workdays(today, 3), today, cal) == "WARNED"
    assert level(today - timedelta(days=30), today, cal) == "ESCALATED"
    row = late(cast, 120)
    records = Record.objects.count()
    assert watch() == 1 and watch() == 0
    row.refresh_from_db()
    assert (row.alert, row.urged) == ("ESCALATED", 1)
    event = Event.objects.of(row).get(verb="matter.escalated")
    assert event.seat_name == CLOCK.label and Record.objects.count() == records
    assert Message.objects.filter(title__contains=row.number, user=cast.credit.user).exists()
    assert "提级督办" in Desk(cast.credit).see("/desk/matters/?due=escalated")


def test_a_matter_that_may_still_be_withdrawn_is_left_alone(cast):
    just_filed(cast)
    assert watch() == 0


def test_an_answered_or_paused_matter_is_not_late(cast):
    row = late(cast, 120).accept(by=cast.reviewer)
    with days_ago(100):
        row.pause(by=cast.reviewer, reason="等待补充材料")
    assert watch() == 0 and not Matter.objects.overdue().exists()
    row.resume(by=cast.reviewer)
    row.respond(by=cast.reviewer, outcome="不属实", reply="办理程序合法。")
    assert not Matter.objects.overdue().exists()


def test_an_extension_takes_the_alert_back(cast):
    row = late(cast, 40)
    watch()
    row.extend(by=cast.credit, amount=60, reason="案情复杂")
    assert row.alert == ""


def test_the_board_is_downloaded_by_who_may_export_and_logged(cast):
    row = late(cast, 60)
    answer = Desk(cast.credit).get("/desk/matters/board.csv?due=overdue")
    assert row.number in b"".join(answer.streaming_content).decode()
    assert Event.objects.filter(verb="data.exported", user=cast.credit.user).exists()
    assert Desk(cast.reviewer).get("/desk/matters/board.csv").status_code == 403
