"""Pledges on the personnel desk: register, units, asking, signing anew, papers, keys vouched in one sitting (task 2)."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from integrity.acts import Refused, possible
from integrity.models import Event, Pledge
from integrity.models.pledge.fields import NOTICE
from integrity.models.viewing import log_views
from integrity.portal.desk.words import history
from integrity.portal.doors import act_page, listed, staff, visible
from officials.models import Official, PaperSigning, PledgeSignature, PledgeTemplate, SigningKey
from officials.signing import issuing
from officials.signing.figures import by_unit
from officials.signing.forms import PaperForm

READ = ("pledge.check", "audit")  # with official.manage for those who also ask and vouch
ASK, VOUCH = "pledge.issue", "official.manage"
MOST = 200  # people asked, pledges renewed or keys vouched for in one sitting


def personal(seat: Any) -> Any:
    return Pledge.objects.inside(seat).filter(kind=issuing.KIND, subject__form="PERSON")


@staff(VOUCH, *READ)
def index(request: HttpRequest) -> HttpResponse:
    """The register: personal pledges in reach; the address holds the whole filter."""
    params, rows = request.GET, personal(request.seat).select_related("subject", "unit")  # type: ignore[attr-defined]
    if query := params.get("q", "").replace("\x00", "").strip()[:60]:
        rows = rows.filter(Q(number=query.upper()) | Q(subject__name=query))
    if params.get("state") in Pledge.State.values:
        rows = rows.filter(state=params["state"])
    if params.get("level") in Pledge.Level.values:
        rows = rows.filter(level=params["level"])
    if params.get("unit"):
        rows = rows.filter(unit__code=params["unit"].strip().upper())
    if params.get("late"):
        rows = rows.overdue()
    context = {
        "page": listed(request, rows, ["-due_on", "-id"]),
        "states": Pledge.State.choices,
        "levels": Pledge.Level.choices,
    }
    return render(request, "officials/pledges.html", context)


@staff(VOUCH, *READ, "figures")
def units(request: HttpRequest) -> HttpResponse:
    """Due, signed, signed in person, overdue: by unit, each with the list it counts."""
    rows = by_unit(Pledge.objects.inside(request.seat))  # type: ignore[attr-defined]
    return render(request, "officials/pledge_units.html", {"units": rows})


def chosen(request: HttpRequest) -> list[str]:
    """The rows ticked, as ids; a forged one is a bad request."""
    found = request.POST.getlist("row")[:MOST]
    try:
        return [str(uuid.UUID(value)) for value in found]
    except ValueError as fault:
        raise BadRequest("所选的行无效") from fault


def _done(request: HttpRequest, count: int, words: str, refused: list[str]) -> None:
    if count:
        messages.success(request, f"{words} {count} 项", extra_tags="ok")
    for why in refused[:5]:
        messages.error(request, why, extra_tags="bad")
    if not count and not refused:
        messages.error(request, "没有选择任何一项，未办理", extra_tags="bad")


@staff(VOUCH)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask those in office who have not been asked this year; the yearly round does the same by itself."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    rows = issuing.without_this_year(timezone.localdate()) & Official.objects.visible_to(seat)
    rows = rows.select_related("subject", "subject__parent").order_by("subject__sort_key", "id")
    if request.method == "POST":
        asked = rows.filter(pk__in=chosen(request))
        count = sum(issuing.issue(o, "年度", seat, old=issuing.standing(o)) is not None for o in asked)
        _done(request, count, "已发起年度承诺", [])
        return redirect("/desk/pledges/ask")
    template = PledgeTemplate.objects.visible_to(seat).current("年度")
    return render(request, "officials/pledge_ask.html", {"rows": rows[:MOST], "template": template})


def to_renew(seat: Any) -> Any:
    """Pledges in force whose text has a newer version, or whose key was in doubt when they were signed, and nobody asked yet."""
    current = [t.name for t in PledgeTemplate.objects.visible_to(seat).filter(state="APPROVED")]
    doubted = Q(signature__key__suspect_from__lte=F("signature__made_at"))
    old = ~Q(template__in=current) & ~Q(template="") if current else Q(pk__in=[])
    rows = personal(seat).filter(state__in=("IN_FORCE", "FULFILLED")).filter(old | doubted)
    return rows.exclude(replaced_by__state__in=("ISSUED", "SIGNED")).select_related("subject", "unit", "signature__key")


@staff(VOUCH)
def again(request: HttpRequest) -> HttpResponse:
    """The list of those to sign anew, and asking them."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    rows = to_renew(seat).order_by("signed_at")
    if request.method == "POST":
        count = sum(issuing.renew(row, seat) is not None for row in rows.filter(pk__in=chosen(request)))
        _done(request, count, "已发起重新签署", [])
        return redirect("/desk/pledges/again")
    return render(request, "officials/pledge_again.html", {"rows": rows[:MOST]})


@staff(VOUCH, *READ)
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One pledge: text, deadline with its explanation, signature, papers, history."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    row = _one(seat, pk)
    log_views("pledge", [(row.pk, row.version)], by=seat, purpose="办理个人承诺")
    signature = PledgeSignature.objects.filter(pledge=row).select_related("key").first()
    level, tone = row.level_words
    context = {
        "pledge": row, "signature": signature, "level": level, "tone": tone, "notice": NOTICE.get(row.level, ""),
        "papers": PaperSigning.objects.visible_to(seat).filter(pledge=row), "scope": issuing.by_scope(row),
        "buttons": [a for a in possible(row, seat) if a.name in ("end", "fulfil")], "ask": ASK in seat.rights,
        "history": history(Event.objects.of(row).select_related("payload", "user"), names=True),
    }  # fmt: skip
    return render(request, "officials/pledge.html", context)


def _one(seat: Any, pk: uuid.UUID) -> Pledge:
    row = personal(seat).select_related("subject", "unit", "replaces").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@staff(ASK)
def act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """End a pledge, or confirm that it was kept."""
    return act_page(request, _one(request.seat, pk), name, f"/desk/pledges/{pk}/")  # type: ignore[attr-defined]


@staff(ASK)
def paper(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Level C: the scan of what was signed on paper, for a second person to compare."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    row = _one(seat, pk)
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            scan = form.cleaned_data["scan"].read()
            with transaction.atomic():
                PaperSigning(pledge=row, signed_on=form.cleaned_data["signed_on"], scan=scan).enter(by=seat)
            messages.success(request, "已代录，等待第二人核对", extra_tags="ok")
            return redirect(f"/desk/pledges/{pk}/")
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as fault:
            form.add_error(None, fault)
    status = 422 if form.errors else 200
    return render(
        request,
        "officials/pledge_paper.html",
        {"form": form, "pledge": row, "form_errors": status == 422},
        status=status,
    )


def _paper(seat: Any, pk: uuid.UUID) -> PaperSigning:
    return visible(PaperSigning, seat, pk=pk)


@staff(ASK)
def scan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The scan, for those who compare."""
    data = bytes(_paper(request.seat, pk).scan)  # type: ignore[attr-defined]
    kind = (
        "application/pdf" if data.startswith(b"%PDF") else "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
    )
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="scan.{kind.rpartition("/")[2]}"'
    return answer


@staff(ASK)
def paper_act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """A second person finds scan and text alike, or not."""
    row = _paper(request.seat, pk)  # type: ignore[attr-defined]
    return act_page(request, row, name, f"/desk/pledges/{row.pledge_id}/")


# ---- keys ----


@staff(VOUCH)
def keys(request: HttpRequest) -> HttpResponse:
    """Keys that wait to be compared, ticked and vouched for in one sitting; the others below."""
    seat: Any = request.seat  # type: ignore[attr-defined]
    rows = SigningKey.objects.visible_to(seat).select_related("subject", "subject__parent")
    if request.method == "POST":
        _vouch(request, rows)
        return redirect("/desk/keys/")
    mine = Q(user=request.user)
    context = {
        "waiting": rows.filter(~mine, state="PENDING").order_by("subject__sort_key", "registered_at")[:MOST],
        "page": listed(request, rows.exclude(state="PENDING"), ["-registered_at", "-id"]),
    }
    return render(request, "officials/keys.html", context)


def _vouch(request: HttpRequest, rows: Any) -> None:
    if not request.POST.get("compared"):
        messages.error(request, "请先与本人当面逐组核对指纹，并勾选确认。没有核对任何密钥", extra_tags="bad")
        return
    count, refused = 0, []
    for key in rows.filter(pk__in=chosen(request)):
        try:
            key.vouch(by=request.seat)  # type: ignore[attr-defined]
            count += 1
        except Refused as refusal:
            refused.append(f"{key}：{refusal}")
    _done(request, count, "已核对密钥", refused)


@staff(VOUCH)
def key_act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Vouch for one key, or revoke it."""
    return act_page(request, visible(SigningKey, request.seat, pk=pk), name, "/desk/keys/")  # type: ignore[attr-defined]
