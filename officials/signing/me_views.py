"""Own pledges and keys: read, sign, confirm, withdraw, consent, take away (task 2; brief O2–O4, O8)."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from integrity.acts import Refused, may
from integrity.models import Pledge, Subject
from integrity.models.pledge.fields import NOTICE
from integrity.portal.doors import act_page, listed, visible
from integrity.portal.me.views import mine
from integrity.reports.qr import svg
from officials.models import PledgeConsent, PledgeSignature, PledgeTemplate, SigningKey
from officials.signing import authority, ceremonies, issuing
from officials.signing.bundle import bundle, certificate
from officials.signing.forms import ConfirmForm
from officials.signing.host import site
from officials.signing.passkeys import origin

OPEN = ("SIGNED", "IN_FORCE", "FULFILLED")


def to_sign_host(response: HttpResponse) -> HttpResponse:
    """Let this page's forms lead to the signing host."""
    response._csp_update = {"form-action": [origin()]}  # type: ignore[attr-defined]
    return response


def own(request: HttpRequest, subject: Subject, number: str) -> Pledge:
    """One's own personal pledge, or 404."""
    rows = Pledge.objects.visible_to(request.seat).select_related("subject", "unit", "replaces")  # type: ignore[attr-defined]
    row = rows.filter(subject=subject, kind=issuing.KIND, number=number).first()
    if row is None:
        raise Http404
    return row


def signature_of(row: Pledge) -> PledgeSignature:
    """Its signature, or 404 while there is none; withdrawn ones are gone."""
    found = (
        PledgeSignature.objects.filter(pledge=row)
        .select_related("key", "pledge", "pledge__subject", "pledge__unit")
        .first()
    )
    if found is None or row.state == "WITHDRAWN":
        raise Http404
    return found


@mine
def index(request: HttpRequest, subject: Subject) -> HttpResponse:
    """What waits for my signature, and what I have signed."""
    rows = Pledge.objects.visible_to(request.seat).filter(subject=subject, kind=issuing.KIND)  # type: ignore[attr-defined]
    context = {
        "subject": subject,
        "waiting": rows.filter(state="ISSUED").order_by("due_on"),
        "page": listed(request, rows.exclude(state="ISSUED"), ["-signed_at", "-id"]),
        "keys": SigningKey.objects.visible_to(request.seat).filter(subject=subject, state="ACTIVE").count(),  # type: ignore[attr-defined]
    }
    return render(request, "me/pledges.html", context)


@mine
def detail(request: HttpRequest, subject: Subject, number: str) -> HttpResponse:
    """Read and sign; after it the certificate with the minutes left to withdraw."""
    return _show(request, own(request, subject, number), ConfirmForm())


def _show(request: HttpRequest, row: Pledge, form: ConfirmForm, status: int = 200) -> HttpResponse:
    seat = request.seat  # type: ignore[attr-defined]
    keys = SigningKey.objects.visible_to(seat).filter(user=request.user)
    signature = PledgeSignature.objects.filter(pledge=row).select_related("key").first()
    level, tone = row.level_words
    context = {
        "pledge": row, "form": form, "form_errors": status == 422, "keys": keys.usable(), "pending": keys.exclude(state="REVOKED"),
        "scope": issuing.by_scope(row), "consent": PledgeConsent.objects.visible_to(seat).filter(pledge=row, state="GIVEN").first(),
        "template": PledgeTemplate.objects.visible_to(seat).current(row.occasion),
        "signature": signature if row.state != "WITHDRAWN" else None, "level": level, "tone": tone,
        "notice": NOTICE.get(row.level, ""), "signable": may(ceremonies.sign_spec(), row, seat) is None,
        "withdrawable": may(Pledge.withdraw.act, row, seat) is None,  # type: ignore[attr-defined]
        "certified": authority.offered(), "doubted": bool(signature and signature.key and signature.key.doubted(signature.made_at)),
        "qr": svg(site(f"/v/{row.number}")) if signature else "",
    }  # fmt: skip
    return to_sign_host(render(request, "me/pledge.html", context, status=status))


@require_POST
@mine
def sign(request: HttpRequest, subject: Subject, number: str) -> HttpResponse:
    """To the signing host, with a document composed now."""
    row = own(request, subject, number)
    try:
        token = ceremonies.open_signing(request.seat, row)  # type: ignore[attr-defined]
    except Refused as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect(f"/me/pledges/{number}")
    return redirect(f"{origin()}/{token}")


@require_POST
@mine
def confirm(request: HttpRequest, subject: Subject, number: str) -> HttpResponse:
    """Level B: the password once more; counted and locked as a login is."""
    row, form = own(request, subject, number), ConfirmForm(request.POST)
    if form.is_valid():
        user: Any = request.user
        known = authenticate(request, username=user.get_username(), password=form.cleaned_data["password"])
        if known is None or known.pk != user.pk:
            form.add_error("password", "密码不正确，没有签署；连续 5 次错误将锁定 15 分钟")
        else:
            return _confirmed(request, row)
    return _show(request, row, form, 422)


def _confirmed(request: HttpRequest, row: Pledge) -> HttpResponse:
    try:
        ceremonies.confirm_by_login(request.seat, row)  # type: ignore[attr-defined]
        messages.success(
            request, "已登录确认。10 分钟内可以撤回；登记密钥后可以重新签署，升级为本人密钥签署。", extra_tags="ok"
        )
    except Refused as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
    return redirect(f"/me/pledges/{row.number}")


@mine
def withdraw(request: HttpRequest, subject: Subject, number: str) -> HttpResponse:
    """Take the signature back within ten minutes."""
    return act_page(request, own(request, subject, number), "withdraw", "/me/pledges/", "portal/act.html")


@require_POST
@mine
def consent(request: HttpRequest, subject: Subject, number: str) -> HttpResponse:
    """Agree to publication, or take it back; never part of signing (个人信息保护法 25)."""
    row, seat = own(request, subject, number), request.seat  # type: ignore[attr-defined]
    given = PledgeConsent.objects.visible_to(seat).filter(pledge=row, state="GIVEN").first()
    template = PledgeTemplate.objects.visible_to(seat).current(row.occasion)
    try:
        if request.POST.get("to") == "withdraw" and given:
            given.withdraw(by=seat)
            messages.success(request, "已撤回同意。", extra_tags="ok")
        elif request.POST.get("to") == "give" and not given and template:
            PledgeConsent(pledge=row, text=template.consent_text).give(by=seat)
            messages.success(request, "已同意公开；随时可以撤回。", extra_tags="ok")
    except Refused as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
    return redirect(f"/me/pledges/{number}")


@require_POST
@mine
def renew(request: HttpRequest, subject: Subject, number: str) -> HttpResponse:
    """Sign again: at a higher level, with a new text, or since a key came into doubt."""
    row = issuing.renew_own(own(request, subject, number), request.seat)  # type: ignore[attr-defined]
    if row is None:
        messages.error(request, "这份承诺现在不能重新签署", extra_tags="bad")
    return redirect(f"/me/pledges/{row.number if row else number}")


@require_safe
@mine
def take(request: HttpRequest, subject: Subject, number: str, form: str) -> HttpResponse:
    """The certificate as PDF, or the bundle."""
    return handed(signature_of(own(request, subject, number)), form)


def handed(signature: PledgeSignature, form: str) -> HttpResponse:
    """A download of one's own or of a public pledge."""
    make, kind = {"pdf": (certificate, "application/pdf"), "zip": (bundle, "application/zip")}[form]
    answer = HttpResponse(make(signature), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{signature.pledge.number}.{form}"'
    return answer


@require_safe
def public_take(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """The same of a public pledge; none, hidden and ended answer the same 404."""
    row = Pledge.objects.public().filter(number=number, kind=issuing.KIND).first()
    if row is None:
        raise Http404
    return handed(signature_of(row), form)


# ---- keys ----


@mine
def keys(request: HttpRequest, subject: Subject) -> HttpResponse:
    """My signing keys by name, with their thumbprints (brief O8)."""
    rows = SigningKey.objects.visible_to(request.seat).filter(user=request.user)  # type: ignore[attr-defined]
    return to_sign_host(
        render(request, "me/keys.html", {"subject": subject, "keys": rows.select_related("vouched_by")})
    )


@require_POST
@mine
def new_key(request: HttpRequest, subject: Subject) -> HttpResponse:
    """To the signing host, to register a key."""
    try:
        token = ceremonies.open_registration(request.seat, request.POST.get("label", ""))  # type: ignore[attr-defined]
    except Refused as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect("/me/keys/")
    return redirect(f"{origin()}/{token}")


@mine
def key_act(request: HttpRequest, subject: Subject, pk: uuid.UUID) -> HttpResponse:
    """Report a key lost or replaced; it signs no more from this moment."""
    row = visible(SigningKey, request.seat, pk=pk, user=request.user)  # type: ignore[attr-defined]
    return act_page(request, row, "surrender", "/me/keys/", "portal/act.html")


@mine
def board(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Pledges posted inside my unit, where they do not go to the public (task 2)."""
    rows = Pledge.objects.visible_to(request.seat).noticed(request.seat).select_related("subject", "unit")  # type: ignore[attr-defined]
    return render(
        request, "me/pledge_board.html", {"subject": subject, "page": listed(request, rows, ["-published_at", "-id"])}
    )
