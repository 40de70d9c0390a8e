"""Every address of the signing host."""

from django.urls import path

from officials.signing import host

urlpatterns = [path("<str:token>", host.ceremony)]
handler400 = handler403 = handler404 = "officials.signing.host.missing"
handler500 = "officials.signing.host.broken"
