"""Review by four eyes (brief S3): the queue, and one record with old and new side by side and the checklist."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrity.forms import ActForm
from integrity.models import Record, Version
from integrity.portal.desk import words
from integrity.portal.desk.opening import gate
from integrity.portal.desk.records import about
from integrity.portal.doors import act_page, listed, staff, visible_inside

QUEUES = {  # name: label, right
    "review": ("待复核", "record.review"),
    "accept": ("待验收", "record.accept"),
    "confirm": ("待入库", "record.confirm"),
    "corrections": ("更正待复核", "record.review"),
    "adoptions": ("更正待采用", "record.confirm"),
}
CHECKLIST = {
    "basis": "依据：文书真实有效，认定单位、文书号、法律条款与附件一致",
    "fact": "事实：摘要与文书认定的事实一致，主体无误",
    "tier": "程度：失信等级与文书和分级规则相符",
    "period": "公示期：起算日期、截止日期计算正确",
}


def queue(name: str, seat: Any) -> Any:
    """The rows of one queue for one seat."""
    return {
        "review": lambda: Record.objects.to_review(seat),
        "accept": lambda: Record.objects.to_accept(seat),
        "confirm": lambda: Record.objects.to_confirm(seat),
        "corrections": lambda: Version.objects.waiting(seat, "PROPOSED"),
        "adoptions": lambda: Version.objects.waiting(seat, "REVIEWED"),
    }[name]()


@staff("record.review", "record.accept", "record.confirm")
def index(request: HttpRequest) -> HttpResponse:
    """What waits for this person, queue by queue; own entries are never in it."""
    seat = request.seat  # type: ignore[attr-defined]
    tabs = [(name, label) for name, (label, right) in QUEUES.items() if right in seat.rights]
    chosen = request.GET.get("queue", tabs[0][0])
    if chosen not in dict(tabs):
        chosen = tabs[0][0]
    rows, order = queue(chosen, seat), ["submitted_at", "id"]
    if chosen in ("corrections", "adoptions"):
        rows, order = rows.select_related("record", "record__subject", "entered_by"), ["made_at", "id"]
    else:
        rows = rows.filter(submitted_at__isnull=False).select_related("subject", "kind", "source_unit", "entered_by")
    shown = listed(request, rows, order)
    return render(request, "desk/review_queue.html", {"tabs": tabs, "chosen": chosen, "page": shown})


class ReviewForm(ActForm):
    """The recorded privacy and secrecy check, and the checklist a reviewer goes through."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in reversed(CHECKLIST.items()):
            box = forms.BooleanField(
                label=label, error_messages={"required": f"请核对{label.partition('：')[0]}后勾选"}
            )
            self.fields = {f"check_{name}": box, **self.fields}

    def inputs(self, by: Any) -> dict[str, Any]:
        given = {n: v for n, v in super().inputs(by).items() if not n.startswith("check_")}
        return given | {"checked": list(CHECKLIST)}


@staff("record.review")
def review(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One submitted record: what was changed since it came back, its documents, the checklist, yes or back."""
    record = visible_inside(request, pk)
    if closed := gate(request, record):
        return closed
    seat = request.seat  # type: ignore[attr-defined]
    before = words.as_returned(record)
    more = about(record, seat) | {
        "compared": before is not None,
        "lines": words.lines(record.spec, words.flat(record), before),
    }
    back = f"/desk/records/{record.pk}/"
    answer = act_page(request, record, "review", back, "desk/review.html", ReviewForm, **more)
    return redirect("/desk/review/") if answer.status_code == 302 else answer
