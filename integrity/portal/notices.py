"""One published record, and whether a number is genuine (brief P5, P9)."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrity import public as whitelist
from integrity.ledger.position import places
from integrity.models import Measure, Pledge, Record
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
        "place": places([record["uid"]]).get(record["uid"]),
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
        found = (record or pledge or {}).get("uid")
        context["place"] = places([found]).get(found) if found else None
        if found is None:
            return render(request, "portal/verify.html", context, status=404)
    return render(request, "portal/verify.html", context)
