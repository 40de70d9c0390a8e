"""The exchange between two nodes on one machine: sealed, sent, verified, applied, receipted (trust.md 3)"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import node

LEAST, MOST = 1000, 8000  # companies of the list have four digits


def measure(rows: int) -> list[node.Line]:
    node.start()
    from django.db import connection
    from django.test.utils import setup_test_environment

    from tests import builders, nodes

    setup_test_environment()  # the test client's host is allowed
    builders.found_city()
    connection.close()
    city, province = nodes.make(["city", "province"], Path(tempfile.mkdtemp(prefix="registry-bench-")))
    count = max(min(rows, MOST), LEAST)
    short, long = _sent(city, province, count // 10, 0), _sent(city, province, count, 1)
    nodes.drop([city, province])
    return [
        (f"{count:,} records sent up", f"{long:,.0f} events/s", "goal 10,000"),
        ("a tenth of them", f"{short:,.0f} events/s", f"{long / short:.2f} of it with ten times the backlog (goal 1, flat)"),
    ]  # fmt: skip


def _sent(city: Any, province: Any, count: int, seed: int) -> float:
    """Events a second, from the first sealed one to the last receipt."""
    from tests import nodes

    city.run(_published, count, seed)
    before = city.run(_position)[0]
    started = time.perf_counter()
    nodes.push(city, province)
    taken = time.perf_counter() - started
    acked, size, state = city.run(_position)
    assert acked == size and state == "RUNNING", (acked, size, state)
    return (acked - before) / taken


def _position() -> tuple[int, int, str]:
    from integrity.exchange import outgoing
    from integrity.models import Uplink

    up = Uplink.current()
    return (up.acked, outgoing.sealed_size(), up.state) if up else (0, 0, "")


def _published(count: int, seed: int) -> None:
    """A list of companies entered by a clerk, reviewed, confirmed and sealed as one batch."""
    from django.core.files.base import ContentFile

    from integrity.intake.profile import profile
    from integrity.intake.upload import receive, submit
    from integrity.intake.work import wait
    from integrity.ledger.sealing import seal_all
    from tests import builders
    from tests.integrity.intake.sheets import LIST_HEAD, list_answers, listed, xlsx

    cast = builders.look_up()
    file = ContentFile(xlsx([LIST_HEAD, *listed(count, start=seed * 1000)]).read(), "名单.xlsx")
    answers = list_answers(doc_no=f"日信公告〔2026〕{seed + 1}号")
    batch = wait(submit(wait(receive(profile("list"), file, answers, cast.clerk)), cast.clerk))
    assert batch.state == "SUBMITTED", (batch.state, batch.failure, os.getpid())
    batch.rows.filter(serial__in=batch.sample).update(opened_by=cast.credit.user)
    batch.confirm(by=cast.credit, publish=True)
    seal_all()
