"""Load the demonstration city."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrity import demo
from integrity.demo import staff
from integrity.ledger import sealing
from integrity.models import Subject


class Command(BaseCommand):
    help = "Load the demonstration city into an empty database; needs DEMO=1"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--size",
            choices=list(demo.SIZES),
            default=os.environ.get("DEMO_SIZE", "normal"),
            help="large adds 1,000,000 records for measuring",
        )
        parser.add_argument("--seed", type=int, default=2018, help="the same seed tells the same stories")
        parser.add_argument(
            "--fresh",
            action="store_true",
            help="empty the database first; the log starts anew, so do it on upper nodes, too",
        )
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there is data already")

    def handle(self, *args: Any, size: str, seed: int, fresh: bool, if_empty: bool, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("the demonstration needs DEMO=1, which is refused on a public SITE_HOST")
        if fresh:
            self._empty()
        if demo.exists() and if_empty:
            if not (settings.DATA_DIR / "demo-accounts.json").exists():
                self.stdout.write(f"new demonstration password: {staff.renew_accounts()}")
            return
        if Subject.objects.exists():
            if if_empty:
                return
            raise CommandError("the database is not empty; --fresh empties it first")
        began = time.monotonic()
        self.stdout.write("loading the demonstration …")
        say = lambda text: self.stdout.write(f"  {text}")  # noqa: E731
        if settings.NODE_LEVEL == "PROVINCE":
            demo.load_upper(say)
        else:
            demo.load(size, seed, say)
        sealing.seal_all()
        self.stdout.write(f"loaded in {time.monotonic() - began:.0f} s")

    def _empty(self) -> None:
        """Only the owner may truncate: a process of its own, which plants the seeds again."""
        if subprocess.run([sys.executable, "manage.py", "flush", "--no-input"], cwd=settings.BASE_DIR).returncode:
            raise CommandError("the database could not be emptied; nothing was loaded")
        shutil.rmtree(settings.PUBLIC_LOG_DIR, ignore_errors=True)  # the log of the city that is gone
