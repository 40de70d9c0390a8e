"""Who did and who saw what: the ledger as an auditor reads it, and one row's whole life with its check (brief A6)."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date

from integrity.guards import acted_models
from integrity.ledger.checking import check
from integrity.ledger.feed import seen
from integrity.listing.masking import actor, masked
from integrity.models import Event, Record, Subject
from integrity.models.viewing import log_views
from integrity.portal.audit.overview import purposeful
from integrity.portal.desk import words
from integrity.portal.doors import listed, staff, visible

SIZE = 50
LOOKS = ".viewed"


def nouns() -> dict[str, Any]:
    return {m._meta.model_name or "": m for m in acted_models()}


def narrowed(params: Any) -> QuerySet:
    """Events under the page's filters; whatever cannot be read narrows nothing."""
    rows = Event.objects.select_related("payload")
    rows = rows.filter(verb__endswith=LOOKS) if params.get("what") == "looks" else rows.filter(changes=True)
    for name, field in (("noun", "target_type"), ("verb", "verb"), ("unit", "unit_code"), ("person", "user_name")):
        if value := params.get(name, "").replace("\x00", "").strip():
            rows = rows.filter(**{field: value})
    if since := _day(params.get("since")):
        rows = rows.filter(at__date__gte=since)
    if until := _day(params.get("until")):
        rows = rows.filter(at__date__lte=until)
    return rows


def _day(text: str | None) -> date | None:
    try:
        return parse_date(text or "")
    except ValueError:
        return None


@staff("audit")
def index(request: HttpRequest) -> HttpResponse:
    """Acts and looks, newest first, of every row this seat may see; filters stand in the address."""
    seat = request.seat  # type: ignore[attr-defined]
    page = listed(request, narrowed(request.GET), ["-id"], SIZE)
    inside = seen(seat, [(e.target_type, e.target) for e in page.rows])
    numbers = dict(Record.objects.inside(seat).filter(pk__in=inside).values_list("pk", "number"))
    rows = [
        {
            "event": e,
            "number": numbers.get(e.target, ""),
            "label": words.verbs().get(e.verb, "查看" if e.verb.endswith(LOOKS) else e.verb),
            "who": actor(e.user_name, e.seat_name, masks=seat.role.masked),
            "noun": nouns()[e.target_type]._meta.verbose_name if e.target_type in nouns() else e.target_type,
            "purpose": e.values.get("purpose", "") if e.verb.endswith(LOOKS) else "",
        }
        for e in page.rows
        if e.target in inside
    ]
    kinds = sorted((name, model._meta.verbose_name) for name, model in nouns().items())
    return render(
        request,
        "audit/trail.html",
        {"page": page, "rows": rows, "nouns": kinds, "verbs": sorted(words.verbs().items())},
    )


def person_of(row: Any) -> str:
    """The name of the natural person a row is about; empty when it is about none."""
    subject = row if isinstance(row, Subject) else getattr(row, "subject", None) or getattr(row, "about", None)
    return "" if subject is None or subject.is_organisation else subject.name


def told(events: Any, seat: Any, person: str) -> list[words.Happening]:
    """Events in words, without the person's name for a masked role."""
    steps = words.history(events)
    if not seat.role.masked:
        return steps
    return [replace(s, who=masked(s.who, person), notes=masked(s.notes, person)) for s in steps]


@staff("audit")
@purposeful
def timeline(request: HttpRequest, noun: str, pk: uuid.UUID) -> HttpResponse:
    """One row's life, act by act, and on demand whether it is what the log says."""
    seat, model = request.seat, nouns().get(noun)  # type: ignore[attr-defined]
    if model is None or pk not in seen(seat, [(noun, pk)]):
        raise Http404
    row = visible(model, seat, pk=pk)
    person = person_of(row)
    if person and "check" not in request.GET:
        log_views(noun, [(row.pk, row.version)], by=seat, purpose=request.session["purpose"], query=request.path)
    events = Event.objects.of(row).select_related("payload")
    context = {
        "title": masked(str(row), person) if seat.role.masked else str(row),
        "noun": model._meta.verbose_name,
        "history": told(events.filter(changes=True), seat, person),
        "looks": told(events.filter(verb__endswith=LOOKS).order_by("-id")[:50], seat, person),
        "verdict": check(row) if "check" in request.GET else None,
    }
    return render(request, "audit/timeline.html", context)
