"""Several nodes of the program on one cluster: each its own database, keys and name; its steps run in forked processes."""

from __future__ import annotations

import io
import os
import pickle
import shutil
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from integrity.crypto import keys

_inherited: list[Any] = []  # the parent's connection, kept so that no child ever closes it
KILLED = -9


class Died(Exception):
    """The process of a step died before it could answer."""


@dataclass
class Node:
    """One node: what differs from its neighbours."""

    name: str
    database: str
    folder: Path
    level: str = "CITY"
    upstream_key: str = ""

    @property
    def origin(self) -> str:
        return f"localhost/{self.name}/log"

    def become(self) -> None:
        """Turn this process into the node (in a forked child; never in the tests' own process)."""
        _inherited.append(connection.connection)
        connection.connection = None
        connection.in_atomic_block, connection.savepoint_ids, connection.needs_rollback = False, [], False
        connection.atomic_blocks = []
        del connections["default"]
        connections.settings["default"]["NAME"] = self.database
        connections.settings["default"]["USER"] = settings.DATABASE_APP_ROLE
        settings.NODE_NAME, settings.NODE_LEVEL = self.name, self.level
        settings.KEYS_DIR, settings.PUBLIC_LOG_DIR = self.folder / "keys", self.folder / "log"
        settings.UPSTREAM_KEY, settings.UPSTREAM_URL = self.upstream_key, ""
        keys.forget()
        from integrity.models.calendar import forget

        forget()

    def run(self, step: Callable[..., Any], *args: Any) -> Any:
        """What the step returns, done as this node in a process of its own; Died when that process was killed."""
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            code = 1
            try:
                self.become()
                answer: tuple[bool, Any] = (True, step(*args))
                code = 0
            except BaseException as fault:
                answer = (False, f"{fault!r}\n{traceback.format_exc()}")
            with os.fdopen(writer, "wb") as out:
                pickle.dump(answer, out)
            os._exit(code)
        os.close(writer)
        with os.fdopen(reader, "rb") as source:
            raw = source.read()
        os.waitpid(child, 0)
        if not raw:
            raise Died(self.name)
        well, answer = pickle.loads(raw)
        if not well:
            raise AssertionError(answer)
        return answer

    def env(self, port: int = 0, **more: str) -> dict[str, str]:
        """The environment of a real process of this node."""
        host, at = connection.settings_dict["HOST"], connection.settings_dict["PORT"]
        url = f"postgresql://{settings.DATABASE_APP_ROLE}@/{self.database}?host={host.replace('/', '%2F')}&port={at}"
        own = {
            "DATABASE_URL": url, "DATABASE_OWNER_URL": "", "DATABASE_APP_URL": "", "DATA_DIR": str(self.folder),
            "KEYS_DIR": str(self.folder / "keys"), "NODE_NAME": self.name, "NODE_LEVEL": self.level,
            "SITE_HOST": f"localhost:{port}" if port else "localhost", "SIGN_HOST": "sign.localhost", "DEMO": "1",
            "UPSTREAM_KEY": self.upstream_key,
        }  # fmt: skip
        return os.environ | own | more


def _cluster(sql: str) -> None:
    """One statement as the owner, outside every database of ours."""
    at = connection.settings_dict
    owner = settings.DATABASE_APP_ROLE.replace("_app", "_owner")
    link = psycopg2.connect(dbname="postgres", user=owner, host=at["HOST"], port=at["PORT"] or None)
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute(sql)
    link.close()


def make(names: list[str], folder: Path) -> list[Node]:
    """Nodes from the lowest to the highest, each a copy of the tests' database, paired with the next above it."""
    template = connection.settings_dict["NAME"]
    connection.close()
    made = []
    levels = ["COUNTY", "CITY", "PROVINCE"][-len(names) :]
    for name, level in zip(names, levels, strict=True):
        node = Node(name, f"{template}_{name}".replace("-", "_"), folder / name, level)
        _cluster(f'DROP DATABASE IF EXISTS "{node.database}"')
        _cluster(f'CREATE DATABASE "{node.database}" TEMPLATE "{template}"')
        shutil.rmtree(node.folder, ignore_errors=True)
        node.folder.mkdir(parents=True)
        made.append(node)
    for node in made:
        node.run(call_command_quietly, "keys", "init")
    for lower, upper in zip(made, made[1:], strict=False):
        pair(lower, upper)
    return made


def drop(nodes: list[Node]) -> None:
    for node in nodes:
        # not WITH (FORCE): it is refused to anybody but a superuser while autovacuum is in the database
        _cluster(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend'"
            f" AND datname = '{node.database}'"
        )
        _cluster(f'DROP DATABASE IF EXISTS "{node.database}"')


def pair(lower: Node, upper: Node) -> None:
    """Exchange keys and token, as `manage.py peer` does."""
    below, above = lower.run(identity), upper.run(identity)
    lower.upstream_key = above["receipt_vkey"]
    args = ["--origin", below["origin"], "--vkey", below["vkey"], "--token", f"token-of-{lower.name}"]
    upper.run(call_command_quietly, "peer", "lower", *args, "--name", f"{lower.name}（演示）")


def identity() -> dict[str, str]:
    import json

    out = io.StringIO()
    call_command("peer", "show", "--json", stdout=out)
    return json.loads(out.getvalue())


def call_command_quietly(*args: str) -> str:
    out = io.StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


class Wire:
    """Carries a batch into the upper node's process: the real view, in a process of its own."""

    def __init__(self, lower: Node, upper: Node, around: Callable[[], None] | None = None) -> None:
        self.lower, self.upper, self.around = lower, upper, around

    def post(self, body: bytes) -> Any:
        from integrity.exchange.transport import Unreachable
        from integrity.exchange.wire import Answer

        try:
            status, answer = self.upper.run(take, body, f"token-of-{self.lower.name}", self.around)
        except Died as fault:
            raise Unreachable("the upper node died") from fault
        return Answer(status, answer)


def take(body: bytes, token: str, around: Callable[[], None] | None = None) -> tuple[int, dict[str, Any]]:
    """The upper node's door, with one request."""
    from django.test import Client

    if around:
        around()
    headers = {"Authorization": f"Bearer {token}"}
    response = Client(raise_request_exception=False).post(
        "/exchange/v1/batches", body, content_type="application/json", headers=headers
    )
    return response.status_code, response.json() if response.status_code < 500 else {}


def push(lower: Node, upper: Node, batches: int = 1000, wire: Any = None) -> int:
    """One run of the sender on the lower node."""

    def step() -> int:
        from integrity.exchange.sender import send
        from integrity.ledger.sealing import seal_all

        seal_all()
        return send(wire or Wire(lower, upper), batches=batches, now=True)

    return lower.run(step)
