"""People and seats: accounts opened here, seats granted by one and released by another, credentials set anew (domain.md 5)."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from integrity.acts import Refused, possible
from integrity.forms import ActingForm, OrganisationField, date_input, text_input
from integrity.forms.inputs import choice_input
from integrity.models import Event, Seat, User, remind
from integrity.portal.desk import words
from integrity.portal.doors import act_page, listed, staff, visible
from integrity.roles import GRANTABLE

RIGHT = "seat.grant"


class AccountForm(ActingForm):
    """A new account; what it may do comes from its seats alone."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["username"] = text_input("用户名", max_length=30, help_text="字母、数字，如工号")
        self.fields["name"] = text_input("姓名", max_length=60)
        self.fields["phone"] = text_input("手机号", required=False, max_length=20)
        self.fields["email"] = text_input("邮箱", required=False, max_length=200)

    def act(self, by: Any) -> None:
        self.password = secrets.token_urlsafe(12)
        row = User(**self.cleaned_data, must_change_password=True)
        row.set_password(self.password)
        row.full_clean()
        row.save()
        self.row = row


class GrantForm(ActingForm):
    """A role in an organisation for one person, until a date."""

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data)
        self.user = user
        self.fields["role_code"] = choice_input("角色", GRANTABLE)
        self.fields["org"] = OrganisationField("单位", required=False, help_text="系统管理员、平台运维可不填")
        self.fields["valid_until"] = date_input("截止日期", required=False, help_text="到该日为止，不含当日")

    def act(self, by: Any) -> None:
        self.row = Seat(user=self.user, **self.inputs(by))
        self.row.grant(by=by)


@staff(RIGHT)
def index(request: HttpRequest) -> HttpResponse:
    """Accounts with their seats."""
    seats = Seat.objects.visible_to(request.seat).exclude(state="REVOKED").select_related("org")  # type: ignore[attr-defined]
    rows = User.objects.prefetch_related(Prefetch("seats", seats, to_attr="current"))
    if query := request.GET.get("q", "").strip():
        rows = rows.filter(Q(username__istartswith=query) | Q(name__contains=query))
    pending = Seat.objects.visible_to(request.seat).filter(state="PENDING").select_related("user", "org", "entered_by")  # type: ignore[attr-defined]
    context = {"page": listed(request, rows, ["username"], 50), "pending": pending[:50]}
    return render(request, "desk/people.html", context)


def _form(request: HttpRequest, form: ActingForm, title: str, button: str, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "button": button,
        "back": "/desk/people/",
        "form_errors": form.status == 422,
    }
    return render(request, "desk/form.html", context | more, status=form.status)


@staff(RIGHT)
def new(request: HttpRequest) -> HttpResponse:
    """Open an account; its first password is shown once and has to be changed."""
    form = AccountForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.perform(request.seat):  # type: ignore[attr-defined]
        return render(request, "desk/password.html", {"holder": form.row, "password": form.password, "opened": True})
    return _form(request, form, "新建账号", "新建账号")


@staff(RIGHT)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One account, its seats, and the form that grants another."""
    holder = get_object_or_404(User, pk=pk)
    form = GrantForm(holder, request.POST if request.method == "POST" else None)
    if form.is_bound and form.perform(request.seat):  # type: ignore[attr-defined]
        messages.success(request, f"已授予岗位，待他人复核放行：{form.row}", extra_tags="ok")
        return redirect(f"/desk/people/{holder.pk}/")
    seats = Seat.objects.visible_to(request.seat).filter(user=holder).select_related("org", "entered_by", "released_by")  # type: ignore[attr-defined]
    context = {
        "holder": holder,
        "seats": seats,
        "factors": Authenticator.objects.filter(user=holder).exclude(type="recovery_codes").count(),
        "form": form,
        "form_errors": form.status == 422,
        "own": holder.pk == request.user.pk,
    }
    return render(request, "desk/person.html", context, status=form.status)


@staff(RIGHT)
def seat(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One seat and what may be done with it."""
    mine = request.seat  # type: ignore[attr-defined]
    row = visible(Seat, mine, pk=pk)
    events = Event.objects.of(row).select_related("payload")
    context = {"row": row, "buttons": possible(row, mine), "history": words.history(events)}
    return render(request, "desk/seat.html", context)


@staff(RIGHT)
def act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Release or revoke a seat."""
    row = visible(Seat, request.seat, pk=pk)  # type: ignore[attr-defined]
    return act_page(request, row, name, f"/desk/people/seats/{row.pk}/")


class ResetForm(ActingForm):
    """Set a password or second factor anew, with the reason; the ledger keeps who did it, the holder is told."""

    def __init__(self, holder: User, what: str, data: Any = None) -> None:
        super().__init__(data)
        self.holder, self.what, self.password = holder, what, ""
        self.fields["reason"] = text_input("理由", max_length=200, help_text="如：本人书面申请，忘记密码")

    def act(self, by: Any) -> None:
        row = Seat.objects.visible_to(by).filter(user=self.holder).order_by("state").first()
        if row is None:
            raise ValidationError("该账号没有岗位，无需重置；请先授予岗位")
        word = {"password": "登录密码", "factor": "第二因素"}[self.what]
        row.reset(by=by, what=word, reason=self.cleaned_data["reason"])
        if self.what == "password":
            self.password = secrets.token_urlsafe(12)
            self.holder.set_password(self.password)
            self.holder.must_change_password = True
            self.holder.save(update_fields=["password", "must_change_password"])
        else:
            Authenticator.objects.filter(user=self.holder).delete()
        text = f"{by.user} 为您重置了{word}。不是您要求的，请立即联系本单位管理员。"
        channels = ("INBOX", "EMAIL", "SMS")
        remind(self.holder, f"{word}已被重置", text, key=f"reset-{uuid.uuid4().hex}", channels=channels)


@staff(RIGHT)
def reset(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """The page behind both resets."""
    holder = get_object_or_404(User, pk=pk)
    form = ResetForm(holder, what, request.POST if request.method == "POST" else None)
    try:
        with transaction.atomic():
            done = form.is_bound and form.perform(request.seat)  # type: ignore[attr-defined]
    except Refused as refused:
        form.refusal, done = refused, False
    if done and form.password:
        return render(request, "desk/password.html", {"holder": holder, "password": form.password})
    if done:
        messages.success(request, f"已清除 {holder} 的第二因素，请其登录后重新设置。", extra_tags="ok")
        return redirect(f"/desk/people/{holder.pk}/")
    title = f"重置{'登录密码' if what == 'password' else '第二因素'}：{holder}"
    return _form(request, form, title, "重置", back=f"/desk/people/{holder.pk}/")
