"""Reporting upward on the desk: state of the link, rejections, batches, lower nodes, quality figures (brief S9)."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from integrity.acts import possible
from integrity.exchange import figures, outgoing, sender
from integrity.exchange.checks import REJECTIONS
from integrity.facts import Bad, parse_date
from integrity.models import Batch, Finding, Fork, Mirror, Peer, Record, Side, Subject, Uplink
from integrity.portal.doors import act_page, listed, staff, visible

TABS = (
    ("rejected", "被退回"),
    ("sent", "上报批次"),
    ("peers", "下级平台"),
    ("taken", "接收批次"),
    ("theirs", "退回下级"),
)


@staff("exchange.operate")
def index(request: HttpRequest) -> HttpResponse:
    """The link upward, and one of the lists below it."""
    chosen = request.GET.get("tab", "")
    chosen = chosen if chosen in dict(TABS) else "rejected"
    rows, order = _rows(request, chosen)
    page = listed(request, rows, order)
    context = {"tabs": TABS, "chosen": chosen, "page": page, "codes": REJECTIONS} | _link()
    if chosen in ("rejected", "theirs"):
        context["shown"] = _shown(request, page.rows)
    return render(request, "desk/exchange.html", context)


def _rows(request: HttpRequest, chosen: str) -> tuple[QuerySet, list[str]]:
    batches, findings = Batch.objects.select_related("peer"), Finding.objects.select_related("batch", "batch__peer")
    return {
        "rejected": lambda: (findings.ours().open(), ["-id"]),
        "sent": lambda: (batches.filter(side=Side.OUT), ["-id"]),
        "taken": lambda: (batches.filter(side=Side.IN), ["-id"]),
        "theirs": lambda: (findings.theirs().open(), ["-id"]),
        "peers": lambda: (Peer.objects.visible_to(request.seat).select_related("mirror"), ["origin"]),  # type: ignore[attr-defined]
    }[chosen]()


def _link() -> dict[str, Any]:
    """How far the upper node has come with us."""
    link, size = Uplink.current(), outgoing.sealed_size()
    return {
        "link": link,
        "size": size,
        "backlog": max(0, size - link.acked) if link else 0,
        "rejected": Finding.objects.ours().open().count(),
        "forks": Fork.objects.select_related("peer").order_by("-id")[:5],
    }


def _shown(request: HttpRequest, rows: list[Finding]) -> dict[Any, Record]:
    """Records of the findings that this seat may read; of the others only code and field are shown."""
    seen = Record.objects.inside(request.seat).filter(pk__in=[f.uid for f in rows if f.uid])  # type: ignore[attr-defined]
    return {r.pk: r for r in seen.select_related("source_unit")}


@require_POST
@staff("exchange.operate")
def redrive(request: HttpRequest) -> HttpResponse:
    """Somebody has looked at what stood still: it goes out again."""
    sender.redrive()
    messages.success(request, "已恢复上报，下一次发送在 15 秒内开始", extra_tags="ok")
    return redirect("/desk/exchange/?tab=sent")


# ---- one batch, one peer ----


@staff("exchange.operate")
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch with its signed head, its receipt and the findings on it."""
    row = Batch.objects.select_related("peer").filter(pk=pk).first()
    if row is None:
        raise Http404
    findings = list(row.findings.order_by("index")[:200])
    context = {"batch": row, "findings": findings, "codes": REJECTIONS, "shown": _shown(request, findings)}
    return render(request, "desk/exchange_batch.html", context)


@staff("exchange.operate")
def peer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One lower node: keys, mirror, what may be done with it."""
    row = visible(Peer, request.seat, pk=pk)  # type: ignore[attr-defined]
    context = {
        "peer": row,
        "mirror": Mirror.objects.filter(peer=row).first(),
        "acts": possible(row, request.seat),  # type: ignore[attr-defined]
        "forks": Fork.objects.filter(peer=row).order_by("-id"),
    }
    return render(request, "desk/exchange_peer.html", context)


@staff("exchange.operate")
def peer_act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Stop, resume, or change the key of a lower node."""
    row = visible(Peer, request.seat, pk=pk)  # type: ignore[attr-defined]
    return act_page(request, row, name, f"/desk/exchange/peers/{pk}/")


# ---- quality ----


def _period(request: HttpRequest) -> tuple[date, date, str]:
    """From and to of the address; this year so far without one; and what is wrong with it."""
    today = timezone.localdate()
    since, until = today.replace(month=1, day=1), today
    try:
        since = parse_date(request.GET["from"], "起始日期") if request.GET.get("from") else since
        until = parse_date(request.GET["to"], "截止日期") if request.GET.get("to") else until
    except Bad as bad:
        return since, until, str(bad)
    return (since, until, "") if since <= until else (since, until, "起始日期不能晚于截止日期")


@staff("exchange.operate", "figures")
def quality(request: HttpRequest) -> HttpResponse:
    """Rates of reporting by unit, each with its definition and the list it counts (domain.md 7.4)."""
    since, until, wrong = _period(request)
    rows = [] if wrong else figures.by_unit(request.seat, since, until)  # type: ignore[attr-defined]
    typed = {"from": request.GET.get("from") or since.isoformat(), "to": request.GET.get("to") or until.isoformat()}
    context = {
        "rows": rows, "since": since, "until": until, "wrong": wrong, "typed": typed, "words": figures.WORDS, "rates": figures.RATES,
    }  # fmt: skip
    return render(request, "desk/exchange_quality.html", context, status=422 if wrong else 200)


@staff("exchange.operate", "figures")
def counted(request: HttpRequest, figure: str) -> HttpResponse:
    """The records one figure counts."""
    since, until, wrong = _period(request)
    if figure not in figures.WORDS or wrong:
        raise Http404
    seat, unit = request.seat, None  # type: ignore[attr-defined]
    if code := request.GET.get("unit"):
        unit = visible(Subject, seat, code=code)
    rows = figures.counted(seat, since, until, figure, unit).select_related("subject", "source_unit", "kind")
    context = {
        "page": listed(request, rows, ["-confirmed_at", "-id"]), "word": figures.WORDS[figure], "unit": unit, "since": since,
        "until": until,
    }  # fmt: skip
    return render(request, "desk/exchange_counted.html", context)
