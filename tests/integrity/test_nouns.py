"""Kinds, measures, pledges, matters, seats: each noun through its acts, and its refusals."""

import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from integrity import catalogue
from integrity.acts import NotAllowed, Refused, WrongState, check_cycles, rule
from integrity.models import CLOCK, PUBLIC, Commitment, Kind, Measure, Pledge, Record, Seat, Subject
from integrity.models.kind import sync
from tests import builders

TODAY = timezone.localdate


def ban(cast, **more):
    """A supplier debarred from procurement by the finance department's decision (SE02)."""
    day = (TODAY() - timedelta(days=400)).isoformat()
    values = {
        "subject": cast.orgs.company, "title": "列入严重违法失信行为记录名单", "fact": "提供虚假材料谋取中标。", "doc_type": "行政处罚决定书",
        "doc_no": "日财采罚〔2025〕3号", "deciding_name": "日照市财政局（演示）", "decided_on": day, "served_on": day, "legal_basis": "政府采购法第七十七条",
        "situation": "提供虚假材料谋取中标", "result": "禁止参加政府采购活动二年", "ban_from": day,
        "ban_until": (TODAY() + timedelta(days=330)).isoformat(),
    } | more  # fmt: skip
    row = Record(kind=Kind.objects.get(code="SE02")).enter(by=cast.sector, values=values)
    row.submit(by=cast.sector).review(by=cast.market_reviewer, privacy_ok=True, secrecy_ok=True)
    return row.confirm(by=cast.credit, publish=True)


def test_a_changed_text_is_a_new_edition_and_must_be_approved_again(cast, monkeypatch):
    loaded = catalogue.load()
    changed = json.loads(loaded.texts["AG11"]) | {"name": "守信表彰记录"}
    monkeypatch.setitem(loaded.texts, "AG11", json.dumps(changed, ensure_ascii=False, sort_keys=True))
    assert sync(CLOCK) == ["AG11"]
    kind = Kind.objects.get(code="AG11")
    assert (kind.state, kind.edition, kind.name) == ("PROPOSED", 2, "守信表彰记录")
    with pytest.raises(ValidationError, match="尚未批准"):
        builders.draft(cast, "AG11")


def test_who_nominates_an_entry_does_not_approve_it(cast):
    kind = Kind.objects.get(code="AG11").end(by=cast.credit, reason="x")
    assert kind.state == "ENDED"
    with pytest.raises(WrongState):
        kind.nominate(by=cast.credit, doc_no="1")


def test_a_statutory_bar_comes_into_force_with_its_record_and_ends_with_it(cast):
    record = ban(cast)
    bar = Measure.objects.get(record=record)
    assert (bar.kind_id, bar.effect, bar.state) == ("E01", "mandatory", "IN_FORCE")
    assert bar in Measure.objects.in_force()
    with pytest.raises(ValidationError, match="依法必须"):
        bar.exempt(by=cast.credit2, ground="RECOVERED_LOSS", reason="x")
    record.repair(by=cast.credit, reason="已履行")
    bar.refresh_from_db()
    assert (bar.state, bar.lifted_reason) == ("LIFTED", "修复")


def test_a_measure_without_link_to_the_conduct_is_refused(cast):
    record = ban(cast)
    with pytest.raises(ValidationError, match="没有关联"):
        Measure(
            kind=Kind.objects.get(code="A04"), record=record, basis="x", effect="reference", decided_unit=cast.orgs.credit,
            decided_on=TODAY(), starts_on=TODAY(),
        ).impose(by=cast.credit)  # fmt: skip


def test_a_person_sees_a_negative_record_only_inside(cast):
    values = {
        "subject": cast.wang, "title": "处分", "fact": "履职过程中失职。", "doc_type": "处分决定书", "doc_no": "日任免〔2026〕5号",
        "deciding_name": "市组织人事部门（演示）", "decided_on": "2026-09-01", "served_on": "2026-09-02", "legal_basis": "政务处分法第三十九条",
        "sanction": "记过", "authority_type": "处分（任免机关、单位）", "period_months": 12, "violation": "失职", "duty_related": "是",
    }  # fmt: skip
    row = Record(kind=Kind.objects.get(code="OF03")).enter(by=cast.hr, values=values)
    row.submit(by=cast.hr).review(by=cast.hr2, privacy_ok=True, secrecy_ok=True).confirm(by=cast.hr2, send_up=False)
    assert row.until == date(2027, 9, 1) and row.publicity == "NOT_PUBLIC"
    assert {m.kind_id for m in Measure.objects.filter(record=row)} == {"P01", "P02", "P03"}
    for seat in (cast.hr2, cast.discipline, cast.official):
        assert row in Record.objects.visible_to(seat)
    for seat in (
        PUBLIC,
        cast.credit,
        cast.auditor,
        cast.clerk,
        cast.reviewer,
        cast.admin,
        cast.operator,
        cast.leader,
        cast.archivist,
        cast.county,
    ):
        assert row not in Record.objects.visible_to(seat)
        assert not Measure.objects.visible_to(seat).filter(record=row).exists()
    with pytest.raises(Refused):
        row.publish(by=cast.credit2)


def test_party_discipline_has_no_place(cast):
    with pytest.raises(ValidationError, match="党纪处分不进入"):
        Record(kind=Kind.objects.get(code="OF06")).enter(
            by=cast.hr,
            values={
                "subject": cast.wang, "title": "问责", "fact": "给予党内警告处分。", "doc_type": "通报", "doc_no": "1", "deciding_name": "x",
                "decided_on": "2026-09-01", "served_on": "2026-09-01", "legal_basis": "x", "form": "通报", "violation": "x", "duty_related": "是",
            },
        )  # fmt: skip


def test_a_pledge_can_be_taken_back_for_ten_minutes_only(cast, monkeypatch):
    pledge = agency_pledge(cast).sign(by=cast.agency, level="B", document=b"{}", signer="局长")
    with pytest.raises(ValidationError, match="10 分钟"):
        pledge.publish(by=cast.credit, public=True)
    later = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr(timezone, "now", lambda: later)
    with pytest.raises(ValidationError, match="超过 10 分钟"):
        pledge.withdraw(by=cast.agency)
    pledge.publish(by=cast.credit, public=True)
    assert pledge in Pledge.objects.visible_to(PUBLIC)
    with pytest.raises(ValidationError, match="尚有承诺事项"):
        pledge.fulfil(by=cast.credit)
    item = pledge.commitments.get()
    item.fulfil(by=cast.credit, progress="已办结", fulfilled_on=TODAY())
    assert pledge.fulfil(by=cast.credit).state == "FULFILLED"


def agency_pledge(cast):
    pledge = Pledge(
        kind=Kind.objects.get(code="AG09"),
        subject=cast.orgs.bureau,
        unit=cast.orgs.bureau,
        occasion="年度",
        title="政务信用承诺书",
        text="依法行政。",
    ).issue(by=cast.clerk)
    Commitment(
        pledge=pledge, order=1, head="优化服务", text="许可事项 3 个工作日办结", due_on=TODAY() + timedelta(days=30)
    ).enter(by=cast.clerk)
    return pledge


def test_nobody_signs_for_another(cast):
    with pytest.raises(NotAllowed, match="本人"):
        agency_pledge(cast).sign(by=cast.official, level="B", document=b"{}", signer="x")


def test_a_seat_needs_two_people_and_is_never_for_oneself(cast):
    seat = Seat(user=cast.stranger.user, role_code="UNIT_REVIEWER", org=cast.orgs.bureau).grant(by=cast.admin)
    assert seat not in Seat.objects.in_force()
    with pytest.raises(NotAllowed, match="他人复核"):
        seat.release(by=cast.admin)
    seat.release(by=cast.admin2)
    assert seat in Seat.objects.in_force()
    with pytest.raises(NotAllowed, match="本人"):
        Seat(user=cast.admin.user, role_code="CREDIT_CITY", org=cast.orgs.credit).grant(by=cast.admin)


def test_a_merged_agency_points_to_its_successor(cast):
    cast.orgs.stranger.merge(by=cast.credit, successor=cast.orgs.bureau, on=TODAY())
    assert Subject.objects.get(pk=cast.orgs.stranger.pk).successor == cast.orgs.bureau
    with pytest.raises((ValidationError, Refused)):
        cast.orgs.bureau.merge(by=cast.credit, successor=cast.orgs.stranger, on=TODAY())


def test_the_same_document_twice_is_noticed_by_form_and_database(cast):
    builders.submitted(cast)
    twin = builders.draft(cast)
    with pytest.raises(ValidationError, match="是否为同一事项"):
        twin.submit(by=cast.clerk)
    with pytest.raises(ValidationError, match="记录已经存在"), transaction.atomic():
        type(twin).problems = lambda self: []
        try:
            twin.submit(by=cast.clerk)
        finally:
            del type(twin).problems
    twin.amend(by=cast.clerk, values=builders.values("AG11", cast.orgs.stranger, duplicate_note="另一年度"))
    assert twin.submit(by=cast.clerk).state == "SUBMITTED"


def test_county_units_pass_the_county_first(cast):
    record = builders.reviewed(cast, who="county_clerk", reviewer="county_reviewer")
    with pytest.raises(ValidationError, match="区县信用办验收"):
        record.confirm(by=cast.credit, publish=True)
    record.accept(by=cast.county)
    assert record.confirm(by=cast.credit, publish=True).state == "CONFIRMED"


def test_a_unit_without_reviewer_is_reviewed_by_the_credit_office(cast):
    record = builders.submitted(cast, who="township", kind="AG11")
    assert record.review(by=cast.credit, privacy_ok=True, secrecy_ok=True).state == "REVIEWED"


def test_the_secrecy_reviewer_stops_a_publication_before_and_after(cast):
    before = builders.confirmed(cast)
    assert before.veto(by=cast.secrecy, reason="涉及工作秘密").publicity == "WITHDRAWN"
    after = builders.published(cast, doc_no="日政字〔2026〕19号")
    after.veto(by=cast.secrecy, reason="涉及工作秘密")
    assert not Record.objects.public().exists()


def test_a_hidden_or_suspended_record_is_gone_at_once(cast):
    record = builders.published(cast)
    record.hide(by=cast.credit, reason="核查")
    assert not Record.objects.public().exists()
    record.resume(by=cast.credit2)
    assert Record.objects.public().exists() and record.is_public_now
    record.suspend(by=cast.credit, reason="核查")
    assert not Record.objects.public().exists() and not record.is_public_now


def test_rules_that_run_in_a_circle_stop_the_start():
    from integrity import acts

    kept = list(acts.RULES)
    try:
        rule("a.done", then="b.done")(lambda **_: None)
        rule("b.done", then="a.done")(lambda **_: None)
        with pytest.raises(ValueError, match="circle"):
            check_cycles()
    finally:
        acts.RULES[:] = kept


def test_an_own_finding_needs_notice_and_hearing(cast):
    day = TODAY().isoformat()
    values = {
        "subject": cast.orgs.stranger, "title": "招商协议违约", "fact": "未按协议约定交付厂房。", "doc_type": "认定书", "doc_no": "日交认〔2026〕1号",
        "deciding_name": cast.orgs.bureau.name, "decided_on": day, "legal_basis": "发改财金〔2023〕1103号", "contract": "招商协议", "counterparty": "某公司",
        "field": "招商引资", "breach": "逾期未交付", "ordered_on": day, "refusal": "拒不整改", "tier": "general",
    }  # fmt: skip
    record = Record(kind=Kind.objects.get(code="AG02")).enter(by=cast.clerk, values=values).submit(by=cast.clerk)
    with pytest.raises(ValidationError, match="告知"):
        record.review(by=cast.reviewer, privacy_ok=True, secrecy_ok=True)
    record.notify(by=cast.reviewer, served_on=TODAY())
    with pytest.raises(ValidationError, match="陈述申辩期至"):
        record.hear(by=cast.reviewer)
    record.hear(by=cast.reviewer, statement="资金困难", outcome="不予采纳：财政困难不是免责理由")
    record.review(by=cast.reviewer, privacy_ok=True, secrecy_ok=True)
    with pytest.raises(ValidationError, match="请写明依据"):
        record.confirm(by=cast.credit, publish=True)
    assert record.confirm(by=cast.credit, publish=True, ground="社会影响较大").publicity == "SCHEDULED"
