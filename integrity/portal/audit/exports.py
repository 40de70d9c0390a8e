"""Exports of the auditor: asked for with a purpose, listed with count, digest and log size, gone after seven days (brief A5)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrity.forms import put_errors
from integrity.listing import LISTINGS, bound
from integrity.models import Export
from integrity.portal.desk.opening import PurposeForm
from integrity.portal.doors import listed, staff


class ExportForm(PurposeForm):
    """What, in which format, and why; filters come with the address."""

    resource = forms.ChoiceField(label="资源", choices=[(n, listing.label) for n, listing in LISTINGS.items()])
    format = forms.ChoiceField(label="格式", choices=Export.Format.choices, initial="csv", widget=forms.RadioSelect)
    field_order = ("resource", "format", "purpose", "detail")

    def __init__(self, given: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"resource": given.get("resource", "records"), "format": "csv"}, **kwargs)
        self.query = {k: v for k, v in given.items() if k != "resource"}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        listing = LISTINGS.get(data.get("resource", ""))
        if listing is None:
            return data
        known = {*listing.filters.base_filters, *(("q",) if listing.search else ())}
        filters = bound(listing, self.query)
        if unknown := sorted(set(self.query) - known):
            self.add_error("resource", f"“{listing.label}”没有过滤条件：{'、'.join(unknown)}")
        elif filters and filters.errors:
            self.add_error("resource", f"过滤条件有误：{'、'.join(filters.errors)}")
        return data

    def ask(self, seat: Any) -> bool:
        """Ask for the file; False with the faults beside their fields."""
        data = self.cleaned_data
        try:
            Export(resource=data["resource"], format=data["format"], query=self.query, purpose=self.words).ask(by=seat)
        except ValidationError as fault:
            put_errors(self, fault)
            return False
        return True


@staff("export")
def index(request: HttpRequest) -> HttpResponse:
    """Own exports, the newest first."""
    rows = Export.objects.visible_to(request.seat)  # type: ignore[attr-defined]
    page = listed(request, rows, ["-asked_at", "-id"])
    labels = {name: listing.label for name, listing in LISTINGS.items()}
    return render(request, "audit/exports.html", {"page": page, "labels": labels})


@staff("export")
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a file of exactly these rows."""
    given = {k: v for k, v in request.GET.items() if v}
    form = ExportForm(given, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and form.ask(request.seat):  # type: ignore[attr-defined]
        messages.success(request, "已受理，文件生成后列在本页", extra_tags="ok")
        return redirect("/audit/exports/")
    wrong = form.is_bound and bool(form.errors)
    context = {"form": form, "form_errors": wrong}
    return render(request, "audit/export_new.html", context, status=422 if wrong else 200)
