"""见证: cosign the checkpoints of other offices' logs; needs one folder, neither database nor settings of a node."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrity.crypto.algorithms import new_secret
from integrity.ledger import witness
from integrity.ledger.note import NoteError


class Command(BaseCommand):
    help = (
        "witness init --name N: make the folder's key, print it · witness trust VKEY: know a log by its key · "
        "witness serve: answer its requests · witness show: what was witnessed, and contradictions (exit code 1)"
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["init", "trust", "serve", "show"])
        parser.add_argument("vkey", nargs="?")
        parser.add_argument("--folder", default="var/witness", help="where key and witnessed heads are kept")
        parser.add_argument(
            "--name", help="the witness's name: an address without scheme, as audit.example.gov.cn/witness"
        )
        parser.add_argument("--listen", default="127.0.0.1:8200", help="host:port, behind a TLS proxy")

    def handle(self, *args: Any, what: str, folder: str, **options: Any) -> None:
        getattr(self, f"_{what}")(Path(folder), options)

    def _init(self, folder: Path, options: dict[str, Any]) -> None:
        name = options["name"] or ""
        if not name or any(c in name for c in " +\n"):
            raise CommandError("--name must be given, without spaces and plus signs")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        text = json.dumps({"name": name, "alg": "ed25519", "secret": base64.b64encode(new_secret("ed25519")).decode()})
        try:
            with os.fdopen(os.open(folder / "key.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "w") as out:
                out.write(text)
        except FileExistsError as fault:
            raise CommandError(f"{folder}/key.json exists already") from fault
        self.stdout.write(self._open(folder).verifier.vkey)

    def _trust(self, folder: Path, options: dict[str, Any]) -> None:
        try:
            self.stdout.write(self._open(folder).trust(options["vkey"] or ""))
        except NoteError as fault:
            raise CommandError(f"not a log's verifier key: {fault}") from fault

    def _serve(self, folder: Path, options: dict[str, Any]) -> None:
        host, _, port = options["listen"].rpartition(":")
        server = witness.serve(self._open(folder), host, int(port))
        self.stdout.write(f"http://{host}:{server.server_port}")
        self.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            self.stdout.write("stopped")

    def _show(self, folder: Path, options: dict[str, Any]) -> None:
        found = self._open(folder)
        self.stdout.write(found.verifier.vkey)
        for origin, size, _ in found.heads():
            self.stdout.write(f"{origin} {size}")
        if conflicts := found.conflicts():
            for at, origin, held, offered in conflicts:
                self.stdout.write(f"\nFORK {origin} at {at}\n{held}\n{offered}")
            raise SystemExit(1)

    @staticmethod
    def _open(folder: Path) -> witness.Witness:
        try:
            key = json.loads((folder / "key.json").read_text())
        except FileNotFoundError as fault:
            raise CommandError(f"{folder} has no key; run: manage.py witness init --name NAME") from fault
        return witness.Witness(folder / "heads.sqlite3", key["name"], base64.b64decode(key["secret"]))
