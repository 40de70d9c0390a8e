"""SIGKILL in the midst of reading and entering, again and again: no half row, no double, nothing lost.

A seeded slice; REGISTRY_KILLS sets how many kills a soak takes.
"""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models import Count
from django.test import override_settings

from integrity.acts import WrongState
from integrity.intake.profile import profile
from integrity.intake.upload import receive, submit
from integrity.intake.work import wait
from integrity.models import Event, ImportBatch, Record, Subject
from tests import builders, nodes
from tests.integrity.intake.sheets import LIST_HEAD, list_answers, listed, xlsx

ROWS, PORTION = 240, 20
KILLS = int(os.environ.get("REGISTRY_KILLS", "4"))
WORKER = f"""
import django
django.setup()
from integrity.intake import entering, progress, reading, work
entering.CHUNK = reading.CHUNK = {PORTION}
def tell(batch, done, total):
    progress.say(batch, done, total)
    print(done, flush=True)
print("ready", flush=True)
from integrity.models import ImportBatch
for batch in ImportBatch.objects.filter(state__in=work.WAITING):
    work.work(batch, tell)
print("done", flush=True)
"""


@pytest.fixture
def node(django_db_setup, django_db_blocker, tmp_path):
    """A node of its own: workers need data that is committed."""
    with django_db_blocker.unblock():
        made = nodes.make(["city"], tmp_path)
        yield made[0]
        nodes.drop(made)


def worker(node):
    """A function that starts a worker process of the node."""
    override_settings(MEDIA_ROOT=node.folder / "files").enable()
    environment = node.env(DJANGO_SETTINGS_MODULE="config.settings", PYTHONPATH=str(Path(__file__).parents[3]))
    pipe = subprocess.PIPE
    return lambda: subprocess.Popen([sys.executable, "-c", WORKER], env=environment, stdout=pipe, text=True)


def kill_after(process, portions, delay):
    """Let the worker do some portions, then kill it within the next; True when it was still at work."""
    for line in process.stdout:
        if line.strip() == "done":
            return False
        portions -= line.strip() != "ready"
        if portions < 0:
            break
    try:
        process.wait(delay)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


def assert_whole(batch):
    """Every entered row has its one record with its one event, and there is nothing beside."""
    entered = list(batch.rows.filter(status="ENTERED").values_list("record_id", flat=True))
    records = set(Record.objects.filter(batch=batch).values_list("pk", flat=True))
    assert len(entered) == len(set(entered)) and set(entered) == records
    events = Event.objects.filter(target__in=records).values("target").annotate(n=Count("id"))
    assert [e["n"] for e in events] == [1] * len(records)
    names = Subject.objects.filter(state="PROVISIONAL")
    assert names.count() == names.values("code").distinct().count() == len(records)


def test_killed_while_entering(node):
    node.run(kill_while_entering, node)


def test_killed_while_reading(node):
    node.run(kill_while_reading, node)


def kill_while_entering(node):
    cast, start = builders.look_up(), worker(node)
    batch = submit(wait(upload(cast)), cast.clerk)
    chance, killed = random.Random(20261124), 0
    for _ in range(KILLS):
        killed += kill_after(start(), chance.randint(0, 2), chance.uniform(0, 0.05))
        batch.refresh_from_db()
        assert_whole(batch)
        if batch.state == "SUBMITTING":
            with pytest.raises((WrongState, ValidationError)):
                batch.confirm(by=cast.credit, publish=True)
    assert killed
    batch = wait(batch)
    assert (batch.state, batch.rows.filter(status="ENTERED").count()) == ("SUBMITTED", ROWS)
    assert_whole(batch)


def kill_while_reading(node):
    cast, start = builders.look_up(), worker(node)
    batch, chance = upload(cast), random.Random(7)
    for _ in range(KILLS):
        kill_after(start(), chance.randint(0, 5), chance.uniform(0, 0.05))
        assert not Record.objects.filter(batch=batch).exists()
    batch = wait(batch)
    assert (batch.state, batch.total, batch.good, batch.rows.count()) == ("REPORTED", ROWS, ROWS, ROWS)


def upload(cast) -> ImportBatch:
    file = ContentFile(xlsx([LIST_HEAD, *listed(ROWS)]).read(), "名单.xlsx")
    return receive(profile("list"), file, list_answers(), cast.clerk)
