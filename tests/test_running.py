"""`make run` as a newcomer sees it: one command, one city, one password; dead programs come back; TERM ends everything."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NAMES = (
    "clerk reviewer credit credit2 secrecy hr hr2 discipline discipline2 official agency supervisor sector township company "
    "expert auditor leader operator admin county"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Node:
    """One `make run` in a folder of its own."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.out = data.with_suffix(".out")

    def environment(self) -> dict[str, str]:
        ours = ("DATABASE", "SECRET_KEY", "DATA_DIR", "KEYS_DIR", "NODE_", "SITE_", "DEMO", "TEST_", "DJANGO")
        env = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
        return env | {"DATA_DIR": str(self.data), "PORT": str(self.port), "DEMO_SIZE": "small"}

    def start(self) -> None:
        with open(self.out, "w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.run"],
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


@pytest.fixture(scope="module")
def node():
    if not Path("/proc/self/stat").exists():
        pytest.skip("reads the process table of Linux")
    folder = Path(tempfile.mkdtemp(prefix="registry-run-", dir="/var/tmp"))
    folder.chmod(0o755)
    made = Node(folder / "var")
    made.start()
    yield made
    if made.process.poll() is None:
        made.stop()
    shutil.rmtree(folder, ignore_errors=True)


def wait_for(check, seconds=40):
    until = time.monotonic() + seconds
    while not (found := check()):
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.2)
    return found


def test_a_newcomer_gets_addresses_accounts_and_one_password(node):
    said, file = node.out.read_text(), json.loads((node.data / "demo-accounts.json").read_text())
    assert file["password"] in said and file["auditor_token"] in said and f"http://localhost:{node.port}/desk/" in said
    names = " ".join(a["username"] for a in file["accounts"])
    assert names == NAMES
    assert (node.data / "demo-accounts.json").stat().st_mode & 0o077 == 0


def test_the_accounts_log_in(node):
    password = json.loads((node.data / "demo-accounts.json").read_text())["password"]
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(f"{node.url}/accounts/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    fields = {"csrfmiddlewaretoken": token, "login": "clerk", "password": password, "next": "/seats/"}
    browser.open(f"{node.url}/accounts/login/", urllib.parse.urlencode(fields).encode())
    assert "sessionid" in {cookie.name for cookie in jar}


def test_events_are_sealed_without_anybody_asking(node):
    def ready():
        checks = json.loads(urllib.request.urlopen(f"{node.url}/readyz").read())["checks"]
        return checks["sealer"]["value"] == 0 and checks["worker"]["value"] is not None

    wait_for(ready, 90)


def test_a_program_that_dies_is_started_again(node):
    before = wait_for(lambda: len(c := node.children()) == 3 and c)
    for pid in before.values():
        os.killpg(pid, signal.SIGKILL)  # with its own children: each program leads a group
    wait_for(lambda: len(c := node.children()) == 3 and not set(c.values()) & set(before.values()))
    wait_for(lambda: _answers(node))


def _answers(node) -> bool:
    try:
        return urllib.request.urlopen(f"{node.url}/livez", timeout=2).status == 200
    except OSError:
        return False


def test_two_at_once_and_a_taken_port_are_refused_with_what_to_do(node):
    def run(env):
        return subprocess.run(
            [sys.executable, "-m", "config.run"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60
        )

    twice = run(node.environment() | {"PORT": str(free_port())})
    assert twice.returncode == 1 and "in use by another" in twice.stdout
    port = run(node.environment() | {"DATA_DIR": str(node.data.parent / "other")})
    assert port.returncode == 1 and f"port {node.port} is taken" in port.stdout


def test_term_ends_everything_and_the_second_start_keeps_the_data(node):
    password = json.loads((node.data / "demo-accounts.json").read_text())["password"]
    pids = list(node.children().values())
    assert node.stop() == 0
    assert not [p for p in pids if Path(f"/proc/{p}").exists()]
    node.start()
    assert json.loads((node.data / "demo-accounts.json").read_text())["password"] == password
    assert "loading" not in node.out.read_text()
    assert node.stop() == 0
