"""Working days and dated settings: the table the clocks count by."""

from __future__ import annotations

import hashlib
import re
import time
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from integrity import catalogue
from integrity.acts import Acted, ActedQuerySet, act
from integrity.clocks import Due, Pause, WorkCalendar, by_date, due
from integrity.crypto.leaf import canonical

_cache: dict[str, tuple[float, Any]] = {}


def _cached(key: str, seconds: float, make: Any) -> Any:
    at, value = _cache.get(key, (0.0, None))
    if time.monotonic() - at > seconds or value is None:
        value = make()
        _cache[key] = (time.monotonic(), value)
    return value


def forget() -> None:
    """Read calendar and settings again at the next use."""
    _cache.clear()


class CalendarDay(models.Model):
    """工作日历: one day by the State Council's yearly notice; only days that differ from Monday to Friday matter."""

    day = models.DateField("日期", primary_key=True)
    is_workday = models.BooleanField("是否上班")
    name = models.CharField("说明", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "工作日历"
        ordering = ("day",)

    def __str__(self) -> str:
        return f"{self.day} {'上班' if self.is_workday else '休息'} {self.name}"


def work_calendar() -> WorkCalendar:
    """The calendar now in the table, read at most once a minute."""

    def read() -> WorkCalendar:
        days = dict(CalendarDay.objects.values_list("day", "is_workday"))
        return WorkCalendar(days, frozenset(d.year for d in days))

    return _cached("calendar", 60, read)


class SettingQuerySet(ActedQuerySet):
    """Settings are read by whoever may change them and by auditors."""

    def visible_to(self, seat: Any) -> SettingQuerySet:
        return self if {"setting.change", "export"} & seat.rights else self.none()


class Setting(Acted):
    """参数: a dated override of a default in the catalogue; proposed by one, approved by another (domain.md 13)."""

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", "待批准"
        APPROVED = "APPROVED", "已批准"
        REFUSED = "REFUSED", "未批准"

    key = models.CharField("参数", max_length=60)
    value = models.TextField("取值", max_length=4000)
    ground = models.CharField("依据", max_length=300)
    valid_from = models.DateField("生效日期")
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, related_name="+", verbose_name="提出人")
    approved_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="批准人"
    )

    objects = SettingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "参数变更"
        ordering = ("-valid_from",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("entered_by")),
                name="setting_two_people",
                violation_error_message="参数变更须由两人办理",
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}（{self.valid_from}起）"

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.verb != "setting.proposed" and by.user_id == self.entered_by_id:
            return "本人提出的参数变更，须由他人批准"
        return ""

    @act("setting.proposed", label="提出变更", right="setting.change", creates=True)
    def propose(self, *, by: Any) -> None:
        """Propose a value from a date on, with its ground (domain.md 13)."""
        check_setting(self.key, self.value)
        self.entered_by = by.user

    def opening(self) -> dict[str, Any]:
        """The rule as the public may read it, and its digest for the leaf."""
        rule = {"key": self.key, "value": self.value, "valid_from": str(self.valid_from), "ground": self.ground}
        return rule | {"state": self.state, "sha256": hashlib.sha256(canonical(rule)).hexdigest()}

    @act(
        "setting.approved", label="批准变更", right="setting.change", source=["PROPOSED"], target="APPROVED",
        log="rule.changed", leaf=("key", "sha256"),
    )  # fmt: skip
    def approve(self, *, by: Any) -> None:
        """A second person puts the value in force; a year's calendar replaces what stood there (domain.md 13)."""
        self.approved_by = by.user
        if year := calendar_year(self.key):
            CalendarDay.objects.filter(day__year=year).delete()
            CalendarDay.objects.bulk_create(parse_calendar(year, self.value))
        forget()

    @act(
        "setting.refused",
        label="不予批准",
        right="setting.change",
        source=["PROPOSED"],
        target="REFUSED",
        form=("reason",),
    )
    def refuse(self, *, by: Any, reason: str) -> dict[str, str]:
        """A second person refuses the value."""
        self.approved_by = by.user
        return {"reason": reason}


def calendar_year(key: str) -> int:
    """The year whose working days a setting holds (key calendar.2027); 0 for any other setting."""
    stem, _, year = key.partition(".")
    return int(year) if stem == "calendar" and re.fullmatch(r"20\d\d", year) else 0


def check_setting(key: str, value: str) -> None:
    """Raise ValidationError for an unknown key or a value that cannot be one of its values."""
    if year := calendar_year(key):
        parse_calendar(year, value)
    elif not known_setting(key):
        raise ValidationError({"key": f"没有名为“{key}”的参数"})
    elif key in catalogue.load().clocks and not (value.isdigit() and 0 < int(value) <= 400):
        raise ValidationError({"value": "期限须为 1 至 400 的整数"})
    elif (options := catalogue.load().settings.get(key, {}).get("options")) and value not in options:
        raise ValidationError({"value": f"取值须为 {'、'.join(options)} 之一"})
    elif str(catalogue.load().settings.get(key, {}).get("default", "")).isdigit() and not value.isdigit():
        raise ValidationError({"value": "该参数须为整数"})


def parse_calendar(year: int, text: str) -> list[CalendarDay]:
    """Days of one year, a line each: 2027-01-01 休 元旦, or 2027-01-03 班 元旦调休; raises ValidationError naming the line."""
    days: dict[date, CalendarDay] = {}
    for number, line in enumerate(text.strip().splitlines(), start=1):
        parts = line.split(maxsplit=2)
        try:
            day = date.fromisoformat(parts[0])
            working = {"休": False, "班": True}[parts[1]]
        except (ValueError, KeyError, IndexError):
            raise ValidationError({"value": f"第 {number} 行“{line[:30]}”应写成：2027-01-01 休 元旦"}) from None
        if day.year != year or day in days:
            raise ValidationError({"value": f"第 {number} 行“{line[:30]}”不在 {year} 年内，或者日期重复"})
        days[day] = CalendarDay(day=day, is_workday=working, name=parts[2][:40] if len(parts) > 2 else "")
    if not days:
        raise ValidationError({"value": "请填写放假和调休日期"})
    return list(days.values())


def known_setting(key: str) -> bool:
    """Whether a key is a clock that may be set or a setting of the catalogue."""
    loaded = catalogue.load()
    clock = loaded.clocks.get(key)
    return key in loaded.settings or (clock is not None and clock.kind != "law")


def setting(key: str, on: date | None = None) -> str:
    """The value in force on a day: the newest approved override, else the catalogue's default."""
    day = on or timezone.localdate()

    def read() -> list[tuple[str, date, str]]:
        rows = Setting.objects.filter(state="APPROVED").order_by("valid_from", "version")
        return list(rows.values_list("key", "valid_from", "value"))

    found = [value for k, start, value in _cached("settings", 20, read) if k == key and start <= day]
    return found[-1] if found else str(catalogue.load().settings.get(key, {}).get("default", ""))


def deadline(code: str, start: date, *, term: int = 0, pauses: tuple[Pause, ...] = (), extension: int = 0) -> Due:
    """When clock `code` of the catalogue, started on a day, ends; `term` picks one of its lengths (domain.md 10)."""
    spec = catalogue.load().clocks[code]
    length = spec.terms[term]
    if length.unit == "DATE":
        return by_date(start, length.at, label=spec.event, basis=spec.basis)
    override = setting(code, start) if spec.kind != "law" else ""
    amount = int(override) if override.isdigit() else length.amount
    return due(
        start,
        amount,
        length.unit,
        work_calendar(),
        label=spec.event,
        basis=spec.basis,
        pauses=pauses,
        extension=extension,
        today=timezone.localdate(),
    )
