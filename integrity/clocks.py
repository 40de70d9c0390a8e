"""Working-day arithmetic that explains itself (domain.md 10, Counting days; 民法典 201–203)."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

UNITS = {"WD": "个工作日", "DAY": "日", "MONTH": "个月"}
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are working days: the State Council's table, weekdays where a year has not been announced."""

    days: dict[date, bool] = field(default_factory=dict)
    announced: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        known = self.days.get(day)
        return day.weekday() < 5 if known is None else known

    def provisional(self, start: date, end: date) -> list[int]:
        """Years between two days whose calendar is not announced: results in them may still move."""
        return [y for y in range(start.year, end.year + 1) if y not in self.announced]

    def next_workday(self, day: date) -> date:
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day

    def add_workdays(self, start: date, count: int) -> date:
        """The count-th working day after start; start itself is not counted."""
        day = start
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_workday(day)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after start up to and including end; negative when end lies before start."""
        if end < start:
            return -self.workdays_between(end, start)
        return sum(self.is_workday(start + timedelta(days=i)) for i in range(1, (end - start).days + 1))


def add_months(day: date, months: int) -> date:
    """The same day some months later, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Pause:
    """A stretch in which a clock stood still: 补正, 协查, 听证. `until` None means it still stands."""

    start: date
    until: date | None
    reason: str


@dataclass(frozen=True)
class Due:
    """A deadline with the words that explain it."""

    on: date
    explain: list[str]
    provisional: bool = False


def due(
    start: date,
    amount: int,
    unit: str,
    cal: WorkCalendar,
    *,
    label: str = "",
    basis: str = "",
    pauses: tuple[Pause, ...] = (),
    extension: int = 0,
    today: date | None = None,
) -> Due:
    """When a term of `amount` `unit` (WD, DAY, MONTH) that starts on `start` ends, explained step by step.

    The start day is not counted; a term in days or months ending on a day off moves to the next working day.
    Pauses move the end by the days (working days for WD) they lasted; an open pause counts up to `today`.
    """
    total = amount + extension
    steps = [f"自 {start} 起算，当日不计入", f"期限 {amount}{UNITS[unit]}{f'，依据{basis}' if basis else ''}"]
    if extension:
        steps.append(f"经批准延长 {extension}{UNITS[unit]}")
    on = _raw_end(start, total, unit, cal)
    for pause in pauses:
        stop = pause.until or today or pause.start
        lost = cal.workdays_between(pause.start, stop) if unit == "WD" else (stop - pause.start).days
        on = cal.add_workdays(on, lost) if unit == "WD" else on + timedelta(days=lost)
        steps.append(
            f"{pause.start} 至 {pause.until or '今'}因{pause.reason}暂停，顺延 {lost}{UNITS['WD' if unit == 'WD' else 'DAY']}"
        )
    if unit == "WD":
        steps += _skipped(start, on, cal)
    elif (moved := cal.next_workday(on)) != on:
        steps.append(f"{on}（周{WEEKDAYS[on.weekday()]}）为休息日，顺延至 {moved}")
        on = moved
    years = cal.provisional(start, on)
    if years:
        steps.append(f"{'、'.join(map(str, years))} 年放假安排尚未公布，暂按周一至周五计算，公布后自动重算")
    steps.append(f"{label or '期限'}截止于 {on}")
    return Due(on, steps, bool(years))


def by_date(start: date, at: str, *, label: str = "", basis: str = "") -> Due:
    """The first day `at` (month-day) of a year after a start, which the law names and no day off moves."""
    month, day = (int(x) for x in at.split("-"))
    on = date(start.year, month, day)
    on = on if on > start else on.replace(year=start.year + 1)
    ground = f"，依据{basis}" if basis else ""
    return Due(on, [f"期限为 {month} 月 {day} 日前{ground}", f"{label or '期限'}截止于 {on}"])


def _raw_end(start: date, amount: int, unit: str, cal: WorkCalendar) -> date:
    if unit == "WD":
        return cal.add_workdays(start, amount)
    return start + timedelta(days=amount) if unit == "DAY" else add_months(start, amount)


def _skipped(start: date, end: date, cal: WorkCalendar) -> list[str]:
    """Names the days off on weekdays and the make-up working days that a reader would otherwise miss."""
    days = [start + timedelta(days=i) for i in range(1, (end - start).days + 1)]
    off = [d for d in days if d.weekday() < 5 and not cal.is_workday(d)]
    extra = [d for d in days if d.weekday() >= 5 and cal.is_workday(d)]
    lines = []
    if off:
        lines.append("不计法定节假日：" + "、".join(map(str, off)))
    if extra:
        lines.append("调休上班计入：" + "、".join(map(str, extra)))
    return lines


def remaining(on: date, today: date, cal: WorkCalendar) -> int:
    """Working days left until a due date; 0 = due today, negative = overdue by so many (at least 1)."""
    if on == today:
        return 0
    left = cal.workdays_between(today, on)
    return left or (1 if on > today else -1)


def colour(on: date | None, today: date, cal: WorkCalendar, *, paused: bool = False) -> str:
    """red: overdue or due today; yellow: three working days or fewer; green: more; blue: stopped (brief, section 0)."""
    if paused or on is None:
        return "blue"
    left = remaining(on, today, cal)
    return "red" if left <= 0 else "yellow" if left <= 3 else "green"


CalendarSource = Callable[[], WorkCalendar]
