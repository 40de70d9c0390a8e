"""Erasing by order: two people; the content is gone everywhere, the log and all proofs stay whole."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from integrity.acts import NotAllowed
from integrity.ledger import audit, figures, proofs, sealing
from integrity.models import Attachment, Erasure, Event, Payload, Record
from tests import builders
from tests.integrity import ledger_builders as log

pytestmark = pytest.mark.django_db
WORD = "白虎字样"


@pytest.fixture
def ended(cast):
    """A penalty that was published, proved and then revoked."""
    record = builders.published(
        cast, "DP02", who="market", reviewer="market_reviewer", title=f"处罚{WORD}", fact=f"事实{WORD}"
    )
    Attachment.add(record, SimpleUploadedFile("a.pdf", b"%PDF-1.4 " + WORD.encode()), cast.market)
    sealing.seal_all()
    return record


def order(cast, record, **more):
    values = {"basis": "court", "doc_no": "（2026）鲁1102行初9号", "reason": "判决删除"} | more
    return Erasure(number=record.number, **values).propose(by=cast.credit)


def test_two_people_erase_and_old_and_new_proofs_still_verify(ended, cast, client, tmp_path):
    policy, old = log.policy_file(tmp_path), tmp_path / "old"
    old.write_bytes(client.get(f"/log/proof/{ended.number}").content)
    ended.revoke(by=cast.credit, reason="判决撤销")
    order(cast, ended).carry_out(by=cast.credit2)
    sealing.seal_all()
    record = Record.objects.get(pk=ended.pk)
    assert record.state == "SEALED" and WORD not in json.dumps(
        [record.title, record.fact, record.facts], ensure_ascii=False
    )
    kept = Payload.objects.filter(event__target=ended.pk).exclude(event__verb="record.erased")
    assert kept.count() >= 5 and not any(p.fields or p.inside or not p.removed_at for p in kept)
    assert not Attachment.objects.filter(target=ended.pk).exists()
    assert log.gi_verify("proof", old, "--policy", policy)[0] == 0
    told = json.loads(bytes(Event.objects.get(target=ended.pk, verb="record.erased").leaf))
    published = Event.objects.get(target=ended.pk, verb="record.published").seq
    assert (told["type"], told["basis"]) == ("payload.removed", "court") and published in told["index"]
    (tmp_path / "new").write_bytes(client.get(f"/log/entry/{published}").content)
    assert log.gi_verify("proof", tmp_path / "new", "--policy", policy)[0] == 0
    assert log.gi_verify("log", log.home(), "--policy", policy)[0] == 0
    assert list(audit.run()) == []
    assert proofs.standing(record).event.verb == "record.erased"


def test_no_byte_of_the_content_is_left_in_any_table(ended, cast):
    ended.revoke(by=cast.credit, reason="判决撤销")
    order(cast, ended).carry_out(by=cast.credit2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{WORD}%"])
            assert cursor.fetchone()[0] == 0, table


def test_removals_are_counted_in_public_by_month_and_basis(ended, cast, client):
    ended.revoke(by=cast.credit, reason="判决撤销")
    order(cast, ended).carry_out(by=cast.credit2)
    sealing.seal_all()
    (month,) = figures._count_removals()
    assert dict(zip(figures.BASES, month["counts"], strict=True)) | {
        "撤销记录": 1,
        "法院或者本人依法要求删除": 1,
    } == dict(zip(figures.BASES, month["counts"], strict=True))
    assert "法院或者本人依法要求删除" in client.get("/log/").content.decode()


def test_one_person_is_not_enough(ended, cast):
    ended.revoke(by=cast.credit, reason="判决撤销")
    erasure = order(cast, ended)
    with pytest.raises(NotAllowed, match="他人复核"):
        erasure.carry_out(by=cast.credit)


@pytest.mark.parametrize("who", ["clerk", "reviewer", "archivist", "operator", "admin", "auditor"])
def test_others_cannot_order_it(ended, cast, who):
    with pytest.raises(NotAllowed):
        Erasure(number=ended.number, basis="court", doc_no="x", reason="x").propose(by=getattr(cast, who))


def test_a_live_record_is_not_erased(ended, cast):
    with pytest.raises(Exception, match="须先撤销"):
        order(cast, ended)


def test_content_does_not_vanish_silently(ended):
    for change in (
        "fields = '{}', inside = NULL",
        "removed_at = now()",
        "fields = jsonb_set(fields, '{title,1}', '\"x\"')",
    ):
        with pytest.raises(IntegrityError, match="gi-05"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE integrity_payload SET {change} WHERE fields ? 'title'")


def test_it_is_ordered_and_carried_out_in_the_admin(ended, cast, client):
    ended.revoke(by=cast.credit, reason="判决撤销")
    client.force_login(cast.credit.user)
    page = client.post(
        "/admin/integrity/erasure/add/",
        {"number": ended.number.lower(), "basis": "owner", "doc_no": "申请 3 号", "reason": "本人申请"},
    )
    assert page.status_code == 302, page.content.decode()[-2000:]
    erasure = Erasure.objects.get()
    client.force_login(cast.credit2.user)
    done = client.post(f"/admin/integrity/erasure/{erasure.pk}/act/carry_out/", {})
    assert done.status_code == 302, done.content.decode()[-1500:]
    erasure.refresh_from_db()
    assert (erasure.state, erasure.decided_by) == ("DONE", cast.credit2.user)
