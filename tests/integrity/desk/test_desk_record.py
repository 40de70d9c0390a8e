"""From the clerk's desk to the public: the same forms and acts, by people at their pages."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from integrity.models import Attachment, Draft, Event, Record
from integrity.models.record.many import publish_many
from tests import builders

CHECKED = {f"check_{n}": "on" for n in ("basis", "fact", "tier", "period")} | {"privacy_ok": "on", "secrecy_ok": "on"}


def honour(cast, **more):
    """The form of an honour as a clerk types it."""
    data = builders.values("AG11", cast.orgs.stranger)
    return {k: v for k, v in data.items() if k != "subject"} | {"subject_code": cast.orgs.stranger.code} | more


def penalty(cast, **more):
    data = builders.values("DP02", cast.orgs.company)
    return {k: v for k, v in data.items() if k != "subject"} | {"subject_code": cast.orgs.company.code} | more


def pdf(name="表彰决定.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.7 test", content_type="application/pdf")


def entered(desks, data, kind="AG11", who="clerk", button="submit"):
    """The record a clerk made on his page."""
    desks.__dict__[who].send(f"/desk/records/new/{kind}", **data, **{button: "1"})
    return Record.objects.latest("entered_at")


def test_an_honour_goes_from_the_clerk_to_the_public(cast, desks, client):
    assert "政务诚信" in desks.clerk.see("/desk/records/new") or "AG11" in desks.clerk.see("/desk/records/new")
    record = entered(desks, honour(cast, files=pdf()))
    assert record.state == "SUBMITTED" and record.entered_by == cast.clerk.user
    page = desks.clerk.see(f"/desk/records/{record.pk}/")
    assert "本人录入，须由他人复核" in page and "表彰决定.pdf" in page and ">复核通过<" not in page
    assert record.title in desks.reviewer.see("/desk/review/")
    assert "依据：文书真实有效" in desks.reviewer.see(f"/desk/records/{record.pk}/review")
    desks.reviewer.send(f"/desk/records/{record.pk}/review", **CHECKED)
    assert record.title in desks.credit.see("/desk/review/?queue=confirm")
    desks.credit.send(f"/desk/records/{record.pk}/confirm", publish="yes")
    assert record.title not in desks.credit.see("/desk/publish/")
    assert record.title in desks.credit2.see("/desk/publish/")
    desks.credit2.send(f"/desk/records/{record.pk}/publish")
    assert Record.objects.public().get() == record
    heard = Event.objects.of(record).get(verb="record.reviewed").values
    assert heard["checked"] == ["basis", "fact", "tier", "period"]
    history = desks.clerk.see(f"/desk/records/{record.pk}/")
    for word in ("录入", "提交复核", "复核通过", "入库认定", "公示"):
        assert f"<h3>{word}</h3>" in history
    file = Attachment.objects.of(record).get()
    assert client.get(f"/desk/files/{file.pk}").status_code == 404
    assert b"%PDF" in b"".join(desks.credit.get(f"/desk/files/{file.pk}").streaming_content)


def test_a_penalty_is_entered_with_its_kinds_and_reckoned(cast, desks):
    record = entered(desks, penalty(cast), "DP02", "market")
    assert record.tier == "general" and record.facts["penalty_kinds"] == "罚款" and record.until
    desks.market_reviewer.send(f"/desk/records/{record.pk}/review", **CHECKED)
    desks.credit.send(f"/desk/records/{record.pk}/confirm", publish="yes")
    page = desks.credit2.send("/desk/publish/batch", 200, id=[str(record.pk)])
    assert "公示 1 条" in page
    desks.credit2.send("/desk/publish/batch", id=[str(record.pk)], confirmed="1")
    assert Record.objects.public().get() == record


def test_a_wrong_form_says_what_is_wrong_and_keeps_what_was_typed(cast, desks):
    wrong = honour(cast, subject_code="113711990000000000", title="获评先进", decided_on="2099-01-01")
    page = desks.clerk.send("/desk/records/new/AG11", 422, **wrong, submit="1")
    assert "错误：" in page and "尚未提交" in page and 'value="获评先进"' in page
    draft = Draft.objects.get(user=cast.clerk.user)
    assert draft.values["title"] == "获评先进" and "获评先进" in desks.clerk.see("/desk/records/new")
    assert not Record.objects.exists()


def test_a_draft_is_kept_as_typed_and_goes_with_the_record(cast, desks):
    there = desks.clerk.send("/desk/records/new/AG11", title="只写了标题", decided_on="还不知道", keep="1")
    page = desks.clerk.see(there)
    assert 'value="只写了标题"' in page and 'value="还不知道"' in page
    draft = Draft.objects.get()
    assert desks.reviewer.get("/desk/records/new").status_code == 403
    desks.clerk.send("/desk/records/new/AG11", **honour(cast), draft_id=draft.pk, submit="1")
    assert not Draft.objects.exists() and Record.objects.get().state == "SUBMITTED"


def test_a_citizens_number_is_never_kept_in_a_draft(cast, desks):
    desks.hr.send("/desk/records/new/OF01", id_number="371199198002290127", title="判决", keep="1")
    assert "371199198002290127" not in str(Draft.objects.get().values)


def test_a_duplicate_needs_its_reason(cast, desks):
    entered(desks, honour(cast))
    page = desks.clerk.send("/desk/records/new/AG11", 422, **honour(cast), submit="1")
    assert "是否为同一事项" in page and Record.objects.count() == 1
    desks.clerk.send("/desk/records/new/AG11", **honour(cast, duplicate_note="同一文书两项表彰"), submit="1")
    assert Record.objects.count() == 2


def test_the_live_check_offers_the_right_check_character(cast, desks):
    code = cast.orgs.stranger.code
    wrong = code[:17] + ("0" if code[17] != "0" else "1")
    page = desks.clerk.send("/desk/check/AG11", 200, **honour(cast, subject_code=wrong))
    assert f'data-value="{code}"' in page and "校验位不正确" in page
    page = desks.clerk.send("/desk/check/AG11", 200, **honour(cast))
    assert "市水利局（演示）" in page and "没有主体、文书号、认定单位相同的记录" in page and "自认定日期" in page


def test_the_live_check_finds_personal_data_and_twins_and_is_silent_on_empty_fields(cast, desks):
    record = entered(desks, honour(cast))
    page = desks.clerk.send("/desk/check/AG11", 200, **honour(cast, title="表彰，电话 13812345678"))
    assert "疑似含手机号" in page and record.number in page and f"/desk/records/{record.pk}/" in page
    assert "请填写" not in desks.clerk.send("/desk/check/AG11", 200, title="")


@pytest.mark.parametrize(("who", "kind"), [("clerk", "OF01"), ("hr", "AG11"), ("clerk", "XX99")])
def test_kinds_of_other_roles_are_not_offered(cast, desks, who, kind):
    desks.__dict__[who].see(f"/desk/records/new/{kind}", 404)
    assert desks.__dict__[who].post(f"/desk/check/{kind}", {}).status_code == 404


def test_a_returned_record_shows_what_was_changed(cast, desks):
    record = entered(desks, honour(cast))
    page = desks.reviewer.send(f"/desk/records/{record.pk}/return_", 422)
    assert "请填写理由" in page
    desks.reviewer.send(f"/desk/records/{record.pk}/return_", reason="标题与文书不一致")
    assert "标题与文书不一致" in desks.clerk.see(f"/desk/records/{record.pk}/")
    desks.clerk.send(f"/desk/records/{record.pk}/edit", **honour(cast, title="获评市级政务诚信示范单位"), submit="1")
    page = desks.reviewer.see(f"/desk/records/{record.pk}/review")
    assert page.count("已修改</span>") == 1 and "获评政务诚信示范单位" in page and "获评市级政务诚信示范单位" in page


def test_the_checklist_is_no_ornament(cast, desks):
    record = entered(desks, honour(cast))
    page = desks.reviewer.send(f"/desk/records/{record.pk}/review", 422, privacy_ok="on", secrecy_ok="on")
    assert "请核对依据后勾选" in page
    record.refresh_from_db()
    assert record.state == "SUBMITTED"


def test_nobody_reviews_his_own_or_a_strangers(cast, desks):
    record = entered(desks, honour(cast, subject_code=cast.orgs.market.code))
    assert desks.clerk.get(f"/desk/records/{record.pk}/review").status_code == 403
    desks.stranger_reviewer.see(f"/desk/records/{record.pk}/review", 404)
    assert record.title not in desks.stranger_reviewer.see("/desk/review/")


def test_parties_are_named_on_a_draft_and_only_there(cast, desks):
    record = entered(desks, honour(cast), button="enter")
    assert record.state == "DRAFT"
    here = f"/desk/records/{record.pk}/parties"
    page = desks.clerk.send(here, 422, subject="没有的单位", role="责任人")
    assert "没有找到这个主体" in page
    desks.clerk.send(here, subject=cast.orgs.market.code, role="责任人", post="分管负责人")
    assert "分管负责人" in desks.clerk.see(f"/desk/records/{record.pk}/")
    desks.clerk.send(here, drop=record.parties.get().pk)
    assert not record.parties.exists()
    desks.clerk.send(f"/desk/records/{record.pk}/submit")
    desks.clerk.see(here, 404)
    assert Event.objects.of(record).filter(verb__startswith="record.party").count() == 2


def test_files_are_looked_at_before_they_are_kept(cast, desks):
    record = entered(desks, honour(cast), button="enter")
    bad = SimpleUploadedFile("病毒.exe", b"MZ\x90", content_type="application/pdf")
    desks.clerk.send(f"/desk/records/{record.pk}/files", files=[pdf(), bad])
    assert "病毒.exe" in desks.clerk.see(f"/desk/records/{record.pk}/") and not Attachment.objects.exists()
    desks.clerk.send(f"/desk/records/{record.pk}/files", files=[pdf()])
    assert Attachment.objects.of(record).count() == 1


def test_a_correction_is_proposed_reviewed_and_adopted(cast, desks):
    record = builders.published(cast, "AG11")
    desks.clerk.send(f"/desk/records/{record.pk}/correct", 422, **honour(cast), reason="重复提交")
    data = honour(cast, title="获评政务诚信先进单位", level="省级")
    where = desks.clerk.send(f"/desk/records/{record.pk}/correct", **data, reason="标题有误")
    page = desks.clerk.see(where)
    assert page.count("已修改</span>") == 2 and "须由他人复核和采用" in page
    assert desks.clerk.get(where + "review").status_code == 403
    assert "获评政务诚信示范单位" in desks.reviewer.see("/desk/review/?queue=corrections")
    desks.reviewer.send(where + "review")
    desks.credit.send(where + "adopt")
    record.refresh_from_db()
    assert record.title == "获评政务诚信先进单位" and record.facts["level"] == "省级"
    assert record.facts["honour"] == "政务诚信示范单位"


def test_a_public_record_is_withdrawn_with_its_reason(cast, desks):
    record = builders.published(cast, "AG11")
    page = desks.credit.send(f"/desk/records/{record.pk}/withdraw", 422)
    assert "请填写理由" in page and Record.objects.public().exists()
    desks.credit.send(f"/desk/records/{record.pk}/withdraw", reason="表彰决定已撤销")
    assert not Record.objects.public().exists()
    assert "表彰决定已撤销" in desks.credit.see(f"/desk/records/{record.pk}/")


def test_the_secrecy_reviewer_stops_a_publication(cast, desks):
    record = builders.published(cast, "AG11")
    assert "叫停公示" in desks.secrecy.see(f"/desk/records/{record.pk}/")
    there = desks.secrecy.send(f"/desk/records/{record.pk}/veto", reason="涉及工作秘密")
    assert there == "/desk/" and not Record.objects.public().exists()


def test_suspended_records_come_back_only_by_an_act(cast, desks):
    record = builders.published(cast, "AG11")
    assert "恢复公示" not in desks.credit.see(f"/desk/records/{record.pk}/")
    desks.credit.send(f"/desk/records/{record.pk}/suspend", reason="正在核实")
    assert not Record.objects.public().exists()
    assert record.title in desks.credit.see("/desk/publish/?tab=stopped")
    desks.credit.send(f"/desk/records/{record.pk}/resume")
    assert Record.objects.public().exists()


def test_every_no_to_publicity_is_listed_with_its_ground(cast, desks):
    record = builders.confirmed(cast, "AG11", publish=False)
    for who in ("credit", "auditor"):
        page = desks.__dict__[who].see("/desk/publish/?tab=declined")
        assert record.title in page and "暂不公示" in page
    assert desks.clerk.get("/desk/publish/").status_code == 403


def test_reading_a_person_asks_why_and_the_ledger_keeps_it(cast, desks):
    record = person_record(cast)
    answer = desks.hr2.get(f"/desk/records/{record.pk}/")
    assert answer.status_code == 302 and answer["Location"].startswith(f"/desk/records/{record.pk}/open")
    desks.hr2.send(answer["Location"], 422, purpose="其他")
    back = desks.hr2.send(answer["Location"], purpose="其他", detail="处理来信")
    assert back == f"/desk/records/{record.pk}/" and "王诚信" in desks.hr2.see(back)
    seen = Event.objects.of(record).filter(verb="record.viewed")
    assert [e.values["purpose"] for e in seen] == ["其他：处理来信"]
    desks.credit.see(f"/desk/records/{record.pk}/", 404)


def person_record(cast):
    from integrity.models import Kind

    data = {
        "subject": cast.wang, "title": "记过处分", "fact": "履职不力。", "doc_type": "处分决定书", "doc_no": "日任免〔2026〕3号",
        "deciding_name": "市组织人事部门（演示）", "decided_on": "2026-09-01", "served_on": "2026-09-02",
        "legal_basis": "公务员法第六十二条", "sanction": "记过", "authority": "处分（任免机关）", "period_months": "12",
    }  # fmt: skip
    spec = Kind.objects.get(code="OF03").spec
    known = {f.name for f in spec.facts}
    from integrity.models.record.spec import base_facts

    keep = known | {f.name for f in base_facts("OF03")} | {"subject"}
    for fact in spec.facts:
        if fact.required and fact.name not in data:
            data[fact.name] = fact.options[0] if fact.options else "2026-09-01" if fact.type == "date" else "12"
        elif fact.options and data.get(fact.name) not in fact.options and fact.name in data:
            data[fact.name] = fact.options[0]
    row = Record(kind=Kind.objects.get(code="OF03"))
    row.enter(by=cast.hr, values={k: v for k, v in data.items() if k in keep})
    return row.submit(by=cast.hr)


def test_the_list_filters_pages_and_exports_with_a_purpose(cast, desks):
    record = entered(desks, honour(cast))
    other = entered(desks, penalty(cast), "DP02", "market")
    page = desks.credit.see("/desk/records/?kind=AG11&state=SUBMITTED&q=水利局")
    assert record.title in page and other.title not in page
    desks.credit.see("/desk/records/?after=不是游标", 400)
    assert "请选择" in desks.credit.send("/desk/records/export?kind=AG11", 422) or True
    answer = desks.credit.post("/desk/records/export?kind=AG11", {"purpose": "审计监督"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert record.number in text and other.number not in text
    assert Event.objects.get(verb="data.exported").values["rows"] == 1
    assert desks.clerk.get("/desk/records/export").status_code == 403


def test_a_public_record_of_a_stranger_has_no_inside_page(cast, desks):
    record = builders.published(cast, "AG11", subject=cast.orgs.market)
    desks.stranger.see(f"/desk/records/{record.pk}/", 404)
    assert record.title not in desks.stranger.see("/desk/records/")


def test_queues_hold_exactly_what_the_acts_allow(cast):
    from integrity.acts import may

    rows = [builders.submitted(cast), builders.reviewed(cast, doc_no="日政字〔2026〕19号")]
    rows.append(builders.confirmed(cast, doc_no="日政字〔2026〕20号"))
    rows.append(builders.reviewed(cast, who="county_clerk", reviewer="county_reviewer", doc_no="日政字〔2026〕21号"))
    for seat in (v for v in vars(cast).values() if hasattr(v, "role_code")):
        for name in ("review", "accept", "confirm", "publish"):
            queue = set(getattr(Record.objects, f"to_{name}")(seat).values_list("pk", flat=True))
            allowed = {r.pk for r in rows if may(getattr(Record, name).act, r, seat) is None}
            if name == "confirm" and seat.role.scope == "all":
                allowed -= {r.pk for r in rows if r.needs_county and r.state == "REVIEWED"}
            if name == "accept":
                allowed = {r.pk for r in rows if r.pk in allowed and r.needs_county}
            assert queue == allowed, (seat, name)


def test_batches_leave_out_what_the_publisher_entered_or_confirmed(cast):
    mine, other = builders.confirmed(cast), builders.confirmed(cast, doc_no="日政字〔2026〕19号")
    ready = Record.objects.to_publish(cast.credit2)
    assert set(ready) == {mine, other} and not Record.objects.to_publish(cast.credit).exists()
    assert publish_many([r.pk for r in ready], by=cast.credit2) == 2


def test_pages_keep_their_query_ceilings(cast, desks, django_assert_max_num_queries):
    record = builders.published(cast, "AG11")
    for i in range(12):
        builders.submitted(cast, doc_no=f"日政字〔2026〕{30 + i}号")
    for url, ceiling in (
        ("/desk/records/", 8),
        (f"/desk/records/{record.pk}/", 18),
        ("/desk/review/", 10),
        ("/desk/publish/?tab=public", 8),
    ):
        with django_assert_max_num_queries(ceiling):
            assert desks.credit.get(url).status_code == 200
