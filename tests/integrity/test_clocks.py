"""Working days by the State Council's calendar, explained (domain.md 10)."""

from datetime import date

import pytest

from integrity.clocks import Pause, WorkCalendar, add_months, colour, due, remaining
from integrity.models import CalendarDay, Setting, deadline, work_calendar
from integrity.models.calendar import forget

OCTOBER = WorkCalendar(
    {date(2026, 10, d): False for d in range(1, 8)} | {date(2026, 9, 20): True, date(2026, 10, 10): True},
    frozenset({2026}),
)


def test_the_start_day_is_not_counted():
    assert due(date(2026, 11, 23), 3, "WD", OCTOBER).on == date(2026, 11, 26)


def test_holidays_do_not_count_and_make_up_days_do():
    term = due(date(2026, 9, 29), 5, "WD", OCTOBER)
    assert term.on == date(2026, 10, 12)
    assert any("调休上班计入：2026-10-10" in line for line in term.explain)
    assert any("2026-10-01" in line for line in term.explain)


def test_a_term_in_months_ends_on_the_last_day_and_moves_off_a_day_of_rest():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    term = due(date(2026, 7, 31), 2, "MONTH", OCTOBER)
    assert term.on == date(2026, 9, 30)
    moved = due(date(2026, 9, 3), 1, "MONTH", OCTOBER)
    assert moved.on == date(2026, 10, 8) and any("顺延" in line for line in moved.explain)


def test_a_pause_moves_the_end_by_the_working_days_it_lasted():
    pause = (Pause(date(2026, 11, 24), date(2026, 11, 27), "补正"),)
    assert due(date(2026, 11, 23), 3, "WD", OCTOBER, pauses=pause).on == date(2026, 12, 1)


def test_an_extension_counts_in_the_clocks_own_unit():
    assert due(date(2026, 11, 2), 20, "WD", OCTOBER, extension=20).on == OCTOBER.add_workdays(date(2026, 11, 2), 40)


def test_a_year_not_yet_announced_is_said_so():
    term = due(date(2026, 12, 28), 10, "WD", OCTOBER)
    assert term.provisional and any("2027 年放假安排尚未公布" in line for line in term.explain)


@pytest.mark.parametrize(
    ("today", "left", "shade"),
    [
        (date(2026, 11, 23), 3, "yellow"),
        (date(2026, 11, 20), 4, "green"),
        (date(2026, 11, 26), 0, "red"),
        (date(2026, 11, 27), -1, "red"),
        (date(2026, 11, 30), -2, "red"),
    ],
)
def test_the_colour_follows_the_working_days_left(today, left, shade):
    end = date(2026, 11, 26)
    assert remaining(end, today, OCTOBER) == left
    assert colour(end, today, OCTOBER) == shade


def test_overdue_over_a_weekend_is_overdue():
    friday, saturday = date(2026, 11, 27), date(2026, 11, 28)
    assert remaining(friday, saturday, OCTOBER) == -1


def test_the_table_holds_the_announced_years(db):
    cal = work_calendar()
    assert 2026 in cal.announced and not cal.is_workday(date(2026, 10, 1)) and cal.is_workday(date(2026, 10, 10))


def test_a_changed_calendar_changes_the_deadline(db):
    before = deadline("D02", date(2026, 11, 23)).on
    CalendarDay.objects.create(day=date(2026, 11, 24), is_workday=False, name="临时放假")
    forget()
    assert (before, deadline("D02", date(2026, 11, 23)).on) == (date(2026, 11, 26), date(2026, 11, 27))


def test_a_setting_overrides_a_clock_of_our_own_from_its_day(cast):
    row = Setting(key="D14", value="7", ground="市信用办决定", valid_from=date(2026, 12, 1)).propose(by=cast.credit)
    row.approve(by=cast.credit2)
    assert deadline("D14", date(2026, 11, 23)).on == date(2026, 11, 30)
    assert deadline("D14", date(2026, 12, 1)).on == date(2026, 12, 10)


def test_a_clock_of_the_law_cannot_be_set(cast):
    with pytest.raises(Exception, match="没有名为"):
        Setting(key="D02", value="9", ground="x", valid_from=date(2026, 12, 1)).propose(by=cast.credit)
