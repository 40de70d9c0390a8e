"""Orders of the 12345 hotline by file and interface: clocks run, callers are not kept, figures are right by the thousand."""

from __future__ import annotations

import statistics as reckon
import time
import tracemalloc
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile

from integrity.intake.profile import profile
from integrity.intake.upload import receive, submit, take_rows
from integrity.intake.work import wait
from integrity.ledger.audit.rows import check
from integrity.models import ImportBatch, ImportRow, Matter, work_calendar
from supervision.models import Complaint
from supervision.statistics import chosen, figures

pytestmark = pytest.mark.django_db
FIRST = date(2026, 3, 2)
PHONE = "13977778888"


def order(cast, n, **more):
    """A row of the hotline's file; the answers come after 0 to 9 working days."""
    day = FIRST + timedelta(days=n % 200)
    answered = work_calendar().add_workdays(day, n % 10)
    row = {
        "工单编号": f"RZ{n:08d}", "工单类型": "投诉举报", "主要内容": f"反映路灯长期不亮，第 {n} 件", "受理时间": day.isoformat(),
        "办理单位": cast.orgs.bureau.name, "被反映单位": cast.orgs.stranger.code, "危害类型": "危害群众利益", "涉及领域": "公共服务",
        "办结时间": answered.isoformat(), "办理结果": "属实", "答复内容": "已经修复。", "满意度": "满意", "来电号码": PHONE,
    }  # fmt: skip
    return row | more


def test_an_order_comes_with_its_clock_and_without_its_caller(cast):
    open_one = order(cast, 1, 办结时间="", 办理结果="", 答复内容="", 满意度="")
    done = take_rows("orders", [open_one], cast.supervisor, "k1")
    assert (done.batch.state, done.batch.good, done.errors) == ("SUBMITTED", 1, [])
    row = Complaint.objects.get(order_no="RZ00000001")
    assert (row.matter.clock, row.matter.due_on) == ("D27", work_calendar().add_workdays(date(2026, 3, 3), 5))
    assert row.matter.unit_id == cast.orgs.bureau.pk and row.matter.due_explain
    kept = (
        str(list(ImportRow.objects.values()))
        + str(list(Complaint.objects.values()))
        + str(list(Matter.objects.values()))
    )
    assert PHONE not in kept and row.caller_hash
    assert list(check(lambda *_: None)) == []


def test_the_same_caller_has_the_same_mark_and_an_unknown_column_is_not_kept(cast):
    rows = [order(cast, n, 反映人身份证="371199199912311235") for n in (1, 2)]
    take_rows("orders", rows, cast.supervisor, "k1")
    assert Complaint.objects.values("caller_hash").distinct().count() == 1
    assert "371199199912311235" not in str(list(ImportRow.objects.values()))


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"办理单位": "没有这个单位"}, "机构表中没有"),
        ({"受理时间": "2099-01-01"}, "不能晚于今天"),
        ({"办结时间": "2026-01-01"}, "不能早于受理时间"),
        ({"答复内容": ""}, "请填写答复内容"),
        ({"危害类型": "很坏"}, "危害类型"),
    ],
)
def test_a_bad_row_is_named_with_its_reason(cast, wrong, word):
    done = take_rows("orders", [order(cast, 1, **wrong)], cast.supervisor, "k1")
    assert word in done.errors[0]["text"] and not Complaint.objects.exists()


def test_an_order_is_entered_once(cast):
    take_rows("orders", [order(cast, 1)], cast.supervisor, "k1")
    done = take_rows("orders", [order(cast, 1), order(cast, 2), order(cast, 2)], cast.supervisor, "k2")
    assert [e["status"] for e in done.errors] == ["REPEATED", "REPEATED"] and Complaint.objects.count() == 2


def test_an_order_is_not_handled_by_the_body_complained_of(cast):
    take_rows("orders", [order(cast, 1, 办理单位=cast.orgs.stranger.name)], cast.supervisor, "k1")
    assert Complaint.objects.get().matter.unit_id == cast.supervisor.org_id


def test_clerks_of_other_units_do_not_import_orders(cast):
    from integrity.acts import NotAllowed

    with pytest.raises(NotAllowed):
        take_rows("orders", [order(cast, 1)], cast.clerk, "k1")


def test_thousands_of_orders_give_right_figures_in_seconds_and_flat_memory(cast):
    count = 5000
    rows = [order(cast, n) for n in range(count)]
    for n in range(0, count, 10):
        rows[n] |= {"办结时间": "", "办理结果": "", "答复内容": "", "满意度": ""}
    head = ",".join(rows[0])
    text = "\n".join([head, *(",".join(str(v) for v in row.values()) for row in rows)])
    batch = receive(profile("orders"), ContentFile(text.encode("utf-8-sig"), name="工单.csv"), {}, cast.supervisor)
    tracemalloc.start()
    began = time.monotonic()
    batch = wait(batch)
    assert (batch.good, batch.bad) == (count, 0), batch.failure
    batch = wait(submit(batch, cast.supervisor))
    took, peak = time.monotonic() - began, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert batch.state == ImportBatch.State.SUBMITTED and peak < 150 * 2**20
    assert took < 120  # traced and on a busy machine; some seconds in truth

    days = [n % 10 for n in range(count) if n % 10]
    cal = work_calendar()
    dues = [cal.add_workdays(FIRST + timedelta(days=n % 200), 5) for n in range(count)]
    today = date.today()
    late = sum(n % 10 > 5 if n % 10 else dues[n] < today for n in range(count))
    began = time.monotonic()
    lines = figures(chosen(Complaint.objects.all(), FIRST, FIRST + timedelta(days=400)), "unit")
    assert time.monotonic() - began < 5
    total = lines[-1]
    assert (total.received, total.answered, total.overdue) == (count, len(days), late)
    assert total.median == sorted(days)[(len(days) + 1) // 2 - 1] == reckon.median_low(days)
    assert total.ninetieth == sorted(days)[-(-len(days) * 9 // 10) - 1]
    assert total.satisfied == 1.0 and lines[0].name == cast.orgs.bureau.name


def test_the_hotlines_system_sends_orders_through_the_interface(cast, client):
    from integrity.models import ApiToken

    secret = ApiToken.new_secret()
    token = ApiToken(
        name="热线系统", purpose="报送 12345 工单", scopes="intake", valid_until=date.today() + timedelta(days=30)
    )
    token.issue(by=cast.supervisor, secret=secret)
    head = {"HTTP_AUTHORIZATION": f"Bearer {secret}", "content_type": "application/json"}
    body = {"key": "day-1", "rows": [order(cast, 1), order(cast, 2, 办理单位="没有这个单位")]}
    answer = client.post("/api/v1/intake/orders", body, **head)
    assert (answer.status_code, answer.json()["good"]) == (201, 1)
    assert "机构表中没有" in answer.json()["errors"][0]["text"]
    assert client.post("/api/v1/intake/orders", body, **head).status_code == 200 and Complaint.objects.count() == 1
    assert client.post("/api/v1/intake/nothing", body, **head).status_code == 404
    assert client.post("/api/v1/intake/orders", body, content_type="application/json").status_code == 401
