"""Numbering under fire: rival writers and sealers, rollbacks, SIGKILL at any moment, and a reader that follows the tail."""

import random
import time

import pytest

from integrity.ledger import audit, merkle, sealing
from integrity.ledger.feed import feed, state_root
from integrity.models import PUBLIC
from tests.integrity import ledger_builders as log
from tests.integrity import processes


@pytest.fixture
def node(django_db_setup, django_db_blocker, tmp_path):
    with django_db_blocker.unblock():
        made = log.own_node(tmp_path)
        yield made
        log.nodes.drop([made])


def storm(node, seed, writers, count, kills, sealers=2):
    """Writers and sealers at once; some die and are followed by others. Returns what writers noted as committed."""
    rng = random.Random(seed)
    stop, diary = node.folder / "stop", node.folder / "diary"

    def writer(i):
        return processes.spawn(node, processes.write, seed * 1000 + i, count, diary)

    def sealer():
        return processes.spawn(node, processes.seal_on, stop)

    busy, seals = [writer(i) for i in range(writers)], [sealer() for _ in range(sealers)]
    for n in range(kills):
        time.sleep(rng.random() * 0.25)
        if n % 2 and busy:
            victim = busy.pop(rng.randrange(len(busy)))
            if not processes.ended(victim):
                processes.kill(victim)
                busy.append(writer(writers + n))
        else:
            processes.kill(seals.pop(rng.randrange(len(seals))))
            seals.append(sealer())
    processes.wait_for(busy)
    stop.touch()
    processes.wait_for(seals)
    return diary.read_text().split() if diary.exists() else []


def check(node, noted):
    """Nothing lost, nothing doubled, nothing out of place, and what is published is all of it."""
    found = node.run(processes.whole_log)
    assert found["seqs"] == list(range(len(found["seqs"])))
    assert sorted(found["told"]) == sorted(found["rows"]), "one event for each act, none without"
    assert set(noted) <= found["rows"] and len(noted) == len(set(noted))
    size, _, entries = node.run(lambda: log.read_log(log.home()))
    assert size == len(found["seqs"]) and entries == node.run(log.database_leaves)
    assert node.run(lambda: [str(f) for f in audit.run()]) == []


def test_eight_writers_with_rollbacks_and_kills(node):
    check(node, storm(node, seed=1, writers=8, count=30, kills=10))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 8))
def test_eight_writers_for_long(node, seed):
    check(node, storm(node, seed, writers=8, count=400, kills=60, sealers=3))


# ---- a reader at the tail ----


def follow(stop, until, out):
    """Read on from the last number, as a mirror does, until everything is read after the writers have stopped."""
    last, leaves, seen = -1, [], 0
    while True:
        done = stop.exists()
        sealing_over = until.exists()
        page = feed(PUBLIC, last, 200, with_leaves=True)
        leaves += page.leaves
        seen, last = seen + len(page.leaves), page.next
        if done and sealing_over and last == page.size - 1 and not page.leaves:
            break
    hashes = [merkle.leaf_hash(log.note.base64.b64decode(leaf)) for leaf in leaves]
    store = {(lv, i): h for lv, i, h in merkle.grow(0, hashes, lambda *at: b"")}
    root = merkle.root(len(hashes), lambda *at: store[at]).hex()
    out.write_text(f"{len(leaves)} {len(set(leaves))} {root}")


def tail(node, writers, count):
    stop, until, out, diary = (node.folder / n for n in ("stop", "until", "out", "diary"))
    busy = [processes.spawn(node, processes.write, i, count, diary) for i in range(writers)]
    sealer, reader = processes.spawn(node, processes.seal_on, stop), processes.spawn(node, follow, stop, until, out)
    processes.wait_for(busy)
    stop.touch()
    processes.wait_for([sealer])
    node.run(sealing.seal_all)
    until.touch()
    processes.wait_for([reader])
    count, different, root = out.read_text().split()
    size = len(node.run(log.database_leaves))
    assert int(count) == int(different) == size, "0 missing, 0 double"
    assert node.run(lambda: state_root(size)["root"]) == root, "equal state roots"


def test_twenty_writers_and_a_reader_at_the_tail(node):
    tail(node, writers=20, count=6)


@pytest.mark.soak
def test_twenty_writers_and_a_reader_for_long(node):
    tail(node, writers=20, count=150)
