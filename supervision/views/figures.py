"""How complaints are answered: figures with their definitions, answers opened to everybody, and their feed (brief P6, P11)."""

from __future__ import annotations

from dataclasses import astuple
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from integrity.portal.doors import listed
from integrity.portal.exports import csv_response
from integrity.portal.fresh import public
from supervision.models import Complaint
from supervision.statistics import DEFINITIONS, GROUPS, of_city

ENTRIES = 50
HEADINGS = ("收到", "已答复", "中位数（工作日）", "九成用时（工作日）", "逾期", "满意和基本满意", "有评价")


def _asked(request: HttpRequest) -> tuple[date, date, str]:
    """Days and grouping of the address; what cannot be read is this year by channel."""
    today = timezone.localdate()
    days = []
    for name, usual in (("since", today.replace(month=1, day=1)), ("until", today)):
        try:
            days.append(date.fromisoformat(request.GET.get(name, "")))
        except ValueError:
            days.append(usual)
    group = request.GET.get("by", "channel")
    since, until = sorted(days)
    return since, min(until, today), group if group in GROUPS else "channel"


@public
def figures(request: HttpRequest) -> HttpResponse:
    """Received, answered, median, ninetieth percentile, overdue, content: by channel, unit, harm, field or month."""
    since, until, group = _asked(request)
    *lines, total = of_city(since, until, group)
    context = {
        "since": since,
        "until": until,
        "group": group,
        "groups": [(name, word) for name, (word, _) in GROUPS.items()],
        "head": GROUPS[group][0],
        "lines": lines,
        "total": total,
        "definitions": DEFINITIONS.items(),
        "query": request.GET.urlencode(),
    }
    return render(request, "supervision/figures.html", context)


@public
def download(request: HttpRequest) -> HttpResponseBase:
    """The same table as CSV."""
    since, until, group = _asked(request)
    *lines, total = of_city(since, until, group)
    rows = [astuple(line) for line in lines] + [("合计", *astuple(total)[1:])]
    return csv_response("complaints.csv", (GROUPS[group][0], *HEADINGS), rows)


def opened() -> Any:
    return Complaint.objects.public().select_related("matter", "matter__about", "matter__unit")


@public
def answers(request: HttpRequest) -> HttpResponse:
    """Answers opened with consent, newest first."""
    page = listed(request, opened(), ["-public_at", "id"])
    return render(request, "supervision/answers.html", {"page": page})


@public
def feed(request: HttpRequest) -> HttpResponse:
    """The newest opened answers as Atom: how one subscribes to them."""
    site = f"{settings.SITE_SCHEME}://{settings.SITE_HOST}"
    made = Atom1Feed(
        title=f"投诉答复 - {settings.SITE_NAME}", link=f"{site}/complain/answers/", description="公开的政务失信投诉答复",
        feed_url=f"{site}{request.get_full_path()}", language="zh-CN", author_name=settings.SITE_ORGAN,
    )  # fmt: skip
    for row in opened().order_by("-public_at", "id")[:ENTRIES]:
        about = row.matter.about.name if row.matter.about else row.get_channel_display()
        made.add_item(
            title=f"{about}：{row.get_category_display()}", link=f"{site}/complain/answers/#a-{row.pk.hex[:12]}",
            description=row.public_reply, unique_id=f"urn:uuid:{row.pk}", pubdate=row.public_at, updateddate=row.public_at,
        )  # fmt: skip
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
