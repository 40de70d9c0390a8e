"""An auditor takes a file away: with a purpose, for a week, every step in the ledger."""

import csv
import hashlib
import io
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from integrity.acts import NotAllowed
from integrity.models import Event, Export
from integrity.reports.exports import make_waiting, sweep
from integrity.tasks import make_exports
from tests import builders, scenes
from tests.integrity.api.conftest import Caller, token_of

ASK = {"resource": "records", "purpose": "年度政务诚信审计"}


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def body_of(answer):
    return b"".join(answer.streaming_content)


def test_the_auditor_asks_waits_and_downloads(cast, auditor):
    records = scenes.all_states(cast)
    asked = auditor.post("exports", ASK)
    assert asked.status_code == 202 and asked.json()["state"] == "ASKED" and asked.json()["file"] is None
    assert auditor.get(asked["Location"].removeprefix("/api/v1/") + "/file").status_code == 409
    assert make_exports() == 1
    job = auditor.get(f"exports/{asked.json()['uid']}").json()
    file = auditor.get(job["file"].removeprefix("/api/v1/"))
    data = body_of(file)
    lines = data.decode().splitlines()
    assert job["rows"] == len(lines) == len(auditor.items("records")) and job["size"] == len(data)
    assert job["sha256"] == hashlib.sha256(data).hexdigest() and file["Digest"] == f"sha-256={job['sha256']}"
    assert "王诚信" not in data.decode() and "王*信" in data.decode() and "玄武字样" not in data.decode()
    verbs = list(Event.objects.filter(target=job["uid"]).order_by("id").values_list("verb", flat=True))
    assert verbs == ["export.asked", "export.made", "export.downloaded"]
    looks = Event.objects.filter(verb="record.viewed", target=records["official"].pk)
    assert {e.values["purpose"] for e in looks} >= {ASK["purpose"]}


def test_a_table_has_chinese_headings_and_no_formulas(cast, auditor):
    builders.published(cast, title="=HYPERLINK(恶意)")
    auditor.post("exports", ASK | {"format": "csv", "query": {"kind": "AG11"}})
    make_waiting()
    text = Export.objects.get().path.read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["事项名称"] == "'=HYPERLINK(恶意)" and rows[0]["信用主体名称"] == cast.orgs.stranger.name
    assert rows[0]["认定日期"] and rows[0]["记录状态"] == "CONFIRMED" and len(rows) == 1


def test_an_export_is_only_its_askers(cast, auditor):
    uid = auditor.post("exports", ASK).json()["uid"]
    other = Caller(token_of(cast.credit))
    assert other.get(f"exports/{uid}").status_code == 404 and other.get(f"exports/{uid}/file").status_code == 404
    assert other.get("exports").json()["items"] == [] and len(auditor.get("exports").json()["items"]) == 1
    with pytest.raises(NotAllowed):
        Export.objects.get().finish(by=cast.credit, rows=0, size=0, sha256="", checkpoint=0)


def test_after_seven_days_the_file_is_gone(cast, auditor, monkeypatch):
    uid = auditor.post("exports", ASK).json()["uid"]
    make_waiting()
    path = Export.objects.get().path
    later = timezone.now() + timedelta(days=8)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert sweep() == 1 and not path.exists()
    token = Export.objects.get()
    assert not token.is_there
    with pytest.raises(ValidationError, match="7 天"):
        token.download(by=cast.auditor)
    monkeypatch.undo()
    assert auditor.get(f"exports/{uid}/file").status_code == 410


def test_a_visitor_and_a_role_without_the_right_export_nothing(cast, visitor):
    assert visitor.post("exports", ASK).status_code == 401
    leader = Caller()
    leader.client.force_login(cast.leader.user)
    assert leader.get("exports").status_code == 403


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"purpose": " 用途 "}, "purpose"),
        ({"resource": "users"}, "resource"),
        ({"format": "xlsx"}, "format"),
        ({"query": {"tier": "huge"}}, "tier"),
        ({"query": {"kind": ["AG11"]}}, "query"),
        ({"state": "READY"}, "state"),
        ({"seat": "x", "rows": 1}, "rows"),
    ],
)
def test_what_is_wrong_or_not_the_callers_to_set_is_refused_by_field(cast, auditor, change, field):
    answer = auditor.post("exports", ASK | change)
    assert answer.status_code == 400 and field in answer.json()["errors"] and not Export.objects.exists()


def test_an_unknown_filter_is_refused(cast, auditor):
    answer = auditor.post("exports", ASK | {"query": {"limit": "5"}})
    assert answer.json()["unknown"] == ["limit"] and not Export.objects.exists()


def test_what_is_not_json_is_refused(cast, auditor):
    for raw in (b"{", b"[1]", b"\xff"):
        answer = auditor.client.post("/api/v1/exports", raw, content_type="application/json", headers=auditor.headers)
        assert answer.status_code == 400, raw


def test_whoever_lost_his_seat_gets_no_file(cast, auditor):
    auditor.post("exports", ASK)
    cast.auditor.revoke(by=cast.admin, reason="离岗")
    make_waiting()
    job = Export.objects.get()
    assert job.state == "FAILED" and "失效" in job.failure and not job.path.exists()


def test_a_failed_export_says_so_and_the_next_is_made(cast, auditor, monkeypatch):
    auditor.post("exports", ASK)
    auditor.post("exports", ASK | {"resource": "kinds"})
    from integrity.reports import exports

    real = exports.write
    monkeypatch.setattr(exports, "write", lambda job: 1 / 0 if job.resource == "records" else real(job))
    assert make_waiting() == 2
    assert {e.resource: e.state for e in Export.objects.all()} == {"records": "FAILED", "kinds": "READY"}


def test_nobody_fills_the_queue(cast, auditor):
    codes = [auditor.post("exports", ASK).status_code for _ in range(6)]
    assert codes == [202] * 5 + [400]


def test_a_signed_in_page_asks_with_a_csrf_token_only(cast):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.auditor.user)
    answer = client.post("/api/v1/exports", ASK, content_type="application/json")
    assert answer.status_code == 403 and answer.json()["type"].endswith("forbidden")


def test_a_body_that_is_too_large_is_refused(cast, auditor, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = auditor.post("exports", ASK | {"purpose": "用途" * 60})
    assert answer.status_code == 413 and answer.json()["type"].endswith("too-large")
