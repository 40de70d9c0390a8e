"""A subject's page: what it promises, where it failed, what is done about it (brief P3)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from integrity import public as whitelist
from integrity.codes import normalise_code
from integrity.ledger.position import places
from integrity.models import PUBLIC, Commitment, Measure, Record, Subject
from integrity.portal.fresh import public
from integrity.portal.lists import negative, newest
from integrity.portal.pledges import commitments

CARDS, LINES = 10, 10  # of negative records and of others; the rest stands in the list of this subject
BEFORE = ("succeeded_by", "succeeded_by__succeeded_by", "succeeded_by__succeeded_by__succeeded_by")


def predecessors(pk: Any) -> list[dict[str, Any]]:
    """Organisations whose duties this one took over, three steps back (新官要理旧账)."""
    before = Q()
    for step in BEFORE:
        before |= Q(**{step: pk})
    return list(Subject.objects.visible_to(PUBLIC).filter(before).order_by("-valid_until").values(*whitelist.SUBJECT))


def successor(code: str) -> dict[str, Any] | None:
    """Who answers today for an organisation that ended: the last in the line."""
    row, seen = None, set[str]()
    while code and code not in seen:
        seen.add(code)
        row = Subject.objects.visible_to(PUBLIC).filter(code=code).values(*whitelist.SUBJECT).first()
        code = row["succeeded_by__code"] if row else ""
    return row


def promises(ids: list[Any]) -> dict[str, Any]:
    """Commitments of these organisations: the nearest due first, and how many stand where."""
    rows = Commitment.objects.public().filter(Q(pledge__unit__in=ids) | Q(pledge__subject__in=ids))
    late = Q(state="ON_TRACK", due_on__lt=timezone.localdate())
    counts = rows.aggregate(
        all=Count("pk"),
        kept=Count("pk", filter=Q(state="FULFILLED")),
        late=Count("pk", filter=late),
        broken=Count("pk", filter=Q(state="BREACHED")),
    )
    counts["running"] = counts["all"] - counts["kept"] - counts["late"] - counts["broken"]
    return {"promised": counts, "commitments": commitments(rows.order_by("due_on", "id")[:LINES])}


@public
def subject(request: HttpRequest, code: str) -> HttpResponse:
    """Everything public about one organisation on one page."""
    key = normalise_code(code)
    row = Subject.objects.visible_to(PUBLIC).filter(code=key).values(*whitelist.SUBJECT).first() if key else None
    if row is None:
        raise Http404
    if code != key:
        return redirect("subject", key)
    before = predecessors(row["id"])
    ids = [row["id"], *(b["id"] for b in before)]
    public_rows = Record.objects.public().filter(subject__in=ids)
    counts = Counter(dict(public_rows.order_by().values_list("kind").annotate(n=Count("pk"))))
    bad = sum(counts[k] for k in negative())
    cards = newest(public_rows.filter(kind__in=negative()), CARDS) if bad else []
    others = newest(public_rows.exclude(kind__in=negative()), LINES) if counts.total() > bad else []
    context = {
        "subject": whitelist.subject(row),
        "form": Subject.Form(row["form"]).label,
        "kind": Subject.AgencyKind(row["agency_kind"]).label if row["agency_kind"] else "",
        "ended": row["state"] == Subject.State.ENDED,
        "provisional": row["state"] == Subject.State.PROVISIONAL,
        "successor": successor(row["succeeded_by__code"]),
        "predecessors": before,
        "former": {b["code"] for b in before},
        "cards": cards,
        "others": others,
        "bad": bad,
        "good": counts.total() - bad,
        "tiers": tier_words(cards) if bad <= CARDS else "",
        "rectifying": sum(r["flags"]["rectifying"] for r in cards),
        "places": places(r["uid"] for r in (*cards, *others)),
        "measures": measures_on(ids),
        **promises(ids),
    }
    return render(request, "portal/subject.html", context)


def measures_on(ids: list[Any]) -> list[dict[str, Any]]:
    rows = Measure.objects.public().filter(subject__in=ids).order_by("-starts_on", "id")
    return [whitelist.measure(v) for v in rows.values(*whitelist.MEASURE)[:20]]


def tier_words(cards: list[Any]) -> str:
    """一般 1 · 轻微 1, gravest first."""
    found = Counter(r["tier"] for r in cards)
    words = (("serious", "严重"), ("general", "一般"), ("minor", "轻微"))
    return " · ".join(f"{word} {found[t]}" for t, word in words if found[t])
