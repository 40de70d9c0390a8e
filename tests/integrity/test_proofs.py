"""Proofs of published rows: downloaded, verified by the published script, refused when a byte is altered; honest states on pages."""

import base64
import json

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from integrity.ledger import proofs, sealing
from integrity.models import Event, Record
from tests import builders
from tests.integrity import ledger_builders as log

pytestmark = pytest.mark.django_db


def shown(row):
    """The proof component as a page shows it."""
    context = Context({"row": row, "request": RequestFactory().get("/")})
    return Template("{% proof row %}").render(context)


@pytest.fixture
def notice(cast):
    record = builders.published(cast, "DP02", who="market", reviewer="market_reviewer")
    sealing.seal_all()
    return record


def test_a_published_notice_is_proved_by_the_script_alone(notice, client, tmp_path):
    answer = client.get(f"/log/proof/{notice.number}")
    assert answer.status_code == 200 and "Vary" not in answer
    assert answer["Content-Disposition"] == f'attachment; filename="{notice.number}.tlog-proof"'
    (tmp_path / "a").write_bytes(answer.content)
    code, out = log.gi_verify("proof", tmp_path / "a", "--policy", log.policy_file(tmp_path))
    assert code == 0, out
    found = json.loads(out.partition("\n")[2])
    assert found["fields"]["title"] == notice.title and found["leaf"]["type"] == "record.published"
    assert found["fields"]["facts.violation"] == "未明码标价"
    assert found["leaf"]["ref"] == notice.pk.hex and found["withheld"] > 0


def test_the_proof_opens_nothing_that_is_not_public(notice, client):
    text = client.get(f"/log/proof/{notice.number}").content.decode()
    extra = json.loads(base64.b64decode(text.split("\n")[1].removeprefix("extra ")))
    assert "subject.id" not in extra["fields"] and "ended_reason" not in extra["fields"]


ALTERATIONS = [
    ("another name", lambda e: e["fields"]["title"].__setitem__(1, "另一事项")),
    ("another salt", lambda e: e["fields"]["title"].__setitem__(0, base64.b64encode(bytes(16)).decode())),
    ("a field less", lambda e: e["fields"].pop("tier")),
    ("a field more", lambda e: e["fields"].update({"x": e["fields"]["tier"]})),
    ("another leaf", lambda e: e.update(leaf=e["leaf"].replace("record.published", "record.withdrawn"))),
    ("another withheld", lambda e: e["withheld"].append("00" * 32)),
]


@pytest.mark.parametrize("alter", [a for _, a in ALTERATIONS], ids=[n for n, _ in ALTERATIONS])
def test_altered_content_is_refused(notice, client, tmp_path, alter):
    lines = client.get(f"/log/proof/{notice.number}").content.decode().split("\n")
    extra = json.loads(base64.b64decode(lines[1].removeprefix("extra ")))
    alter(extra)
    lines[1] = "extra " + base64.b64encode(json.dumps(extra, ensure_ascii=False).encode()).decode()
    (tmp_path / "a").write_text("\n".join(lines), encoding="utf-8")
    code, out = log.gi_verify("proof", tmp_path / "a", "--policy", log.policy_file(tmp_path))
    assert code == 1 and "核验不通过" in out


def test_every_altered_line_is_refused(notice, client, tmp_path):
    policy, lines = log.policy_file(tmp_path), client.get(f"/log/proof/{notice.number}").content.decode().split("\n")
    for number, line in enumerate(lines):
        if not line:
            continue
        at = len(line) - 4 if number != 2 else len(line) - 1
        swapped = line[:at] + ("1" if line[at] != "1" else "2") + line[at + 1 :]
        (tmp_path / "a").write_text("\n".join([*lines[:number], swapped, *lines[number + 1 :]]), encoding="utf-8")
        code, out = log.gi_verify("proof", tmp_path / "a", "--policy", policy)
        assert code == 1, (number, line, out)


def test_a_proof_without_its_quorum_of_witnesses_is_refused(notice, client, tmp_path):
    (tmp_path / "a").write_bytes(client.get(f"/log/proof/{notice.number}").content)
    witness = "w.example+" + "1" * 8 + "+" + base64.b64encode(b"\x04" + bytes(32)).decode()
    policy = log.policy_file(tmp_path)
    key_id = proofs.note.Verifier("w.example", bytes(32), b"\x04").key_id.hex()
    extra = f"witness w {witness.replace('1' * 8, key_id)}\nquorum w\n"
    policy.write_text(policy.read_text().replace("quorum none\n", extra))
    code, out = log.gi_verify("proof", tmp_path / "a", "--policy", policy)
    assert code == 1 and "见证签名不足" in out


def test_any_entry_is_proved_and_the_whole_log_recomputed(notice, client, tmp_path):
    policy = log.policy_file(tmp_path)
    for index in (0, 7, len(log.database_leaves()) - 1):
        (tmp_path / "a").write_bytes(client.get(f"/log/entry/{index}").content)
        assert log.gi_verify("proof", tmp_path / "a", "--policy", policy)[0] == 0
    assert log.gi_verify("log", log.home(), "--policy", policy)[0] == 0
    tile = log.home() / "tile/entries/000"
    tile.write_bytes(tile.read_bytes().replace(b'"act"', b'"aCt"', 1))
    code, out = log.gi_verify("log", log.home(), "--policy", policy)
    assert code == 1 and "与树的叶不一致" in out


def test_growth_is_verified_and_a_rewritten_log_refused(notice, cast, client, tmp_path):
    policy, old = log.policy_file(tmp_path), tmp_path / "old"
    old.write_bytes((log.home() / "checkpoint").read_bytes())
    first = len(log.database_leaves())
    log.acts(cast, 3)
    sealing.seal_all()
    path = tmp_path / "path"
    path.write_bytes(client.get(f"/log/consistency/{first}/{first + 3}").content)
    new = log.home() / "checkpoint"
    assert log.gi_verify("growth", old, new, path, "--policy", policy)[0] == 0
    path.write_bytes(client.get(f"/log/consistency/{first - 1}/{first + 3}").content)
    code, out = log.gi_verify("growth", old, new, path, "--policy", policy)
    assert code == 1 and "改写" in out


# ---- what pages say ----


def test_the_component_says_pending_and_then_sealed(cast, client):
    record = builders.published(cast)
    assert "存证处理中" in shown(record)
    waiting = client.get(f"/log/proof/{record.number}")
    assert waiting.status_code == 503 and "稍后再试" in waiting.content.decode() and waiting["Retry-After"]
    sealing.seal_all()
    page = shown(record)
    assert "已存证" in page and f"/log/proof/{record.number}" in page


def test_a_row_changed_behind_the_acts_is_a_mismatch(notice, client):
    record = Record.objects.get(pk=notice.pk)
    record.title = "改过的标题"
    assert "核验不一致" in shown(record)
    builders.forged(Event.objects.of(notice).last(), title="另一个名称")
    refused = client.get(f"/log/proof/{notice.number}")
    assert refused.status_code == 409 and "核验不一致" in refused.content.decode()


def test_a_renamed_subject_is_no_mismatch(notice, cast):
    cast.orgs.company.amend(by=cast.credit, name="日照云帆建设集团有限公司（演示）")
    assert "已存证" in shown(Record.objects.get(pk=notice.pk))


def test_a_draft_has_nothing_in_the_public_log(cast):
    assert shown(builders.draft(cast)).strip() == ""


@pytest.mark.parametrize("end", ["withdraw", "hide", "suspend"])
def test_a_record_that_is_no_longer_public_answers_like_none(notice, cast, client, end):
    getattr(notice, end)(by=cast.credit2, reason="核实")
    sealing.seal_all()
    gone, none = client.get(f"/log/proof/{notice.number}"), client.get("/log/proof/RZ-DP02-2026-00000000")
    assert gone.status_code == none.status_code == 404


def test_many_rows_are_looked_up_in_one_query(cast, django_assert_num_queries):
    rows = [builders.published(cast), builders.published(cast, doc_no="日政字〔2026〕19号")]
    with django_assert_num_queries(1):
        found = proofs.standings(rows)
    assert [found[r.pk].event.verb for r in rows] == ["record.published"] * 2
