"""Accounts, seats and tokens: kept by whoever may grant seats, and by nobody for himself (domain.md 5)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from integrity.admin.base import ActedAdmin, PlainAdmin
from integrity.admin.shown import labelled
from integrity.forms import ActingForm, EntryForm
from integrity.models import ApiToken, Seat, Subject, User, find_organisation, find_person, remind


class UserForm(UserChangeForm):
    """An account: who it is, and on whom it never decides. Rights are not here: they come from seats."""

    id_number = forms.CharField(
        label="本人公民身份号码",
        required=False,
        max_length=18,
        help_text="填写后与本人的信用主体关联，用于回避；不保存号码",
    )
    more_avoids = forms.CharField(
        label="增加应回避的主体", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="近亲属、利害关系单位，每行一个统一社会信用代码或者公民身份号码",
    )  # fmt: skip
    avoids = forms.ModelMultipleChoiceField(
        None, label="应回避的主体", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="取消勾选即解除回避",
    )  # fmt: skip

    class Meta:
        model = User
        fields = ("username", "name", "email", "phone", "is_active", "avoids")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["avoids"].queryset = self.instance.avoids.all()  # type: ignore[attr-defined]

    def clean_id_number(self) -> Subject | None:
        number = self.cleaned_data["id_number"]
        if not number:
            return self.instance.person
        found = find_person(number)
        if found is None:
            raise ValidationError("没有找到该号码登记的人员，请核对，或者先由组织人事部门登记")
        return found

    def clean_more_avoids(self) -> list[Subject]:
        texts = [t for t in self.cleaned_data["more_avoids"].split() if t]
        found = [(t, find_person(t) or find_organisation(t)) for t in texts]
        if missing := [t for t, subject in found if subject is None]:
            raise ValidationError(f"没有找到：{'、'.join(missing)}")
        return [subject for _, subject in found if subject is not None]

    def save(self, commit: bool = True) -> User:
        self.instance.person = self.cleaned_data["id_number"]
        return super().save(commit)

    def _save_m2m(self) -> None:
        super()._save_m2m()
        self.instance.avoids.add(*self.cleaned_data["more_avoids"])


@admin.register(User)
class UserAdmin(PlainAdmin, StockUserAdmin):
    """Accounts. is_superuser and groups give nothing here and are not offered."""

    section = "人员与系统"
    right = "seat.grant"
    form = UserForm
    add_form = AdminUserCreationForm
    columns = ("username", "name", "is_active", "seats_shown", "last_login")
    list_filter = ("is_active",)
    search_fields = ("username__istartswith", "name")
    search_help_text = "用户名或者姓名"
    ordering = ("username",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("本人", {"fields": ("name", "email", "phone", "id_number")}),
        ("回避", {"fields": ("avoids", "more_avoids")}),
        ("状态", {"fields": ("is_active",)}),
    )
    add_fieldsets = ((None, {"fields": ("username", "name", "usable_password", "password1", "password2")}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("seats__org")

    @labelled("岗位")
    def seats_shown(self, row: User, seat: Any) -> str:
        return "；".join(s.label for s in row.seats.all() if s.state == "ACTIVE")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody keeps his own account: its person and avoidances are another's to set."""
        return super().has_change_permission(request) and (obj is None or obj.pk != request.user.pk)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """The holder of the account learns of a password set for him."""
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            holder = User.objects.get(pk=id)
            text = f"{request.user} 于本日为您重置了登录密码。不是您要求的，请立即联系本单位管理员。"
            remind(
                holder,
                "登录密码已被重置",
                text,
                key=f"password:{holder.password[-20:]}",
                channels=("INBOX", "EMAIL", "SMS"),
            )
        return response


@admin.register(Seat)
class SeatsAdmin(ActedAdmin):
    """Who holds which role where: granted by one, released by another."""

    section = "人员与系统"
    columns = ("user", "role_code", "org", "state", "valid_until")
    list_filter = ("state", "role_code")
    search_fields = ("user__username__iexact", "user__name", "org__code__iexact")
    search_help_text = "用户名、姓名或者单位代码"
    ordering = ("user__username", "id")
    creating = "grant"
    entry = ("user", "role_code", "org", "valid_until")
    sections = (("岗位", ("user", "role_code", "org", "state", "valid_until")),)
    people = ("entered_by", "released_by")


class TokenForm(EntryForm):
    """A new token; its secret is made here, shown once and never stored."""

    def act(self, by: Any) -> None:
        self.secret = ApiToken.new_secret()
        self.row = ApiToken(**self.inputs(by)).issue(by=by, secret=self.secret)


@admin.register(ApiToken)
class TokenAdmin(ActedAdmin):
    """Tokens of the interface, each acting as one seat."""

    section = "人员与系统"
    columns = ("name", "prefix", "seat", "purpose", "scopes", "valid_until", "state")
    list_filter = ("state",)
    search_fields = ("name", "prefix")
    ordering = ("-valid_until", "-id")
    creating = "issue"
    entry = ("name", "purpose", "scopes", "addresses", "valid_until")

    def entry_form(self, request: HttpRequest, data: Any) -> ActingForm:
        return TokenForm(ApiToken, self.creating_act, self.entry, {}, data)

    def acted(self, request: HttpRequest, form: ActingForm, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().acted(request, form, *args, **kwargs)
        if secret := getattr(form, "secret", "") and response.status_code == 302:
            messages.warning(request, f"令牌：{secret}。只显示这一次，请立即妥善保存。")
        return response
