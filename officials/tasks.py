"""Celery tasks of the officials' area: nudges only."""

from __future__ import annotations

from celery import shared_task


@shared_task(name="officials.publish_pledges")
def publish_pledges() -> int:
    """Put in force what was signed ten minutes ago."""
    from officials.signing.clock import publish_due

    return publish_due()


@shared_task(name="officials.pledge_day")
def pledge_day() -> int:
    """Yearly pledges, reminders, publicity after a changed scope."""
    from officials.signing.clock import daily

    return daily()


@shared_task(name="officials.learning_day")
def learning_day() -> int:
    """Tell those whose learning is due soon or late."""
    from officials.training import remind_learners

    return remind_learners()
