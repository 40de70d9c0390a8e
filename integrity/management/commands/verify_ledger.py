"""Check the whole ledger: tree, signatures, contents and rows; every fault is named, the exit code says whether there was one."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from integrity.ledger import audit


class Command(BaseCommand):
    help = (
        "verify_ledger: recompute every leaf, root, signature and commitment, and compare every row with its events. "
        "Prints one line for each fault; exit code 0 when there is none, 1 otherwise"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="no progress on the error stream")

    def handle(self, *args: Any, quiet: bool, **options: Any) -> None:
        spoken, faults = time.monotonic(), 0

        def progress(stage: str, count: int) -> None:
            nonlocal spoken
            if not quiet and time.monotonic() - spoken > 2:
                spoken = time.monotonic()
                self.stderr.write(f"… {stage} {count}")

        for fault in audit.run(progress):
            faults += 1
            self.stdout.write(str(fault))
        if faults:
            self.stdout.write(f"台账核验：发现 {faults} 处不一致")
            raise SystemExit(1)
        self.stdout.write("台账核验：全部一致")
