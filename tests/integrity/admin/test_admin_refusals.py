"""What the admin refuses: own entries, wrong states, foreign rows, raw fields, deletions, lookups."""

from __future__ import annotations

import pytest

from integrity.models import Event, Record
from tests import builders
from tests.integrity.admin.conftest import RECORDS


def test_a_fault_is_shown_beside_its_field_and_nothing_typed_is_lost(cast, door):
    page = door("clerk").enter("AG11", cast.orgs.stranger, 422, decided_on="2026-13-40", title="示范单位甲")
    assert "不是有效日期" in page and 'value="示范单位甲"' in page and "您填写的内容已保留" in page
    assert not Record.objects.exists()


def test_nobody_reviews_his_own_entry(cast, door):
    record = builders.submitted(cast)
    door("clerk").do(record, "review", 409, privacy_ok="on", secrecy_ok="on")
    assert "复核通过" not in door("clerk").see(f"{RECORDS}{record.pk}/change/")


def test_a_button_pressed_twice_is_refused_with_the_state(cast, door):
    record = builders.submitted(cast)
    assert "当前状态为“待复核”，不能提交复核" in door("clerk").do(record, "submit", 409)


def test_a_foreign_row_is_not_found(cast, door):
    record = builders.submitted(cast, subject=cast.orgs.market)
    for address in ("change/", "history/", "act/review/"):
        door("stranger_reviewer").see(f"{RECORDS}{record.pk}/{address}", 404)
    door("stranger_reviewer").see(f"{RECORDS}not-an-id/change/", 404)
    assert str(record.pk) not in door("stranger_reviewer").see(f"{RECORDS}?q={record.number}")


def test_nothing_is_deleted(cast, door):
    record = builders.draft(cast)
    clerk = door("clerk")
    for row in (record, record.kind):
        url = f"/admin/integrity/{row._meta.model_name}/{row.pk}/delete/"
        assert clerk.get(url).status_code == 403 and clerk.post(url, {"post": "yes"}).status_code == 403
    answer = clerk.post(RECORDS, {"action": "delete_selected", "_selected_action": [str(record.pk)], "post": "yes"})
    assert answer.status_code == 403 and Record.objects.filter(pk=record.pk).exists()


def test_raw_fields_sent_to_the_page_change_nothing(cast, door):
    record = builders.submitted(cast)
    events = Event.objects.count()
    for name in ("clerk", "reviewer"):
        answer = door(name).post(f"{RECORDS}{record.pk}/change/", {"title": "x", "state": "CONFIRMED", "_save": "1"})
        assert answer.status_code == 403
    before = record.title
    record.refresh_from_db()
    assert (record.title, record.state, Event.objects.count()) == (before, "SUBMITTED", events)


@pytest.mark.parametrize("act", ["enter", "mark_objection", "flag", "apply_correction", "expire", "view", "save", "x"])
def test_only_buttons_act(cast, door, act):
    record = builders.published(cast)
    door("credit").see(f"{RECORDS}{record.pk}/act/{act}/", 409 if act == "expire" else 404)
    answer = door("credit").post(f"{RECORDS}{record.pk}/act/{act}/", {})
    assert answer.status_code in (404, 409)


def test_a_kind_of_another_family_is_not_found_and_the_credit_office_enters_none(cast, door):
    door("clerk").see(f"{RECORDS}add/?kind=OF01", 404)
    door("credit").see(f"{RECORDS}add/", 403)


def test_filters_are_no_oracle(cast, door):
    for lookup in ("id_sealed__startswith=a", "id_index=x", "entered_by__password__startswith=p", "keys__contains=x"):
        assert door("credit").get(f"/admin/integrity/subject/?{lookup}").status_code == 400
    assert door("admin").get("/admin/integrity/apitoken/?secret_hash__startswith=a").status_code == 400
    assert door("admin").get("/admin/integrity/user/?password__startswith=a").status_code == 400


def test_lists_and_pages_ask_few_questions(cast, door, django_assert_max_num_queries):
    records = [builders.submitted(cast, doc_no=f"日政字〔2026〕{i}号") for i in range(12)]
    desk = door("reviewer")
    with django_assert_max_num_queries(10):
        page = desk.see(RECORDS)
    assert page.count("RZ-AG11") == 12
    with django_assert_max_num_queries(14):
        desk.see(f"{RECORDS}{records[0].pk}/change/")
    with django_assert_max_num_queries(10):
        desk.see(f"{RECORDS}{records[0].pk}/history/")


def test_no_list_counts_a_whole_table(cast, door, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr("integrity.admin.base.capped_count.__defaults__", (5,))
    for i in range(8):
        builders.submitted(cast, doc_no=f"日政字〔2026〕{i}号")
    assert "超过 5 条" in door("reviewer").see(RECORDS)
