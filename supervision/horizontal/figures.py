"""What the board of motions counts, by unit within a session (task 12); every figure links to the rows it counts."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from supervision.models import Motion

FEW = 5  # below this a rate says nothing: the count stands alone
OPEN = ("ASSIGNED", "RETURNED", "ACCEPTED")


def by_unit(rows: QuerySet) -> list[dict[str, Any]]:
    """Units with motions assigned, answered in time, late, carried out, satisfied; the most loaded first."""
    late = Q(pk__in=Motion.objects.late().values("pk"))
    return list(
        rows.values("main_unit__name", "main_unit__code")
        .annotate(
            total=Count("pk"), answered=Count("pk", filter=Q(answered_on__isnull=False)), late=Count("pk", filter=late),
            carried=Count("pk", filter=Q(carried_on__isnull=False)), rated=Count("pk", filter=~Q(result="")),
            content=Count("pk", filter=Q(result__in=("满意", "基本满意"))),
        )
        .order_by("-total", "main_unit__name")
    )  # fmt: skip


def rate(part: int, whole: int) -> str:
    """A rate with its parts, or only the count where there are too few cases."""
    return f"{part}/{whole}" if whole < FEW else f"{part / whole:.0%}（{part}/{whole}）"


def sessions(rows: QuerySet) -> list[str]:
    """The sessions that have motions, newest first."""
    return list(rows.exclude(session="").values_list("session", flat=True).distinct().order_by("-session"))
