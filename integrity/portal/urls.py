"""Public pages."""

from django.urls import include, path

from integrity.portal import letters, seats
from integrity.portal.desk import letters as desk_letters
from integrity.portal.me import public

urlpatterns = [
    path("view/<str:name>", seats.view, name="view"),
    path("object/", public.start, {"flow": "object"}, name="object"),
    path("repair/", public.start, {"flow": "repair"}, name="repair"),
    path("track/", public.track, name="track"),
    path("me/", include("integrity.portal.me.urls")),
    path("letters/", letters.index),
    path("letters/<uuid:pk>/", letters.detail),
    path("letters/<uuid:pk>/acknowledge", letters.acknowledge),
    path("letters/<uuid:pk>/pdf", desk_letters.pdf),
    path("", include("integrity.portal.log.urls")),
    path("audit/", include("integrity.portal.audit.urls")),
    path("seats/", seats.seats, name="seats"),
]
