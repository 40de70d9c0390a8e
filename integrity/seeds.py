"""What every node starts with: ledger head, working calendar, areas, and the catalogue's texts as proposals."""

from __future__ import annotations

import tomllib
from pathlib import Path

from integrity.models import CLOCK, Area, CalendarDay, LedgerHead
from integrity.models.calendar import forget
from integrity.models.kind import sync

FIRST_YEAR = 2015


def plant() -> None:
    """Idempotent; touches nothing that is already there."""
    LedgerHead.objects.get_or_create(pk=1)
    plant_calendar()
    plant_areas()
    forget()
    sync(CLOCK)


def plant_calendar() -> int:
    """Fill years the table does not know yet from the chinesecalendar package; returns the days added."""
    from chinese_calendar import constants

    known = {d.year for d in CalendarDay.objects.values_list("day", flat=True)}
    rows = [CalendarDay(day=d, is_workday=False, name=str(n)[:40]) for d, n in constants.holidays.items()]
    rows += [CalendarDay(day=d, is_workday=True, name=f"{n}调休"[:40]) for d, n in constants.workdays.items()]
    fresh = [r for r in rows if r.day.year >= FIRST_YEAR and r.day.year not in known]
    CalendarDay.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def plant_areas() -> int:
    """Load the divisions of the city and its province; returns how many were added."""
    path = Path(__file__).parent / "catalogue" / "areas.toml"
    known = set(Area.objects.values_list("code", flat=True))
    added = 0
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))["areas"]:
        if entry["code"] not in known:
            Area(**{k: v for k, v in entry.items() if k != "parent"}, parent_id=entry.get("parent")).save()
            added += 1
    return added
