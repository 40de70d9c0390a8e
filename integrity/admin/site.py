"""The admin site: who has a staff seat may enter; nobody enters by being a superuser."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


class RegistrySite(AdminSite):
    """Stock admin with our name, our login and our rights."""

    site_header = "政务诚信管理后台"
    site_title = "政务诚信管理后台"
    index_title = "数据管理"
    site_url = "/desk/"

    def has_permission(self, request: HttpRequest) -> bool:
        seat = getattr(request, "seat", None)
        return request.user.is_active and bool(seat and seat.pk and seat.role.staff)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only classes that read by seat: what other packages register would ask for is_superuser."""
        from integrity.admin.base import SeatAdmin

        if admin_class is not None and issubclass(admin_class, SeatAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The one login of the site, with its second factor and its lock."""
        if request.user.is_authenticated:
            raise PermissionDenied("管理后台只供有工作岗位的人员使用，请联系本单位管理员或者切换岗位。")
        return redirect_to_login(request.GET.get("next", "/admin/"))

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("account_change_password")

    def get_urls(self) -> list[Any]:
        """Without the redirect to any row of any table, which would tell what exists."""
        return [p for p in super().get_urls() if getattr(p, "name", "") not in ("view_on_site", "autocomplete")]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """Models under the headings of their admin classes, in the order of registration."""
        sections: dict[str, dict[str, Any]] = {}
        for app in self._build_app_dict(request, app_label).values():
            for entry in app["models"]:
                heading = self._registry[entry["model"]].section  # type: ignore[attr-defined]
                sections.setdefault(heading, app | {"name": heading, "models": []})["models"].append(entry)
        return list(sections.values())
