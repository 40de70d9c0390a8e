"""Keys turn while everybody works on: sealed numbers by the thousand, the log's key by an entry, SM2 beside Ed25519."""

import io
import json
import os
import random
import subprocess
import sys

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from integrity.checks import node_settings
from integrity.codes import id_number_valid
from integrity.crypto import keys
from integrity.crypto.algorithms import CryptoError, SM2Signer, new_secret, seal, unseal, verify_sm2
from integrity.ledger import audit, guard, note, sealing, signing
from integrity.ledger.audit import rows
from integrity.models import Event, MomentSeat, PublicLog, Subject
from integrity.models.providing import provide_many
from integrity.models.resealing import reseal, usage
from tests import builders
from tests.integrity import ledger_builders as log

OPERATOR = MomentSeat("PLATFORM_OP")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def numbers(count):
    """Valid invented numbers."""
    found = []
    for i in range(count):
        stem = (
            f"371100{1950 + i // 4000:04d}0101{i % 1000:03d}"
            if i < 1000
            else f"3711{i // 1000:02d}19800101{i % 1000:03d}"
        )
        found.append(stem + "10X98765432"[sum(int(c) * w for c, w in zip(stem, WEIGHTS, strict=True)) % 11])
    assert all(map(id_number_valid, found[:50]))
    return found


def persons(cast, count):
    made = []
    for i, number in enumerate(numbers(count)):
        row = Subject(name=f"张{i}", form="PERSON")
        row.set_id_number(number)
        made.append(row)
    provide_many(made, by=cast.clerk)


def command(*args):
    out = io.StringIO()
    call_command("keys", *args, stdout=out, stderr=io.StringIO())
    return out.getvalue()


@pytest.mark.django_db
def test_thousands_of_numbers_turn_and_every_probe_is_found_half_way(cast, own_keys):
    persons(cast, 3000)
    probes = random.Random(1).sample(numbers(3000), 60)
    keys.make("field", "sm4gcm"), keys.make("index", "hsm3")
    steps = reseal(by=OPERATOR)
    assert next(steps) == 1000
    half = usage()
    assert set(half["field"]) == {"k001", "k002"} and half["index"]["k002"] == 1000
    for number in probes:
        assert Subject.objects.by_id_number(number).get().id_masked == f"{number[:6]}{'*' * 8}{number[-4:]}"
    with pytest.raises(ValidationError, match="已经登记"):
        Subject(name="重复", form="PERSON").set_id_number(probes[0])
    total = Subject.objects.exclude(id_sealed="").count()
    assert list(steps)[-1] == total
    assert usage() == {"field": {"k002": total}, "index": {"k002": total}}
    assert all(Subject.objects.by_id_number(n).exists() for n in probes)
    row = Subject.objects.by_id_number(probes[0]).get()
    assert row.id_sealed.startswith("sm4gcm.k002.") and row.version == 2
    assert Event.objects.of(row).last().verb == "subject.resealed"
    assert list(rows.check(lambda *a: None)) == []


@pytest.mark.django_db
def test_a_stopped_rotation_goes_on_and_old_keys_are_destroyed_only_when_unused(cast, own_keys):
    persons(cast, 1500)
    keys.make("field"), keys.make("index")
    next(reseal(by=OPERATOR))
    out = command("status")
    assert "field    k001  a256gcm  old" in out and "values" in out
    with pytest.raises(CommandError, match="still need"):
        command("destroy", "field", "k001")
    assert "numbers sealed anew" in command("reseal")
    assert "destroyed" in command("destroy", "field", "k001") and "destroyed" in command("destroy", "index", "k001")
    assert Subject.objects.by_id_number(numbers(1)[0]).get().id_masked
    with pytest.raises(CommandError, match="current"):
        command("destroy", "field", "k002")


@pytest.mark.django_db
def test_the_command_rotates_in_one_go(cast, own_keys):
    persons(cast, 30)
    out = command("rotate", "field", "--alg", "sm4gcm")
    assert out.startswith("field: k002")
    assert set(usage()["field"]) == {"k002"} and set(usage()["index"]) == {"k001"}
    with pytest.raises(CommandError, match="a256gcm, sm4gcm"):
        command("rotate", "field", "--alg", "rot13")


@pytest.mark.django_db
def test_a_lost_key_is_shown_as_missing(cast, own_keys):
    (own_keys / "field-k001.json").unlink()
    assert "k001  MISSING" in command("status")


def test_a_key_made_by_another_process_is_known_at_once(own_keys):
    before = keys.current("index").kid
    program = "import django; django.setup(); from integrity.crypto import keys; keys.make('index')"
    env = os.environ | {"KEYS_DIR": str(own_keys), "DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run([sys.executable, "-c", program], env=env, check=True, timeout=120)
    assert (before, keys.current("index").kid) == ("k001", "k002")


def test_new_keys_follow_the_settings(own_keys, settings):
    settings.KEY_ALGORITHMS = {"field": "sm4gcm", "index": "hsm3"}
    assert (keys.make("field").alg, keys.make("index").alg) == ("sm4gcm", "hsm3")


@pytest.mark.parametrize("alg", ["a256gcm", "sm4gcm"])
def test_a_cipher_opens_what_it_sealed_and_nothing_altered_or_moved(alg):
    key = new_secret(alg)
    blob = seal(alg, key, "号码".encode(), b"row 1")
    assert unseal(alg, key, blob, b"row 1").decode() == "号码"
    for other, aad in ((blob, b"row 2"), (blob[:-1] + bytes([blob[-1] ^ 1]), b"row 1")):
        with pytest.raises(CryptoError):
            unseal(alg, key, other, aad)


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("LOG_HASH", "md5", "registry.E007"),
        ("KEY_ALGORITHMS", {"field": "des", "index": "hs256"}, "registry.E007"),
        ("WITNESSES", [["https://w.example", "nonsense"]], "registry.E008"),
        ("WITNESSES", [["https://w.example"]], "registry.E008"),
        ("WITNESS_QUORUM", 2, "registry.E009"),
    ],
)
def test_wrong_settings_stop_the_start(settings, name, value, fault):
    setattr(settings, name, value)
    assert fault in {error.id for error in node_settings()}


# ---- the log's key ----


@pytest.mark.django_db
def test_the_old_key_signs_the_entry_that_announces_the_new_one_and_none_after(cast, own_keys, client):
    sealing.seal_all()
    old = note.own_verifiers()[0]
    log.acts(cast, 2)
    vkey = command("rotate", "log").strip()
    log.acts(cast, 2)
    sealing.seal_all()
    new = note.Verifier.parse(vkey)
    turn = Event.objects.get(verb="log.key_changed")
    told = json.loads(bytes(turn.leaf))
    assert (told["type"], told["vkey"]) == ("log.key", vkey)
    last = sealing.Checkpoint.objects.get(size=turn.seq + 1)
    assert note.signers(last.note, [old, new])[1] == [old]
    head = guard.published()
    assert head.size == turn.seq + 3 and note.signers(head.note, [old, new])[1] == [new]
    assert {old.vkey, vkey} <= set(client.get("/log/policy").content.decode().split())
    assert log.read_log(log.home())[2] == log.database_leaves() and list(audit.run()) == []


@pytest.mark.django_db
def test_proofs_from_before_a_rotation_still_verify(cast, own_keys, client, tmp_path):
    record = builders.published(cast)
    sealing.seal_all()
    (tmp_path / "old").write_bytes(client.get(f"/log/proof/{record.number}").content)
    command("rotate", "log")
    log.acts(cast, 1)
    sealing.seal_all()
    (tmp_path / "new").write_bytes(client.get(f"/log/proof/{record.number}").content)
    policy = log.policy_file(tmp_path)
    assert log.gi_verify("proof", tmp_path / "old", "--policy", policy)[0] == 0
    assert log.gi_verify("proof", tmp_path / "new", "--policy", policy)[0] == 0


# ---- SM2, the optional extra ----


@pytest.fixture
def gm():
    pytest.importorskip("gmalg", reason="SM2 tests need the extra: pip install 'integrity-registry[gm]'")


def test_sm2_verifies_what_it_signed(gm):
    key = SM2Signer(new_secret("sm2-sm3"))
    signature = key.sign("政务诚信".encode())
    assert verify_sm2(key.public, signature, "政务诚信".encode())
    assert not verify_sm2(key.public, signature, b"x")
    assert not verify_sm2(SM2Signer(new_secret("sm2-sm3")).public, signature, "政务诚信".encode())
    for bad in (b"", b"\x04" * 65, key.public[:-1]):
        assert not verify_sm2(bad, signature, b"x")


def test_sm2_agrees_with_the_vector_of_gb_t_32918(gm):
    """GB/T 32918.5-2017, appendix A: recommended curve, signature over "message digest" under the standard's ID."""
    public = bytes.fromhex(
        "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
        "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
    )
    signature = bytes.fromhex(
        "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
        "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
    )
    assert verify_sm2(public, signature, b"message digest")


@pytest.mark.django_db
def test_a_checkpoint_bears_a_second_line_that_disturbs_nobody(gm, cast, own_keys, client, tmp_path):
    sealing.seal_all()
    vkey = command("rotate", "logsm2").strip()
    record = builders.published(cast)
    sealing.seal_all()
    head, verifier = guard.published(), note.Verifier.parse(vkey)
    assert verifier.kind == note.SM2
    assert note.signers(head.note, [verifier])[1] == [verifier]
    with pytest.raises(note.NoteError, match="false"):
        note.signers(head.note.replace(f"\n{head.size}\n", f"\n{head.size + 1}\n"), [verifier])
    (tmp_path / "p").write_bytes(client.get(f"/log/proof/{record.number}").content)
    assert log.gi_verify("proof", tmp_path / "p", "--policy", log.policy_file(tmp_path))[0] == 0
    assert vkey in client.get("/log/policy").content.decode()
    assert PublicLog.objects.current().second_keys[0]["vkey"] == vkey and list(audit.run()) == []


def test_without_the_extra_the_refusal_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "gmalg", None)
    with pytest.raises(CryptoError, match=r"\[gm\]"):
        new_secret("sm2-sm3")
    assert signing.TURN
