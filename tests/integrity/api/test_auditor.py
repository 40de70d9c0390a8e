"""An auditor pulls everything by token: complete, masked, and every look at a person logged."""

import random

from integrity.ledger.sealing import seal_all
from integrity.models import Event
from tests import builders, scenes


def test_the_auditor_pulls_every_page_while_rows_are_added(cast, auditor):
    before = [builders.published(cast, doc_no=f"日政字〔2026〕{i}号").pk for i in range(11)]
    seen, cursor, n = [], {}, 0
    while True:
        body = auditor.get("records", limit=3, **cursor).json()
        seen += [i["uid"] for i in body["items"]]
        n += 1
        builders.published(cast, doc_no=f"日政字〔2026〕9{n}号")
        if not body["next"]:
            break
        cursor = {"cursor": body["next"]}
    assert len(seen) == len(set(seen)) and {str(pk) for pk in before} <= set(seen)


def test_what_was_added_meanwhile_comes_by_the_feed(cast, auditor):
    seal_all()
    start = auditor.get("events", limit=500).json()["size"] - 1
    record = builders.published(cast)
    seal_all()
    page = auditor.get("events", after=start, limit=500).json()
    verbs = [i["verb"] for i in page["items"] if i["uid"] == str(record.pk)]
    assert verbs == ["record.entered", "record.submitted", "record.reviewed", "record.confirmed", "record.published"]
    assert page["next"] == page["size"] - 1


def test_persons_are_masked_for_the_auditor(cast, auditor):
    records = scenes.all_states(cast)
    seal_all()
    official = auditor.get(f"records/{records['official'].pk}").json()
    assert official["subject"]["name"] == "王*信" and official["state"] == "CONFIRMED"
    person = auditor.get(f"subjects/{cast.wang.pk}").json()
    assert (person["name"], person["id_number"]) == ("王*信", "371199********0127")
    for path in ("subjects", "records", "measures", "pledges", "matters", "events"):
        body = auditor.get(path, limit=500).content.decode()
        assert "王诚信" not in body and "371199198002290127" not in body, path


def test_a_persons_name_and_numbers_are_masked_inside_texts(cast, auditor):
    text = scenes.OFFICIALS | {"fact": "王诚信（身份证号371199198002290127，电话13912345678）未按承诺办理。"}
    record = scenes._of(cast, "OF07", text)
    fact = auditor.get(f"records/{record.pk}").json()["fact"]
    assert fact == "王*信（身份证号371199********0127，电话139****5678）未按承诺办理。"


def test_whoever_has_the_duty_sees_the_name(cast):
    from tests.integrity.api.conftest import Caller, token_of

    record = scenes.all_states(cast)["official"]
    assert Caller(token_of(cast.credit)).get(f"records/{record.pk}").json()["subject"]["name"] == "王诚信"


def test_every_look_at_a_person_is_logged_with_its_purpose(cast, auditor):
    record = scenes.all_states(cast)["official"]
    seen = Event.objects.filter(verb="record.viewed")
    auditor.get("records", limit=500)
    assert [e.target for e in seen] == [record.pk]
    event = seen.get()
    assert event.user == cast.auditor.user and event.values["purpose"] == "年度审计"
    assert event.values["query"] == "/api/v1/records?limit=500" and event.values["token"].startswith("gi_")
    auditor.get(f"subjects/{cast.wang.pk}")
    assert Event.objects.get(verb="subject.viewed").target == cast.wang.pk


def test_an_unchanged_copy_is_not_a_new_look(cast, auditor):
    scenes.all_states(cast)
    first = auditor.get("records")
    auditor.get("records", headers={"If-None-Match": first["ETag"]})
    assert first["Cache-Control"] == "private, no-store" and Event.objects.filter(verb="record.viewed").count() == 1


def test_restricted_kinds_are_not_even_named(cast, auditor):
    records = scenes.all_states(cast)
    seal_all()
    assert auditor.get(f"records/{records['restricted'].pk}").status_code == 404
    everything = "".join(auditor.get(p, limit=500).content.decode() for p in ("records", "events", "measures"))
    assert str(records["restricted"].pk) not in everything


def test_pages_neither_lose_nor_double_whatever_happens_between_them(cast, visitor):
    """Rows come and go between pages; every row that was there throughout is seen exactly once."""
    seed = random.Random(20261124)
    for round_ in range(4):
        kept = [builders.published(cast, doc_no=f"日政字〔2026〕{round_}-{i}号") for i in range(seed.randint(3, 9))]
        going = [builders.published(cast, doc_no=f"日政字〔2026〕{round_}+{i}号") for i in range(3)]
        seen, cursor, size, step = [], {}, seed.randint(1, 4), 0
        while True:
            body = visitor.get("records", limit=size, **cursor).json()
            seen += [i["uid"] for i in body["items"]]
            step += 1
            if seed.random() < 0.5:
                builders.published(cast, doc_no=f"日政字〔2026〕{round_}*{step}号")
            if going and seed.random() < 0.5:
                going.pop().withdraw(by=cast.credit, reason="试验")
            if not body["next"]:
                break
            cursor = {"cursor": body["next"]}
        assert len(seen) == len(set(seen)) and {str(r.pk) for r in kept} <= set(seen)
