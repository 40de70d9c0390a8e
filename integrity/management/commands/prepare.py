"""What a node needs before it starts: keys, tables and guards, static files; safe to repeat, run as the database's owner."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command


class Command(BaseCommand):
    help = (
        "Make missing keys, migrate, collect static files, and leave the node's public identity in DATA_DIR/node.json"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("keys", "init", verbosity=0, stdout=self.stdout)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        shown = StringIO()
        call_command("peer", "show", json=True, stdout=shown)
        me = json.loads(shown.getvalue()) | {"name": settings.SITE_NAME}
        Path(settings.DATA_DIR, "node.json").write_text(json.dumps(me))
