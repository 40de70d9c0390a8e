"""The program as `make run` starts it: a parent with web, worker, beat and a PostgreSQL of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Node:
    """One `make run` or, with --upper, `make upper` in a folder of its own."""

    def __init__(self, data: Path, *arguments: str, **more: str) -> None:
        self.data, self.port, self.arguments, self.more = data, free_port(), arguments, more
        self.url = f"http://127.0.0.1:{self.port}"
        self.out, self.started = data.with_suffix(".out"), False

    def environment(self) -> dict[str, str]:
        ours = ("DATABASE", "SECRET_KEY", "DATA_DIR", "KEYS_DIR", "NODE_", "SITE_", "DEMO", "TEST_", "DJANGO")
        env = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
        return env | {"DATA_DIR": str(self.data), "PORT": str(self.port), "DEMO_SIZE": "small"} | self.more

    def start(self) -> None:
        self.started = True
        with open(self.out, "w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.run", *self.arguments],
                cwd=ROOT,
                env=self.environment(),
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        began = time.monotonic()
        while "Ctrl-C ends everything" not in self.out.read_text():
            assert self.process.poll() is None and time.monotonic() - began < 180, self.out.read_text()
            time.sleep(0.2)
        self.took = time.monotonic() - began

    def account_file(self) -> dict[str, Any]:
        return json.loads((self.data / "demo-accounts.json").read_text())

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(40)

    def children(self) -> dict[str, int]:
        """Name → process id of what the parent started, from the kernel's list."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                line = (entry / "cmdline").read_bytes().decode().replace("\0", " ")
            except (OSError, IndexError, ValueError):
                continue
            if parent == self.process.pid:
                for name in ("gunicorn", "worker", "beat"):
                    found |= {name: int(entry.name)} if f" {name} " in line else {}
        return found


@contextmanager
def folder() -> Iterator[Path]:
    """Where nodes keep their data; open to the account their PostgreSQL runs as, and gone afterwards."""
    made = Path(tempfile.mkdtemp(prefix="registry-run-", dir="/var/tmp"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@contextmanager
def running(*nodes: Node) -> Iterator[None]:
    """The nodes, started in this order and ended whatever happens."""
    try:
        for node in nodes:
            node.start()
        yield
    finally:
        for node in nodes:
            if node.started and node.process.poll() is None:
                node.stop()


def wait_for(check, seconds=40):
    until = time.monotonic() + seconds
    while not (found := check()):
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.2)
    return found


def answers(node: Node) -> bool:
    try:
        with urllib.request.urlopen(f"{node.url}/livez", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False
