"""Send sealed events to the upper node now, without waiting for the worker."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from integrity.exchange import outgoing, sender
from integrity.models import Uplink


class Command(BaseCommand):
    help = "push: send what is due to UPSTREAM_URL and show how far its receipts reach"

    def handle(self, *args: Any, **options: Any) -> None:
        link = Uplink.current()
        if link is None or not settings.UPSTREAM_URL:
            raise CommandError("no upper node: set UPSTREAM_URL, UPSTREAM_KEY and UPSTREAM_TOKEN (docs/exchange.md)")
        total = 0
        while done := sender.send(batches=20, now=True):
            total += done
            link.refresh_from_db()
            self.stdout.write(f"receipted {link.acked} of {outgoing.sealed_size()}")
        link.refresh_from_db()
        self.stdout.write(f"{total} entries sent; receipted {link.acked} of {outgoing.sealed_size()}")
        if link.state != Uplink.State.RUNNING:
            raise CommandError(link.error)
