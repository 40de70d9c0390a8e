"""What must be noticed: a restored backup, a rewritten history, a stolen place; and a key that changes as planned."""

from __future__ import annotations

import shutil

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from integrity.exchange import outgoing
from integrity.models import Fork, Mirror, Peer, Record, Uplink
from tests import builders, nodes


def publish(doc_no="日政字〔2026〕18号"):
    return builders.published(builders.look_up(), doc_no=doc_no).pk


def link():
    up = Uplink.current()
    return up.state, up.code, up.error, up.acked


def copy(source, target):
    nodes._cluster(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
    nodes._cluster(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


@pytest.fixture
def backup(two):
    """A backup of the city's database taken after the first record; dropped afterwards."""
    city, province = two
    city.run(publish)
    nodes.push(city, province)
    name = f"{city.database}_backup"
    copy(city.database, name)
    yield name
    nodes._cluster(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def test_a_restored_backup_that_went_on_is_another_history(two, backup):
    city, province = two
    city.run(publish, "日政字〔2026〕19号")
    nodes.push(city, province)
    copy(backup, city.database)
    shutil.rmtree(city.folder / "log")  # our own guard, the published file, is gone as well
    city.run(publish, "日政字〔2026〕20号")
    held = province.run(lambda: Mirror.objects.get().size)
    nodes.push(city, province)
    state, code, error, _ = city.run(link)
    assert (state, code) == ("STOPPED", "diverged"), error
    assert province.run(lambda: Mirror.objects.get().size) == held, "nothing of the second history was taken"


def test_a_restored_backup_that_is_shorter_is_peer_ahead(two, backup):
    city, province = two
    for number in range(3):
        city.run(publish, f"日政字〔2026〕{30 + number}号")
    nodes.push(city, province)
    copy(backup, city.database)
    shutil.rmtree(city.folder / "log")
    city.run(publish, "日政字〔2026〕40号")
    nodes.push(city, province)
    state, code, error, _ = city.run(link)
    assert (state, code) == ("STOPPED", "peer-ahead") and "对方多于本地" in error


def test_an_upper_node_restored_from_a_backup_gets_everything_again(two):
    city, province = two
    city.run(publish)
    nodes.push(city, province)
    saved = f"{province.database}_backup"
    copy(province.database, saved)
    second = city.run(publish, "日政字〔2026〕19号")
    nodes.push(city, province)
    copy(saved, province.database)
    nodes._cluster(f'DROP DATABASE "{saved}"')
    third = city.run(publish, "日政字〔2026〕20号")
    nodes.push(city, province)
    here = set(province.run(lambda: list(Record.objects.values_list("pk", flat=True))))
    assert {second, third} <= here and len(here) == 3
    state, _, error, acked = city.run(link)
    assert state == "RUNNING" and acked == city.run(outgoing.sealed_size), error


def rewrite(seq):
    """An insider with the database's owner and the log's key changes an old entry and signs a new history."""
    from integrity.ledger import merkle, signing
    from integrity.models import Event, PublicLog

    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, leaf FROM integrity_event WHERE seq IS NOT NULL ORDER BY seq")
        leaves = {n: bytes(leaf) for n, leaf in cursor.fetchall()}
        cursor.execute("SELECT size FROM integrity_checkpoint ORDER BY size")
        sizes = [n for (n,) in cursor.fetchall()]
    leaves[seq] = leaves[seq].replace(b'"v":1', b'"v":2')
    hashes = [merkle.leaf_hash(leaves[n]) for n in sorted(leaves)]
    made = {(level, index): value for level, index, value in merkle.grow(0, hashes, lambda *at: b"")}
    log, notes = PublicLog.objects.current(), []
    for size in sizes:
        root = merkle.root(size, lambda *at: made[at])
        notes.append((root, signing.sign(log, size, root, before=0), size))
    assert Event.objects.filter(seq=seq).exists()
    return leaves[seq], [(value, *place) for place, value in made.items()], notes


def as_owner(node, work):
    at = connection.settings_dict
    owner = psycopg2.connect(
        dbname=node.database, user=settings.DATABASE_APP_ROLE.replace("_app", "_owner"), host=at["HOST"], port=at["PORT"] or None
    )  # fmt: skip
    with owner, owner.cursor() as cursor:
        work(cursor)
    owner.close()


def test_a_rewritten_history_is_a_fork_with_proof_on_one_side_and_a_stop_on_the_other(two):
    city, province = two
    city.run(publish)
    nodes.push(city, province)
    leaf, made, notes = city.run(rewrite, 3)

    def write(cursor):
        for table in ("event", "ledgernode", "checkpoint"):
            cursor.execute(f"ALTER TABLE integrity_{table} DISABLE TRIGGER USER")
        cursor.execute("UPDATE integrity_event SET leaf = %s WHERE seq = 3", [leaf])
        cursor.executemany("UPDATE integrity_ledgernode SET hash = %s WHERE level = %s AND index = %s", made)
        cursor.executemany("UPDATE integrity_checkpoint SET root = %s, note = %s WHERE size = %s", notes)

    as_owner(city, write)
    shutil.rmtree(city.folder / "log")
    city.run(publish, "日政字〔2026〕19号")
    nodes.push(city, province)
    state, code, error, _ = city.run(link)
    assert (state, code) == ("STOPPED", "diverged") and "历史" in error
    fork = province.run(lambda: Fork.objects.values("first", "second", "size").get())
    assert (
        fork["first"] != fork["second"]
        and f"\n{fork['size']}\n" in fork["first"]
        and f"\n{fork['size']}\n" in fork["second"]
    )
    assert province.run(Record.objects.count) == 1


def test_a_planned_change_of_the_logs_key_is_followed(two):
    city, province = two
    city.run(publish)
    nodes.push(city, province)

    def rotate():
        from integrity.ledger import signing
        from integrity.models import CLOCK

        return signing.rotate(by=CLOCK)

    vkey = city.run(rotate)
    second = city.run(publish, "日政字〔2026〕19号")
    nodes.push(city, province)
    state, _, error, acked = city.run(link)
    assert state == "RUNNING" and acked == city.run(outgoing.sealed_size), error
    assert vkey in province.run(lambda: [k["vkey"] for k in Peer.objects.get().keys])
    assert province.run(lambda: Record.objects.filter(pk=second).exists())


def test_a_long_backlog_goes_in_many_batches_after_an_outage(two):
    city, province = two

    class Down:
        def post(self, body):
            from integrity.exchange.transport import Unreachable

            raise Unreachable("down")

    city.run(publish)
    nodes.push(city, province, wire=Down())

    def pile():
        cast = builders.look_up()
        for i in range(30):
            builders.published(
                cast, "DP02", who="market", reviewer="market_reviewer", doc_no=f"日市监处罚〔2026〕{i + 300}号"
            )
        outgoing.wire.MAX_ENTRIES = 25

    city.run(pile)

    def step():
        from integrity.exchange.sender import send
        from integrity.ledger.sealing import seal_all

        outgoing.wire.MAX_ENTRIES = 25
        seal_all()
        return send(nodes.Wire(city, province), now=True)

    assert city.run(step) == city.run(outgoing.sealed_size)
    assert province.run(Record.objects.count) == 31
