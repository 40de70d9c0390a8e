"""Attachments: uploaded to and downloaded from what they belong to, seen exactly as that is."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from integrity.models import Attachment, Check, Letter, Matter, Record
from integrity.models.record.entry import EDITABLE
from integrity.portal.desk.opening import gate
from integrity.portal.doors import staff, visible, visible_inside

SEEN_AS = {"letter": Letter, "matter": Matter, "check": Check}


def download(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One file, to whoever sees its target now; always as a download, never run in the page."""
    if not request.user.is_authenticated:
        raise Http404
    file = get_object_or_404(Attachment, pk=pk)
    if file.target_type == "record":
        if closed := gate(request, visible_inside(request, file.target)):
            return closed
    elif file.target_type in SEEN_AS:
        visible(SEEN_AS[file.target_type], request.seat, pk=file.target)  # type: ignore[attr-defined]
    elif not Attachment.objects.visible_to(request.seat).filter(pk=pk).exists():  # type: ignore[attr-defined]
        raise Http404
    answer = FileResponse(file.file.open("rb"), content_type=file.media_type)
    answer["Content-Disposition"] = content_disposition_header(True, file.name)
    return answer


def may_attach(record: Record, seat: Any) -> str:
    """The role of a file this seat may add to a record now; empty when it may not."""
    if record.state in EDITABLE and "record.enter" in seat.rights and record.source_unit_id == seat.org_id:
        return "依据文书"
    hearing = record.state == "SUBMITTED" and "record.review" in seat.rights and record.within(seat)
    return "陈述申辩材料" if hearing else ""


@staff("record.enter", "record.review")
@require_POST
def attach(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add files to a record: the clerk to a draft, the reviewer the papers of hearing to a submitted one."""
    seat, record = request.seat, visible_inside(request, pk)  # type: ignore[attr-defined]
    role = may_attach(record, seat)
    if not role:
        messages.error(request, "该记录当前不能添加附件。", extra_tags="bad")
        return redirect(f"/desk/records/{record.pk}/")
    return add_files(request, record, role, f"/desk/records/{record.pk}/")


def add_files(request: HttpRequest, row: Any, role: str, back: str) -> HttpResponse:
    """Store the files sent with a row, all or none, and go back with what became of them."""
    try:
        with transaction.atomic():
            added = [Attachment.add(row, upload, request.seat, role=role) for upload in request.FILES.getlist("files")]  # type: ignore[attr-defined]
    except ValidationError as fault:
        messages.error(request, "；".join(fault.messages) + "。本次选择的文件均未上传。", extra_tags="bad")
        return redirect(back)
    words = f"已上传 {len(added)} 个文件。" if added else "请先选择文件。"
    messages.success(request, words, extra_tags="ok" if added else "warn")
    return redirect(back)
