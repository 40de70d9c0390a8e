"""A session's list comes as a workbook: good rows are assigned with their clocks, bad ones are named."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.base import ContentFile

from integrity.acts import NotAllowed
from integrity.intake.profile import profile
from integrity.intake.upload import receive, submit, take_rows
from integrity.intake.work import wait
from integrity.models import deadline
from supervision.models import Motion

pytestmark = pytest.mark.django_db


def row(cast, n, **more):
    given = {
        "类别": "人大代表建议", "类型": "建议", "编号": f"第{n}号", "会议届次": "十九届人大五次会议", "题目": f"建议题目{n}", "内容": "建议延伸公交线路。",
        "提出人": "孙代表", "要求保密": "是", "六个月期限": "否", "交办日期": "2026-03-02", "主办单位": cast.orgs.bureau.name,
        "协办单位": cast.orgs.stranger.name,
    }  # fmt: skip
    return given | more


def test_a_workbook_of_a_session_is_assigned_with_clocks_and_assisting_units(cast):
    rows = [
        row(cast, 1),
        row(cast, 2, 类别="政协提案", 类型="党派", 六个月期限="是"),
        row(cast, 3, 主办单位="没有这个局"),
    ]
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(list(rows[0]))
    for r in rows:
        book.active.append(list(r.values()))
    book.save(out)
    batch = wait(receive(profile("motions"), ContentFile(out.getvalue(), name="建议清单.xlsx"), {}, cast.supervisor))
    assert (batch.good, batch.bad) == (2, 1), batch.failure
    batch = wait(submit(batch, cast.supervisor))
    first, second = Motion.objects.order_by("reference")
    assert (first.state, first.secret, first.due_on) == ("ASSIGNED", True, deadline("D19", first.assigned_on).on)
    assert second.due_on == deadline("D23", second.assigned_on, term=1).on
    assert first.assists.get().unit == cast.orgs.stranger and first.matter.received_unit == cast.supervisor.org


def test_a_number_is_assigned_once(cast):
    take_rows("motions", [row(cast, 1)], cast.supervisor, "k1")
    done = take_rows("motions", [row(cast, 1), row(cast, 2), row(cast, 2)], cast.supervisor, "k2")
    assert [e["status"] for e in done.errors] == ["REPEATED", "REPEATED"] and Motion.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"类型": "党派"}, "类型须为"),
        ({"交办日期": "2099-01-01"}, "不能晚于今天"),
        ({"协办单位": "没有这个局"}, "没有找到协办单位"),
        ({"主办单位": ""}, "主办单位"),
    ],
)
def test_a_bad_row_is_named_with_its_reason(cast, wrong, word):
    done = take_rows("motions", [row(cast, 1, **wrong)], cast.supervisor, "k1")
    assert word in done.errors[0]["text"] and not Motion.objects.exists()


def test_other_offices_import_no_list(cast):
    with pytest.raises(NotAllowed):
        take_rows("motions", [row(cast, 1)], cast.clerk, "k1")
