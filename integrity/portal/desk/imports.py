"""Import on the desk (brief S4): upload → check report with error sheet → submit the good rows; then a second person."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from integrity.acts import Refused, may, possible
from integrity.forms import ActingForm, FactField
from integrity.intake import profile as profiles
from integrity.intake import progress, report, workbook
from integrity.intake.upload import receive
from integrity.intake.work import nudge
from integrity.models import ImportBatch, Record
from integrity.models.record.many import publish_many
from integrity.portal.doors import act_page, listed, staff, visible

ORDER = ["-made_at", "-id"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PART = 25  # rows on a page that a person looks through


class UploadForm(ActingForm):
    """The file and what is asked once for it."""

    def __init__(self, form: profiles.Profile, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form = form
        widget = forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"})
        self.fields["file"] = forms.FileField(
            label="文件", help_text="XLSX、XLS 或者 CSV，不超过 64 MB、50000 行；不含宏、公式和外部链接", widget=widget,
            error_messages={"required": "请选择文件", "empty": "文件是空的，请检查后重新选择"},
        )  # fmt: skip
        for fact in form.asked:
            self.fields[fact.name] = FactField(fact)

    def act(self, by: Any) -> None:
        answers = {name: value for name, value in self.cleaned_data.items() if name != "file" and value}
        self.row = receive(self.form, self.cleaned_data["file"], answers, by)


def _profile(code: str, seat: Any) -> profiles.Profile:
    try:
        form = profiles.profile(code)
    except KeyError as fault:
        raise Http404 from fault
    if why := profiles.obstacle(form, seat):
        raise PermissionDenied(f"{why}。")
    return form


@staff("import.submit", "import.confirm")
def index(request: HttpRequest) -> HttpResponse:
    """The profiles this seat may use, and the batches in its reach."""
    seat = request.seat  # type: ignore[attr-defined]
    known, single = profiles.offered(seat) if "import.submit" in seat.rights else ([], [])
    rows = ImportBatch.objects.visible_to(seat).select_related("unit", "entered_by")
    return render(
        request, "desk/imports.html", {"known": known, "single": single, "page": listed(request, rows, ORDER)}
    )


@staff("import.submit")
def template(request: HttpRequest, code: str) -> HttpResponse:
    """The workbook to fill in."""
    form = _profile(code, request.seat)  # type: ignore[attr-defined]
    name = f"{form.name}-{form.version}.xlsx"
    return FileResponse(workbook.template(form), as_attachment=True, filename=name, content_type=XLSX)


@staff("import.submit")
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """Choose the file and answer once what it lacks."""
    seat = request.seat  # type: ignore[attr-defined]
    kind = _profile(code, seat)
    form = UploadForm(kind, request.POST or None, request.FILES or None, initial=_again(request))
    if form.is_bound and form.perform(seat):
        return redirect(f"/desk/import/{form.row.pk}/")
    context = {"form": form, "profile": kind, "form_errors": form.status == 422}
    return render(request, "desk/import_upload.html", context, status=form.status)


def _again(request: HttpRequest) -> dict[str, Any]:
    """The answers given with an earlier file, so that nobody types them twice."""
    try:
        pk = uuid.UUID(request.GET.get("again", ""))
    except ValueError:
        return {}
    old = ImportBatch.objects.visible_to(request.seat).filter(pk=pk).first()  # type: ignore[attr-defined]
    return dict(old.document) if old else {}


def _batch(request: HttpRequest, pk: uuid.UUID) -> ImportBatch:
    return visible(ImportBatch, request.seat, pk=pk)  # type: ignore[attr-defined]


@staff("import.submit", "import.confirm")
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Where a batch stands: progress, report, what a second person opens and does."""
    seat, batch = request.seat, _batch(request, pk)  # type: ignore[attr-defined]
    records = Record.objects.inside(seat).filter(batch=batch)
    context = {
        "batch": batch,
        "profile": report.profile_of(batch),
        "progress": progress.heard(batch),
        "errors": report.groups(batch, "errors"),
        "warnings": report.groups(batch, "warnings"),
        "first": report.rows(batch, "bad", seat)[:20] if batch.bad else [],
        "buttons": [spec for spec in possible(batch, seat) if spec.name != "submit"],
        "may_submit": bool(batch.good) and may(ImportBatch.submit.act, batch, seat) is None,
        "answers": report.answers(batch),
        "to_open": report.to_open(batch, seat),
        "left": report.left_single(batch, records),
        "publishable": _publishable(seat, batch).count() if batch.state == "CONFIRMED" else 0,
    }
    return render(request, "desk/import.html", context)


@staff("import.submit", "import.confirm")
def heard(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """State and progress for the page's script."""
    batch = _batch(request, pk)
    return JsonResponse({"state": batch.state, **progress.heard(batch)})


@staff("import.submit", "import.confirm")
def rows(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The rows of a batch, a part at a time; a second person marks each part as looked through."""
    seat, batch = request.seat, _batch(request, pk)  # type: ignore[attr-defined]
    tabs = report.tabs(batch, seat)
    chosen = request.GET.get("show", tabs[0][0])
    if chosen not in dict(tabs):
        raise Http404
    page = listed(request, report.queryset(batch, chosen, seat), ["serial"], PART)
    context = {
        "batch": batch,
        "tabs": tabs,
        "chosen": chosen,
        "page": page,
        "shown": report.shown(batch, page.rows, seat),
        "may_open": report.may_open(batch, seat),
        "to_open": report.to_open(batch, seat),
    }
    return render(request, "desk/import_rows.html", context)


@staff("import.confirm")
@require_POST
def opened(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The second person has looked through these rows."""
    seat, batch = request.seat, _batch(request, pk)  # type: ignore[attr-defined]
    serials = [int(s) for s in request.POST.getlist("serial") if s.isdigit()]
    report.mark_opened(batch, serials, seat)
    left = report.to_open(batch, seat)["left"]
    if left:
        return redirect(f"/desk/import/{batch.pk}/rows?show=open")
    messages.success(request, "须查看的行已全部查看。", extra_tags="ok")
    return redirect(f"/desk/import/{batch.pk}/")


@staff("import.submit")
def errors(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The bad rows as a workbook to mend and upload again; only for the unit that uploaded them."""
    seat, batch = request.seat, _batch(request, pk)  # type: ignore[attr-defined]
    if batch.unit_id != seat.org_id or not batch.bad:
        raise Http404
    name = f"错误表-{batch.file_name.rsplit('.', 1)[0]}.xlsx"
    return FileResponse(workbook.errors(batch), as_attachment=True, filename=name, content_type=XLSX)


@staff("import.submit", "import.confirm")
def act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Submit, accept, confirm, refuse."""
    batch = _batch(request, pk)
    answer = act_page(
        request, batch, name, f"/desk/import/{batch.pk}/", "desk/import_act.html",
        batch=batch, to_open=report.to_open(batch, request.seat),  # type: ignore[attr-defined]
    )  # fmt: skip
    if batch.state == ImportBatch.State.SUBMITTING:
        nudge()
    return answer


def _publishable(seat: Any, batch: ImportBatch) -> Any:
    return Record.objects.to_publish(seat).filter(batch=batch)


@staff("record.publish")
def publish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A third pair of eyes publishes what was confirmed: first the count and the list, then the act."""
    seat, batch = request.seat, _batch(request, pk)  # type: ignore[attr-defined]
    ready = _publishable(seat, batch)
    if request.method != "POST":
        page = listed(request, ready.select_related("subject"), ["serial"], 50)
        return render(request, "desk/import_publish.html", {"batch": batch, "page": page, "count": ready.count()})
    try:
        done = publish_many(list(ready.values_list("pk", flat=True)), by=seat)
    except Refused as refused:
        messages.error(request, f"未能公示：{refused}。记录均保持待公示。", extra_tags="bad")
    else:
        messages.success(request, f"已公示 {done} 条。", extra_tags="ok")
    return redirect(f"/desk/import/{batch.pk}/")
