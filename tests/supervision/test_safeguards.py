"""The safeguards of the notice: documents and articles of two people, the twenty tasks, meetings, the yearly report."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from supervision.models import Article, TaskDuty
from tests.paths import motions
from tests.paths import safeguards as paths

TODAY = timezone.localdate
GIVEN = {
    "section": "POLICY", "title": "政务诚信考核办法（试行）", "text": "第一条 为加强政务诚信建设，制定本办法。", "doc_no": "日政办发〔2026〕5号",
    "issued_by": "市政府办公室", "issued_on": "2026-02-01", "valid_from": "2026-03-01",
}  # fmt: skip
CHECKED = {"privacy_ok": "on", "secrecy_ok": "on"}


def test_a_document_is_entered_by_one_and_released_by_another_and_replaced(cast, desks, client):
    place = desks.credit.send("/desk/articles/new", 302, **GIVEN)
    row = Article.objects.get()
    assert client.get(f"/policy/{row.number}").status_code == 404
    assert "须由他人审核发布" in desks.credit.send(f"{place}release", 409, **CHECKED)
    desks.credit2.send(f"{place}release", 302, **CHECKED)
    page = client.get(f"/policy/{row.number}").content.decode()
    assert "日政办发〔2026〕5号" in page and "有效" in page
    following = paths.released(cast, title="政务诚信考核办法", doc_no="日政办发〔2026〕9号")
    yesterday = TODAY() - timedelta(days=1)
    desks.credit.send(f"{place}repeal", 302, ends_on_day=yesterday.isoformat(), successor_no=following.number)
    page = client.get(f"/policy/{row.number}").content.decode()
    assert "已失效" in page and f"/policy/{following.number}" in page


@pytest.mark.parametrize(
    ("section", "page"), [("NEWS", "news"), ("CULTURE", "news"), ("CASES", "cases"), ("POLICY", "policy")]
)
def test_articles_stand_on_the_page_of_their_section_and_in_the_feed(cast, client, section, page):
    row = paths.released(cast, section=section, title="诚信建设进展")
    assert row.title in client.get(f"/{page}/").content.decode()
    others = {"news", "policy", "cases"} - {page}
    assert not any(row.title in client.get(f"/{o}/").content.decode() for o in others)
    assert f"/{page}/{row.number}" in client.get("/feeds/articles.atom").content.decode()
    assert client.get("/api/v1/articles").json()["items"][0]["number"] == row.number


def test_a_withdrawn_article_is_gone(cast, desks, client):
    row = paths.released(cast)
    desks.credit.send(f"/desk/articles/{row.pk}/withdraw", 302, reason="内容过时")
    assert client.get(f"/policy/{row.number}").status_code == 404
    assert client.get("/api/v1/articles").json()["items"] == []


def test_a_document_needs_its_number_and_what_was_typed_stays(desks):
    page = desks.credit.send("/desk/articles/new", 422, **GIVEN | {"doc_no": ""})
    assert "须填写文号" in page and GIVEN["title"] in page


def test_whoever_amended_last_does_not_release(cast, desks):
    row = paths.entered(cast)
    desks.credit2.send(
        f"/desk/articles/{row.pk}/amend",
        302,
        **{k: v for k, v in GIVEN.items() if k != "section"} | {"title": "改过的标题"},
    )
    assert "须由他人" in desks.credit2.send(f"/desk/articles/{row.pk}/release", 409, **CHECKED)
    assert Article.objects.get(pk=row.pk).title == "改过的标题"


def test_others_write_no_articles(desks, client):
    assert desks.clerk.get("/desk/articles/new").status_code == 403
    assert client.get("/desk/articles/").status_code == 302


def test_the_twenty_tasks_stand_on_one_board_with_progress_by_the_lead_unit(cast, desks):
    due = (TODAY() + timedelta(days=30)).isoformat()
    year = TODAY().year
    given = {
        "task": "12",
        "year": str(year),
        "lead": cast.orgs.bureau.code,
        "assisting": "各承办单位",
        "measures": "按期答复。",
        "due_on": due,
    }
    desks.credit.send("/desk/safeguards/new", 302, **given)
    assert "已有分工" in desks.credit.send("/desk/safeguards/new", 422, **given)
    row = TaskDuty.objects.get()
    at = f"/desk/safeguards/{row.pk}/"
    assert "还没有填报进展" in desks.credit.send(f"{at}finish", 422)
    assert "由牵头单位填报" in desks.stranger_reviewer.send(f"{at}report", 409, year_progress="x")
    desks.reviewer.send(f"{at}report", 302, year_progress="已答复十二件。")
    desks.credit.send(f"{at}finish", 302)
    board = desks.credit.see("/desk/safeguards/")
    assert "20. 街道和乡镇政务诚信建设" in board and "已答复十二件。" in board


def test_meetings_and_the_yearly_report_come_from_the_ledger(cast, desks):
    late = motions.overdue(cast)
    meeting = {
        "held_on": TODAY().isoformat(),
        "topic": "年度部署",
        "members": "各成员单位",
        "minutes": "通报进展。",
        "decisions": "按季通报。",
    }
    desks.credit.send("/desk/safeguards/meeting", 302, **meeting)
    assert "由市信用办办理" in desks.supervisor.send("/desk/safeguards/meeting", 409, **meeting)
    assert "年度部署" in desks.credit.see("/desk/safeguards/")
    text = desks.credit.see(f"/desk/safeguards/report?year={late.due_on.year}")
    assert "议提案按期办理 0/1" in text and "召开联席会议 1 次" in text
