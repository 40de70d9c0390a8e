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


def needs_purpose(request: HttpRequest, record: Record) -> bool:
    """Whether this reader has to say why first: not the person himself, not the clerk over his own draft."""
    seat = request.seat  # type: ignore[attr-defined]
    if not record.is_personal or seat.person_id == record.subject_id:
        return False
    if record.state in EDITABLE and seat.user_id in (record.entered_by_id, record.amended_by_id):
        return False
    at = parse_datetime(request.session.get("opened", {}).get(_place(request, record), "")) if request.session else None
    return at is None or at < timezone.now() - STAYS_OPEN


def _place(request: HttpRequest, record: Record) -> str:
    return f"{request.seat.pk}:{record.pk}"  # type: ignore[attr-defined]


def gate(request: HttpRequest, record: Record) -> HttpResponse | None:
    """The way to the purpose page, or None when the record may be shown."""
    if not needs_purpose(request, record):
        return None
    return redirect(f"/desk/records/{record.pk}/open?{urlencode({'next': request.get_full_path()})}")


@staff("record.read")
def open_record(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask for the purpose, log it, and go on to what was asked for."""
    record = visible_inside(request, pk)
    after = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(after, {request.get_host()}):
        after = f"/desk/records/{record.pk}/"
    form = PurposeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        record.view(by=request.seat, purpose=form.words)  # type: ignore[attr-defined]
        opened = request.session.get("opened", {})
        request.session["opened"] = {**opened, _place(request, record): timezone.now().isoformat()}
        return redirect(after)
    context = {"record": record, "form": form, "form_errors": form.is_bound and form.errors}
    return render(request, "desk/open.html", context, status=422 if context["form_errors"] else 200)
