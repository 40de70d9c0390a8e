"""Real processes with real commits on a node of their own: writers, sealers and readers that die at any moment."""

from __future__ import annotations

import os
import random
import signal
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction

from integrity.ledger import sealing
from integrity.models import Event, MomentSeat, Setting, User
from tests import nodes


class Undone(Exception):
    """The business transaction is rolled back."""


def spawn(node: nodes.Node, step: Callable[..., None], *args: Any) -> int:
    """A process of the node that does the step; its id."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            node.become()
            step(*args)
            code = 0
        except BaseException:
            (node.folder / f"fault-{os.getpid()}").write_text(traceback.format_exc())
        os._exit(code)
    return child


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def ended(pid: int) -> bool:
    """Whether a process has ended by itself; AssertionError when it failed."""
    found, status = os.waitpid(pid, os.WNOHANG)
    assert not found or status == 0, f"process {pid} failed: {status}"
    return bool(found)


def wait_for(pids: list[int], seconds: float = 300) -> None:
    until = time.monotonic() + seconds
    while pids and time.monotonic() < until:
        pids = [p for p in pids if not ended(p)]
        time.sleep(0.02)
    assert not pids, "processes did not end"


def write(seed: int, count: int, diary: Path) -> None:
    """Acts in one to three per transaction, a tenth rolled back; what was committed is noted, each after its commit."""
    rng = random.Random(seed)
    by = MomentSeat("CREDIT_CITY", user=User.objects.get(username="credit"))
    with open(diary, "a", buffering=1) as noted:
        for _ in range(count):
            made = []
            try:
                with transaction.atomic():
                    for _ in range(rng.randint(1, 3)):
                        row = Setting(key="D14", value="5", ground=f"{seed}", valid_from="2030-01-01")
                        made.append(row.propose(by=by).pk)
                        if rng.random() < 0.3:
                            time.sleep(rng.random() * 0.004)
                    if rng.random() < 0.1:
                        raise Undone
            except Undone:
                continue
            noted.write("".join(f"{pk}\n" for pk in made))


def seal_on(stop: Path) -> None:
    """A sealer at work until it is told to stop."""
    while not stop.exists():
        sealing.seal_all()
        time.sleep(0.005)


def whole_log() -> dict[str, Any]:
    """What the database says after the storm: sequence, acts without an event, events sealed."""
    sealing.seal_all()
    seqs = list(Event.objects.order_by("seq").values_list("seq", flat=True))
    made = set(map(str, Setting.objects.values_list("pk", flat=True)))
    told = list(map(str, Event.objects.filter(verb="setting.proposed").values_list("target", flat=True)))
    return {"seqs": seqs, "rows": made, "told": told}
