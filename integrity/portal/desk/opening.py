"""Before a restricted or personal record is read, its reader says why, and the ledger keeps it (山东条例 37)."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme

from integrity.forms import text_input
from integrity.models import Record
from integrity.models.record.entry import EDITABLE
from integrity.portal.doors import staff, visible_inside

STAYS_OPEN = timedelta(minutes=30)
PURPOSES = ("复核审批", "更正、异议、修复办理", "干部考核、任用、评优核查", "审计监督", "其他")


class PurposeForm(forms.Form):
    """Why somebody reads or takes away what is not his own."""

    purpose = forms.ChoiceField(label="用途", choices=[(p, p) for p in PURPOSES], widget=forms.RadioSelect)
    detail = text_input("具体说明", required=False, max_length=200, help_text="如：2026 年度干部考核，通知文号")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("purpose") == "其他" and not data.get("detail"):
            self.add_error("detail", "选择其他用途的，请写明具体说明")
        return data

    @property
    def words(self) -> str:
        parts = (self.cleaned_data["purpose"], self.cleaned_data["detail"].strip())
        return "：".join(p for p in parts if p)


def needs_purpose(request: HttpRequest, row: Any) -> bool:
    """Whether this reader has to say why first: not the person himself, not the clerk over his own draft."""
    seat = request.seat  # type: ignore[attr-defined]
    if not row.is_personal or seat.person_id == row.subject_id:
        return False
    if isinstance(row, Record) and row.state in EDITABLE and seat.user_id in (row.entered_by_id, row.amended_by_id):
        return False
    at = parse_datetime(request.session.get("opened", {}).get(_place(request, row), "")) if request.session else None
    return at is None or at < timezone.now() - STAYS_OPEN


def _place(request: HttpRequest, row: Any) -> str:
    return f"{request.seat.pk}:{row.pk}"  # type: ignore[attr-defined]


def _page(row: Any) -> str:
    return f"/desk/records/{row.pk}/" if isinstance(row, Record) else row.get_absolute_url()


def gate(request: HttpRequest, row: Any) -> HttpResponse | None:
    """The way to the purpose page, or None when the row may be shown."""
    if not needs_purpose(request, row):
        return None
    return redirect(f"{_page(row)}open?{urlencode({'next': request.get_full_path()})}")


def ask_purpose(request: HttpRequest, row: Any, name: str) -> HttpResponse:
    """Ask for the purpose, log it, and go on to what was asked for; `name` is what the page may call the row."""
    after = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(after, {request.get_host()}):
        after = _page(row)
    form = PurposeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        row.view(by=request.seat, purpose=form.words)  # type: ignore[attr-defined]
        opened = request.session.get("opened", {})
        request.session["opened"] = {**opened, _place(request, row): timezone.now().isoformat()}
        return redirect(after)
    context = {"name": name, "form": form, "form_errors": form.is_bound and form.errors}
    return render(request, "desk/open.html", context, status=422 if context["form_errors"] else 200)


@staff("record.read")
def open_record(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The purpose page before a record."""
    record = visible_inside(request, pk)
    return ask_purpose(request, record, f"{record.number} · {record.kind.name}")
