"""Celery tasks of the sectors: nudges only."""

from __future__ import annotations

from celery import shared_task


@shared_task(name="sectors.push_notices")
def push_notices() -> int:
    """Push released notices to the city's column."""
    from sectors.column import push

    return push()
