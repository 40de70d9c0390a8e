"""After an old backup was restored: published entries are put back, or a new log quotes the old one."""

import io
import json
import shutil

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from integrity.ledger import audit, guard, merkle, note, sealing, signing
from integrity.models import Event, MomentSeat, PublicLog
from tests import builders
from tests.integrity import ledger_builders as log

pytestmark = pytest.mark.django_db
OPERATOR = MomentSeat("PLATFORM_OP")


def command(*args):
    out = io.StringIO()
    call_command("ledger", *args, stdout=out)
    return out.getvalue()


@pytest.fixture
def restored(cast):
    """Three waiting acts in the backup; they and four later ones were published before the disk died."""
    sealing.seal_all()
    log.acts(cast, 3)
    backup = transaction.savepoint()
    log.acts(cast, 4)
    sealing.seal_all()
    transaction.savepoint_rollback(backup)
    return guard.published()


def test_published_entries_are_put_back_and_the_log_goes_on(restored, cast):
    waiting = set(Event.objects.pending().values_list("pk", flat=True))
    out = command("replay")
    assert "put back entries" in out and "of 4 only the leaf is left" in out
    assert set(Event.objects.filter(pk__in=waiting, seq__isnull=False).values_list("pk", flat=True)) == waiting
    log.acts(cast, 1)
    sealing.seal_all()
    size, root, entries = log.read_log(log.home())
    assert size == restored.size + 2 and entries == log.database_leaves(), "one act and the entry of the restoration"
    path = sealing.publishing.cosigning.nodes.consistency_at(restored.size, size)
    assert merkle.verify_consistency(restored.size, size, restored.root, root, path)
    told = json.loads(bytes(Event.objects.get(verb="backup.restored").leaf))
    assert (told["type"], told["until"] - told["start"]) == ("backup.restored", 7)
    assert list(audit.run()) == []


def test_a_key_that_the_lost_time_announced_is_found_again(cast, own_keys):
    sealing.seal_all()
    backup = transaction.savepoint()
    signing.rotate(by=OPERATOR)
    log.acts(cast, 2)
    sealing.seal_all()
    transaction.savepoint_rollback(backup)
    log.acts(cast, 1)
    with pytest.raises(guard.LogForked, match="旧备份"):
        sealing.seal_all()
    command("replay")
    log.acts(cast, 1)
    sealing.seal_all()
    newest = note.own_verifiers()[-1]
    assert newest.vkey == PublicLog.objects.current().keys[-1]["vkey"]
    note.verify(guard.published().note, [newest])


def test_a_copy_of_the_folder_from_a_mirror_serves_as_well(restored, tmp_path):
    copy = tmp_path / "mirror"
    shutil.copytree(log.home(), copy)
    shutil.rmtree(log.home())
    assert "put back" in command("replay", "--from", str(copy))
    sealing.seal_all()
    assert log.read_log(log.home())[0] == restored.size + 1


def test_what_does_not_continue_our_log_is_not_put_back(restored, cast, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(guard, "check_published", lambda size: None)
        sealing.seal()
        log.acts(cast, 1)
        sealing.seal()
    with pytest.raises(CommandError, match="根与已公布的检查点不一致"):
        command("replay")
    assert not Event.objects.filter(verb="log.replayed").exists()


def test_with_nothing_lost_there_is_nothing_to_put_back(cast):
    sealing.seal_all()
    with pytest.raises(CommandError, match="没有可补回的条目"):
        command("replay")


def test_a_new_log_quotes_the_old_ones_last_checkpoint(restored, cast, client):
    with pytest.raises(CommandError, match="--yes"):
        command("reopen")
    old = note.origin()
    assert command("reopen", "--yes").startswith(f"{old}/2\n")
    record = builders.published(cast)
    sealing.seal_all()
    opened = json.loads(bytes(Event.objects.filter(verb="log.opened").last().leaf))
    assert (opened["prev_origin"], opened["prev_size"]) == (old, restored.size)
    assert opened["prev_root"] == note.base64.b64encode(restored.root).decode()
    assert guard.published().origin == f"{old}/2" and log.read_log(log.home())[2] == log.database_leaves()
    (aside,) = (log.home() / "closed").iterdir()
    assert (aside / "checkpoint").read_text() == restored.note and (aside / "tile/entries").exists()
    assert client.get(f"/log/proof/{record.number}").status_code == 200
    assert old in client.get("/log/policy").content.decode(), "proofs of the old log stay verifiable"
    assert list(audit.run()) == []


def test_the_state_is_shown_and_a_fork_is_an_error(cast):
    sealing.seal_all()
    out = command("status")
    assert note.origin() in out and note.own_verifiers()[0].vkey in out
    backup = transaction.savepoint()
    log.acts(cast, 1)
    sealing.seal_all()
    transaction.savepoint_rollback(backup)
    with pytest.raises(CommandError, match="日志分叉"):
        command("status")
