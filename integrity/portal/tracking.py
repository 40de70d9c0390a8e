"""Following a matter without an account: number and query code open it for half an hour (brief P7, task 13).

Wrong, unknown, hidden and foreign answer alike; guesses are counted by number and by address.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from integrity.acts import Act, Acted, may
from integrity.codes import normalise_code
from integrity.forms import ActForm
from integrity.models import CLOCK, PUBLIC, Attachment, Event, Matter
from integrity.portal.doors import act_page
from integrity.portal.me.filing import FilesField
from integrity.portal.me.public import normalise_number
from integrity.portal.throttle import wait

TRIES, WINDOW = 5, 15 * 60  # guesses of a query code for one number, in seconds
STAYS_OPEN = timedelta(minutes=30)
MINE = ("supplement", "rate", "ask_review", "ask_recheck", "withdraw")  # what whoever filed it may do, in this order
WORDS = {  # events that move a matter, as whoever filed it reads them
    "matter.received": "已提交", "matter.accepted": "已受理", "matter.refused": "不予受理", "matter.assigned": "已转办", "matter.returned": "退回重新分办",
    "matter.taken": "调查核实", "matter.paused": "等待补充材料，计时暂停", "matter.resumed": "恢复计时", "matter.extended": "经批准延长期限",
    "matter.supplemented": "您补充了材料", "matter.replied": "已答复", "matter.rated": "您已评价", "matter.reworked": "重新办理",
    "matter.merged": "与同一事项合并办理", "matter.transferred": "已移送", "matter.withdrawn": "已撤回", "matter.closed": "已办结",
}  # fmt: skip
AHEAD = (
    ("matter.accepted", "受理"),
    ("matter.taken", "调查核实"),
    ("matter.replied", "答复"),
    ("matter.rated", "您的评价"),
)


@dataclass(frozen=True)
class Step:
    """One step of the handling: done, now or to come."""

    word: str
    at: Any = None
    note: str = ""


def steps(row: Matter) -> tuple[list[Step], list[Step]]:
    """What has happened, oldest first, and what is still to come; no person is named."""
    done, verbs = [], set()
    for event in Event.objects.of(row).select_related("payload"):
        verbs.add(event.verb)
        if event.verb in WORDS:
            reason = event.values.get("reason", "")
            done.append(Step(WORDS[event.verb], event.at, reason if event.verb != "matter.received" else ""))
    over = row.state in ("REFUSED", "CLOSED", "WITHDRAWN")
    return done, [] if over else [Step(word) for verb, word in AHEAD if verb not in verbs]


def offered(row: Matter) -> Iterator[tuple[Act, Acted]]:
    """The acts whoever filed it may do now, each with the row it is done on: the flow's own before the matter's."""
    detail = row.detail
    allowed = getattr(detail, "matter_acts", MINE)
    for name in MINE:
        for target in (detail, row if name in allowed else None):
            spec = getattr(getattr(target, name, None), "act", None)
            if spec is not None:
                if may(spec, target, PUBLIC) is None and not (name == "rate" and row.rating):
                    yield spec, target
                break


def track(request: HttpRequest) -> HttpResponse:
    """Number and code, once; afterwards the matter stays open to this visitor for half an hour."""
    number = normalise_number(request.POST.get("number", request.GET.get("n", "")))
    if request.method != "POST":
        return _ask(request, number)
    if wait(request, "track") or cache.get(f"track:{number}", 0) >= TRIES:
        return _ask(request, number, "查询次数过多，请 15 分钟后再试。", 429)
    row = _matter(number)
    code = normalise_code(request.POST.get("code", ""))
    if row is None or not secrets.compare_digest(row.query_code.encode(), code.encode()):
        _missed(number)
        return _ask(request, number, "编号或者查询码不正确", 422)
    open_for(request, row)
    return _show(request, row)


def _ask(request: HttpRequest, number: str, error: str = "", status: int = 200) -> HttpResponse:
    context = {"number": number, "error": error, "form_errors": bool(error)}
    return render(request, "me/track.html", context, status=status)


def _matter(number: str) -> Matter | None:
    rows = Matter.objects.visible_to(CLOCK).select_related("kind", "unit", "about", "merged_into")
    return rows.filter(number=number).first()


def _missed(number: str) -> None:
    key = f"track:{number}"
    cache.add(key, 0, WINDOW)
    with suppress(ValueError):  # it ran out between the two calls
        cache.incr(key)


# ---- while it is open ----


def open_for(request: HttpRequest, row: Matter, *, proved: bool = False) -> None:
    """Let this visitor follow the matter; `proved` also shows him what he filed."""
    opened = request.session.get("tracked", {})
    mark = {"at": timezone.now().isoformat(), "proved": proved or opened.get(row.number, {}).get("proved", False)}
    request.session["tracked"] = {**opened, row.number: mark}


def opened(request: HttpRequest, number: str) -> tuple[Matter, bool] | None:
    """The matter this visitor has opened within the last half hour, and whether he has proved to have filed it."""
    mark = request.session.get("tracked", {}).get(number, {})
    at = parse_datetime(mark.get("at", ""))
    if at is None or at < timezone.now() - STAYS_OPEN:
        return None
    row = _matter(number)
    return (row, mark["proved"]) if row else None


def _show(request: HttpRequest, row: Matter, *, unproved: bool = False) -> HttpResponse:
    done, ahead = steps(row)
    proved = request.session["tracked"][row.number]["proved"]
    head = row.merged_into if row.merged_into_id else row
    context = {
        "matter": row,
        "detail": row.detail,
        "head": head,
        "done": done,
        "ahead": ahead,
        "acts": list(offered(row)),
        "files": Attachment.objects.of(row).count(),
        "proved": proved,
        "unproved": unproved,
        "form_errors": unproved,
    }
    return render(request, "me/tracked.html", context, status=422 if unproved else 200)


def tracked(request: HttpRequest, number: str) -> HttpResponse:
    """The opened matter again; to everybody else the form, whatever the number."""
    found = opened(request, number)
    if found is None:
        return redirect(f"/track/?n={normalise_number(number)}")
    row, _ = found
    if request.method != "POST":
        return _show(request, row)
    if wait(request, "track") or cache.get(f"track:{number}", 0) >= TRIES:
        return _ask(request, number, "查询次数过多，请 15 分钟后再试。", 429)
    if not getattr(row.detail, "reached_at", lambda _: False)(request.POST.get("reach", "")):
        _missed(number)
        return _show(request, row, unproved=True)
    open_for(request, row, proved=True)
    return redirect(f"/track/{number}")


class SupplementForm(ActForm):
    """More words and files."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.files_field = FilesField("材料")
        self.fields["files"] = self.files_field

    def act(self, by: Any) -> None:
        self.row.supplement(by=by, text=self.cleaned_data["text"])
        for upload in self.cleaned_data["files"]:
            Attachment.add(self.row, upload, by)


def act(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Supplement, rate, ask for a review, withdraw: as the public, by whoever has opened the matter."""
    found = opened(request, number)
    if found is None:
        return redirect(f"/track/?n={normalise_number(number)}")
    row, _ = found
    for spec, target in offered(row):
        if spec.name == name:
            form = SupplementForm if name == "supplement" else ActForm
            template = "me/track_act.html"
            return act_page(request, target, name, f"/track/{number}", template, form, PUBLIC, spec=spec, matter=row)
    if name in MINE:
        return redirect(f"/track/{number}")
    raise Http404
