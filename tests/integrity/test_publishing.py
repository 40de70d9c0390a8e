"""The public folder: C2SP tiles of the database's log, whole at every moment, served with exact headers."""

import os

import pytest
from django.db import transaction

from integrity.ledger import guard, merkle, note, publishing, sealing, tiles
from integrity.models import Checkpoint, Event, LedgerHead
from tests.integrity import ledger_builders as log

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("number", "path"), [(0, "000"), (67, "067"), (999, "999"), (1000, "x001/000"), (1234067, "x001/x234/067")]
)
def test_tile_numbers_are_written_as_the_standard_says(number, path):
    assert tiles.number_path(number) == path


def test_a_tree_of_70000_has_the_tiles_of_the_standards_example():
    due = list(tiles.due(0, 70_000))
    assert len([t for t in due if t[0] == 0 and t[2] == 256]) == 273
    assert [t for t in due if t[2] < 256] == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
    assert [t for t in due if t[0] == 1 and t[2] == 256] == [(1, 0, 256)]
    assert list(tiles.due(0, 256)) == [(0, 0, 256), (1, 0, 1)]


@pytest.mark.parametrize("sizes", [[1, 300, 301], [256, 512, 513], [255, 256, 70_000], [5, 5]])
def test_tiles_written_step_by_step_are_those_of_the_whole(sizes):
    steps, seen = zip([0, *sizes], sizes), set()
    for old, size in steps:
        seen |= set(tiles.due(old, size))
    assert set(tiles.due(0, sizes[-1])) <= seen


def test_entry_bundles_read_back_and_refuse_a_cut():
    entries = [b"", b"a" * 300, "条目".encode()]
    assert tiles.unbundle(tiles.bundle(entries)) == entries
    with pytest.raises(ValueError, match="cut off"):
        tiles.unbundle(tiles.bundle(entries)[:-1])


def test_what_is_published_is_the_databases_log(cast):
    log.acts(cast, 5)
    sealing.seal_all()
    log.pad(700)
    sealing.seal_all()
    size, _, entries = log.read_log(log.home())
    assert size == LedgerHead.objects.get().size > 700 and entries == log.database_leaves()


def test_partial_tiles_go_when_their_full_tile_has_come(cast):
    sealing.seal_all()
    last, width = divmod(LedgerHead.objects.get().size, 256)
    assert (log.home() / f"tile/entries/{last:03d}.p/{width}").exists()
    log.pad(256)
    sealing.seal_all()
    assert (log.home() / f"tile/entries/{last:03d}").exists()
    assert (
        not (log.home() / f"tile/entries/{last:03d}.p").exists() and not (log.home() / f"tile/0/{last:03d}.p").exists()
    )


def test_publishing_again_changes_nothing_and_heals_a_lost_tile(cast):
    log.pad(300)
    sealing.seal_all()
    before = {p: p.read_bytes() for p in log.home().rglob("*") if p.is_file()}
    (log.home() / "tile/entries/000").unlink()
    publishing.publish(everything=True)
    assert {p: p.read_bytes() for p in log.home().rglob("*") if p.is_file()} == before


class Crash(BaseException):
    """The process dies here."""


@pytest.mark.parametrize("at", range(1, 14))
def test_a_crash_at_any_file_leaves_a_readable_log_and_is_made_good(cast, monkeypatch, at):
    sealing.seal_all()
    before = log.read_log(log.home())
    log.pad(600)
    count, replace = 0, os.replace

    def dying(*args):
        nonlocal count
        count += 1
        if count == at:
            raise Crash
        replace(*args)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", dying)
        try:
            sealing.seal_all()
        except Crash:
            assert log.read_log(log.home()) == before, "readers still see the whole old log"
    sealing.seal_all()
    assert log.read_log(log.home())[0] == before[0] + 600


def test_a_crash_before_commit_leaves_nothing(cast, monkeypatch):
    sealing.seal_all()
    before = (LedgerHead.objects.get().size, Checkpoint.objects.count())
    log.acts(cast, 2)
    with monkeypatch.context() as patch:
        patch.setattr(note, "sign", lambda *a: (_ for _ in ()).throw(Crash()))
        with pytest.raises(Crash):
            sealing.seal()
    assert (LedgerHead.objects.get().size, Checkpoint.objects.count()) == before
    assert Event.objects.pending().count() == 2
    assert sealing.seal_all() == 2


# ---- the guard ----


@pytest.fixture
def restored(cast):
    """A node whose log of twenty more entries is published, but whose database is that of before."""
    sealing.seal_all()
    backup = transaction.savepoint()
    log.pad(20)
    sealing.seal_all()
    transaction.savepoint_rollback(backup)
    log.acts(cast, 1)


def test_a_restored_old_backup_is_never_signed(restored):
    before = Checkpoint.objects.count()
    with pytest.raises(guard.LogForked, match="旧备份"):
        sealing.seal_all()
    assert Checkpoint.objects.count() == before and Event.objects.pending().count() == 1


def test_a_restored_old_backup_is_not_published_either(restored):
    with pytest.raises(guard.LogForked, match="只签署到"):
        publishing.publish()


def test_a_rewritten_history_is_never_signed(restored, cast, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(guard, "check_published", lambda size: None)
        log.pad(30)
        sealing.seal()
    log.acts(cast, 1)
    with pytest.raises(guard.LogForked, match="改写"):
        sealing.seal_all()


def test_a_foreign_checkpoint_in_the_public_folder_stops_the_sealer(cast):
    sealing.seal_all()
    (log.home() / "checkpoint").write_text("other\n1\nAAAA\n\n\u2014 other AAAA\n")
    log.acts(cast, 1)
    with pytest.raises(guard.LogForked, match="不是本节点签署"):
        sealing.seal_all()


# ---- the doors ----


def test_the_files_are_served_with_exact_headers(cast, client):
    log.pad(300)
    sealing.seal_all()
    size = LedgerHead.objects.get().size
    head = client.get("/log/checkpoint")
    assert head["Content-Type"] == "text/plain; charset=utf-8" and head["Cache-Control"] == "no-cache"
    assert b"".join(head) == (log.home() / "checkpoint").read_bytes()
    for address in ("0/000", "entries/000", f"entries/{size // 256:03d}.p/{size % 256}", f"1/000.p/{size // 256}"):
        tile = client.get(f"/log/tile/{address}")
        assert tile.status_code == 200, address
        assert tile["Content-Type"] == "application/octet-stream"
        assert tile["Cache-Control"] == "public, max-age=31536000, immutable" and "Vary" not in tile
        assert b"".join(tile) == (log.home() / "tile" / address).read_bytes()


@pytest.mark.parametrize(
    "address",
    ["0/0", "0/1000", "0/000.p/0", "0/000.p/256", "00/000", "64/000", "0/x1/000", "../checkpoint", "0/..%2f..%2fcheckpoint",
     "entries/999", "0/000.p/1/../../000", "0/.new"],
)  # fmt: skip
def test_other_addresses_answer_404(cast, client, address):
    sealing.seal_all()
    assert client.get(f"/log/tile/{address}").status_code == 404


def test_policy_and_verifiers_are_files_and_pages_alike(cast, client):
    sealing.seal_all()
    for url, name in (("/log/policy", "policy"), ("/verify.html", "verify.html"), ("/gi_verify.py", "gi_verify.py")):
        answer = client.get(url)
        assert answer.status_code == 200 and answer.content == (log.home() / name).read_bytes()
    assert note.own_verifiers()[0].vkey in client.get("/log/policy").content.decode()


def test_the_log_page_shows_head_and_removals(cast, client, django_assert_max_num_queries):
    assert "日志还没有条目" in client.get("/log/").content.decode()
    sealing.seal_all()
    with django_assert_max_num_queries(6):
        page = client.get("/log/").content.decode()
    assert str(LedgerHead.objects.get().size) in page and note.own_verifiers()[0].key_id.hex() in page


def test_growth_between_two_published_sizes_is_proved(cast, client):
    sealing.seal_all()
    first = guard.published()
    log.pad(77)
    sealing.seal_all()
    second = guard.published()
    lines = client.get(f"/log/consistency/{first.size}/{second.size}").content.decode().split()
    path = [note.base64.b64decode(line) for line in lines]
    assert merkle.verify_consistency(first.size, second.size, first.root, second.root, path)
    assert client.get(f"/log/consistency/{second.size + 1}/{second.size + 2}").status_code == 404


def test_a_fork_stops_the_task_and_tells_the_operators(restored):
    from integrity import tasks
    from integrity.models import Message

    assert tasks.seal() == 0 and Event.objects.pending().exists()
    message = Message.objects.filter(user__username="operator", channel="INBOX").get()
    assert "日志分叉" in message.title and "ledger replay" in message.text
