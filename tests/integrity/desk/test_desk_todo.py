"""What waits for whom, who is told of it, and how messages leave the house."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone

from integrity import outbox
from integrity.models import Letter, Message, Setting, remind
from integrity.portal.desk.todo import tasks_of
from integrity.reminders import named
from tests import builders
from tests.integrity.desk.pages import pdf


def titles(user, channel="INBOX"):
    return list(Message.objects.filter(user=user, channel=channel).order_by("id").values_list("title", flat=True))


def test_each_finds_on_his_desk_what_waits_for_him(cast, desks):
    submitted = builders.submitted(cast)
    page = desks.reviewer.see("/desk/")
    assert submitted.title in page and f"/desk/records/{submitted.pk}/review" in page
    assert submitted.title not in desks.clerk.see("/desk/")
    submitted.return_(by=cast.reviewer, reason="标题不一致")
    assert "退回修改" in desks.clerk.see("/desk/") and "今天没有待办" in desks.stranger.see("/desk/")


def test_double_publicity_runs_from_the_decision(cast, desks):
    day = timezone.localdate().isoformat()
    builders.submitted(cast, "DP02", who="market", decided_on=day, served_on=day)
    late = builders.submitted(cast, "DP02", who="market", doc_no="日市监处罚〔2026〕19号")
    tasks = tasks_of(cast.market_reviewer)
    assert [t.due is not None for t in tasks] == [True, True] and tasks[0].title == late.title
    page = desks.market_reviewer.see("/desk/")
    assert "已逾期" in page and "还剩 7 个工作日" in page and page.index("已逾期 ") < page.index("还剩 7")


def test_own_entries_are_never_in_the_own_review_list(cast):
    record = builders.submitted(cast)
    seat = builders.seat(cast.clerk.user, "UNIT_REVIEWER", cast.orgs.bureau, (cast.admin.user, cast.admin2.user))
    assert not tasks_of(seat)
    assert [t.title for t in tasks_of(cast.reviewer)] == [record.title]


def test_second_persons_find_what_others_proposed(cast, desks):
    today = timezone.localdate()
    Setting(key="D14", value="7", ground="市信用办会议纪要", valid_from=today).propose(by=cast.credit)
    assert "D14" in desks.credit2.see("/desk/") and "D14" not in desks.credit.see("/desk/")


def test_the_first_page_asks_one_query_a_source(cast, desks, django_assert_max_num_queries):
    for i in range(15):
        builders.submitted(cast, doc_no=f"日政字〔2026〕{60 + i}号")
    for who, ceiling in (("reviewer", 15), ("credit", 22), ("clerk", 12)):
        with django_assert_max_num_queries(ceiling):
            assert desks.__dict__[who].get("/desk/").status_code == 200


def test_acts_tell_the_next_person(cast):
    record = builders.submitted(cast)
    assert titles(cast.reviewer.user) == [f"待复核：{named(record)}"] and not titles(cast.stranger_reviewer.user)
    record.return_(by=cast.reviewer, reason="标题不一致")
    assert titles(cast.clerk.user) == [f"退回修改：{named(record)}"]
    record.submit(by=cast.clerk).review(by=cast.reviewer, privacy_ok=True, secrecy_ok=True)
    assert f"待入库：{named(record)}" in titles(cast.credit.user)
    record.confirm(by=cast.credit, publish=True)
    assert f"待公示：{named(record)}" in titles(cast.credit2.user) and f"待公示：{named(record)}" not in titles(
        cast.credit.user
    )


def test_a_countys_record_goes_to_its_own_office_first(cast):
    record = builders.reviewed(cast, who="county_clerk", reviewer="county_reviewer")
    assert titles(cast.county.user) == [f"待验收：{named(record)}"]
    assert not any(record.number in title for title in titles(cast.credit.user))


def test_a_unit_without_reviewer_is_reviewed_above(cast):
    cast.reviewer.revoke(by=cast.admin, reason="调离")
    record = builders.submitted(cast)
    assert f"待复核：{named(record)}" in titles(cast.credit.user)
    assert [t.title for t in tasks_of(cast.credit)] == [record.title]


def test_messages_on_persons_name_the_number_alone(cast):
    from tests.integrity.desk.test_desk_publicity import person_record

    record = person_record(cast)
    assert titles(cast.hr2.user) == [f"待复核：{record.number}"]


def test_the_inbox_is_its_owners_and_leads_to_the_act(cast, desks):
    record = builders.submitted(cast)
    message = Message.objects.get(user=cast.reviewer.user)
    assert "未读" in desks.reviewer.see("/desk/messages/") and "1 条未读" in desks.reviewer.see("/desk/")
    assert desks.clerk.post(f"/desk/messages/{message.pk}").status_code == 404
    assert desks.reviewer.send(f"/desk/messages/{message.pk}") == f"/desk/records/{record.pk}/review"
    assert "已读" in desks.reviewer.see("/desk/messages/")


@pytest.fixture
def gateway(tmp_path, settings):
    """Start the gateway program; gives a way to start it with so many failures first."""
    running = []

    def start(failures=0):
        keep = tmp_path / "sent.jsonl"
        program = Path(__file__).parents[2] / "sms_gateway.py"
        process = subprocess.Popen([sys.executable, program, keep, str(failures)], stdout=subprocess.PIPE, text=True)
        running.append(process)
        settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{process.stdout.readline().strip()}/send"
        return lambda: [json.loads(x) for x in keep.read_text().splitlines()] if keep.exists() else []

    yield start
    for process in running:
        process.terminate()
        process.wait()
        process.stdout.close()


def reachable(user):
    user.email, user.phone = "someone@example.invalid", "13800000000"
    user.save()
    return user


def test_a_served_letter_reaches_its_addressee_on_every_channel(cast, desks, gateway):
    sent = gateway()
    reachable(cast.company.user)
    fields = {"fact": "逾期未报。", "basis": "日政发〔2018〕12号", "days": "15", "contact": "李某"}
    letter = Letter(template="criticism", addressee=cast.orgs.company, fields=fields).draft(by=cast.clerk)
    letter.issue(by=cast.reviewer)
    desks.clerk.send(f"/desk/letters/{letter.pk}/files", file=pdf())
    letter.serve(by=cast.reviewer, way="ACCOUNT", served_on=timezone.localdate())
    assert titles(cast.company.user) == ["收到文书：通报"]
    assert outbox.deliver() == 2 and len(mail.outbox) == 1
    assert mail.outbox[0].to == ["someone@example.invalid"] and f"/letters/{letter.pk}/" in mail.outbox[0].body
    assert [(m["to"], "收到文书：通报" in m["text"]) for m in sent()] == [("13800000000", True)]
    assert outbox.deliver() == 0


def later(monkeypatch, seconds):
    now = timezone.now() + timedelta(seconds=seconds)
    monkeypatch.setattr(timezone, "now", lambda: now)


def test_a_failed_try_is_put_off_and_sent_once(cast, gateway, monkeypatch):
    sent = gateway(failures=2)
    remind(reachable(cast.clerk.user), "提醒", "请办理", key="k1", channels=("SMS",))
    assert outbox.deliver() == 0
    message = Message.objects.get(channel="SMS")
    assert message.state == "QUEUED" and message.attempts == 1 and "503" in message.error
    assert outbox.deliver() == 0 and Message.objects.get(channel="SMS").attempts == 1
    later(monkeypatch, 61)
    assert outbox.deliver() == 0
    first, second = message.next_at, Message.objects.get(channel="SMS").next_at
    assert second - first > timedelta(seconds=300 - 5)
    later(monkeypatch, 400)
    assert outbox.deliver() == 1 and [m["id"] for m in sent()] == [f"k1:SMS:{cast.clerk.user.pk}"]


def test_a_worker_killed_after_sending_doubles_nothing(cast, gateway, monkeypatch):
    sent = gateway()
    remind(reachable(cast.clerk.user), "提醒", "请办理", key="k2", channels=("SMS",))
    outbox._sms(outbox._claim())  # taken by the gateway, but the worker died before writing that down
    assert Message.objects.get(channel="SMS").state == "QUEUED"
    later(monkeypatch, 61)
    assert outbox.deliver() == 1 and len(sent()) == 1


def test_operators_see_failures_without_content_and_send_again(cast, desks, settings, gateway):
    settings.SMS_GATEWAY_URL = ""
    remind(reachable(cast.clerk.user), "秘密标题", "秘密内容", key="k3", channels=("SMS",))
    assert outbox.deliver() == 0 and Message.objects.get(channel="SMS").state == "FAILED"
    page = desks.operator.see("/desk/messages/delivery")
    assert "没有配置短信网关" in page and "138****0000" in page and "秘密" not in page
    assert desks.clerk.get("/desk/messages/delivery").status_code == 403
    sent = gateway()
    desks.operator.send(f"/desk/messages/{Message.objects.get(channel='SMS').pk}/retry")
    assert outbox.deliver() == 1 and len(sent()) == 1


def test_the_same_reminder_is_written_once(cast):
    for _ in range(2):
        remind(cast.clerk.user, "提醒", "请办理", key="k4")
    assert Message.objects.filter(user=cast.clerk.user).count() == 1
