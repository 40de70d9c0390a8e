"""Proofs as text: of a published row with its public content, of any entry, and of growth between two sizes."""

from __future__ import annotations

import base64
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from integrity.ledger import nodes, proofs
from integrity.models import Checkpoint, Event, Pledge, Record, Report
from integrity.portal.log.files import NEVER, TEXT, same_for_all

PROVABLE = (Record, Pledge, Report)  # numbered rows that anybody may see or check


def _text(request: HttpRequest, text: str, name: str = "", status: int = 200) -> HttpResponse:
    response = HttpResponse(text, content_type=TEXT, status=status)
    if name:
        response["Content-Disposition"] = f'attachment; filename="{name}.tlog-proof"'
    if status == 503:
        response["Retry-After"] = "60"
    return same_for_all(request, response, NEVER)


WAIT = "存证处理中：该事项已经记入台账，下一个检查点签署后（通常不超过 1 分钟）即可下载存证证明，请稍后再试。\n"
DIFFERS = "核验不一致：页面内容与存证日志不符，已不能出具证明。请拨打 12345 反映，平台将核查原因并公开说明。\n"


def public_row(number: str) -> Any:
    """The published record or pledge, or valid report, with this number; the same 404 for none, hidden and ended."""
    for model in PROVABLE:
        if row := model.objects.public().filter(number=number).select_related("subject").first():
            return row
    raise Http404


@require_safe
def of_row(request: HttpRequest, number: str) -> HttpResponse:
    """The proof file of a published record or pledge."""
    standing = proofs.standing(public_row(number))
    if standing.state == proofs.PENDING:
        return _text(request, WAIT, status=503)
    if standing.state == proofs.MISMATCH:
        return _text(request, DIFFERS, status=409)
    if standing.state != proofs.SEALED:
        raise Http404
    return _text(request, standing.proof(), number)


@require_safe
def of_entry(request: HttpRequest, index: int) -> HttpResponse:
    """The proof file of any entry of the log, with its leaf."""
    event = Event.objects.filter(seq=index).first()
    if event is None:
        raise Http404
    try:
        return _text(request, proofs.inclusion(index, bytes(event.leaf)), f"entry-{index}")
    except proofs.NotSealed:
        return _text(request, WAIT, status=503)


@require_safe
def of_growth(request: HttpRequest, old: int, size: int) -> HttpResponse:
    """That the log of `old` entries is the beginning of that of `size`: one hash a line."""
    last = Checkpoint.objects.last()
    if last is None or not old <= size <= last.size:
        raise Http404
    path = nodes.consistency_at(old, size)
    return _text(request, "".join(base64.b64encode(h).decode() + "\n" for h in path))
