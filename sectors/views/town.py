"""A page per township that a resident understands: what was promised, what was kept, what was made open (task 20)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from integrity.codes import normalise_code
from integrity.models import PUBLIC, Subject
from integrity.portal.doors import listed
from integrity.portal.fresh import public
from sectors.models import Duty, Project


@public
def town(request: HttpRequest, code: str) -> HttpResponse:
    """Promises by field of service and disclosures by period, each with its day and whether it was kept."""
    place = (
        Subject.objects.visible_to(PUBLIC)
        .filter(code=normalise_code(code), agency_kind__in=("TOWNSHIP", "SUBDISTRICT"))
        .first()
    )
    if place is None:
        raise Http404
    rows = Project.objects.public().filter(sector="township", unit=place)
    if (kind := request.GET.get("kind", "")) in ("town_promise", "town_disclosure"):
        rows = rows.filter(kind=kind)
    shown = listed(request, rows, ["-stage_on", "-id"])
    owed = {d.project_id: d for d in Duty.objects.public().filter(project__in=[r.pk for r in shown.rows])}
    for row in shown.rows:
        row.owed, facts = owed.get(row.pk), row.facts
        row.what, row.about = (
            facts.get("promised") or facts.get("period"),
            facts.get("field") or facts.get("disclosed_kind"),
        )
    return render(request, "sectors/town.html", {"place": place, "page": shown, "kind": kind})
