"""Credit checks on the desk: ask, read the answer by measure, feed the decision back, report, watch, see who should ask."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrity.exchange.check_result import signed
from integrity.forms import ActingForm, text_input
from integrity.forms.inputs import choice_input
from integrity.intake.column import codes_in
from integrity.models import Attachment, Check, CheckedSubject, Report, Watch, make_check
from integrity.models.check.usage import by_unit, unasked
from integrity.portal.doors import act_page, listed, staff, visible
from integrity.portal.me.filing import FilesField

PERSONNEL_GROUND = "山东省社会信用条例第二十二条第三项（国家工作人员招录、职务职级任命和晋升、岗位聘用）"


class CheckForm(ActingForm):
    """Purpose and ground first, then whom; the same for one subject and for a list."""

    purpose = choice_input("用途", Check.Purpose.choices)
    stage = choice_input("环节", Check.Stage.choices)
    matter = text_input("办理事项", max_length=200, help_text="如：2026 年度先进单位评选")
    ground = text_input("法律依据", max_length=300, help_text="如：山东省社会信用条例第二十二条第三项")
    subjects = text_input(
        "核查主体",
        rows=6,
        max_length=250_000,
        required=False,
        help_text="每行一个统一社会信用代码；核查自然人填写公民身份号码，仅用于比对，不保存。也可以在下面上传名单",
    )
    roll = forms.FileField(
        label="名单文件", required=False, help_text="XLSX、XLS 或者 CSV，从中读取代码和号码；文件不保存",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )  # fmt: skip
    authorised = forms.BooleanField(label="已取得被核查自然人的书面授权", required=False)
    authority = FilesField("授权书")

    def clean_roll(self) -> list[str]:
        upload = self.cleaned_data.get("roll")
        return codes_in(upload) if upload else []

    def act(self, by: Any) -> None:
        data = self.cleaned_data
        asked = [*data["subjects"].split(), *data["roll"]]
        if not asked:
            raise forms.ValidationError({"subjects": "请填写核查主体，或者上传名单文件"})
        if data["authorised"] and not data["authority"]:
            raise forms.ValidationError({"authority": "请上传授权书"})
        row = Check(**{n: data[n] for n in ("purpose", "stage", "matter", "ground", "authorised")})
        self.check_row = make_check(row, asked, by=by)
        for upload in data["authority"]:
            Attachment.add(self.check_row, upload, by, role="授权书")


class WatchForm(ActingForm):
    """A watch list: name, purpose, ground, members."""

    name = text_input("名称", max_length=100)
    purpose = choice_input("用途", Check.Purpose.choices)
    ground = text_input("法律依据", max_length=300)
    codes = text_input("关注的机构", rows=6, max_length=120_000, help_text="每行一个统一社会信用代码")

    def act(self, by: Any) -> None:
        data = self.cleaned_data
        Watch(name=data["name"], purpose=data["purpose"], ground=data["ground"]).open(
            by=by, codes=data["codes"].upper().split()
        )


@staff("subject.check", "export")
def index(request: HttpRequest) -> HttpResponse:
    """Checks this seat may see, newest first."""
    rows = Check.objects.visible_to(request.seat).select_related("unit")  # type: ignore[attr-defined]
    if request.GET.get("purpose") in Check.Purpose.values:
        rows = rows.filter(purpose=request.GET["purpose"])
    context = {"page": listed(request, rows, ["-made_at", "id"]), "purposes": Check.Purpose.choices}
    return render(request, "desk/credit_checks.html", context)


@staff("subject.check")
def new(request: HttpRequest) -> HttpResponse:
    """Ask; other systems and counters link here with what they know: ?purpose=&stage=&matter=&ground=&subject=code,code."""
    initial = request.GET.dict() | {"subjects": request.GET.get("subject", "").replace(",", "\n")}
    if "official.manage" in request.seat.rights:  # type: ignore[attr-defined]
        initial = {"purpose": "PERSONNEL", "ground": PERSONNEL_GROUND} | initial
    form = CheckForm(request.POST, request.FILES) if request.method == "POST" else CheckForm(initial=initial)
    if form.is_bound and form.perform(request.seat):  # type: ignore[attr-defined]
        return redirect(f"/desk/checks/{form.check_row.pk}/")
    context = {"form": form, "refusal": form.refusal, "form_errors": form.status == 422}
    return render(request, "desk/credit_check_new.html", context, status=form.status)


@staff("subject.check", "export")
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The answers of one check, those with obligations first."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    row = visible(Check, seat, pk=pk)
    answers = CheckedSubject.objects.visible_to(seat).filter(asked_in=row).select_related("subject", "asked_in")
    if request.GET.get("outcome") in CheckedSubject.Outcome.values:
        answers = answers.filter(outcome=request.GET["outcome"])
    counts = (
        CheckedSubject.objects.visible_to(seat)
        .filter(asked_in=row)
        .values_list("outcome")
        .annotate(n=Count("pk"))
        .order_by()
    )
    context = {
        "check": row,
        "page": listed(request, answers, ["-outcome", "id"]),
        "counts": dict(counts),
        "outcomes": CheckedSubject.Outcome.choices,
        "mine": row.unit_id == seat.org_id,
        "reports": Report.objects.visible_to(seat).filter(asked_in=row)[:20],
        "files": Attachment.objects.of(row),
    }
    return render(request, "desk/credit_check.html", context)


@staff("subject.check", "export")
def result(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The whole answer as a signed note, to be handed on to those who evaluate or supervise (task 16)."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    row = visible(Check, seat, pk=pk)
    answer = HttpResponse(signed(row, seat), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{row.number}.txt"'
    return answer


@staff("subject.check")
def feed_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say what was decided with one answer."""
    row = visible(CheckedSubject, request.seat, pk=pk)  # type: ignore[attr-defined]
    return act_page(request, row, "feed_back", f"/desk/checks/{row.asked_in_id}/")


@staff("subject.check")
def report(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A numbered report of one answer's subject."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    row = visible(CheckedSubject, seat, pk=pk)
    if request.method != "POST" or row.subject_id is None:
        return redirect(f"/desk/checks/{row.asked_in_id}/")
    with transaction.atomic():
        made = Report(scope="CHECK", subject=row.subject, asked_in=row.asked_in).issue(by=seat)
    return redirect(made.get_absolute_url())


@staff("subject.check")
def watches(request: HttpRequest) -> HttpResponse:
    """Watch lists of the unit, and a new one."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    form = WatchForm(request.POST or None)
    if form.is_bound and form.perform(seat):
        return redirect("/desk/watches/")
    rows = Watch.objects.visible_to(seat).order_by("name", "id")
    context = {"form": form, "watches": rows, "refusal": form.refusal, "form_errors": form.status == 422}
    return render(request, "desk/watches.html", context, status=form.status)


@staff("subject.check")
def end_watch(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return act_page(request, visible(Watch, request.seat, pk=pk), "end", "/desk/watches/")  # type: ignore[attr-defined]


@staff("figures", "export")
def usage(request: HttpRequest) -> HttpResponse:
    """Who checks, for what, and what came of it; and who decided without asking (task 8)."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    rows = Check.objects.visible_to(seat)
    return render(request, "desk/credit_check_usage.html", {"rows": by_unit(rows), "unasked": unasked(seat)})
