"""/complain/: a complaint in four steps, named or anonymous, with a draft kept for a day (brief P6, task 13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrity.models import CLOCK, PUBLIC, Draft, Matter, Subject
from integrity.portal.throttle import wait
from integrity.portal.tracking import open_for, opened
from integrity.reports.qr import svg
from supervision.forms import ContactForm, FactsForm, UnitForm
from supervision.models import Complaint, drafting

STEPS = (("unit", "投诉哪个单位"), ("facts", "发生了什么"), ("contact", "怎样联系您"), ("check", "核对后提交"))
TYPED = ("category", "happened_on", "text")


def start(request: HttpRequest) -> HttpResponse:
    """What is handled here, what is not and where to go, how long it takes; from here to the first step."""
    draft = _draft(request)
    if code := request.GET.get("code", ""):
        return redirect(f"/complain/unit?code={code[:18]}")
    return render(request, "supervision/complain.html", {"draft": draft})


def _draft(request: HttpRequest) -> Draft | None:
    return drafting.living(request.session.get("complaint", ""))


def _page(request: HttpRequest, step: str, draft: Draft | None, form: Any = None, **more: Any) -> HttpResponse:
    names = [name for name, _ in STEPS]
    context = more | {
        "steps": STEPS,
        "step": step,
        "place": names.index(step),
        "label": dict(STEPS)[step],
        "form": form,
        "draft": draft,
        "about": _about(draft),
        "files": drafting.files_of(draft) if draft else [],
        "form_errors": bool(form is not None and form.is_bound and form.errors),
    }
    return render(request, f"supervision/complain_{step}.html", context, status=422 if context["form_errors"] else 200)


def _about(draft: Draft | None) -> Subject | None:
    key = draft.values.get("about") if draft else None
    return Subject.objects.visible_to(PUBLIC).filter(pk=key).first() if key else None


def _keep(draft: Draft, **values: Any) -> None:
    draft.values |= values
    draft.save()


def unit(request: HttpRequest) -> HttpResponse:
    """Step 1: which body; from a subject's page it is filled in and passed over."""
    draft = _draft(request)
    given = (
        request.POST if request.method == "POST" else {"unit": request.GET["code"]} if "code" in request.GET else None
    )
    about = _about(draft)
    form = UnitForm(given, initial={"unit": about.name if about else ""})
    if form.is_bound and form.is_valid():
        if draft is None:
            draft = drafting.fresh()
            request.session["complaint"] = draft.pk
        _keep(draft, about=str(form.cleaned_data["unit"].pk))
        return redirect("/complain/facts")
    return _page(request, "unit", draft, form)


Step = Callable[[HttpRequest, Draft], HttpResponse]


def _begun(view: Step) -> Callable[[HttpRequest], HttpResponse]:
    """A step for visitors whose draft lives; others begin anew."""

    def enter(request: HttpRequest) -> HttpResponse:
        draft = _draft(request)
        return view(request, draft) if draft and _about(draft) else redirect("/complain/")

    return enter


@_begun
def facts(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Step 2: category, time, what happened, files."""
    if gone := request.POST.get("drop"):
        drafting.drop_file(draft, gone)
    form = FactsForm(*((request.POST, request.FILES) if request.method == "POST" else ()), initial=draft.values)
    if form.is_bound:
        _keep(draft, **{n: request.POST.get(n, "") for n in TYPED})
        if _stored(form, draft) and not gone and form.is_valid():
            _keep(draft, text=form.cleaned_data["text"], happened_on=form.cleaned_data["happened_on"] or "")
            return redirect("/complain/contact")
    return _page(request, "facts", draft, form)


def _stored(form: FactsForm, draft: Draft) -> bool:
    """Keep the files even where another field is wrong: nothing sent is lost."""
    form.is_valid()
    uploads = form.cleaned_data.get("files") or []
    if len(uploads) + drafting.files_of(draft).count() > 10:
        form.add_error("files", "最多上传 10 个文件")
        return False
    try:
        drafting.add_files(draft, uploads)
    except ValidationError as fault:
        form.add_error("files", fault)
        return False
    return True


@_begun
def contact(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Step 3: named or anonymous."""
    name, reach = drafting.contact_of(draft)
    form = ContactForm(request.POST or None, initial=draft.values | {"name": name, "reach": reach})
    if form.is_bound:
        values = form.cleaned_data if form.is_valid() else request.POST
        drafting.keep_contact(draft, values.get("name", ""), values.get("reach", ""))
        _keep(draft, way=values.get("way", ""), publish_reply=bool(values.get("publish_reply")))
        if form.is_valid():
            return redirect("/complain/check")
    return _page(request, "contact", draft, form)


@_begun
def check(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Step 4: everything once more, each with its way back; then it is filed."""
    values = draft.values
    if not (values.get("text") and values.get("way")):
        return redirect("/complain/facts" if not values.get("text") else "/complain/contact")
    error = ""
    if request.method == "POST" and not request.POST.get(
        "website"
    ):  # a field no person sees: what fills it is a machine
        if seconds := wait(request, "complain"):
            return render(request, "errors/429.html", {"seconds": seconds}, status=429)
        try:
            complaint = drafting.file(draft)
        except ValidationError as fault:
            error = "；".join(fault.messages)
        else:
            open_for(request, complaint.matter, proved=True)
            request.session["complaint"] = ""
            return redirect(f"/complain/receipt/{complaint.matter.number}")
    name, reach = drafting.contact_of(draft)
    category = dict(Complaint.Category.choices).get(values["category"], "")
    return _page(request, "check", draft, values=values, category=category, name=name, reach=reach, error=error)


def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """Number, code and QR, to whoever has just filed; afterwards the way to follow it."""
    found = opened(request, number)
    if found is None:
        return redirect(f"/track/?n={number[:40]}")
    row: Matter = found[0]
    complaint = Complaint.objects.visible_to(CLOCK).filter(matter=row).first()
    if complaint is None:
        raise Http404
    url = request.build_absolute_uri(f"/track/?n={row.number}")
    code = f"{row.query_code[:4]}-{row.query_code[4:]}"
    return render(
        request, "supervision/receipt.html", {"matter": row, "complaint": complaint, "qr": svg(url), "code": code}
    )
