"""Measures because of a record: imposed from the list, reported on, made lighter on one of three grounds (tasks 3, 4)."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from integrity.acts import may, possible
from integrity.forms import EntryForm, OrganisationField, choice_input
from integrity.models import Kind, Leniency, Measure, Record
from integrity.portal.desk.opening import gate
from integrity.portal.doors import act_page, staff, visible_inside

ACTS = ("report_execution", "lift")
IMPOSE = ("kind", "effect", "basis", "decided_unit", "decided_on", "doc_no", "starts_on", "until")


def of_record(record: Record, seat: Any) -> list[dict[str, Any]]:
    """A record's measures with what this seat may do about each, and the leniencies asked for."""
    found = []
    for row in Measure.objects.inside(seat).filter(record=record).select_related("kind", *Measure.lock_with):
        asked = Leniency.objects.visible_to(seat).filter(measure=row).select_related(*Leniency.lock_with)
        found.append(
            {
                "row": row,
                "buttons": [s for s in possible(row, seat) if s.name in ACTS],
                "lenient": row.state == "IN_FORCE" and "measure.impose" in seat.rights and row.within(seat),
                "leniencies": [(x, possible(x, seat)) for x in asked],
            }
        )
    return found


def may_impose(record: Record, seat: Any) -> bool:
    """Whether this seat may apply a listed measure because of this record."""
    listed = bool(record.spec.measures) and record.state == "CONFIRMED" and record.within(seat)
    return listed and may(Measure.impose.act, Measure(record=record, subject=record.subject), seat) is None  # type: ignore[attr-defined]


class _Entry(EntryForm):
    """A new row on a given one."""

    given: dict[str, Any] = {}

    def inputs(self, by: Any) -> dict[str, Any]:
        return super().inputs(by) | self.given


def _kinds(record: Record) -> forms.Field:
    codes = [m.code for m in record.spec.measures]
    return forms.ModelChoiceField(
        Kind.objects.in_force("measure").filter(code__in=codes), label="措施", empty_label="请选择", to_field_name="code",
        widget=forms.Select(attrs={"class": "in"}), help_text="只列目录中与该类记录有关联的措施",
    )  # fmt: skip


def _opened(request: HttpRequest, pk: uuid.UUID) -> tuple[Record, HttpResponse | None]:
    record = visible_inside(request, pk)
    return record, gate(request, record)


@staff("measure.impose")
def impose(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Apply a measure of the list because of this record, by the decision of a competent unit."""
    record, closed = _opened(request, pk)
    if closed:
        return closed
    seat: Any = request.seat  # type: ignore[attr-defined]
    makers = {
        "kind": lambda: _kinds(record),
        "effect": lambda: choice_input("效力", Measure.Effect.choices),
        "decided_unit": lambda: OrganisationField("决定单位"),
    }
    today = timezone.localdate()
    initial = {"decided_unit": seat.org, "decided_on": today, "starts_on": today, "effect": "reference"}
    form = _Entry(Measure, Measure.impose.act, IMPOSE, makers, request.POST or None, initial=initial)  # type: ignore[attr-defined]
    form.given = {"record": record}
    return _entered(request, form, record, "实施措施")


@staff("measure.impose")
def ask_leniency(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Propose lighter measures or none on one of the three grounds; another person decides."""
    measure = _measure(request, pk)
    record, closed = _opened(request, measure.record_id)
    if closed:
        return closed
    columns = ("ground", "outcome", "reason")
    form = _Entry(Leniency, Leniency.propose.act, columns, {}, request.POST or None)  # type: ignore[attr-defined]
    form.given = {"measure": measure}
    return _entered(request, form, record, "提出从轻或者免于")


def _entered(request: HttpRequest, form: _Entry, record: Record, title: str) -> HttpResponse:
    back = f"/desk/records/{record.pk}/"
    if form.is_bound and form.perform(request.seat):  # type: ignore[attr-defined]
        messages.success(request, f"已{title}", extra_tags="ok")
        return redirect(back)
    context = {
        "form": form,
        "title": f"{title}：{record.number}",
        "button": title,
        "back": back,
        "refusal": form.refusal,
    }
    return render(request, "desk/form.html", context | {"form_errors": form.status == 422}, status=form.status)


def _measure(request: HttpRequest, pk: uuid.UUID) -> Measure:
    rows = Measure.objects.inside(request.seat).select_related(*Measure.lock_with)  # type: ignore[attr-defined]
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@staff("measure.impose", "measure.report")
def act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Report on it, lift it."""
    row = _measure(request, pk)
    if name not in ACTS:
        raise Http404
    return act_page(request, row, name, f"/desk/records/{row.record_id}/")


@staff("measure.decide")
def decide(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Grant or refuse leniency."""
    rows = Leniency.objects.visible_to(request.seat).select_related(*Leniency.lock_with)  # type: ignore[attr-defined]
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return act_page(request, row, name, f"/desk/records/{row.measure.record_id}/")
