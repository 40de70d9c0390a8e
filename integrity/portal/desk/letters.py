"""Letters on the desk: drafted from a template, issued by another, printed, sealed, served, acknowledged (domain.md 2.22)."""

from __future__ import annotations

import uuid
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from integrity import catalogue
from integrity.acts import possible
from integrity.models import Attachment, Event, Letter, Matter
from integrity.portal.desk import words
from integrity.portal.desk.letter_form import LetterForm
from integrity.portal.desk.opening import gate
from integrity.portal.doors import act_page, listed, staff, visible, visible_inside
from integrity.reports.pdf import Unprintable
from integrity.reports.pdf import render as render_pdf

TABS = (("waiting", "待我办理"), ("ours", "本单位制发"), ("received", "收到的文书"))
PAPERS = {"ISSUED": "用印扫描件", "SEALED": "送达回证"}  # what is uploaded before the next step


@staff("letter.draft", "letter.issue", "letter.acknowledge")
def index(request: HttpRequest) -> HttpResponse:
    """Letters to be handled, issued here, and received."""
    seat = request.seat  # type: ignore[attr-defined]
    chosen = request.GET.get("tab", "")
    chosen = chosen if chosen in dict(TABS) else "waiting"
    rows = {
        "waiting": lambda: Letter.objects.waiting(seat),
        "ours": lambda: Letter.objects.visible_to(seat).filter(unit_id=seat.org_id),
        "received": lambda: Letter.objects.received_by(seat),
    }[chosen]()
    shown = listed(request, rows.select_related("addressee", "unit", "entered_by"), ["-made_at", "-id"])
    kinds = [(c, e["name"]) for c, e in catalogue.load().letters.items() if e["rests_on"] == "any"]
    return render(request, "desk/letters.html", {"page": shown, "tabs": TABS, "chosen": chosen, "kinds": kinds})


@staff("letter.draft")
def new(request: HttpRequest, template: str) -> HttpResponse:
    """Draft a letter, from a record or matter where it rests on one; fields come prefilled."""
    seat, params = request.seat, request.GET  # type: ignore[attr-defined]
    entry = catalogue.load().letters.get(template)
    if entry is None:
        raise Http404
    record = visible_inside(request, _uuid(params["record"])) if params.get("record") else None
    matter = visible(Matter, seat, pk=_uuid(params["matter"])) if params.get("matter") else None
    if (entry["rests_on"] == "record" and record is None) or (entry["rests_on"] == "matter" and matter is None):
        raise Http404
    if record is not None and (closed := gate(request, record)):
        return closed
    form = LetterForm(Letter(template=template, record=record, matter=matter), request.POST or None)
    return _write(request, form, entry["name"])


@staff("letter.draft")
def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change a draft."""
    row = visible(Letter, request.seat, pk=pk)  # type: ignore[attr-defined]
    if row.state != "DRAFT" or row.unit_id != request.seat.org_id:  # type: ignore[attr-defined]
        raise Http404
    if closed := _closed(request, row):
        return closed
    return _write(request, LetterForm(row, request.POST or None), row.title)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None


def _write(request: HttpRequest, form: LetterForm, name: str) -> HttpResponse:
    if request.method == "POST" and form.perform(request.seat):  # type: ignore[attr-defined]
        messages.success(request, f"已保存文稿：{name}。由另一人签发后编号。", extra_tags="ok")
        return redirect(f"/desk/letters/{form.letter.pk}/")
    context = {"form": form, "name": name, "form_errors": form.status != 200}
    return render(request, "desk/letter_form.html", context, status=form.status)


def _closed(request: HttpRequest, row: Letter) -> HttpResponse | None:
    """A letter on a personal record is opened as the record is; its addressee reads it freely."""
    seat = request.seat  # type: ignore[attr-defined]
    if row.record is None or row.unit_id != seat.org_id or not row.record.within(seat):
        return None
    return gate(request, row.record)


@staff("letter.draft", "letter.issue", "letter.acknowledge", "export")
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One letter: its text, where it stands, its papers and its acts."""
    row = visible(Letter, request.seat, pk=pk)  # type: ignore[attr-defined]
    if closed := _closed(request, row):
        return closed
    return render(request, "desk/letter.html", about(row, request.seat))  # type: ignore[attr-defined]


def about(row: Letter, seat: Any) -> dict[str, Any]:
    """What a letter's page shows; names of the issuing unit's staff only to itself."""
    ours = row.unit_id == seat.org_id
    events = Event.objects.of(row).select_related("payload")
    return {
        "letter": row,
        "ours": ours,
        "paragraphs": row.body.split("\n"),
        "buttons": possible(row, seat),
        "paper": PAPERS.get(row.state, "") if ours and "letter.draft" in seat.rights else "",
        "editable": ours and row.state == "DRAFT" and "letter.draft" in seat.rights,
        "own_draft": row.state == "DRAFT" and row.entered_by_id == seat.user_id,
        "files": Attachment.objects.of(row),
        "history": words.history(events, names=ours),
    }


@staff("letter.draft", "letter.issue", "letter.acknowledge")
def act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Issue, seal, serve, acknowledge or void."""
    row = visible(Letter, request.seat, pk=pk)  # type: ignore[attr-defined]
    if closed := _closed(request, row):
        return closed
    return act_page(request, row, name, f"/desk/letters/{row.pk}/")


@staff("letter.draft", "letter.issue")
@require_POST
def attach(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Upload the sealed scan of an issued letter, or the receipt of service of a sealed one."""
    seat = request.seat  # type: ignore[attr-defined]
    row, back = visible(Letter, seat, pk=pk), redirect(f"/desk/letters/{pk}/")
    role, upload = PAPERS.get(row.state), request.FILES.get("file")
    if role is None or row.unit_id != seat.org_id or upload is None:
        messages.error(request, "请先选择文件；已签发的上传用印扫描件，已用印的上传送达回证。", extra_tags="bad")
        return back
    try:
        with transaction.atomic():
            Attachment.add(row, upload, seat, role=role)
            if role == "用印扫描件":
                row.attach_seal(by=seat)
    except ValidationError as fault:
        messages.error(request, "；".join(fault.messages) + "。文件没有保存。", extra_tags="bad")
        return back
    messages.success(request, f"已上传{role}。", extra_tags="ok")
    return back


def pdf(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The printed letter, to its unit and its addressee."""
    if not request.user.is_authenticated:
        raise Http404
    row = visible(Letter, request.seat, pk=pk)  # type: ignore[attr-defined]
    if closed := _closed(request, row):
        return closed
    try:
        content = render_pdf("letter", printed(row), _moment(row))
    except Unprintable as fault:
        return render(request, "desk/unprintable.html", {"letter": row, "why": str(fault)}, status=422)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, f"{row.number or row.title}.pdf")
    return answer


def printed(row: Letter) -> dict[str, Any]:
    """What the paper says: a draft says so, a demonstration says so, the seal is put on by hand."""
    marks = ["拟稿，未签发" if row.state == "DRAFT" else "", "已作废" if row.state == "VOID" else ""]
    marks.append("演示文书，不具法律效力" if settings.DEMO else "")
    day = row.issued_on or timezone.localdate()
    return {
        "unit": row.unit.name,
        "title": row.title,
        "number": row.number or "（未编号）",
        "addressee": row.addressee.name,
        "paragraphs": [p for p in row.body.split("\n") if p.strip()],
        "date": f"{day.year}年{day.month}月{day.day}日",
        "seal": row.state not in ("DRAFT", "VOID"),
        "mark": "　".join(m for m in marks if m),
    }


def _moment(row: Letter) -> datetime:
    """The paper's time stamp: its issue, so that the same letter is the same bytes."""
    return timezone.make_aware(datetime.combine(row.issued_on, time())) if row.issued_on else timezone.now()
