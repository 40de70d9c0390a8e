"""Courts' lists on the desk: brought in, matched, confirmed line by line by another person; the board towards zero (task 10)."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from agencies import courtlist
from agencies.board import Board, board
from agencies.models import CourtEntry
from integrity.acts import NotAllowed
from integrity.forms import ActingForm
from integrity.portal.doors import act_page, listed, staff, visible
from integrity.roles import RIGHTS as WORDS


class ListForm(ActingForm):
    """A court's list as a file."""

    file = forms.FileField(
        label="名单文件", help_text="XLSX、XLS 或者 CSV，须有“被执行人名称”列；自然人和企业的行不会保存",
        error_messages={"required": "请选择名单文件"},
    )  # fmt: skip

    def act(self, by: Any) -> None:
        if "import.submit" not in by.rights:
            raise NotAllowed(f"您的岗位（{by.role_label}）没有“{WORDS['import.submit']}”的权限")
        upload = self.cleaned_data["file"]
        self.counts = courtlist.receive(upload.name, courtlist.read(upload), by=by)


@staff("import.submit", "import.confirm")
def index(request: HttpRequest) -> HttpResponse:
    """Lines that may mean an agency, those to be confirmed first; and the form for a new list."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if form.is_bound and form.perform(seat):
        messages.success(request, said(form.counts), extra_tags="ok")
        return redirect("/desk/courtlist/")
    rows = CourtEntry.objects.visible_to(seat).select_related("subject", "unit")
    state = request.GET.get("state", "NEW")
    if state in CourtEntry.State.values:
        rows = rows.filter(state=state)
    context = {
        "form": form, "refusal": form.refusal, "form_errors": form.status == 422, "page": listed(request, rows, ["-made_at", "id"]),
        "states": CourtEntry.State.choices, "state": state, "may_confirm": "import.confirm" in seat.rights,
        "may_import": "import.submit" in seat.rights,
    }  # fmt: skip
    return render(request, "agencies/courtlist.html", context, status=form.status)


def said(counts: Any) -> str:
    """What became of a list, in one sentence."""
    return (
        f"名单共 {counts['total']} 行：代码一致 {counts['sure']} 行，按名称找到候选 {counts['several']} 行，未找到候选 {counts['none']} 行，"
        f"已导入过 {counts['twin']} 行；自然人 {counts['person']} 行、不是政府机构 {counts['other']} 行，均未保存。"
    )


@staff("import.confirm")
def act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Say who is meant, or that nobody is."""
    row = visible(CourtEntry, request.seat, pk=pk)  # type: ignore[attr-defined]
    return act_page(request, row, name, "/desk/courtlist/", "agencies/entry_act.html", entry=row)


@staff("matter.assign", "matter.handle", "figures")
def campaign(request: HttpRequest) -> HttpResponse:
    """The board towards zero: by area and by the four kinds of subjects, each number leading to its cases."""
    found: Board = board(request.seat)  # type: ignore[attr-defined]
    return render(request, "agencies/board.html", {"board": found})
