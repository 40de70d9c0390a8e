"""Keys of the node: make the first ones, show them, rotate one purpose."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from integrity.crypto import keys
from integrity.ledger import note


class Command(BaseCommand):
    help = (
        "keys init: make missing keys · keys status: show them · keys rotate PURPOSE: a new key, old ones stay readable"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["init", "status", "rotate"])
        parser.add_argument("purpose", nargs="?", choices=list(keys.PURPOSES))

    def handle(self, *args: Any, what: str, purpose: str | None = None, **options: Any) -> None:
        if what == "init":
            for name in keys.PURPOSES:
                if not keys.ring(name):
                    self.stdout.write(f"{name}: {keys.make(name).kid}")
        elif what == "rotate":
            if not purpose:
                raise SystemExit("name the purpose: field, index or log")
            self.stdout.write(f"{purpose}: {keys.make(purpose).kid}")
        else:
            for name in keys.PURPOSES:
                self.stdout.write(f"{name}: {', '.join(f'{k.kid} ({k.alg})' for k in keys.ring(name)) or 'none'}")
            if keys.ring("log"):
                self.stdout.write(f"log verifier: {note.signer()[0].vkey}")
