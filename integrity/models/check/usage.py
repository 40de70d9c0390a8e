"""Use of credit records by unit: who asks, what is fed back, and which decisions were taken without asking (task 8)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from integrity.models.check import CheckedSubject
from integrity.models.record import Record

BEFORE = timedelta(days=60)  # a check counts for a decision made within these days after it
SHOULD = {
    "DP01": "LICENCE",
    "DP02": "PENALTY",
    "AG11": "HONOUR",
    "LS03": "HONOUR",
}  # kind of decision → purpose of the check it needs


def by_unit(checks: Any) -> list[dict[str, Any]]:
    """Per unit: checks, subjects asked about, answers fed back; within what the reader may see, last twelve months."""
    since = timezone.now() - timedelta(days=365)
    answers = CheckedSubject.objects.filter(asked_in__in=checks.filter(made_at__gte=since))
    rows = answers.values("asked_in__unit_id", "asked_in__unit__name").annotate(
        checks=Count("asked_in", distinct=True),
        subjects=Count("pk"),
        due=Count("pk", filter=Q(outcome__in=("MANDATORY", "REFERENCE"))),
        fed_back=Count("pk", filter=Q(outcome__in=("MANDATORY", "REFERENCE")) & ~Q(decision="")),
    )
    return list(rows.order_by("-subjects", "asked_in__unit__name"))


def unasked(seat: Any) -> list[dict[str, Any]]:
    """Per unit: decisions of the last three months that need a check, and those for whose subject none was made before."""
    since = timezone.localdate() - timedelta(days=90)
    rows = Record.objects.inside(seat).filter(kind__in=SHOULD, decided_on__gte=since)
    asked = CheckedSubject.objects.annotate(on=TruncDate("asked_in__made_at")).filter(
        subject=OuterRef("subject"), asked_in__unit=OuterRef("source_unit"), on__lte=OuterRef("decided_on"),
        on__gte=OuterRef("decided_on") - BEFORE,
    )  # fmt: skip
    counted = rows.annotate(asked=Exists(asked)).values("source_unit_id", "source_unit__name")
    return list(
        counted.annotate(decisions=Count("pk"), without=Count("pk", filter=Q(asked=False)))
        .filter(without__gt=0)
        .order_by("-without")[:50]
    )
