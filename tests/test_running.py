"""`make run` as a newcomer sees it: one command, one city, one password; dead programs come back; TERM ends everything."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from tests.running import ROOT, Node, answers, folder, free_port, running, wait_for

NAMES = (
    "clerk reviewer credit credit2 secrecy hr hr2 discipline discipline2 official agency supervisor sector township company "
    "expert auditor leader operator admin county"
)


@pytest.fixture(scope="module")
def node():
    if not Path("/proc/self/stat").exists():
        pytest.skip("reads the process table of Linux")
    with folder() as place, running(made := Node(place / "var")):
        yield made


def test_a_newcomer_gets_addresses_accounts_and_one_password(node):
    said, file = node.out.read_text(), node.account_file()
    assert file["password"] in said and file["auditor_token"] in said and f"http://localhost:{node.port}/desk/" in said
    names = " ".join(a["username"] for a in file["accounts"])
    assert names == NAMES
    assert (node.data / "demo-accounts.json").stat().st_mode & 0o077 == 0


def test_the_accounts_log_in(node):
    password = node.account_file()["password"]
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
    wait_for(lambda: answers(node))


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
    password = node.account_file()["password"]
    pids = list(node.children().values())
    assert node.stop() == 0
    assert not [p for p in pids if Path(f"/proc/{p}").exists()]
    node.start()
    assert node.account_file()["password"] == password
    assert "loading" not in node.out.read_text()
    assert node.stop() == 0
