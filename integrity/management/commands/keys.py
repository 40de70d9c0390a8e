"""Keys of the node: make the first ones, show them with what they seal, rotate them while everybody works on."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrity.crypto import keys
from integrity.crypto.algorithms import CryptoError
from integrity.ledger import note, signing
from integrity.models import MomentSeat, PublicLog
from integrity.models.resealing import reseal, usage

OPERATOR = MomentSeat("PLATFORM_OP")


class Command(BaseCommand):
    help = (
        "keys init: make missing keys · keys status: keys with their algorithms and how much each seals · "
        "keys rotate PURPOSE [--alg ALG]: a new key; field and index: numbers are sealed anew, 1,000 a transaction; "
        "log: announced in the log, it signs from the next checkpoint; logsm2: a second signature line by SM2 · "
        "keys reseal: go on where a rotation was stopped · keys destroy PURPOSE KID: remove a key that seals nothing"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["init", "status", "rotate", "reseal", "destroy"])
        parser.add_argument("purpose", nargs="?", choices=[*keys.PURPOSES, *keys.OPTIONAL])
        parser.add_argument("kid", nargs="?", help="destroy: the key's id, as k001")
        parser.add_argument(
            "--alg", default="", help="field: a256gcm, sm4gcm; index: hs256, hsm3; default: the settings'"
        )

    def handle(self, *args: Any, what: str, purpose: str | None, **options: Any) -> None:
        if what in ("rotate", "destroy") and not purpose:
            raise CommandError(f"name the purpose: {', '.join([*keys.PURPOSES, *keys.OPTIONAL])}")
        try:
            getattr(self, f"_{what}")(purpose, options)
        except (CryptoError, LookupError, ValueError) as fault:
            raise CommandError(str(fault)) from fault

    def _init(self, purpose: str | None, options: dict[str, Any]) -> None:
        for name in keys.PURPOSES:
            if not keys.ring(name):
                self.stdout.write(f"{name}: {keys.make(name).kid}")

    def _status(self, purpose: str | None, options: dict[str, Any]) -> None:
        counts = usage()
        for name in (*keys.PURPOSES, *keys.OPTIONAL):
            ring = keys.ring(name)
            for key in ring:
                current = "current" if key == ring[-1] else "old"
                sealed = f"  {counts[name][key.kid]} values" if name in counts else ""
                self.stdout.write(f"{name:8} {key.kid}  {key.alg:8} {current}{sealed}")
            for kid in sorted(set(counts.get(name, ())) - {key.kid for key in ring}):
                self.stdout.write(f"{name:8} {kid}  MISSING  {counts[name][kid]} values cannot be read")
        log = PublicLog.objects.current()
        for key in [*log.keys, *log.second_keys] if log else []:
            self.stdout.write(f"log verifier: {key['vkey']}")
        if not log and keys.ring("log"):
            self.stdout.write(f"log verifier: {note.signer()[0].vkey}")

    def _rotate(self, purpose: str, options: dict[str, Any]) -> None:
        if purpose == "log":
            self.stdout.write(signing.rotate(OPERATOR))
        elif purpose == "logsm2":
            self.stdout.write(signing.add_sm2(OPERATOR))
        elif purpose == "receipt":
            self.stdout.write(f"{keys.make(purpose).kid}: give lower nodes the new receipt key (manage.py peer show)")
        else:
            if options["alg"] not in ("", *keys.CHOICES[purpose]):
                raise CommandError(f"--alg for {purpose}: {', '.join(keys.CHOICES[purpose])}")
            self.stdout.write(f"{purpose}: {keys.make(purpose, options['alg']).kid}")
            self._reseal(purpose, options)

    def _reseal(self, purpose: str | None, options: dict[str, Any]) -> None:
        done = 0
        for done in reseal(by=OPERATOR):
            self.stderr.write(f"… {done}")
        self.stdout.write(f"{done} numbers sealed anew")

    def _destroy(self, purpose: str, options: dict[str, Any]) -> None:
        kid = options["kid"] or ""
        if purpose not in keys.CHOICES:
            raise CommandError("only keys of sealed numbers are destroyed; those of the log verify old checkpoints")
        count = usage()[purpose][kid]
        if count and keys.current(purpose).kid != kid:
            raise CommandError(f"{count} values still need {purpose} key {kid}; run: manage.py keys reseal")
        keys.destroy(purpose, kid)
        self.stdout.write(f"{purpose} key {kid} is destroyed; old backups cannot be read without a copy of it")
