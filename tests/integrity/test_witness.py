"""Witnesses over real HTTP: they sign what grew, refuse what did not, and stop a node whose database went back."""

import base64
import subprocess
import sys
import threading
import urllib.request

import pytest
from django.db import transaction

from integrity.crypto import keys
from integrity.crypto.algorithms import Ed25519Signer
from integrity.ledger import guard, merkle, note, proofs, publishing, sealing
from integrity.ledger.witness import Witness, serve
from integrity.models import Checkpoint, Cosignature, Event
from tests import builders
from tests.integrity import ledger_builders as log

LOG = Ed25519Signer(b"l" * 32)
ORIGIN = "city.example/log"
VERIFIER = note.Verifier(ORIGIN, LOG.public)


@pytest.fixture
def witness(tmp_path):
    found = Witness(tmp_path / "w.sqlite3", "audit.example/witness", b"w" * 32)
    found.trust(VERIFIER.vkey)
    return found


class Tree:
    """A log in memory."""

    def __init__(self, word="entry"):
        self.leaves = [merkle.leaf_hash(f"{word} {i}".encode()) for i in range(40)]
        self.store = {(lv, i): h for lv, i, h in merkle.grow(0, self.leaves, lambda *at: b"")}

    def node(self, *at):
        return self.store[at]

    def note(self, size, key=LOG, origin=ORIGIN):
        text = note.checkpoint_text(origin, size, merkle.root(size, self.node))
        return note.sign(text, note.Verifier(origin, key.public), key)

    def body(self, old, size, **more):
        proof = merkle.consistency(min(old, size), size, self.node)
        lines = [f"old {old}", *(base64.b64encode(h).decode() for h in proof), "", self.note(size, **more)]
        return "\n".join(lines).encode()


TREE, OTHER = Tree(), Tree("another")


def test_what_grew_is_cosigned_with_its_time(witness):
    assert witness.add_checkpoint(TREE.body(0, 7)).status == 200
    reply = witness.add_checkpoint(TREE.body(7, 20))
    text, signed = note.signers(TREE.note(20) + reply.text, [VERIFIER, witness.verifier])
    assert signed == [VERIFIER, witness.verifier]
    assert note.parse_checkpoint(text)[1] == 20 == witness.heads()[0][1]


def test_the_same_size_again_is_signed_again(witness):
    witness.add_checkpoint(TREE.body(0, 7))
    assert witness.add_checkpoint(TREE.body(7, 7)).status == 200


@pytest.mark.parametrize("old", [0, 6, 8])
def test_another_old_size_is_answered_by_the_held_one(witness, old):
    witness.add_checkpoint(TREE.body(0, 7))
    reply = witness.add_checkpoint(TREE.body(old, 20))
    assert (reply.status, reply.text, reply.kind) == (409, "7\n", "text/x.tlog.size")


def test_a_rewritten_log_is_refused_and_both_heads_are_kept(witness):
    witness.add_checkpoint(TREE.body(0, 7))
    assert witness.add_checkpoint(OTHER.body(7, 20)).status == 422
    assert witness.add_checkpoint(OTHER.body(7, 7)).status == 409
    (_, origin, held, offered), _ = witness.conflicts()
    assert (origin, held, offered) == (ORIGIN, TREE.note(7), OTHER.note(20))
    assert witness.heads()[0][1] == 7


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (TREE.body(0, 7, origin="stranger.example/log"), 404),
        (TREE.body(0, 7, key=Ed25519Signer(b"x" * 32)), 403),
        (TREE.body(0, 7).replace(b"old 0", b"old 00"), 400),
        (TREE.body(0, 7).replace(b"old 0", b"old 9"), 400),
        (TREE.body(0, 7).replace(b"old 0\n", b"old 0\nAAAA\n"), 400),
        (b"old 0\n" + (base64.b64encode(bytes(32)) + b"\n") * 64 + b"\n" + TREE.note(7).encode(), 400),
        (b"", 400),
        (b"\xff\xfe", 400),
    ],
)
def test_what_is_not_from_a_known_log_is_refused(witness, body, status):
    assert witness.add_checkpoint(body).status == status
    assert witness.heads() == []


def test_a_head_is_kept_over_a_restart_and_before_the_answer(witness, monkeypatch, tmp_path):
    monkeypatch.setattr(note, "cosign", lambda *a: (_ for _ in ()).throw(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        witness.add_checkpoint(TREE.body(0, 7))
    again = Witness(tmp_path / "w.sqlite3", "audit.example/witness", b"w" * 32)
    assert [size for _, size, _ in again.heads()] == [7]


def test_rival_requests_never_take_a_head_back(witness):
    replies = []
    bodies = [TREE.body(0, size) for size in range(1, 30)]
    threads = [threading.Thread(target=lambda b=b: replies.append(witness.add_checkpoint(b).status)) for b in bodies]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert replies.count(200) == 1 and replies.count(409) == 28


# ---- the node and its witnesses, over HTTP ----


@pytest.fixture
def asked(tmp_path, settings, cast):
    """A node whose checkpoints a witness in another thread cosigns."""
    found = Witness(tmp_path / "node.sqlite3", "audit.example/witness", b"w" * 32)
    server = serve(found, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.WITNESSES = [[f"http://127.0.0.1:{server.server_port}", found.verifier.vkey]]
    settings.WITNESS_QUORUM = 1
    found.trust(note.signer()[0].vkey)
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


def published_signers(found):
    _, signed = note.signers(guard.published().note, [found.verifier])
    return signed


@pytest.mark.django_db
def test_the_published_checkpoint_bears_the_cosignature(asked, client, tmp_path):
    record = builders.published(builders.look_up())
    sealing.seal_all()
    assert published_signers(asked) == [asked.verifier]
    (tmp_path / "p").write_bytes(client.get(f"/log/proof/{record.number}").content)
    code, out = log.gi_verify("proof", tmp_path / "p", "--policy", log.policy_file(tmp_path))
    assert code == 0 and "witness-1" in out
    assert "已见证" in client.get("/log/").content.decode()
    assert asked.verifier.vkey in client.get("/log/policy").content.decode()


@pytest.mark.django_db
def test_a_silent_witness_stops_nothing_but_proofs_wait_for_it(asked, cast, settings):
    url, vkey = settings.WITNESSES[0]
    settings.WITNESSES = [["http://127.0.0.1:9", vkey]]
    record = builders.published(cast)
    sealing.seal_all()
    assert guard.published().size == Checkpoint.objects.last().size and published_signers(asked) == []
    assert proofs.standing(record).state == proofs.PENDING
    settings.WITNESSES = [[url, vkey]]
    assert sealing.seal_all() == 0
    assert published_signers(asked) == [asked.verifier] and proofs.standing(record).state == proofs.SEALED


@pytest.mark.django_db
def test_a_witness_that_knows_less_is_caught_up(asked, cast, settings):
    sealing.seal_all()
    given, settings.WITNESSES = settings.WITNESSES, []
    for _ in range(3):
        log.acts(cast, 3)
        sealing.seal_all()
    settings.WITNESSES = given
    log.acts(cast, 1)
    sealing.seal_all()
    assert asked.heads()[0][1] == Checkpoint.objects.last().size


@pytest.mark.django_db
@pytest.mark.parametrize("guarded", [True, False])
def test_a_restored_backup_is_detected_by_the_witness_alone(asked, cast, monkeypatch, guarded):
    """The public folder is lost too; with the guard removed the witness still refuses, and keeps both signed heads."""
    sealing.seal_all()
    backup = transaction.savepoint()
    log.pad(5)
    sealing.seal_all()
    transaction.savepoint_rollback(backup)
    (log.home() / "checkpoint").unlink()
    log.acts(cast, 9)
    if not guarded:
        monkeypatch.setattr(sealing.cosigning, "check", lambda: None)
    before = Checkpoint.objects.count()
    with pytest.raises(guard.LogForked, match="见证单位"):
        sealing.seal_all()
    assert not (log.home() / "checkpoint").exists()
    if guarded:
        assert Checkpoint.objects.count() == before
    else:
        assert len(asked.conflicts()) == 1


@pytest.mark.django_db
def test_a_wiped_database_is_not_signed_from_the_beginning(asked, cast):
    wiped = transaction.savepoint()
    sealing.seal_all()
    transaction.savepoint_rollback(wiped)
    (log.home() / "checkpoint").unlink()
    with pytest.raises(guard.LogForked, match="见证"):
        sealing.seal_all()
    assert not Checkpoint.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("status", [403, 404])
def test_a_witness_that_does_not_know_us_gives_no_signature(asked, cast, own_keys, settings, status):
    if status == 404:
        settings.NODE_NAME = "another-city"
    else:
        keys.make("log")
    sealing.seal_all()
    assert published_signers(asked) == []


@pytest.mark.django_db
def test_a_false_cosignature_is_not_published(asked, cast, monkeypatch):
    real = note.cosign
    monkeypatch.setattr(note, "cosign", lambda text, v, key, at: real(text, v, Ed25519Signer(b"x" * 32), at))
    sealing.seal_all()
    assert published_signers(asked) == [] and not Cosignature.objects.exists()


@pytest.mark.django_db
def test_two_processes_over_http_the_command_as_a_person_starts_it(cast, settings, tmp_path):
    def command(*args):
        return [sys.executable, "manage.py", "witness", *args, "--folder", str(tmp_path / "office")]

    def run(*args):
        return subprocess.run(command(*args), capture_output=True, text=True, timeout=120)

    vkey = run("init", "--name", "audit.example/witness").stdout.strip()
    assert run("init", "--name", "x").returncode == 1, "a key is never overwritten"
    assert run("trust", note.signer()[0].vkey).stdout.strip() == note.origin()
    with subprocess.Popen(command("serve", "--listen", "127.0.0.1:0"), stdout=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().strip()
        settings.WITNESSES, settings.WITNESS_QUORUM = [[url, vkey]], 1
        log.acts(cast, 2)
        sealing.seal_all()
        assert Event.objects.pending().count() == 0
        text, signed = note.signers(guard.published().note, [note.Verifier.parse(vkey)])
        assert len(signed) == 1
        with urllib.request.urlopen(url) as answer:
            assert text in answer.read().decode()
        process.terminate()
    shown = run("show")
    assert shown.returncode == 0 and f"{note.origin()} {Checkpoint.objects.last().size}" in shown.stdout
    publishing.publish()
