"""Entry of a record (brief S2): choose a kind, type, keep a draft, enter, amend, submit; name the parties."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from integrity.forms import RecordForm
from integrity.models import Attachment, Draft, Kind
from integrity.models.record.entry import EDITABLE
from integrity.portal.desk import livecheck
from integrity.portal.desk.parties import PartyForm
from integrity.portal.doors import staff, visible_inside

FAMILIES = {
    "OF": "公务人员", "AG": "政府机构", "DP": "双公示", "LS": "名单", "SE": "重点领域", "SV": "监督",
}  # fmt: skip
UNKEPT = {"id_number"}  # never stored outside the sealed column


def kinds_of(seat: Any) -> Any:
    """Approved kinds of records that this seat's role enters."""
    rows = Kind.objects.visible_to(seat).in_force("record").order_by("code")
    return [k for k in rows if k.spec.family in seat.role.families]


def _kind(seat: Any, code: str) -> Kind:
    kind = next((k for k in kinds_of(seat) if k.code == code), None)
    if kind is None:
        raise Http404
    return kind


@staff("record.enter")
def choose(request: HttpRequest) -> HttpResponse:
    """Which kind of record, and the drafts that wait."""
    seat = request.seat  # type: ignore[attr-defined]
    groups: dict[str, list[Kind]] = {}
    for kind in kinds_of(seat):
        groups.setdefault(FAMILIES[kind.spec.family], []).append(kind)
    context = {
        "groups": groups.items(),
        "drafts": Draft.objects.filter(user=request.user, purpose__startswith="record:"),
    }
    return render(request, "desk/choose.html", context)


# ---- drafts ----


def typed(form: RecordForm) -> dict[str, Any]:
    """What stands in the form, as typed, without what may not be stored."""
    return {
        name: field.widget.value_from_datadict(form.data, form.files, name)
        for name, field in form.fields.items()
        if name not in UNKEPT
    }


def keep(request: HttpRequest, form: RecordForm, purpose: str, draft: Draft | None) -> Draft:
    """Store the form as typed, valid or not."""
    draft = draft or Draft(user=request.user, purpose=purpose)  # type: ignore[misc]
    draft.values = typed(form)
    name = draft.values.get("title") or draft.values.get("subject_name") or "未填写事项名称"
    draft.title = f"{form.spec.name}：{name}"[:120]
    draft.save()
    return draft


def _draft(request: HttpRequest, purpose: str) -> Draft | None:
    key = request.POST.get("draft_id") or request.GET.get("draft") or ""
    return Draft.objects.filter(user=request.user, purpose=purpose, pk=key).first() if key else None


@staff("record.enter")
@require_POST
def drop_draft(request: HttpRequest, pk: str) -> HttpResponse:
    """Throw an own draft away."""
    draft = get_object_or_404(Draft, pk=pk, user=request.user)
    draft.delete()
    messages.success(request, f"已删除草稿：{draft.title}", extra_tags="ok")
    return redirect("/desk/records/new")


# ---- entering and amending ----


class DeskRecordForm(RecordForm):
    """The record's form together with the files that came with it."""

    def __init__(self, code: str, request: HttpRequest, **kwargs: Any) -> None:
        self.uploads = request.FILES.getlist("files")
        self.then_submit = "submit" in request.POST
        super().__init__(code, request.seat, request.POST, request.FILES, **kwargs)  # type: ignore[attr-defined]

    def act(self, by: Any) -> None:
        super().act(by)
        for upload in self.uploads:
            Attachment.add(self.row, upload, by, role="依据文书")


def _page(request: HttpRequest, form: RecordForm, draft: Draft | None, **more: Any) -> HttpResponse:
    context = {"form": form, "spec": form.spec, "draft": draft, "form_errors": form.status != 200} | more
    return render(request, "desk/entry.html", context, status=form.status)


def _perform(
    request: HttpRequest, form: DeskRecordForm, purpose: str, draft: Draft | None, **more: Any
) -> HttpResponse:
    """Enter or amend; what is refused is kept as a draft, and the page says what is wrong."""
    if not form.perform(request.seat):  # type: ignore[attr-defined]
        return _page(request, form, keep(request, form, purpose, draft), **more)
    if draft is not None:
        draft.delete()
    words = "已提交复核" if form.row.state == "SUBMITTED" else "已保存，尚未提交"
    messages.success(request, f"{words}：{form.row}", extra_tags="ok")
    return redirect(f"/desk/records/{form.row.pk}/")


@staff("record.enter")
def new(request: HttpRequest, code: str) -> HttpResponse:
    """The entry form of one kind; the draft keeps what is typed until the record stands."""
    seat, purpose = request.seat, f"record:{code}"  # type: ignore[attr-defined]
    _kind(seat, code)
    draft = _draft(request, purpose)
    if request.method != "POST":
        return _page(request, RecordForm(code, seat, initial=draft.values if draft else {}), draft)
    form = DeskRecordForm(code, request)
    if "keep" in request.POST:
        draft = keep(request, form, purpose, draft)
        messages.success(request, "草稿已保存。附件和公民身份号码不随草稿保存，提交时请重新填写。", extra_tags="ok")
        return redirect(f"/desk/records/new/{code}?draft={draft.pk}")
    return _perform(request, form, purpose, draft)


@staff("record.enter")
def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change a draft or a returned record with the same form."""
    seat, record = request.seat, visible_inside(request, pk)  # type: ignore[attr-defined]
    if record.state not in EDITABLE or record.source_unit_id != seat.org_id:
        raise Http404
    purpose = f"amend:{record.pk.hex}"
    draft = Draft.objects.filter(user=request.user, purpose=purpose).first()
    if request.method != "POST":
        initial = {"initial": draft.values} if draft else {}
        return _page(request, RecordForm(record.kind_id, seat, record=record, **initial), draft, record=record)
    form = DeskRecordForm(record.kind_id, request, record=record)
    if "keep" in request.POST:
        keep(request, form, purpose, draft)
        messages.success(request, "草稿已保存，记录尚未修改。", extra_tags="ok")
        return redirect(f"/desk/records/{record.pk}/edit")
    return _perform(request, form, purpose, draft, record=record)


@staff("record.enter")
@require_POST
def check(request: HttpRequest, code: str) -> HttpResponse:
    """The live check: advice while typing; everything is checked again on submission."""
    seat = request.seat  # type: ignore[attr-defined]
    form = RecordForm(_kind(seat, code).code, seat, request.POST)
    own = request.POST.get("record_id", "")
    return render(request, "desk/check.html", {"findings": livecheck.look(form, seat, own)})


# ---- parties ----


@staff("record.enter")
def parties(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Name the persons and organisations that had a part in the fact, or take one out again."""
    seat, record = request.seat, visible_inside(request, pk)  # type: ignore[attr-defined]
    if record.state not in EDITABLE or record.source_unit_id != seat.org_id:
        raise Http404
    here = f"/desk/records/{record.pk}/parties"
    if dropped := request.POST.get("drop"):
        record.drop_party(by=seat, party=get_object_or_404(record.parties, pk=dropped))
        return redirect(here)
    form = PartyForm(record, request.POST if request.method == "POST" else None)
    if form.is_bound and form.perform(seat):
        return redirect(here)
    shown = record.parties.select_related("subject")
    context = {"record": record, "form": form, "parties": shown, "form_errors": form.status != 200}
    return render(request, "desk/parties.html", context, status=form.status)
