"""After confirmation: corrections, publication and what stops it, reading, listing, taking away."""

from __future__ import annotations

from integrity.acts import may
from integrity.models import Event, Kind, Record
from integrity.models.record.many import publish_many
from integrity.models.record.spec import base_facts
from tests import builders
from tests.integrity.desk.pages import entered, honour, penalty


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
    data = {
        "subject": cast.wang, "title": "记过处分", "fact": "履职不力。", "doc_type": "处分决定书", "doc_no": "日任免〔2026〕3号",
        "deciding_name": "市组织人事部门（演示）", "decided_on": "2026-09-01", "served_on": "2026-09-02",
        "legal_basis": "公务员法第六十二条", "sanction": "记过", "authority": "处分（任免机关）", "period_months": "12",
    }  # fmt: skip
    spec = Kind.objects.get(code="OF03").spec
    known = {f.name for f in spec.facts}
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
    assert "尚未提交" in desks.credit.send("/desk/records/export?kind=AG11", 422)
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
