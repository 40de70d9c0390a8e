"""`make run`, `make upper`: one foreground parent that prepares a node and keeps its web, worker and beat alive until Ctrl-C."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import environ

from config import embedded_pg, pairing

ROOT = Path(__file__).resolve().parent.parent
ROOM = 500 * 2**20  # bytes a first start needs
PYTHON = [sys.executable, "-m"]


class CannotStart(Exception):
    """Why the node cannot start and what to do, in words for the person at the terminal."""


def say(text: str = "") -> None:
    print(text, flush=True)


# ---- before anything is started ----


def node_environment(upper: bool) -> dict[str, str]:
    """Defaults of a first look; whatever the environment or .env says stands above them."""
    if (ROOT / ".env").exists():
        environ.Env.read_env(ROOT / ".env")
    port = os.environ.get("PORT") or ("8100" if upper else "8000")
    defaults = {
        "PORT": port, "BIND": "127.0.0.1", "DEMO": "1", "SITE_HOST": f"localhost:{port}", "SIGN_HOST": f"sign.localhost:{port}",
        "DATA_DIR": str(ROOT / ("var-upper" if upper else "var")),
    }  # fmt: skip
    if upper:
        defaults |= {
            "NODE_NAME": "demo-province",
            "NODE_LEVEL": "PROVINCE",
            "SITE_NAME": "山东省政务诚信归集平台（演示）",
        }
    env = {**defaults, **{k: v for k, v in os.environ.items() if v}}
    return env | {"DATA_DIR": str(Path(env["DATA_DIR"]).resolve()), "PYTHONUNBUFFERED": "1"}


def hold_data_dir(env: dict[str, str]) -> int:
    """Make the data folder and keep it for this program alone; returns the lock, held until this process ends."""
    data = Path(env["DATA_DIR"])
    try:
        for folder in (data, data / "logs", data / "queue", data / "queue-control"):
            folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(data / "run.lock", os.O_RDWR | os.O_CREAT)
    except OSError as fault:
        raise CannotStart(
            f"{data} cannot be written ({fault.strerror}); choose another place with DATA_DIR=…"
        ) from fault
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CannotStart(f"{data} is in use by another `make run`; end that one, or choose another DATA_DIR") from None
    if (free := shutil.disk_usage(data).free) < ROOM:
        raise CannotStart(f"the disk of {data} is nearly full: {free // 2**20} MB free, {ROOM // 2**20} MB needed")
    return lock


def need_port(env: dict[str, str]) -> None:
    """Refuse a port that is taken or not allowed, before anything is started."""
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((env["BIND"], int(env["PORT"])))
    except (OSError, ValueError, OverflowError) as fault:
        why = "is taken" if getattr(fault, "errno", 0) == errno.EADDRINUSE else f"cannot be used ({fault})"
        raise CannotStart(f"port {env['PORT']} {why}; choose another one: PORT=8001 make run") from None


def secret_key(data: Path) -> str:
    """The node's own key, made once and kept beside its data."""
    path = data / "secret-key"
    if not path.exists():
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


def database(env: dict[str, str]) -> embedded_pg.Server | None:
    """Fill in the addresses of an embedded PostgreSQL unless DATABASE_URL names one."""
    if env.get("DATABASE_URL"):
        return None
    try:
        server = embedded_pg.start(env["DATA_DIR"])
    except embedded_pg.PgError as fault:
        raise CannotStart(f"PostgreSQL does not start: {fault}") from fault
    env |= {"DATABASE_URL": server.app_url, "DATABASE_OWNER_URL": server.owner_url}
    return server


def prepare(env: dict[str, str], *demo: str) -> None:
    """Keys, migrations and static files as the database's owner, then the demonstration city as the application."""
    manage(env, "prepare")
    if env["DEMO"] == "1":
        manage(env, "demo", *demo)


def manage(env: dict[str, str], *arguments: str) -> None:
    if subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=env).returncode:
        raise CannotStart(f"`manage.py {' '.join(arguments)}` failed; what it said stands above")


# ---- children ----


def commands(env: dict[str, str]) -> dict[str, list[str]]:
    celery = [*PYTHON, "celery", "-A", "config.celery", "--quiet"]
    bind = f"{env['BIND']}:{env['PORT']}"
    web = ["gunicorn", "config.wsgi", "--bind", bind, "--workers", "2", "--threads", "4", "--graceful-timeout", "5"]
    quiet = ["--loglevel", "WARNING"]
    return {
        "web": [*PYTHON, *web, "--timeout", "120", "--log-level", "warning"],
        "worker": [*celery, "worker", "-c", "2", "--without-gossip", "--without-mingle", "--without-heartbeat", *quiet],
        "beat": [*celery, "beat", "-s", f"{env['DATA_DIR']}/beat-schedule", "--pidfile=", *quiet],
    }


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG: also when the parent is killed by SIGKILL


class Child:
    """One long-running program, started again when it ends; ever later when it keeps ending."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name, self.command, self.failures, self.since = name, command, 0, 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, env: dict[str, str]) -> None:
        log = Path(env["DATA_DIR"], "logs", f"{self.name}.log")
        if log.exists() and log.stat().st_size > 10 * 2**20:
            log.replace(log.with_suffix(".old.log"))
        with open(log, "ab") as out:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True, preexec_fn=_die_with_parent,
            )  # fmt: skip
        self.since = time.monotonic()

    def look_after(self, env: dict[str, str]) -> None:
        """Start it again if it has ended, after a pause that grows with each failure in a row."""
        if self.process is None or self.process.poll() is None:
            return
        lived = time.monotonic() - self.since
        if lived > 60:
            self.failures = 0
        if lived < min(2**self.failures, 60):
            return
        self.failures += 1
        say(
            f"{self.name} ended (code {self.process.returncode}), started again; see {env['DATA_DIR']}/logs/{self.name}.log"
        )
        self.start(env)

    def ask_to_end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def end(self) -> None:
        if self.process:
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


def stop(children: list[Child]) -> None:
    for child in children:
        child.ask_to_end()
    for child in children:
        child.end()


def wait_for_web(env: dict[str, str], children: list[Child]) -> None:
    """Until the site answers; a web server that keeps dying is a fault to be shown, not waited for."""
    for _ in range(300):
        with suppress(OSError), urllib.request.urlopen(f"http://{env['BIND']}:{env['PORT']}/livez", timeout=2):
            return
        for child in children:
            child.look_after(env)
        if children[0].failures > 2:
            break
        time.sleep(0.2)
    tail = Path(env["DATA_DIR"], "logs", "web.log").read_text(errors="replace").splitlines()[-15:]
    raise CannotStart("the web server does not answer:\n" + "\n".join(tail))


# ---- what the person sees ----


def greet(env: dict[str, str]) -> None:
    site = f"http://{env['SITE_HOST']}"
    say(
        f"\n  {'Portal':<12}{site}/\n  {'Work desk':<12}{site}/desk/\n  {'Admin':<12}{site}/admin/\n  {'API':<12}{site}/api/v1/openapi.json"
    )
    accounts = Path(env["DATA_DIR"], "demo-accounts.json")
    if env["DEMO"] == "1" and accounts.exists():
        data = json.loads(accounts.read_text())
        say(f"\n  Demonstration accounts, one password for all:  {data['password']}")
        for account in data["accounts"]:
            say(f"  {account['username']:<13}{account['role']}　{account['organisation']}")
        say(f"  auditor's API token:  {data['auditor_token']}\n  (all of it in {accounts})")
    say(f"\n  Logs: {env['DATA_DIR']}/logs/    Ctrl-C ends everything; the data stays.\n")


class Stop(Exception):
    """Somebody asked the program to end."""


def _on_signal(number: int, frame: Any) -> None:
    raise Stop


def keep(env: dict[str, str], children: list[Child], upper: bool, on_change: Callable[[], bool]) -> None:
    """Look after the children for ever; a new pairing of two nodes restarts them with their new environment."""
    while True:
        for child in children:
            child.look_after(env)
        if on_change():
            stop(children)
            for child in children:
                child.start(env)
        time.sleep(1)


def serve(env: dict[str, str], upper: bool) -> None:
    children = [Child(name, command) for name, command in commands(env).items()]
    pair = pairing.Pairing(env, upper, lambda *a: manage(env, *a))
    pair.look()
    try:
        for child in children:
            child.start(env)
        wait_for_web(env, children)
        greet(env)
        keep(env, children, upper, pair.look)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        stop(children)


def main(arguments: list[str]) -> int:
    """Exit code 0 after Ctrl-C or TERM, 1 when the node could not start."""
    upper, server, began = "--upper" in arguments, None, time.monotonic()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _on_signal)
    env = node_environment(upper)
    try:
        hold_data_dir(env)
        env.setdefault("SECRET_KEY", secret_key(Path(env["DATA_DIR"])))
        fresh = "--fresh-demo" in arguments
        if not fresh:
            need_port(env)
        server = database(env)
        prepare(env, "--fresh" if fresh else "--if-empty")
        if not fresh:
            say(f"prepared in {time.monotonic() - began:.0f} s")
            serve(env, upper)
    except Stop:
        say("\nstopped; the data stays in " + env["DATA_DIR"])
    except CannotStart as why:
        say(f"\nCannot start: {why}")
        return 1
    finally:
        if server:
            server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
