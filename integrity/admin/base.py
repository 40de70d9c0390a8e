"""The admin by seat: rows within reach, changed only by acts, through the same forms as the desk (house.md 2.1, 2.8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import EmptyResultSet, PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property

from integrity.acts import Act, Acted, acts_of, buttons_of, may, possible
from integrity.admin import shown
from integrity.forms import ActForm, ActingForm, EntryForm
from integrity.models import Attachment, Event
from integrity.paging import capped_count


class CappedPaginator(Paginator):
    """Counts no further than the cap: no list asks for the size of a table."""

    @cached_property
    def _counted(self) -> tuple[int, bool]:
        return capped_count(self.object_list)  # type: ignore[arg-type]

    @property
    def count(self) -> int:  # type: ignore[override]
        return self._counted[0]

    @property
    def capped(self) -> bool:
        return self._counted[1]


def address(model: Any, name: str, *args: Any) -> str:
    """The address of a model's page in the admin."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


class SeatAdmin(admin.ModelAdmin):
    """What every registered model shares: no deletion, no bulk action, no inlines; rights come from the seat alone."""

    section = "信用信息"
    actions = None
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 0
    sortable_by = ()
    view_on_site = False
    columns: tuple[str, ...] = ()

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [shown.Column(self, name, request.seat) for name in self.columns]  # type: ignore[attr-defined]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:  # type: ignore[override]
        """Only the filters on the page: a lookup on any column would be an oracle for sealed values."""
        named = {getattr(f, "parameter_name", f[0] if isinstance(f, tuple) else f) for f in self.list_filter}
        return lookup.split("__")[0] in named and super().lookup_allowed(lookup, value, request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method != "GET":
            raise PermissionDenied("列表只供查看，办理请打开具体一条。")
        return super().changelist_view(request, {"title": self.opts.verbose_name_plural} | (extra_context or {}))

    def _get_obj_does_not_exist_redirect(self, *args: Any) -> Any:
        raise Http404  # none, foreign and hidden answer alike

    def url(self, name: str, *args: Any) -> str:
        return address(self.model, name, *args)

    def page(self, request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> TemplateResponse:
        if (row := context.get("row")) is not None:
            context["called"] = shown.called(row, request.seat)  # type: ignore[attr-defined]
        everywhere = self.admin_site.each_context(request) | {"opts": self.opts, "list_url": self.url("changelist")}
        return TemplateResponse(request, f"admin/acted/{template}.html", everywhere | context, status=status)


class PlainAdmin(SeatAdmin):
    """A plain table kept by holders of one right; the stock log keeps each change with its author."""

    right = ""
    reading: frozenset[str] = frozenset()  # rights that suffice to read it

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool({self.right, *self.reading} & request.seat.rights)  # type: ignore[attr-defined]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.right in request.seat.rights  # type: ignore[attr-defined]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.right in request.seat.rights  # type: ignore[attr-defined]


def readable(rows: QuerySet) -> bool:
    """Whether any row could be in the queryset at all; the compiler knows without asking the database."""
    try:
        rows.query.sql_with_params()
    except EmptyResultSet:
        return False
    return True


class ActedAdmin(SeatAdmin):
    """An acted model: read-only, with its acts as buttons, its history from the ledger, and an entry form that acts."""

    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()
    people: tuple[str, ...] = ()  # columns of who did what, for those who deal with the row
    creating = ""  # name of the act that enters a row here
    entry: tuple[str, ...] = ()  # columns its form asks for
    acting = True  # acts stand as buttons

    # ---- who sees what ----

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = self.model.objects.inside(request.seat)  # type: ignore[attr-defined]
        return rows.select_related(*self.model.lock_with, *self.people).order_by(*self.get_ordering(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        cache = request.__dict__.setdefault("_readable", {})
        if self.model not in cache:
            cache[self.model] = readable(self.model.objects.inside(request.seat))  # type: ignore[attr-defined]
        return cache[self.model]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(self.creating) and self.creating_act.right in request.seat.rights  # type: ignore[attr-defined]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        if hasattr(queryset, "search") and search_term:
            return queryset.search(search_term), False
        return super().get_search_results(request, queryset, search_term)

    def row(self, request: HttpRequest, object_id: str) -> Acted:
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return row

    # ---- pages ----

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path("<path:object_id>/act/<str:act>/", wrap(self.act_view), name=f"{name}_act"),
        ]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The row as this seat may read it, with the acts it may do now."""
        if request.method != "GET":
            raise PermissionDenied("本页只供查看，请用页上的按钮办理。")
        row, seat = self.row(request, object_id), request.seat  # type: ignore[attr-defined]
        if closed := self.gate(request, row):
            return closed
        return self.page(
            request, "row", row=row, title=f"{self.opts.verbose_name}：{shown.called(row, seat)}", sections=self.shown(row, seat),
            acts=possible(row, seat) if self.acting else [], files=Attachment.objects.of(row) if row.within(seat) else [],
            links=self.links(row, seat),
        )  # fmt: skip

    def gate(self, request: HttpRequest, row: Any) -> HttpResponse | None:
        """Where the reader has to go first; None when the row may be shown."""

    def links(self, row: Any, seat: Any) -> list[tuple[str, str]]:
        """Further addresses and labels for the row's page."""
        return []

    def shown(self, row: Any, seat: Any) -> list[tuple[str, list[tuple[str, Any]]]]:
        """Headed groups of label and value; who did what is shown only to those who deal with the row."""
        groups = self.sections or (("内容", self._columns()),)
        found = [(heading, shown.pairs(row, names, seat, self)) for heading, names in groups]
        if self.sees_people(row, seat):
            found.append(("经办", shown.pairs(row, self.people, seat)))
        return [(heading, values) for heading, values in found if values]

    def sees_people(self, row: Any, seat: Any) -> bool:
        return row.within(seat) and seat.role.code != "LEADER"

    def _columns(self) -> tuple[str, ...]:
        hidden = {"id", *getattr(self.model, "unlogged", ()), *self.people}
        return tuple(f.name for f in self.opts.concrete_fields if f.name not in hidden)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The row's events from the ledger, newest first."""
        row = self.row(request, object_id)
        if closed := self.gate(request, row):
            return closed
        full = self.sees_people(row, request.seat)  # type: ignore[attr-defined]
        events = Event.objects.of(row).select_related("payload").order_by("-id")[:500]
        entries = [(e, shown.act_label(self.model, e.verb), shown.changes(self.model, e.values)) for e in events]
        title = f"办理历史：{shown.called(row, request.seat)}"  # type: ignore[attr-defined]
        return self.page(request, "history", row=row, title=title, entries=entries, full=full)

    # ---- acts ----

    @cached_property
    def creating_act(self) -> Act:
        return next(spec for spec in acts_of(self.model) if spec.name == self.creating)

    def makers(self, request: HttpRequest) -> dict[str, Callable[[], forms.Field]]:
        """Fields of the entry form that differ from what their columns would give."""
        return {}

    def entry_form(self, request: HttpRequest, data: Any) -> ActingForm:
        return EntryForm(self.model, self.creating_act, self.entry, self.makers(request), data)

    def act_form(self, request: HttpRequest, row: Any, spec: Act, data: Any) -> ActingForm:
        return ActForm(spec, row, data)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The entry form; filling it in is the creating act."""
        if not self.has_add_permission(request):
            raise PermissionDenied("您当前的岗位不能新增，请联系本单位管理员或者切换岗位。")
        form = self.entry_form(request, _sent(request))
        return self.acted(request, form, self.creating_act, back=self.url("changelist"))

    def act_view(self, request: HttpRequest, object_id: str, act: str) -> HttpResponse:
        """The page behind an act's button: what it does, its inputs, and the act itself on POST."""
        row = self.row(request, object_id)
        spec = next((s for s in buttons_of(self.model) if s.name == act and self.acting), None)
        if spec is None:
            raise Http404
        form = self.act_form(request, row, spec, _sent(request))
        form.refusal = may(spec, row, request.seat)  # type: ignore[attr-defined]
        return self.acted(request, form, spec, back=self.url("change", row.pk), row=row)

    def acted(self, request: HttpRequest, form: ActingForm, spec: Act, *, back: str, row: Any = None) -> HttpResponse:
        """Perform what a form was filled in for, or show the form with what hinders it."""
        if form.is_bound and form.perform(request.seat):  # type: ignore[attr-defined]
            done = row if row is not None else form.row  # type: ignore[attr-defined]
            messages.success(request, f"已{spec.label}：{done}")
            there = self.get_queryset(request).filter(pk=done.pk).exists()
            return redirect(self.url("change", done.pk) if there else self.url("changelist"))
        return self.page(
            request,
            "form",
            status=form.status,
            form=form,
            act=spec,
            row=row,
            back=back,
            refusal=form.refusal,
            wrong=form.status == 422,
            sent=form.is_bound and bool(form.fields),
            hands_on=getattr(form, "hands_on", False),
            title=f"{spec.label}：{row}" if row is not None else spec.label,
        )  # fmt: skip  (a template would find a fact of that name before an attribute of the form)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
