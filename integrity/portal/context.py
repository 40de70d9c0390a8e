"""What every page's template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_ORGAN": settings.SITE_ORGAN,
        "DEMO": settings.DEMO,
        "seat": getattr(request, "seat", None),
        "seats": getattr(request, "seats", []),
        "elder": request.COOKIES.get("view") == "elder",
        "request_id": getattr(request, "id", ""),
    }
