"""公开日志: its state, publishing again, and the two ways back after a fork."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrity.ledger import guard, policy, publishing, recovery
from integrity.models import Checkpoint, Cosignature, Event, LedgerHead, MomentSeat, PublicLog

OPERATOR = MomentSeat("PLATFORM_OP")


class Command(BaseCommand):
    help = (
        "ledger status: sizes, keys, witnesses, and whether the log forks (exit code 1) · "
        "ledger publish: write every public file again · "
        "ledger replay [--from FOLDER]: after an old backup was restored, put the published entries back · "
        "ledger reopen: where that is impossible, go on under a new name that quotes the old log's last checkpoint"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["status", "publish", "replay", "reopen"])
        parser.add_argument(
            "--from", dest="folder", help="a copy of the public folder (default: the public folder itself)"
        )
        parser.add_argument("--yes", action="store_true", help="reopen: really do it; proofs of the old log stay valid")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        try:
            getattr(self, f"_{what}")(options)
        except (guard.LogForked, recovery.CannotReplay) as fault:
            raise CommandError(str(fault)) from fault

    def _status(self, options: dict[str, Any]) -> None:
        log, size = PublicLog.objects.current(), LedgerHead.objects.get(pk=1).size
        last = Checkpoint.objects.last()
        self.stdout.write(f"origin     {log.origin if log else 'not opened yet'}")
        self.stdout.write(f"sealed     {size}, waiting {Event.objects.pending().count()}")
        self.stdout.write(f"signed     {last.size if last else 0}")
        for key in log.keys if log else []:
            self.stdout.write(f"key        {key['vkey']}")
        for witness in policy.witnesses():
            seen = Cosignature.objects.filter(witness=witness.verifier.vkey).order_by("-size").first()
            self.stdout.write(f"witness    {witness.verifier.name} at {witness.url}: {seen.size if seen else 'never'}")
        held = guard.published()
        self.stdout.write(f"published  {held.size if held else 0} in {settings.PUBLIC_LOG_DIR}")
        guard.check_published(size)

    def _publish(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"published {publishing.publish(everything=True)}")

    def _replay(self, options: dict[str, Any]) -> None:
        folder = Path(options["folder"] or settings.PUBLIC_LOG_DIR)
        start, until = recovery.replay(folder, OPERATOR)
        lost = Event.objects.filter(verb=recovery.REPLAYED, seq__gte=start).count()
        self.stdout.write(f"put back entries {start} to {until - 1}; of {lost} only the leaf is left")
        if lost:
            self.stdout.write("acts of that time have to be done again; compare upper nodes, letters and papers")

    def _reopen(self, options: dict[str, Any]) -> None:
        if not options["yes"]:
            raise CommandError("this cannot be undone; witnesses and upper nodes must learn the new name: add --yes")
        log = recovery.reopen(OPERATOR)
        self.stdout.write(f"{log.origin}\n{log.keys[-1]['vkey']}")
