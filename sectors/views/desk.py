"""Projects on the desk: found, entered, led through their stages; what is owed within them (tasks 14-18)."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from integrity.acts import buttons_of, may, possible
from integrity.catalogue import SECTORS, load
from integrity.listing import bound
from integrity.models import Draft, Event
from integrity.portal.desk import words
from integrity.portal.doors import act_page, listed, staff
from sectors import parts
from sectors.evaluation import schemes
from sectors.figures import figures, overview
from sectors.forms import ProjectForm, PromiseForm, StageForm
from sectors.listings import PROJECTS
from sectors.models import Duty, Project
from sectors.plan import of_sector, plans

SEES = ("sector.enter", "sector.release", "figures", "audit")
ORDER = ["-stage_on", "-id"]


@staff(*SEES)
def index(request: HttpRequest) -> HttpResponse:
    """The seven sectors with what they hold within reach."""
    seat = request.seat  # type: ignore[attr-defined]
    return render(request, "sectors/desk_index.html", {"sectors": overview(seat)})


@staff(*SEES)
def sector(request: HttpRequest, name: str) -> HttpResponse:
    """The projects of one sector: figures, filter, rows."""
    if name not in SECTORS:
        raise Http404
    seat = request.seat  # type: ignore[attr-defined]
    reach = Project.objects.inside(seat).filter(sector=name)
    rows = reach.select_related("unit")
    filters = bound(PROJECTS, {k: v for k, v in request.GET.items() if v})
    if filters and filters.is_valid():
        rows = filters.filter_queryset(rows)
    if query := request.GET.get("q", "").strip():
        rows = rows.search(query)
    at = f"/desk/sector/{name}/"
    context = {
        "sector": name,
        "title": SECTORS[name],
        "plans": of_sector(name),
        "page": listed(request, rows, ORDER),
        "filters": filters,
        "states": Project.State.choices,
        "figures": figures(name, reach, Duty.objects.inside(seat).filter(project__sector=name), at),
        "graded": any(s["sector"] == name for s in schemes().values()),
        "links": [link for link in parts.DESK_LINKS.get(name, []) if not link[2] or link[2] in seat.rights],
    }
    return render(request, "sectors/desk_sector.html", context)


@staff("sector.enter")
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """A new project of one kind."""
    if kind not in plans():
        raise Http404
    plan = plans()[kind]
    form = ProjectForm(plan, request.POST if request.method == "POST" else None)
    return filled(request, form, f"录入{plan.name}", "保存，交他人复核", f"/desk/sector/{plan.sector}/")


def filled(request: HttpRequest, form: Any, title: str, button: str, back: str) -> HttpResponse:
    """A filled-in form done, or shown with what is wrong."""
    if form.is_bound and form.perform(request.seat):  # type: ignore[attr-defined]
        row = form.row if isinstance(form.row, Project) else form.row.project
        messages.success(request, f"已保存：{form.row}", extra_tags="ok")
        return redirect(row.get_absolute_url())
    context = {"form": form, "title": title, "button": button, "back": back, "form_errors": form.status != 200}
    return render(request, "desk/form.html", context, status=form.status)


def found(request: HttpRequest, pk: uuid.UUID) -> Project:
    """A project this seat sees by its duty."""
    rows = Project.objects.inside(request.seat).select_related(*Project.lock_with)  # type: ignore[attr-defined]
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@staff(*SEES)
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One project: its stages, what is owed, what the sector adds, its history."""
    row, seat = found(request, pk), request.seat  # type: ignore[attr-defined]
    duties = list(row.duties.select_related("owner").order_by("due_on", "id"))
    for duty in duties:
        duty.project = row
    advance, finding = may(Project.advance.act, row, seat) is None, _finding(row, seat)  # type: ignore[attr-defined]
    context = {
        "project": row,
        "way": row.way(),
        "buttons": possible(row, seat),
        "following": row.plan.after(row.stage) if advance else [],
        "duties": [(d, possible(d, seat), finding and d.is_late) for d in duties],
        "may_promise": bool(row.plan.promises) and row.state in ("DRAFT", "OPEN") and "sector.enter" in seat.rights,
        "change": _change(row, seat),
        "parts": parts.parts(parts.PROJECT, row.sector, row, seat),
        "history": words.history(Event.objects.of(row).select_related("payload"), names=row.within(seat)),
    }
    return render(request, "sectors/desk_project.html", context)


def _change(row: Project, seat: Any) -> str:
    """Whether the seat amends a draft or corrects what is public; empty when neither."""
    for spec, word in ((Project.amend.act, "修改"), (Project.correct.act, "更正")):  # type: ignore[attr-defined]
        if may(spec, row, seat) is None:
            return word
    return ""


def _finding(row: Project, seat: Any) -> bool:
    """Whether the seat may begin a finding on the project's public body: never its own unit's people."""
    kind = row.plan.finding
    return bool(
        kind
        and row.unit_id
        and row.unit_id != seat.org_id
        and "record.enter" in seat.rights
        and kind[:2] in seat.role.families
    )


@staff("sector.enter", "sector.release")
def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Amend a draft, or correct what is public."""
    row = found(request, pk)
    if not (word := _change(row, request.seat)):  # type: ignore[attr-defined]
        raise Http404
    form = ProjectForm(row.plan, request.POST if request.method == "POST" else None, row=row)
    return filled(request, form, f"{word}：{row.name}", word, row.get_absolute_url())


@staff("sector.enter")
def advance(request: HttpRequest, pk: uuid.UUID, stage: str) -> HttpResponse:
    """The day and facts of a stage."""
    row = found(request, pk)
    spec = next((s for s in row.plan.after(row.stage) if s.code == stage), None)
    if spec is None:
        raise Http404
    form = StageForm(row, spec, request.POST if request.method == "POST" else None)
    form.refusal = may(Project.advance.act, row, request.seat)  # type: ignore[attr-defined]
    return filled(request, form, f"{spec.name}：{row.name}", "登记", row.get_absolute_url())


@staff("sector.enter")
def promise(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write in what was promised."""
    row = found(request, pk)
    if not row.plan.promises:
        raise Http404
    form = PromiseForm(row, request.POST if request.method == "POST" else None)
    return filled(request, form, f"登记{row.plan.promises}：{row.name}", "登记", row.get_absolute_url())


@staff("sector.enter", "sector.release")
def act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Release, return, end …"""
    row = found(request, pk)
    return act_page(request, row, name, row.get_absolute_url())


def _duty(request: HttpRequest, pk: uuid.UUID) -> Duty:
    rows = Duty.objects.inside(request.seat).select_related(*Duty.lock_with)  # type: ignore[attr-defined]
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@staff("sector.enter", "sector.release")
def duty_act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Done, no longer needed, another day agreed."""
    row = _duty(request, pk)
    if name not in {spec.name for spec in buttons_of(Duty)}:
        raise Http404
    return act_page(request, row, name, row.project.get_absolute_url())


@staff("record.enter")
@require_POST
def finding(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Begin a finding from a late duty: a draft with what is known; notice, hearing and review follow as for any record."""
    row = _duty(request, pk)
    if not (row.is_late and _finding(row.project, request.seat)):  # type: ignore[attr-defined]
        raise Http404
    code = row.project.plan.finding
    draft = Draft(user=request.user, purpose=f"record:{code}", values=known_of(row, code))  # type: ignore[misc]
    draft.title = f"{load().kinds[code].name}：{row.text}"[:120]
    draft.save()
    return redirect(f"/desk/records/new/{code}?draft={draft.pk}")


def known_of(duty: Duty, code: str) -> dict[str, Any]:
    """What a late duty already says of the finding, by the fields of its kind."""
    project, spec = duty.project, duty.spec
    done = f"实际于 {duty.done_on} 完成" if duty.done_on else "至今未完成"
    fact = f"应于 {duty.due_on} 前{duty.text}，{done}，逾期 {duty.days_late} 日。"
    values = {
        "project": project.name, "project_no": project.reference or project.number, "detail": fact, "breach": fact,
        "violation": spec.violation if spec else "其他", "commitment": duty.text, "stage": project.stage_name, "contract": project.name,
        "amount_wan": format(project.amount_wan.normalize(), "f") if project.amount_wan is not None else "",
    }  # fmt: skip
    base = {
        "subject_code": project.unit.code, "subject_name": project.unit.name, "title": f"{project.name}：{duty.text}逾期"[:200],
        "fact": fact, "legal_basis": duty.basis, "tier": "general",
    }  # fmt: skip
    return base | {name: values[name] for name in values if name in load().kinds[code].fact_names}
