"""任务 5：the handbook is open to all; officials learn, are tested or attend, are reminded; units are covered."""

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from integrity.models import Measure, Message
from officials.models import Course, Handbook, Learning, Session
from officials.training import remind_learners
from tests.paths.officials import QUESTIONS
from tests.policy.test_task_01_credit_files import confirm, enter

TEXT = (Path(__file__).parents[2] / "officials/handbook/first-edition.md").read_text(encoding="utf-8")
TODAY = timezone.localdate()


@pytest.fixture
def book(desks):
    desks.hr.send("/desk/learning/new/handbook", title="日照市公务人员诚信手册", text=TEXT)
    row = Handbook.objects.get()
    desks.hr2.send(f"/desk/learning/handbook/{row.pk}/release")
    return row


@pytest.fixture
def course(desks):
    desks.hr.send(
        "/desk/learning/new/course",
        title="诚信基础",
        about="读诚信手册全文。",
        hours="2",
        compulsory="on",
        questions=QUESTIONS,
    )
    return Course.objects.get()


def assign(desks, course, days=20):
    due = (TODAY + timedelta(days=days)).isoformat()
    desks.hr.send(f"/desk/learning/courses/{course.pk}/assign", due_on=due)
    return Learning.objects.get(subject__name="王诚信")


def test_the_handbook_is_read_by_anybody_page_by_page_and_on_paper(client, book, tmp_path):
    contents = client.get("/learn/").content.decode()
    assert "您的诚信档案里有什么" in contents and "第 1 版" in contents
    chapter = client.get("/learn/4").content.decode()
    assert (
        "最长四十八个月" in chapter and "公务员法第六十四条" in chapter and client.get("/learn/99").status_code == 404
    )
    paper = tmp_path / "book.pdf"
    paper.write_bytes(client.get("/learn/handbook.pdf").content)
    text = "".join(subprocess.run(["pdftotext", paper, "-"], capture_output=True, text=True, check=True).stdout.split())
    assert "新官要理旧账" in text and "目录" in text


def test_a_new_edition_replaces_the_old(desks, client, book):
    assert "您的诚信档案" in desks.hr.see("/desk/learning/new/handbook")
    desks.hr2.send(
        "/desk/learning/new/handbook", title="日照市公务人员诚信手册", text=TEXT + "\n# 新增一章\n\n新内容。"
    )
    second = Handbook.objects.get(edition=2)
    assert "新增一章" not in client.get("/learn/").content.decode()
    desks.hr.send(f"/desk/learning/handbook/{second.pk}/release")
    assert "新增一章" in client.get("/learn/").content.decode()
    assert Handbook.objects.get(edition=1).state == "ENDED"


def test_an_official_learns_by_himself_and_passes_the_test(cast, desks, course):
    task = assign(desks, course)
    home = desks.official.see("/me/")
    assert "学习：诚信基础" in home and f"/me/learning/{task.pk}/" in home
    url = f"/me/learning/{task.pk}/"
    wrong = {f"q{i}": "1" for i in range(5)}
    desks.official.send(url, **wrong)
    assert "答对 0%" in desks.official.see(url)
    desks.official.send(url, **wrong | {f"q{i}": "0" for i in range(4)})
    assert "学习完成证明" in desks.official.see(url) and "学习：诚信基础" not in desks.official.see("/me/")
    task.refresh_from_db()
    assert (task.state, task.way, task.tries) == ("DONE", "TEST", 2)


def test_or_he_attends_a_session(cast, desks, client, course, book):
    task = assign(desks, course)
    desks.hr.send(f"/desk/learning/courses/{course.pk}/session", held_on=TODAY.isoformat(), place="市委党校")
    session = Session.objects.get()
    assert "王诚信" in desks.hr.see(f"/desk/learning/sessions/{session.pk}/")
    desks.hr.send(f"/desk/learning/sessions/{session.pk}/", task=str(task.pk))
    session.refresh_from_db()
    assert (session.state, session.present) == ("HELD", 1)
    assert "市委党校" in desks.official.see(f"/me/learning/{task.pk}/")
    public = client.get("/learn/").content.decode()
    assert "1<small>期" in public and "王诚信" not in public and cast.orgs.bureau.name not in public


def test_coverage_by_unit_and_tasks_overdue(cast, desks, course):
    task = assign(desks, course)
    text = desks.hr.see("/desk/learning/")
    assert cast.orgs.bureau.name in text
    desks.official.send(f"/me/learning/{task.pk}/", **{f"q{i}": "0" for i in range(5)})
    assert '<td class="r" data-h="完成">1</td>' in desks.hr.see("/desk/learning/")


def test_reminders_come_before_the_day_and_after_it_once_each(cast, desks, course):
    assign(desks, course)
    assert remind_learners(TODAY) == 0
    remind_learners(TODAY + timedelta(days=15))
    remind_learners(TODAY + timedelta(days=16))
    remind_learners(TODAY + timedelta(days=30))
    titles = list(
        Message.objects.filter(user=cast.official.user, title__contains="诚信学习").values_list("title", flat=True)
    )
    assert sorted(titles) == ["诚信学习即将到期：诚信基础", "诚信学习已逾期：诚信基础"]


def measured(cast, desks):
    breach = enter(cast, desks, "OF07", pledge_no="CN-2026-XXXXXXXX", clause="尽职尽责", breach="拖延办理")
    desks.hr2.see(f"/desk/records/{breach.pk}/")
    desks.hr2.send(f"/desk/records/{breach.pk}/notify", served_on=TODAY.isoformat())
    desks.hr2.send(f"/desk/records/{breach.pk}/hear", waived="on")
    record = confirm(desks, breach)
    desks.hr.see(f"/desk/records/{record.pk}/")
    data = {
        "kind": "P08", "effect": "reference", "basis": "任务5", "decided_unit": cast.orgs.personnel.code,
        "decided_on": TODAY.isoformat(), "starts_on": TODAY.isoformat(), "until": (TODAY + timedelta(days=60)).isoformat(),
    }  # fmt: skip
    return desks.hr.post(f"/desk/records/{record.pk}/impose", data)


def test_compulsory_training_is_a_measure_and_its_end_is_fed_back(cast, desks, course):
    assert measured(cast, desks).status_code == 302
    task = Learning.objects.get()
    assert (task.measure.kind_id, task.due_on) == ("P08", TODAY + timedelta(days=30))
    desks.official.send(f"/me/learning/{task.pk}/", **{f"q{i}": "0" for i in range(5)})
    measure = Measure.objects.get(kind="P08")
    assert "完成“诚信基础”" in measure.executed and "score" not in measure.executed


# ---- refusals ----


def test_without_a_compulsory_course_the_measure_says_so(cast, desks):
    answer = measured(cast, desks)
    assert answer.status_code == 409 and "请先开设" in answer.content.decode()
    assert not Measure.objects.filter(kind="P08").exists()


def test_who_wrote_the_handbook_does_not_release_it(desks, client):
    desks.hr.send("/desk/learning/new/handbook", title="诚信手册", text=TEXT)
    desks.hr.send(f"/desk/learning/handbook/{Handbook.objects.get().pk}/release", 409)
    assert "正在编写" in client.get("/learn/").content.decode() and client.get("/learn/handbook.pdf").status_code == 404


def test_a_badly_typed_question_is_named_and_nothing_is_lost(desks):
    bad = QUESTIONS.replace("答：A", "", 1)
    text = desks.hr.send("/desk/learning/new/course", 422, title="诚信基础", about="内容", hours="2", questions=bad)
    assert "第 1 题格式有误" in text and "第 3 问？" in text and not Course.objects.exists()


def test_an_unanswered_question_is_asked_again_and_ticks_stay(cast, desks, course):
    task = assign(desks, course)
    text = desks.official.send(f"/me/learning/{task.pk}/", 422, q0="1")
    assert "请回答全部题目" in text and "checked" in text
    task.refresh_from_db()
    assert task.tries == 0


def test_nobody_is_tested_for_another(cast, desks, course):
    task = assign(desks, course)
    for who in ("expert", "company", "hr"):
        assert desks.__dict__[who].post(f"/me/learning/{task.pk}/", {"q0": "0"}).status_code in (403, 404)


def test_attendance_is_not_noted_before_the_day(cast, desks, course):
    task = assign(desks, course)
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    desks.hr.send(f"/desk/learning/courses/{course.pk}/session", held_on=tomorrow, place="市委党校")
    text = desks.hr.send(f"/desk/learning/sessions/{Session.objects.get().pk}/", 409, task=str(task.pk))
    assert "尚未举办" in text


@pytest.mark.parametrize("who", ["clerk", "credit", "county", "official", "company", "leader"])
def test_others_do_not_organise_learning(desks, course, who):
    assert desks.__dict__[who].get("/desk/learning/new/course").status_code == 403
    assert desks.__dict__[who].get(f"/desk/learning/courses/{course.pk}/assign").status_code == 403


def test_an_auditor_sees_names_masked(cast, desks, course):
    assign(desks, course)
    text = desks.auditor.see("/desk/learning/tasks")
    assert "王诚信" not in text and "王*信" in text
