"""What belongs to a project: officers, breaches, looks back, evaluations, notices; on the desk and in public (tasks 15, 16, 18)."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from integrity.acts import buttons_of, may, possible
from integrity.models import Event
from integrity.portal.desk import words
from integrity.portal.doors import act_page, listed, staff
from sectors.adding import ADDITIONS, MODELS, AddForm
from sectors.models import LookBack, Notice
from sectors.parts import PROJECT, PUBLIC_PROJECT, PUBLIC_SECTOR, part
from sectors.views.desk import SEES, filled, found

LED = ("investment", "ppp")


@staff("sector.enter")
def add(request: HttpRequest, pk: uuid.UUID, what: str) -> HttpResponse:
    """A new row of a project."""
    project, adding = found(request, pk), ADDITIONS.get(what)
    if adding is None or not adding.fits(project):
        raise Http404
    form = AddForm(project, adding, request.POST if request.method == "POST" else None)
    form.refusal = may(adding.spec, adding.model(project=project), request.seat)  # type: ignore[attr-defined]
    return filled(request, form, f"{adding.title}：{project.name}", "保存", project.get_absolute_url())


def _row(request: HttpRequest, what: str, pk: uuid.UUID) -> Any:
    model = MODELS.get(what)
    if model is None:
        raise Http404
    rows = model.objects.inside(request.seat).select_related(*model.lock_with)  # type: ignore[attr-defined]
    if (row := rows.filter(pk=pk).first()) is None:
        raise Http404
    return row


@staff("sector.enter", "sector.release", "record.enter")
def act(request: HttpRequest, what: str, pk: uuid.UUID, name: str) -> HttpResponse:
    """Disclose, order, put right, find …"""
    row = _row(request, what, pk)
    if name not in {spec.name for spec in buttons_of(type(row))}:
        raise Http404
    return act_page(request, row, name, row.get_absolute_url())


@staff("record.enter", *SEES)
def lookbacks(request: HttpRequest) -> HttpResponse:
    """Looks back within reach; the managing authority decides on those about its people."""
    rows = LookBack.objects.inside(request.seat).select_related("project", "officer__person", "officer__project")  # type: ignore[attr-defined]
    if request.GET.get("state") in LookBack.State.values:
        rows = rows.filter(state=request.GET["state"])
    context = {"page": listed(request, rows, ["state", "id"]), "states": LookBack.State.choices}
    return render(request, "sectors/desk_lookbacks.html", context)


@staff("record.enter", *SEES)
def lookback(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One look back: whose time, which stage, what came of it, what was decided."""
    row, seat = _row(request, "lookback", pk), request.seat  # type: ignore[attr-defined]
    context = {
        "lookback": row,
        "buttons": possible(row, seat),
        "history": words.history(Event.objects.of(row).select_related("payload"), names=True),
    }
    return render(request, "sectors/desk_lookback.html", context)


def led(project: Any, seat: Any) -> tuple[str, dict[str, Any]]:
    """Who answers for which stage, what was broken, what the look back found."""
    breaches = _with(project, project.breaches.select_related("record").order_by("happened_on", "id"))
    of_project = {"project": project}
    officers = project.officers.inside(seat).select_related("person").order_by("from_on", "id")
    lookbacks = LookBack.objects.inside(seat).filter(**of_project).select_related("officer__person", "officer__project")
    adds = [
        (code, a.title)
        for code, a in ADDITIONS.items()
        if a.fits(project) and may(a.spec, a.model(**of_project), seat) is None
    ]
    return "sectors/_led.html", {
        "project": project, "adds": adds, "officers": officers, "lookbacks": lookbacks,
        "breaches": [(b, possible(b, seat)) for b in breaches],
    }  # fmt: skip


def broken(project: Any) -> tuple[str, dict[str, Any]]:
    """What has been disclosed of broken promises, and where to complain of more (tasks 13 and 18)."""
    rows = _with(project, project.breaches.public().order_by("happened_on", "id"))
    return "sectors/_broken.html", {"breaches": rows, "project": project}


def evaluations(project: Any, seat: Any) -> tuple[str, dict[str, Any]]:
    """How the project was evaluated, period by period."""
    rows = _with(project, project.evaluations.order_by("evaluated_on", "id"))
    return "sectors/_evaluations.html", {"inside": True, "evaluations": [(e, possible(e, seat)) for e in rows]}


def public_evaluations(project: Any) -> tuple[str, dict[str, Any]]:
    """The evaluations that a second person has released."""
    rows = project.evaluations.public().order_by("evaluated_on", "id")
    return "sectors/_evaluations.html", {"evaluations": [(e, []) for e in rows]}


@part(PROJECT, "trading")
def notices(project: Any, seat: Any) -> tuple[str, dict[str, Any]]:
    """The notices of a transaction in their order, and whether the column shows them."""
    rows = _with(project, project.notices.order_by("published_on", "id"))
    return "sectors/_notices.html", {
        "inside": True, "project": project, "notices": [(n, possible(n, seat)) for n in rows],
        "adds": may(Notice.receive.act, Notice(project=project), seat) is None, "may_check": "subject.check" in seat.rights,  # type: ignore[attr-defined]
    }  # fmt: skip


@part(PUBLIC_PROJECT, "trading")
def public_notices(project: Any) -> tuple[str, dict[str, Any]]:
    """From announcement to performance and changes, each with how late it was published."""
    rows = project.notices.public().order_by("published_on", "id")
    return "sectors/_notices.html", {"project": project, "notices": [(n, []) for n in rows]}


def _with(project: Any, rows: Any) -> list[Any]:
    """Rows of one project that share it, so that nothing is asked twice."""
    found = list(rows)
    for row in found:
        row.project = project
    return found


part(PROJECT, "ppp")(evaluations)
part(PUBLIC_PROJECT, "ppp")(public_evaluations)
for _sector in LED:
    part(PROJECT, _sector)(led)
    part(PUBLIC_PROJECT, _sector)(broken)


@part(PUBLIC_SECTOR, "investment")
def promised() -> tuple[str, dict[str, Any]]:
    """Where to complain, and how a department shows this list on its own site (task 18)."""
    return "sectors/_promised.html", {}
