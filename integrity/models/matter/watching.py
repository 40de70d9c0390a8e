"""What the clock does about matters whose answer is due: warns, urges, escalates, each once, by the city's settings."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from integrity.clocks import WorkCalendar, remaining
from integrity.models.access import CLOCK
from integrity.models.calendar import setting, work_calendar
from integrity.models.matter import Matter
from integrity.models.matter.fields import AWAITING

RANK = ("", "WARNED", "URGED", "ESCALATED")
LOOK_AHEAD = timedelta(days=60)


def level(due_on: date, today: date, cal: WorkCalendar) -> str:
    """What a due date calls for today: nothing, a warning, urging, or the superior."""
    left = remaining(due_on, today, cal)
    if left < -int(setting("escalate_after_workdays")):
        return "ESCALATED"
    if left < 0:
        return "URGED"
    return "WARNED" if left <= int(setting("warn_before_workdays")) else ""


def watch() -> int:
    """Look at every matter that waits for an answer; returns how many acts were done. A second run does nothing."""
    today, cal, done = timezone.localdate(), work_calendar(), 0
    waiting = Matter.objects.filter(state__in=AWAITING, paused_on__isnull=True, due_on__lt=today + LOOK_AHEAD)
    for row in waiting.exclude(held_until__gt=timezone.now()).order_by("due_on").iterator(chunk_size=500):
        wanted = level(row.due_on, today, cal)
        if RANK.index(wanted) > RANK.index(row.alert):
            _act(row, wanted)
            done += 1
    return done


def _act(row: Matter, wanted: str) -> None:
    if wanted == "WARNED":
        row.warn(by=CLOCK)
    elif wanted == "URGED":
        row.urge(by=CLOCK, reason="已逾期，系统自动催办")
    else:
        row.escalate(by=CLOCK, reason="逾期未答复，系统自动提级督办")
