"""Records on the desk: the list with its filters and export, one record with everything about it, its acts, its print."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from integrity import catalogue
from integrity.acts import Act, may, possible
from integrity.cells import harmless
from integrity.codes import mask_name
from integrity.models import Area, Attachment, Event, Finding, Kind, Letter, Record, Version
from integrity.models.record.entry import EDITABLE
from integrity.portal.desk import words
from integrity.portal.desk.files import may_attach
from integrity.portal.desk.measures import may_impose, of_record
from integrity.portal.desk.opening import PurposeForm, gate
from integrity.portal.doors import act_page, listed, staff, visible_inside

ORDER = ["-entered_at", "-id"]
OWN_PAGES = {"amend": "edit"}  # acts that have a page of their own
ACTS = (  # the buttons of a record, in the order of its life; other acts are rules', clocks' or matters'
    "amend", "submit", "review", "return_", "notify", "hear", "accept", "confirm", "clear", "publish", "hide", "suspend",
    "resume", "veto", "withdraw", "revoke", "release", "repair", "decide_up", "resend",
)  # fmt: skip
NEXT = {  # state or publicity and the act that moves on from it, for the sentence why a button is missing
    "SUBMITTED": ("review",), "REVIEWED": ("accept", "confirm"), "ACCEPTED": ("confirm",), "SCHEDULED": ("clear", "publish"),
}  # fmt: skip


FOLLOWING: list[Callable[[Record, Any], list[tuple[str, str]]]] = []  # links areas add: what may follow from a record


def filtered(request: HttpRequest) -> QuerySet:
    """The seat's records under the list's GET filters; the address holds the whole state."""
    seat, params = request.seat, request.GET  # type: ignore[attr-defined]
    rows = Record.objects.inside(seat).search(params.get("q", ""))
    for name in ("kind", "state", "publicity"):
        if value := params.get(name):
            rows = rows.filter(**{name: value})
    if (value := params.get("exchange")) in Record.Exchange.values:
        rows = rows.in_exchange(value)
    if params.get("mine"):
        rows = rows.filter(entered_by=seat.user_id)
    return counted_by(params, rows)


def counted_by(params: Any, rows: QuerySet) -> QuerySet:
    """The further filters by which statistics name the list behind a number."""
    if polarity := params.get("polarity"):
        kinds = catalogue.load().of_shape("record")
        rows = rows.filter(kind__in=[k.code for k in kinds if k.polarity == polarity])
    if params.get("form") == "organisation":
        rows = rows.exclude(subject__form="PERSON")
    if params.get("in_use"):
        rows = rows.in_use()
    return within(params, rows, "subject__area", "decided_on")


def within(params: Any, rows: QuerySet, area: str, day: str) -> QuerySet:
    """Rows of an area and of days, as the address names them; what it names wrongly finds nothing."""
    if code := params.get("area", ""):
        place = Area.objects.filter(code=code).first()
        rows = rows.filter(**{f"{area}__path__startswith": place.path}) if place else rows.none()
    for name, lookup in (("since", "gte"), ("until", "lte")):
        if text := params.get(name, ""):
            on = read_day(text)
            rows = rows.filter(**{f"{day}__{lookup}": on}) if on else rows.none()
    return rows


def read_day(text: str) -> date | None:
    """A day as 2026-01-31; None when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@staff("record.read")
def index(request: HttpRequest) -> HttpResponse:
    """All records in the seat's reach, newest first."""
    rows = filtered(request).select_related("subject", "kind", "source_unit")
    context = {
        "page": listed(request, rows, ORDER),
        "kinds": Kind.objects.visible_to(request.seat).filter(shape="record").order_by("code").only("code", "name"),  # type: ignore[attr-defined]
        "states": Record.State.choices,
        "publicities": Record.Publicity.choices,
        "exchanges": Record.Exchange.choices,
        "kept": ("polarity", "form", "in_use", "area", "since", "until"),
    }
    return render(request, "desk/records.html", context)


COLUMNS = {
    "number": "记录编号", "kind_id": "类目代码", "kind__name": "类目", "subject__name": "信用主体", "subject__code": "统一社会信用代码",
    "title": "事项名称", "doc_type": "文书类型", "doc_no": "文书号", "deciding_name": "认定单位", "decided_on": "认定日期",
    "tier": "失信等级", "state": "记录状态", "publicity": "公示状态", "until": "停止公示和使用日期", "source_unit__name": "信息提供单位",
}  # fmt: skip


@staff("export")
def export(request: HttpRequest) -> HttpResponse:
    """CSV of exactly this filter, after saying why; the export is an event of the seat (山东条例 37)."""
    seat, rows = request.seat, filtered(request)  # type: ignore[attr-defined]
    form = PurposeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        what = f"记录清单 {request.GET.urlencode() or '全部'}"[:300]
        seat.export(by=seat, what=what, purpose=form.words, rows=rows.count())
        response = StreamingHttpResponse(_csv(rows, seat), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="records-{timezone.localdate():%Y%m%d}.csv"'
        return response
    wrong = form.is_bound and bool(form.errors)
    return render(request, "desk/export.html", {"form": form, "form_errors": wrong}, status=422 if wrong else 200)


class _Echo:
    def write(self, line: str) -> str:
        return line


def _csv(rows: QuerySet, seat: Any) -> Iterator[str]:
    writer = csv.writer(_Echo())
    labels = {n: dict(Record._meta.get_field(n).flatchoices) for n in ("tier", "state", "publicity")}
    masked = seat.role_code == "AUDITOR"
    yield "\ufeff" + writer.writerow(COLUMNS.values())
    for row in rows.order_by(*ORDER).values(*COLUMNS, "subject__form").iterator(2000):
        if masked and row["subject__form"] == "PERSON":
            row["subject__name"] = mask_name(row["subject__name"])
        yield writer.writerow([harmless(labels[n][row[n]] if n in labels else row[n]) for n in COLUMNS])


# ---- one record ----


@staff("record.read")
def detail(request: HttpRequest, pk: uuid.UUID, template: str = "desk/record.html") -> HttpResponse:
    """Everything about one record, and what may be done with it now."""
    record = visible_inside(request, pk)
    if closed := gate(request, record):
        return closed
    seat = request.seat  # type: ignore[attr-defined]
    context = about(record, seat) | {
        "buttons": [(a, OWN_PAGES.get(a.name, a.name)) for a in buttons(record, seat)],
        "reasons": reasons(record, seat),
        "may_correct": record.state == "CONFIRMED" and may(Version.propose.act, Version(record=record), seat) is None,
        "may_edit": record.state in EDITABLE and "record.enter" in seat.rights and record.source_unit_id == seat.org_id,
        "may_attach": may_attach(record, seat),
        "may_impose": may_impose(record, seat),
        "measures": of_record(record, seat),
        "letters_to_draft": letters_to_draft(record, seat),
        "following": [link for links in FOLLOWING for link in links(record, seat)],
        "letters": Letter.objects.visible_to(seat).filter(record=record).order_by("-made_at"),
        "corrections": Version.objects.visible_to(seat).filter(record=record).order_by("-number"),
    }
    return render(request, template, context)


def letters_to_draft(record: Record, seat: Any) -> list[tuple[str, str]]:
    """Which letters a record asks for at its stage: the notice before, the finding after, what follows once it stands."""
    if "letter.draft" not in seat.rights or not record.within(seat) or record.spec.polarity != "negative":
        return []
    codes: list[str] = []
    if record.spec.notice == "own" and record.state == "SUBMITTED":
        codes = ["finding"] if record.heard_on else [] if record.notified_on else ["notice"]
    elif record.state in ("REVIEWED", "ACCEPTED", "CONFIRMED"):
        codes = ["finding"] if record.spec.notice == "own" else []
        codes += ["rectification", "criticism", "repair-decision"] if record.state == "CONFIRMED" else []
    return [(code, catalogue.load().letters[code]["name"]) for code in codes]


def about(record: Record, seat: Any) -> dict[str, Any]:
    """What every page on a record shows of it; names of staff only to those within the case."""
    insider = record.within(seat)
    events = Event.objects.of(record).select_related("payload")
    return {
        "record": record,
        "insider": insider,
        "lines": words.lines(record.spec, words.flat(record)),
        "parties": record.parties.select_related("subject"),
        "files": Attachment.objects.of(record),
        "findings": list(Finding.objects.ours().filter(uid=record.pk).order_by("-id")[:5]) if insider else [],
        "history": words.history(events, names=insider),
    }


def buttons(record: Record, seat: Any) -> list[Act]:
    """The acts this seat may do now and that have a page, in the order of a record's life."""
    now = {spec.name: spec for spec in possible(record, seat)}
    return [now[name] for name in ACTS if name in now]


def reasons(record: Record, seat: Any) -> list[str]:
    """Why the next step is not this person's: said to enterers and to those who hold the right."""
    names = (*NEXT.get(record.state, ()), *NEXT.get(record.publicity, ()))
    specs = [getattr(Record, name).act for name in names]
    if seat.user_id in (record.entered_by_id, record.amended_by_id) and specs:
        return ["本人录入，须由他人复核"]
    found = [may(spec, record, seat) for spec in specs if spec.right in seat.rights]
    return [] if None in found else list(dict.fromkeys(str(refusal) for refusal in found))


def do(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """The page behind one of a record's buttons, with the record in view."""
    if name not in ACTS or name in OWN_PAGES:
        raise Http404
    record = visible_inside(request, pk)
    if closed := gate(request, record):
        return closed
    seat, back = request.seat, f"/desk/records/{record.pk}/"  # type: ignore[attr-defined]
    answer = act_page(request, record, name, back, "desk/record_act.html", **about(record, seat))
    if answer.status_code == 302 and not Record.objects.inside(seat).filter(pk=pk).exists():
        return redirect("/desk/")
    return answer


act = staff("record.read")(do)
