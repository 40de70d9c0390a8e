"""A witness of other offices' logs (C2SP tlog-witness): one SQLite file and one key, no other part of this program."""

from __future__ import annotations

import base64
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from integrity.crypto.algorithms import Ed25519Signer
from integrity.ledger import merkle, note

TABLES = """
CREATE TABLE IF NOT EXISTS log (vkey TEXT PRIMARY KEY, origin TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS head (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS conflict (at INTEGER NOT NULL, origin TEXT NOT NULL, held TEXT NOT NULL, offered TEXT NOT NULL);
"""
MAX_BODY, MAX_PROOF = 1 << 16, 63
SIZE_TYPE, TEXT_TYPE = "text/x.tlog.size", "text/plain; charset=utf-8"


class Reply(NamedTuple):
    """Status, text and content type of an answer."""

    status: int
    text: str
    kind: str = TEXT_TYPE


class Refusal(Exception):
    """The request ends with this answer."""

    def __init__(self, status: int, text: str, kind: str = TEXT_TYPE) -> None:
        super().__init__(text)
        self.reply = Reply(status, f"{text}\n", kind)


class Witness:
    """Holds the newest checkpoint it has signed of every log it knows, and signs only what grew from it."""

    def __init__(self, path: str | Path, name: str, secret: bytes) -> None:
        self.path, self.key = str(path), Ed25519Signer(secret)
        self.verifier = note.Verifier(name, self.key.public, note.COSIGNATURE)
        with self._database() as db:
            db.executescript(TABLES)

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        try:
            db.execute("PRAGMA synchronous = FULL")
            yield db
        finally:
            db.close()

    def trust(self, vkey: str) -> str:
        """Know a log by its key; a log may have several. Returns its origin."""
        verifier = note.Verifier.parse(vkey)
        if verifier.kind != note.ED25519:
            raise note.NoteError("not the key of a log")
        with self._database() as db:
            db.execute("INSERT OR IGNORE INTO log VALUES (?, ?)", (verifier.vkey, verifier.name))
        return verifier.name

    def heads(self) -> list[tuple[str, int, str]]:
        """Origin, size and note of every log witnessed."""
        with self._database() as db:
            return db.execute("SELECT origin, size, note FROM head ORDER BY origin").fetchall()

    def conflicts(self) -> list[tuple[int, str, str, str]]:
        """Time, origin, held and offered note of every contradiction: two signed notes that prove a fork."""
        with self._database() as db:
            return db.execute("SELECT at, origin, held, offered FROM conflict ORDER BY at").fetchall()

    def add_checkpoint(self, body: bytes) -> Reply:
        """Answer one request; a new head is on the disk before its signature leaves."""
        try:
            old, path, signed = _parse(body)
            text = self._verified(signed)
            origin, size, root = _checkpoint(text)
            if old > size:
                raise Refusal(400, "old size is larger than the checkpoint")
            with self._database() as db:
                db.execute("BEGIN IMMEDIATE")
                self._advance(db, origin, old, path, size, root, signed)
                db.execute("COMMIT")
        except Refusal as refusal:
            return refusal.reply
        return Reply(200, note.cosign(text, self.verifier, self.key, int(time.time())))

    def _verified(self, signed: str) -> str:
        try:
            text, _ = note.split(signed)
        except note.NoteError as fault:
            raise Refusal(400, str(fault)) from fault
        origin = text.split("\n", 1)[0]
        with self._database() as db:
            known = [note.Verifier.parse(v) for (v,) in db.execute("SELECT vkey FROM log WHERE origin = ?", (origin,))]
        if not known:
            raise Refusal(404, "unknown log")
        try:
            return note.verify(signed, known)
        except note.NoteError as fault:
            raise Refusal(403, str(fault)) from fault

    def _advance(
        self, db: sqlite3.Connection, origin: str, old: int, path: list[bytes], size: int, root: bytes, signed: str
    ) -> None:
        row = db.execute("SELECT size, root, note FROM head WHERE origin = ?", (origin,)).fetchone()
        held, held_root, held_note = row or (0, merkle.EMPTY_ROOT, "")
        if old != held:
            raise Refusal(409, str(held), SIZE_TYPE)
        fits = merkle.verify_consistency(held, size, held_root, root, path) and (size or root == merkle.EMPTY_ROOT)
        if not fits:
            moment = (int(time.time()), origin, held_note, signed)
            db.execute("INSERT INTO conflict VALUES (?, ?, ?, ?)", moment)
            db.execute("COMMIT")
            if size == held:
                raise Refusal(409, str(held), SIZE_TYPE)
            raise Refusal(422, "the checkpoint is not consistent with the one witnessed before")
        if size > held or not row:
            db.execute("INSERT OR REPLACE INTO head VALUES (?, ?, ?, ?)", (origin, size, root, signed))


def _parse(body: bytes) -> tuple[int, list[bytes], str]:
    head, mark, signed = body.decode("utf-8", "replace").partition("\n\n")
    first, *lines = head.split("\n")
    number = first.removeprefix("old ")
    if not mark or number == first or not number.isdigit() or str(int(number)) != number or len(lines) > MAX_PROOF:
        raise Refusal(400, "malformed request")
    try:
        path = [base64.b64decode(line, validate=True) for line in lines]
    except ValueError as fault:
        raise Refusal(400, "malformed proof") from fault
    if any(len(h) != 32 for h in path):
        raise Refusal(400, "malformed proof")
    return int(number), path, signed


def _checkpoint(text: str) -> tuple[str, int, bytes]:
    try:
        return note.parse_checkpoint(text)
    except note.NoteError as fault:
        raise Refusal(400, str(fault)) from fault


class _Door(BaseHTTPRequestHandler):
    """POST /add-checkpoint; GET / tells who we are and what we have witnessed, for monitors."""

    protocol_version = "HTTP/1.1"
    witness: Witness

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MAX_BODY:
            self.close_connection = True
            return self._send(Reply(400, "a body of at most 64 KiB is expected\n"))
        body = self.rfile.read(int(length))
        return self._send(self.witness.add_checkpoint(body) if self.path == "/add-checkpoint" else Reply(404, "no\n"))

    def do_GET(self) -> None:
        if self.path != "/":
            return self._send(Reply(404, "no\n"))
        heads = [f"{origin} {size}\n{signed}" for origin, size, signed in self.witness.heads()]
        return self._send(Reply(200, "\n".join([self.witness.verifier.vkey + "\n", *heads])))

    def _send(self, reply: Reply) -> None:
        data = reply.text.encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: Any) -> None:
        """Quiet: what was decided stands in the SQLite file."""


def serve(witness: Witness, host: str, port: int) -> ThreadingHTTPServer:
    """A server ready to run; port 0 picks a free one."""
    return ThreadingHTTPServer((host, port), type("Door", (_Door,), {"witness": witness}))
