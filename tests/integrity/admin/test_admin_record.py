"""The life of a record through the admin, over HTTP: every kind entered, submitted, reviewed, confirmed, published."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from integrity import catalogue
from integrity.codes import id_number_valid
from integrity.models import Subject, Version
from tests import builders
from tests.grounds import grounded
from tests.integrity.admin.conftest import RECORDS, errors

KINDS = [k.code for k in catalogue.load().of_shape("record")]


def id_number(first17):
    """A citizen's number with its check character."""
    return next(first17 + c for c in "0123456789X" if id_number_valid(first17 + c))


def test_an_honour_from_entry_to_the_public(cast, door):
    record = door("clerk").enter("AG11", cast.orgs.stranger)
    assert record.state == "DRAFT" and record.entered_by == cast.clerk.user
    door("clerk").do(record, "submit")
    door("reviewer").do(record, "review", privacy_ok="on", secrecy_ok="on")
    door("credit").do(record, "confirm", publish="yes")
    door("credit2").do(record, "publish")
    assert (record.state, record.publicity) == ("CONFIRMED", "PUBLIC")
    history = door("reviewer").see(f"{RECORDS}{record.pk}/history/")
    assert all(word in history for word in ("录入", "提交复核", "复核通过", "入库认定", "公示", "clerk同志"))


def test_a_penalty_from_entry_to_repair(cast, door):
    day = (timezone.localdate() - timedelta(days=120)).isoformat()
    record = door("market").enter(
        "DP02", cast.orgs.company, _submit="1", penalty_kinds=["罚款"], fine_wan="0.5", decided_on=day, served_on=day
    )
    assert record.state == "SUBMITTED" and record.facts["fine_wan"] == "0.5"
    door("market_reviewer").do(record, "return_", reason="请补充依据条款")
    data = builders.as_form(builders.sample_values("DP02", doc_no=record.doc_no), cast.orgs.company)
    again = data | {"penalty_kinds": ["罚款"], "fine_wan": "0.6", "decided_on": day, "served_on": day, "_submit": "1"}
    door("market").do(record, "amend", **again)
    assert (record.state, record.facts["fine_wan"]) == ("SUBMITTED", "0.6")
    door("market_reviewer").do(record, "review", privacy_ok="on", secrecy_ok="on")
    door("credit").do(record, "confirm", publish="yes")
    door("credit2").do(record, "publish")
    door("credit").do(record, "hide", reason="核查")
    door("credit2").do(record, "resume")
    door("market_reviewer").do(record, "repair", reason="已缴清罚款")
    assert (record.state, record.publicity) == ("REPAIRED", "ENDED_REPAIR")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_entered_and_submitted_through_its_form(cast, door, kind):
    grounded(cast, kind)
    clerk = door(builders.clerk_of(kind))
    assert catalogue.load().kinds[kind].name in clerk.see(f"{RECORDS}add/")
    page = clerk.see(f"{RECORDS}add/?kind={kind}")
    assert all(f'name="{fact.name}"' in page for fact in catalogue.load().kinds[kind].facts)
    record = clerk.enter(kind, builders.subject_of(cast, kind), _submit="1")
    assert (record.kind_id, record.state) == (kind, "SUBMITTED")


def test_an_own_finding_is_notified_and_heard_before_review(cast, door):
    record = door("clerk").enter("AG02", cast.orgs.stranger, _submit="1")
    door("reviewer").do(record, "review", 422, privacy_ok="on", secrecy_ok="on")
    door("reviewer").do(record, "notify", served_on=timezone.localdate().isoformat())
    page = door("reviewer").do(record, "hear", 422)
    assert "陈述申辩期至" in page
    door("reviewer").do(record, "hear", waived="on")
    door("reviewer").do(record, "review", privacy_ok="on", secrecy_ok="on")
    assert record.state == "REVIEWED"


def test_an_unknown_person_is_entered_as_provisional(cast, door):
    values = builders.as_form(builders.sample_values("SE04"), cast.zhao)
    values |= {"id_number": id_number("37119919850505001"), "subject_name": "钱评审"}
    answer = door("sector").post(f"{RECORDS}add/?kind=SE04", values)
    assert answer.status_code == 302, errors(answer)
    assert Subject.objects.get(name="钱评审").state == "PROVISIONAL"


def test_a_correction_is_proposed_reviewed_and_adopted(cast, door):
    record = builders.published(cast)
    url = f"/admin/integrity/version/add/?record={record.number}"
    page = door("clerk").see(url)
    assert record.title in page and 'name="subject_code"' not in page
    form = builders.values("AG11", cast.orgs.stranger) | {"title": "获评市级示范单位", "reason": "名称有误"}
    form.pop("subject")
    assert door("clerk").post(url, form).status_code == 302
    version = Version.objects.get(record=record)
    assert version.changes == {"title": "获评市级示范单位"}
    assert "原：获评政务诚信示范单位" in door("reviewer").see(f"/admin/integrity/version/{version.pk}/change/")
    door("reviewer").do(version, "review")
    door("credit").do(version, "adopt")
    record.refresh_from_db()
    assert record.title == "获评市级示范单位"


def test_a_correction_that_changes_nothing_is_not_taken(cast, door):
    record = builders.published(cast)
    form = builders.values("AG11", cast.orgs.stranger) | {"reason": "无"}
    form.pop("subject")
    answer = door("clerk").post(f"/admin/integrity/version/add/?record={record.number}", form)
    assert answer.status_code == 422 and "没有改动任何内容" in answer.content.decode()
