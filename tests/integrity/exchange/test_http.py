"""Two real nodes as an operator runs them: paired by commands, sending over HTTP, killed in the midst (issue 2, item 7)."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from integrity.models import Record, Uplink
from tests import builders, nodes

ROOT = Path(__file__).resolve().parents[3]


def manage(node, *args, port=0, **env):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", *args], cwd=ROOT, env=node.env(port, **env), capture_output=True, text=True
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Web:
    """The upper node's web server, in a process of its own."""

    def __init__(self, node, port):
        self.port, self.node = port, node
        self.start()

    def start(self):
        words = [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "gunicorn",
            "config.wsgi",
            "-b",
            f"127.0.0.1:{self.port}",
            "-w",
            "1",
        ]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
        self.process = subprocess.Popen(words, cwd=ROOT, env=self.node.env(self.port), **quiet)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                link.request("GET", "/livez", headers={"Host": "localhost"})
                link.getresponse().read()
                return
            except OSError:
                self.process.poll()
        raise AssertionError("the upper node does not answer")

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def pair(two, tmp_path):
    city, province = two
    (province.folder / "static").mkdir()
    port = free_port()
    web = Web(province, port)
    yield city, province, web
    web.kill()


def push(city, web, **env):
    url = {"UPSTREAM_URL": f"http://127.0.0.1:{web.port}", "UPSTREAM_TOKEN": "token-of-city"}
    return manage(city, "push", **url | env)


def publish(doc_no="日政字〔2026〕18号"):
    from integrity.ledger.sealing import seal_all

    record = builders.published(builders.look_up(), doc_no=doc_no)
    seal_all()
    return record.pk


def place():
    link = Uplink.objects.get()
    return link.acked, link.state, link.error


def test_one_record_from_the_desk_to_the_upper_platform_over_http(pair):
    city, province, web = pair
    pk = city.run(publish)
    code, out, err = push(city, web)
    assert code == 0, err
    assert "receipted" in out
    assert province.run(lambda: Record.objects.public().get().pk) == pk
    code, out, err = push(city, web)
    assert code == 0 and out.startswith("0 entries sent")


def test_a_wrong_token_is_said_in_words_and_costs_nothing(pair):
    city, province, web = pair
    city.run(publish)
    code, out, err = push(city, web, UPSTREAM_TOKEN="wrong")
    assert code != 0 and "令牌无效" in err
    assert city.run(place)[0] == 0
    assert push(city, web)[0] == 0


def test_a_server_that_was_killed_is_tried_again_and_nothing_is_lost_or_doubled(pair):
    city, province, web = pair
    first = city.run(publish)
    web.kill()
    code, out, err = push(city, web)
    assert code != 0 and "无法连接上级平台" in err
    web.start()
    second = city.run(publish, "日政字〔2026〕19号")
    assert push(city, web)[0] == 0
    assert set(province.run(lambda: list(Record.objects.values_list("pk", flat=True)))) == {first, second}


def said(*args):
    """What a command says, well or not."""
    try:
        return nodes.call_command_quietly(*args)
    except CommandError as fault:
        return f"error: {fault}"


def test_without_an_upper_node_push_says_what_to_set(two):
    city, _ = two
    city.upstream_key = ""
    assert "set UPSTREAM_URL" in city.run(said, "push")


def test_the_pairing_command_names_what_is_wrong(two):
    city, province = two
    below, above = city.run(nodes.identity), province.run(nodes.identity)
    assert below["url"].startswith("http") and above["receipt_vkey"].startswith("localhost/province/receipt+")
    lower = ["peer", "lower", "--origin", below["origin"], "--token", "t"]
    assert "needs --origin, --vkey and --token" in province.run(said, *lower)
    assert "not a verifier key" in province.run(said, *lower, "--vkey", "nonsense")
    assert "belongs to" in province.run(said, *lower, "--vkey", above["vkey"])
    assert "not known here" in province.run(said, *lower, "--vkey", below["vkey"], "--area", "999999")
    assert "changed" in province.run(said, *lower, "--vkey", below["vkey"], "--area", "371100", "--name", "市平台")
    assert "市平台" in province.run(said, "peer", "list") and province.run(said, "peer", "token").startswith("gx_")
