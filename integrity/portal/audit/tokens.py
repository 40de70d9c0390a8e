"""API tokens of the own seat: made for a purpose, shown once, revoked at once (brief A2)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache

from integrity.forms import put_errors, text_input
from integrity.models import ApiToken
from integrity.models.token import SCOPES, TOKEN_DAYS
from integrity.portal.doors import staff, visible

DAYS = [(30, "30 天"), (90, "90 天"), (TOKEN_DAYS, f"{TOKEN_DAYS} 天（最长）")]


class TokenForm(forms.Form):
    """What a token is for and how far it reaches."""

    name = text_input("名称", max_length=60, help_text="便于自己辨认，如：年度审计取数")
    purpose = text_input(
        "用途", max_length=200, help_text="如：2026 年度政务诚信审计，审计通知书文号；每次读取个人信息都随用途记入台账"
    )
    scopes = forms.MultipleChoiceField(label="范围", widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(label="有效期", choices=DAYS, coerce=int, initial=90, widget=forms.RadioSelect)
    addresses = text_input(
        "允许的地址",
        required=False,
        max_length=200,
        help_text="IP 地址或者网段，以空格分隔，如 10.20.0.0/16；留空则不限来源",
    )

    def __init__(self, seat: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [(code, word) for code, (word, right) in SCOPES.items() if right in seat.rights]
        self.fields["scopes"].choices = held  # type: ignore[attr-defined]
        self.fields["scopes"].initial = [held[0][0]] if held else []
        self.fields["scopes"].error_messages["required"] = "请选择令牌的使用范围"

    def issue(self, seat: Any) -> str | None:
        """Issue the token; its secret, or None with the faults beside their fields."""
        data, secret = self.cleaned_data, ApiToken.new_secret()
        token = ApiToken(
            name=data["name"].strip(), purpose=data["purpose"].strip(), scopes=" ".join(data["scopes"]),
            addresses=data["addresses"].strip(), valid_until=timezone.localdate() + timedelta(days=data["days"]),
        )  # fmt: skip
        try:
            token.issue(by=seat, secret=secret)
        except ValidationError as fault:
            put_errors(self, fault)
            return None
        return secret


class RevokeForm(forms.Form):
    """Typing the name keeps a slip from ending somebody's night run."""

    name = text_input("请输入令牌名称以确认", max_length=60)

    def __init__(self, token: ApiToken, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.token = token

    def clean_name(self) -> str:
        if self.cleaned_data["name"].strip() != self.token.name:
            raise ValidationError(f"与令牌名称“{self.token.name}”不一致")
        return self.token.name


@dataclass(frozen=True)
class Held:
    """A token with its last use."""

    token: ApiToken
    used_at: Any
    used_from: str


def held(token: ApiToken) -> Held:
    at, address = cache.get(f"token-used:{token.pk}") or ("", "")
    return Held(token, parse_datetime(at) if at else None, address)


@staff("token.hold")
def index(request: HttpRequest) -> HttpResponse:
    """Own tokens, live ones first, with their last use."""
    seat = request.seat  # type: ignore[attr-defined]
    rows = (
        ApiToken.objects.visible_to(seat)
        .filter(seat__user_id=seat.user_id)
        .select_related("seat")
        .order_by("state", "-valid_until")
    )
    return render(request, "audit/tokens.html", {"tokens": [held(t) for t in rows[:100]]})


@never_cache
@staff("token.hold")
def new(request: HttpRequest) -> HttpResponse:
    """Make a token; its secret stands on the answer and nowhere else."""
    seat = request.seat  # type: ignore[attr-defined]
    form = TokenForm(seat, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and (secret := form.issue(seat)):
        return render(request, "audit/token_once.html", {"secret": secret, "name": form.cleaned_data["name"]})
    wrong = form.is_bound and bool(form.errors)
    return render(request, "audit/token_new.html", {"form": form, "form_errors": wrong}, status=422 if wrong else 200)


@staff("token.hold")
def revoke(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End a token after its name was typed."""
    token = visible(ApiToken, request.seat, pk=pk, state="ACTIVE")  # type: ignore[attr-defined]
    form = RevokeForm(token, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        token.revoke(by=request.seat)  # type: ignore[attr-defined]
        messages.success(request, f"已撤销令牌“{token.name}”", extra_tags="ok")
        return redirect("/audit/tokens/")
    wrong = form.is_bound and bool(form.errors)
    context = {"token": token, "form": form, "form_errors": wrong}
    return render(request, "audit/token_revoke.html", context, status=422 if wrong else 200)
