"""Public pages."""

from django.urls import include, path

from integrity.portal import seats
from integrity.portal.me import public

urlpatterns = [
    path("view/<str:name>", seats.view, name="view"),
    path("object/", public.start, {"flow": "object"}, name="object"),
    path("repair/", public.start, {"flow": "repair"}, name="repair"),
    path("track/", public.track, name="track"),
    path("me/", include("integrity.portal.me.urls")),
    path("seats/", seats.seats, name="seats"),
]
