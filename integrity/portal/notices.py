"""One published record, and whether a number is genuine (brief P5, P9)."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrity import public as whitelist
from integrity.models import Measure, Pledge, Record
from integrity.models.pledge.fields import LEVELS, NOTICE
from integrity.portal.fresh import public
from integrity.portal.lists import listings, read, shown


def clean_number(text: str) -> str:
    """A number as it was issued: half-width, upper case, without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())[:60].replace("\x00", "")


def find_record(number: str) -> dict[str, Any] | None:
    row = read(Record.objects.public().filter(number=clean_number(number))).first()
    return shown(row) if row else None


def find_pledge(number: str) -> dict[str, Any] | None:
    row = Pledge.objects.public().filter(number=clean_number(number)).values(*whitelist.PLEDGE).first()
    return whitelist.pledge(row) if row else None


def same_row(model: type[Record | Pledge], pk: Any) -> Any:
    """The public row itself, for the log's word on it; the page shows only whitelisted values."""
    return model.objects.public().select_related("subject", "source_unit" if model is Record else "unit").get(pk=pk)


@public
def notice(request: HttpRequest, number: str) -> HttpResponse:
    """A published record; none, hidden, expired and repaired answer alike."""
    record = find_record(number)
    if record is None:
        raise Http404
    if number != record["number"]:
        return redirect(record["url"])
    measures = Measure.objects.public().filter(record=record["uid"]).order_by("starts_on", "id")
    context = {
        "record": record,
        "measures": [whitelist.measure(v) for v in measures.values(*whitelist.MEASURE)],
        "row": same_row(Record, record["uid"]),
        "listing": next((x for x in listings().values() if x.name != "all" and record["kind"] in x.kinds), None),
    }
    return render(request, "portal/notice.html", context)


@public
def verify(request: HttpRequest, number: str = "") -> HttpResponse:
    """Whether a certificate or record of this number stands today; the answer never says why it does not."""
    asked = clean_number(number or request.GET.get("number", ""))
    if asked and not number:
        return redirect("verify", asked)
    context: dict[str, Any] = {"asked": bool(asked)}
    if asked:
        context["record"] = record = find_record(asked)
        context["pledge"] = pledge = find_pledge(asked)
        if not record and not pledge:
            return render(request, "portal/verify.html", context, status=404)
        context["level"], _ = LEVELS.get(pledge["level"], ("", "")) if pledge else ("", "")
        context["proves"] = NOTICE.get(pledge["level"], "") if pledge else ""
        context["row"] = same_row(Record, record["uid"]) if record else same_row(Pledge, pledge["uid"])
    return render(request, "portal/verify.html", context)
