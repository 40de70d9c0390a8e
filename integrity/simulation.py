"""Simulated time: the one way to let acts happen at another moment than now, for the demonstration city and for tests.

Inside `simulated(moment)` django.utils.timezone.now(), and with it localdate(), localtime() and the models' defaults, answers
what the moment's clock says. Nothing else is touched: other processes, the database and the sealed log keep real time. No door
uses it; `manage.py demo` needs DEMO=1.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from unittest import mock

from django.utils import timezone

# A story yields how long it waits: whole days (then it goes on in office hours of a working day), an exact timedelta, or a date.
Wait = int | timedelta | date
Story = Generator[Wait, None, None]


class Moment:
    """A clock that somebody sets."""

    def __init__(self, now: datetime) -> None:
        self.now = now


class _IsDatetime(type):
    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, datetime)


@contextmanager
def simulated(moment: Moment) -> Iterator[Moment]:
    """Let this process believe the moment's time until the block ends."""

    class Simulated(datetime, metaclass=_IsDatetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return moment.now.astimezone(tz) if tz else moment.now.replace(tzinfo=None)

    with mock.patch.object(timezone, "datetime", Simulated):
        yield moment


def play(stories: Iterable[Story], moment: Moment, until: datetime, rng: Random) -> int:
    """Let stories happen side by side in the order of their dates; what would come after `until` does not happen.

    Returns how many steps were taken. Time never runs backwards, so the events' order and dates agree.
    """
    count, order = 0, itertools.count()
    queue: list[tuple[datetime, int, Story]] = [(moment.now, next(order), story) for story in stories]
    heapq.heapify(queue)
    while queue:
        when, _, story = heapq.heappop(queue)
        if when > until:
            break
        moment.now = when
        try:
            pause = next(story, None)
        except Exception as fault:
            fault.add_note(f"in the story {story.__qualname__} at {when:%Y-%m-%d %H:%M}")
            raise
        if pause is not None:
            count += 1
            heapq.heappush(queue, (_after(when, pause, rng), next(order), story))
    moment.now = until
    return count


def _after(when: datetime, pause: Wait, rng: Random) -> datetime:
    if isinstance(pause, timedelta):
        return when + pause
    day = pause if isinstance(pause, date) else when.date() + timedelta(days=pause)
    while day.weekday() > 4:
        day += timedelta(days=1)
    at = datetime(
        day.year, day.month, day.day, rng.randint(9, 16), rng.randint(0, 59), rng.randint(0, 59), tzinfo=when.tzinfo
    )
    return max(at, when + timedelta(minutes=rng.randint(5, 50)))
