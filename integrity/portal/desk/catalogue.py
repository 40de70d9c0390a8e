"""The catalogue on the desk: entries by state, nominated and approved singly or as an edition, what a new text changed."""

from __future__ import annotations

import difflib
import json
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrity.acts import Act, may, possible
from integrity.forms import ActingForm, act_input
from integrity.models import Event, Kind
from integrity.portal.desk import words
from integrity.portal.doors import act_page, staff


def _spec(name: str) -> Act:
    return getattr(Kind, name).act


class EditionForm(ActingForm):
    """One decision for many entries: every entry keeps its own event, and all are decided or none."""

    def __init__(self, name: str, rows: list[Kind], data: Any = None) -> None:
        super().__init__(data)
        self.name, self.rows, self.spec = name, rows, _spec(name)
        for field in self.spec.form:
            self.fields[field] = act_input(field, self.spec, Kind())

    def act(self, by: Any) -> None:
        inputs = self.inputs(by)
        for row in self.rows:
            getattr(row, self.name)(by=by, **inputs)


@staff("kind.nominate", "kind.approve", "export")
def index(request: HttpRequest) -> HttpResponse:
    """Entries by state and shape; editions that wait for a second person."""
    seat, params = request.seat, request.GET  # type: ignore[attr-defined]
    rows = Kind.objects.visible_to(seat)
    if params.get("state") in Kind.State.values:
        rows = rows.filter(state=params["state"])
    if params.get("shape") in Kind.Shape.values:
        rows = rows.filter(shape=params["shape"])
    editions = Kind.objects.visible_to(seat).filter(state="NOMINATED").order_by("doc_no")
    context = {
        "kinds": rows.order_by("shape", "code"),
        "states": Kind.State.choices,
        "shapes": Kind.Shape.choices,
        "editions": editions.values("doc_no", "nominated_by", "nominated_by__name").annotate(count=Count("pk")),
        "proposed": Kind.objects.visible_to(seat).filter(state="PROPOSED").count(),
    }
    return render(request, "desk/catalogue.html", context)


@staff("kind.nominate", "kind.approve")
def edition(request: HttpRequest, name: str) -> HttpResponse:
    """Nominate the chosen proposals (or all), or approve or return everything nominated under one document."""
    seat, params = request.seat, request.GET  # type: ignore[attr-defined]
    if name not in ("nominate", "approve", "return_"):
        raise Http404
    rows = Kind.objects.visible_to(seat)
    if name == "nominate":
        rows = rows.filter(state="PROPOSED")
        rows = rows.filter(code__in=params.getlist("code")) if params.getlist("code") else rows
    else:
        rows = rows.filter(state="NOMINATED", doc_no=params.get("doc_no", ""))
    chosen = list(rows.order_by("code"))
    if not chosen:
        messages.warning(request, "没有可以办理的条目。", extra_tags="warn")
        return redirect("/desk/catalogue/")
    form = EditionForm(name, chosen, request.POST if request.method == "POST" else None)
    form.refusal = next((r for row in chosen if (r := may(form.spec, row, seat))), None)
    if form.is_bound and form.perform(seat):
        messages.success(request, f"已{form.spec.label}：{len(chosen)} 个条目。", extra_tags="ok")
        return redirect("/desk/catalogue/")
    context = {"form": form, "rows": chosen, "act": form.spec, "form_errors": form.status == 422}
    return render(request, "desk/edition.html", context, status=form.status)


@staff("kind.nominate", "kind.approve", "export")
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One entry: its text, what changed since the edition before, its history."""
    seat = request.seat  # type: ignore[attr-defined]
    row = Kind.objects.visible_to(seat).filter(code=code).first()
    if row is None:
        raise Http404
    events = list(Event.objects.of(row).select_related("payload"))
    texts = [e.values["text"] for e in events if e.values.get("text") and isinstance(e.values["text"], dict)]
    context = {
        "kind": row,
        "buttons": possible(row, seat),
        "text": _lines(row.text),
        "changes": compared(texts[-2], texts[-1]) if len(texts) > 1 else [],
        "history": words.history(events),
    }
    return render(request, "desk/kind.html", context)


def _lines(text: dict[str, Any]) -> list[str]:
    return json.dumps(text, ensure_ascii=False, indent=1, sort_keys=True).splitlines()


def compared(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str]]:
    """Changed lines of an entry's text with their sign: 删 what stood there, 增 what stands there now."""
    signs = {"- ": "删", "+ ": "增"}
    return [(signs[x[:2]], x[2:].strip()) for x in difflib.ndiff(_lines(before), _lines(after)) if x[:2] in signs]


@staff("kind.nominate", "kind.approve")
def act(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Nominate, approve, return or end one entry."""
    row = Kind.objects.visible_to(request.seat).filter(code=code).first()  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    return act_page(request, row, name, f"/desk/catalogue/{row.code}/")
