"""List filters whose choices come from the catalogue."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from integrity import catalogue
from integrity.models.record.query import restricted_codes


class KindFilter(admin.SimpleListFilter):
    """One kind of the catalogue; restricted ones are offered only to their readers."""

    title = "类目"
    parameter_name = "kind"
    shape = "record"
    template = "admin/filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        hidden = set() if request.seat.role.restricted else set(restricted_codes())  # type: ignore[attr-defined]
        return [(k.code, f"{k.code} {k.name}") for k in catalogue.load().of_shape(self.shape) if k.code not in hidden]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class MeasureFilter(KindFilter):
    title = "措施"
    shape = "measure"


class MatterFilter(KindFilter):
    title = "事项类型"
    shape = "matter"
