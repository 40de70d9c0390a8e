"""Celery tasks: nudges only; each looks into the tables for what is to be done (house.md 2.9)."""

from __future__ import annotations

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone


@shared_task(name="integrity.seal")
def seal() -> int:
    """Number and sign what has happened."""
    from integrity.ledger.sealing import seal_all

    return seal_all()


@shared_task(name="integrity.clock")
def clock() -> int:
    """Write down what time has already done."""
    from integrity.models import CLOCK
    from integrity.models.record.many import expire_many

    return expire_many(by=CLOCK)


@shared_task(name="integrity.heartbeat")
def heartbeat() -> None:
    """Say that worker and beat are alive, for /readyz."""
    cache.set("heartbeat", timezone.now().isoformat(), 3600)
