"""Celery tasks of the agencies' area: nudges only."""

from __future__ import annotations

from celery import shared_task


@shared_task(name="agencies.publish_promises")
def publish_promises() -> int:
    """Put in force and before the public what agencies signed ten minutes ago."""
    from agencies.promising import publish_due

    return publish_due()


@shared_task(name="agencies.promise_day")
def promise_day() -> None:
    """Remind agencies of quarterly checks, items near their day and the yearly renewal."""
    from agencies.promising import remind

    remind()


@shared_task(name="agencies.send_cards")
def send_cards() -> int:
    """Yellow and red cards for clocks that are over (电子监察)."""
    from agencies.supervising import send_cards as send

    return send()
