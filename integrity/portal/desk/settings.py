"""Settings and the working calendar: what may be set, what it is now, what a change would do; two people (domain.md 13)."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from integrity import catalogue
from integrity.acts import possible
from integrity.clocks import UNITS
from integrity.forms import ActingForm, date_input, text_input
from integrity.models import CalendarDay, Event, Matter, Setting, setting
from integrity.models.calendar import calendar_year, known_setting
from integrity.portal.desk import words
from integrity.portal.doors import act_page, staff, visible

RIGHT = "setting.change"


def labelled(key: str) -> str:
    """A setting's name in words."""
    loaded = catalogue.load()
    if year := calendar_year(key):
        return f"{year} 年工作日历"
    if clock := loaded.clocks.get(key):
        return f"{key} {clock.event}"
    entry = loaded.settings.get(key, {})
    return str(entry.get("name") or entry.get("label") or key)


def current(key: str) -> str:
    """What is in force today, with its unit."""
    value, clock = setting(key), catalogue.load().clocks.get(key)
    if clock is None:
        return value
    term = clock.terms[0]
    amount = value if value.isdigit() else str(term.amount) if term.amount else term.at
    return f"{amount} {UNITS.get(term.unit, '')}".strip()


class ProposeForm(ActingForm):
    """A new value from a date on, with its ground."""

    def __init__(self, key: str, data: Any = None, *, rows: int = 0, initial: str = "") -> None:
        self.key = key
        first = {"value": initial, "valid_from": timezone.localdate().isoformat()}
        super().__init__(data, initial=first)
        self.fields["value"] = text_input("取值", rows=rows, max_length=4000)
        self.fields["ground"] = text_input("依据", max_length=300, help_text="文件名称和文号")
        self.fields["valid_from"] = date_input("生效日期", help_text="自该日起开始计算的期限适用新值")

    def act(self, by: Any) -> None:
        self.row = Setting(key=self.key, **self.inputs(by))
        self.row.propose(by=by)


@staff(RIGHT, "export")
def index(request: HttpRequest) -> HttpResponse:
    """Every clock that may be set and every setting, their value today, and the changes proposed or made."""
    loaded = catalogue.load()
    keys = [*(c for c in loaded.clocks if known_setting(c)), *loaded.settings]
    rows = Setting.objects.visible_to(request.seat).select_related("entered_by", "approved_by")  # type: ignore[attr-defined]
    basis = {c.code: c.basis for c in loaded.clocks.values()} | {k: e["basis"] for k, e in loaded.settings.items()}
    context = {
        "known": [(key, labelled(key), current(key), basis[key]) for key in keys],
        "changes": [(row, labelled(row.key)) for row in rows.order_by("-valid_from", "-id")[:50]],
        "missing": missing_years(),
    }
    return render(request, "desk/settings.html", context)


@staff(RIGHT)
def propose(request: HttpRequest, key: str) -> HttpResponse:
    """Propose another value for one setting."""
    if not known_setting(key):
        raise Http404
    form = ProposeForm(key, request.POST if request.method == "POST" else None)
    return _proposed(request, form, current(key))


def _proposed(request: HttpRequest, form: ProposeForm, now: str) -> HttpResponse:
    if form.is_bound and form.perform(request.seat):  # type: ignore[attr-defined]
        messages.success(request, "已提出变更，待他人批准后生效。", extra_tags="ok")
        return redirect(f"/desk/settings/{form.row.pk}/")
    context = {"form": form, "label": labelled(form.key), "current": now, "form_errors": form.status == 422}
    return render(request, "desk/propose.html", context, status=form.status)


@staff(RIGHT, "export")
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One change: from what to what, since when, on what ground, and how many open matters it touches."""
    seat = request.seat  # type: ignore[attr-defined]
    row = visible(Setting, seat, pk=pk)
    running = Matter.objects.visible_to(seat).open().exclude(clock="")
    if not calendar_year(row.key):
        own = Q(clock=row.key) | Q(clock__startswith=f"{row.key}.")
        running = running.filter(own, started_on__gte=row.valid_from)
    context = {
        "change": row,
        "label": labelled(row.key),
        "current": calendar_text(calendar_year(row.key)) if calendar_year(row.key) else current(row.key),
        "touched": running.count(),
        "own": row.state == "PROPOSED" and row.entered_by_id == seat.user_id,
        "buttons": possible(row, seat),
        "history": words.history(Event.objects.of(row).select_related("payload")),
    }
    return render(request, "desk/setting.html", context)


@staff(RIGHT)
def act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Approve or refuse a change."""
    row = visible(Setting, request.seat, pk=pk)  # type: ignore[attr-defined]
    return act_page(request, row, name, f"/desk/settings/{row.pk}/")


# ---- the working calendar ----


def missing_years() -> list[int]:
    """This year and, from November on, the next one, where the table knows nothing of them."""
    today = timezone.localdate()
    years = [today.year, *([today.year + 1] if today.month >= 11 else [])]
    return [y for y in years if not CalendarDay.objects.filter(day__year=y).exists()]


def calendar_text(year: int) -> str:
    """A year's days as they are typed in."""
    days = CalendarDay.objects.filter(day__year=year)
    return "\n".join(f"{d.day} {'班' if d.is_workday else '休'} {d.name}".strip() for d in days)


@staff(RIGHT, "matter.handle", "record.enter", "export")
def calendar(request: HttpRequest) -> HttpResponse:
    """Days off and make-up working days of a year; weekends and weekdays without a line are as always."""
    years = sorted({*CalendarDay.objects.dates("day", "year"), date(timezone.localdate().year, 1, 1)}, reverse=True)
    text = request.GET.get("year", "")
    year = int(text) if text.isdigit() and 2000 <= int(text) < 2100 else timezone.localdate().year
    context = {
        "year": year,
        "years": [d.year for d in years],
        "next_year": years[0].year + 1,
        "days": CalendarDay.objects.filter(day__year=year),
        "missing": missing_years(),
    }
    return render(request, "desk/calendar.html", context)


@staff(RIGHT)
def propose_calendar(request: HttpRequest, year: int) -> HttpResponse:
    """Propose a year's calendar: a line a day, by the State Council's notice; a second person puts it in force."""
    if not 2000 <= year < 2100:
        raise Http404
    text = calendar_text(year)
    form = ProposeForm(f"calendar.{year}", request.POST if request.method == "POST" else None, rows=20, initial=text)
    form.fields["value"].help_text = "每行一天，休息写“2027-01-01 休 元旦”，调休上班写“2027-01-03 班 元旦调休”"
    return _proposed(request, form, f"现有 {len(text.splitlines())} 天" if text else "尚未录入")
