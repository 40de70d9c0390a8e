"""Every address of the program."""

from django.contrib import admin
from django.urls import include, path

from config.celery import app as queue  # noqa: F401 - tasks that pages ask for go to this queue
from integrity.portal import machines

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("desk/", include("integrity.portal.desk.urls")),
    path("api/v1/", include("config.api")),
    path("livez", machines.livez),
    path("readyz", machines.readyz),
    path("metrics", machines.metrics),
    path("exchange/", include("integrity.exchange.urls")),
    path("", include("officials.urls")),
    path("", include("agencies.urls")),
    path("", include("supervision.urls")),
    path("", include("sectors.urls")),
    path("", include("integrity.portal.urls")),
]
handler400 = "integrity.portal.errors.bad_request"
handler403 = "integrity.portal.errors.forbidden"
handler404 = "integrity.portal.errors.not_found"
handler500 = "integrity.portal.errors.server_error"
