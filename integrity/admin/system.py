"""Settings, calendar, imports, the ledger and files (house.md 1, 2.4, 2.9)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone

from integrity import catalogue
from integrity.admin import shown
from integrity.admin.base import ActedAdmin, PlainAdmin, SeatAdmin, address, readable
from integrity.forms import choice_input
from integrity.models import Attachment, CalendarDay, Event, ImportBatch, PublicLog, Setting
from integrity.models.calendar import forget, known_setting
from integrity.models.peers import Peer


@admin.register(Setting)
class SettingAdmin(ActedAdmin):
    """Dated values of the catalogue's settings: proposed by one, approved by another."""

    section = "人员与系统"
    columns = ("label", "value", "valid_from", "state", "ground")
    list_filter = ("state",)
    search_fields = ("key",)
    ordering = ("-valid_from", "-id")
    creating = "propose"
    entry = ("key", "value", "ground", "valid_from")
    sections = (("参数", ("label", "value", "ground", "valid_from", "state")),)
    people = ("entered_by", "approved_by")

    @shown.labelled("参数")
    def label(self, row: Setting, seat: Any) -> str:
        return dict(_settable()).get(row.key, row.key)

    def makers(self, request: HttpRequest) -> dict[str, Callable[[], forms.Field]]:
        return {"key": lambda: choice_input("参数", _settable())}


def _settable() -> list[tuple[str, str]]:
    """Keys that may be set and what they are for."""
    loaded = catalogue.load()
    clocks = [(c.code, f"{c.code} {c.event}") for c in loaded.clocks.values() if known_setting(c.code)]
    return [(key, f"{entry.get('label', '')} {key}".strip()) for key, entry in loaded.settings.items()] + clocks


@admin.register(CalendarDay)
class CalendarDayAdmin(PlainAdmin):
    """Days that differ from Monday to Friday, by the State Council's yearly notice."""

    section = "人员与系统"
    right = "setting.change"
    reading = frozenset({"export"})
    columns = ("day", "is_workday", "name")
    list_filter = ("is_workday",)
    ordering = ("-day",)
    fields = ("day", "is_workday", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("day",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        forget()


@admin.register(ImportBatch)
class BatchAdmin(ActedAdmin):
    """Import batches, read-only: they are worked on where their rows are."""

    section = "信用信息"
    columns = ("file_name", "profile", "kind", "unit", "state", "total", "good", "bad", "repeated", "made_at")
    list_filter = ("state",)
    search_fields = ("file_name", "unit__code__iexact")
    ordering = ("-made_at", "-id")
    people = ("entered_by", "accepted_by", "confirmed_by")
    acting = False


@admin.register(Peer)
class PeerAdmin(ActedAdmin):
    """Lower nodes that send their log here."""

    section = "人员与系统"
    columns = ("name", "origin", "area", "state")
    list_filter = ("state",)
    search_fields = ("name", "origin")
    ordering = ("origin",)
    sections = (("平台", ("name", "origin", "area", "manager", "state", "reason", "next_key")),)
    people = ("entered_by", "approved_by")


@admin.register(PublicLog)
class PublicLogAdmin(ActedAdmin):
    """The public log and its keys."""

    section = "人员与系统"
    columns = ("origin", "state", "opened_at")
    ordering = ("opened_at", "id")


class Recent(admin.SimpleListFilter):
    """The last days of the ledger; more only on demand."""

    title = "时间"
    parameter_name = "days"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("30", "近 30 天"), ("365", "近一年")]

    def choices(self, changelist: Any) -> Any:
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": "近 7 天",
        }
        yield from list(super().choices(changelist))[1:]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        days = int(self.value()) if self.value() in ("30", "365") else 7
        return queryset.filter(at__gte=timezone.now() - timedelta(days=days))


@admin.register(Event)
class EventAdmin(SeatAdmin):
    """The ledger as far as this seat sees what it is about."""

    section = "人员与系统"
    columns = ("at", "label", "about", "seat_name", "seq")
    list_filter = (Recent,)
    ordering = ("-id",)

    @shown.labelled("动作")
    def label(self, row: Event, seat: Any) -> str:
        return shown.act_label(row.target_model, row.verb) if row.target_model else row.verb

    @shown.labelled("对象")
    def about(self, row: Event, seat: Any) -> str:
        return str(row.target_model._meta.verbose_name) if row.target_model else row.target_type

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return Event.objects.visible_to(request.seat).order_by("-id")  # type: ignore[attr-defined]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return readable(Event.objects.visible_to(request.seat))  # type: ignore[attr-defined]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """An event leads to the history of its row, where it stands in its place."""
        event = self.get_object(request, object_id)
        if event is None or event.target_model not in self.admin_site._registry:
            raise Http404
        return redirect(address(event.target_model, "history", event.target))


@admin.register(Attachment)
class AttachmentAdmin(SeatAdmin):
    """Files: downloaded by those who deal with what they belong to; never listed apart from it."""

    def get_urls(self) -> list[URLPattern]:
        download = self.admin_site.admin_view(self.download_view)
        return [path("<uuid:pk>/", download, name="integrity_attachment_download")]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def download_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        seat = request.seat  # type: ignore[attr-defined]
        file = Attachment.objects.visible_to(seat).filter(pk=pk).first()
        target = file.target_row(seat) if file else None
        door = self.admin_site._registry.get(type(target))
        if file is None or target is None or door is None or not target.within(seat):
            raise Http404
        if closed := door.gate(request, target):
            return closed
        return FileResponse(file.file.open("rb"), as_attachment=True, filename=file.name, content_type=file.media_type)
