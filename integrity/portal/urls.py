"""Public pages."""

from django.urls import path

from integrity.portal import seats

urlpatterns = [
    path("view/<str:name>", seats.view, name="view"),
    path("seats/", seats.seats, name="seats"),
]
