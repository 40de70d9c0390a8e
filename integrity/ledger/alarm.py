"""When the log and the database contradict each other, people hear of it: once a day for each cause."""

from __future__ import annotations

import logging

from django.utils import timezone

from integrity.models import Seat, remind_holders

log = logging.getLogger("ledger")


def tell(cause: str, title: str, text: str) -> None:
    """Write it down, and tell operators and the credit office."""
    log.critical(title, extra={"data": {"cause": cause, "text": text}})
    seats = Seat.objects.in_force().filter(role_code__in=("PLATFORM_OP", "CREDIT_CITY"))
    key = f"ledger:{cause}:{timezone.localdate()}"
    remind_holders(seats, title, text, key=key, link="/log/", channels=("INBOX", "EMAIL"))
