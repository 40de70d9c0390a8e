"""Signing with a CA's certificate: take the document away, sign it with the USB key's own program, bring the signature back (level S)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from integrity.acts import Refused
from integrity.models import Subject
from integrity.portal.me.views import mine
from officials.models import Ceremony
from officials.signing import authority, ceremonies
from officials.signing.me_views import own
from officials.signing.passkeys import NotSigned

MOST = 16 * 1024  # bytes of a signature or certificate


class CertificateForm(forms.Form):
    """What the USB key's program has made."""

    signature = forms.FileField(
        label="签名文件", help_text="对下载的 document.json 原始字节所作的 SM2 签名（SM3，DER 编码）"
    )
    certificate = forms.FileField(label="签名证书", help_text="您的 SM2 签名证书（PEM 或者 DER）；证书不公开")
    read = forms.BooleanField(label="我已阅读全文，自愿签署", error_messages={"required": "请先阅读并勾选确认"})

    def clean(self) -> dict[str, Any]:
        for name in ("signature", "certificate"):
            if (upload := self.cleaned_data.get(name)) and upload.size > MOST:
                self.add_error(name, "文件过大，请确认没有选错文件")
        return self.cleaned_data


def waiting(request: HttpRequest, subject: Subject, number: str, token: str) -> Ceremony:
    """The ceremony of this person and pledge, or 404 once it is over."""
    row = Ceremony.waiting(token)
    if row is None or row.user_id != request.user.pk or row.pledge is None or row.pledge.number != number:
        raise Http404
    return row


@require_POST
@mine
def begin(request: HttpRequest, subject: Subject, number: str) -> HttpResponse:
    """Compose the document and open the five minutes."""
    row = own(request, subject, number)
    if not authority.offered():
        raise Http404
    try:
        token = ceremonies.open_certificate(request.seat, row)  # type: ignore[attr-defined]
    except Refused as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect(f"/me/pledges/{number}")
    return redirect(f"/me/pledges/{number}/certificate/{token}")


@mine
def page(request: HttpRequest, subject: Subject, number: str, token: str) -> HttpResponse:
    """The document to take away, and the form to bring its signature back."""
    row = waiting(request, subject, number, token)
    form = CertificateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            given = [form.cleaned_data[name].read() for name in ("signature", "certificate")]
            ceremonies.finish_certificate(row, *given)
            messages.success(request, "已签署。10 分钟内可以撤回。", extra_tags="ok")
        except (NotSigned, Refused) as fault:
            messages.error(request, f"{fault}。请从“使用数字证书签署”重新开始", extra_tags="bad")
        return redirect(f"/me/pledges/{number}")
    status = 422 if form.errors else 200
    context = {
        "pledge": row.pledge,
        "ceremony": row,
        "digest": bytes(row.challenge).hex(),
        "form": form,
        "token": token,
    }
    return render(request, "me/pledge_certificate.html", context | {"form_errors": status == 422}, status=status)


@require_safe
@mine
def document(request: HttpRequest, subject: Subject, number: str, token: str) -> HttpResponse:
    """The exact bytes to be signed."""
    answer = HttpResponse(bytes(waiting(request, subject, number, token).document), content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="document.json"'
    return answer
