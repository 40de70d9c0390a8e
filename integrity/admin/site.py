"""The admin site: who has a staff seat may enter."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest


class RegistrySite(AdminSite):
    """Stock admin with our name on it."""

    site_header = "政务诚信管理后台"
    site_title = "政务诚信管理后台"
    index_title = "数据管理"

    def has_permission(self, request: HttpRequest) -> bool:
        seat = getattr(request, "seat", None)
        return request.user.is_active and bool(seat and seat.pk and seat.role.staff)
