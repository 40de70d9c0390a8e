"""Addresses of supervision."""

from django.urls import path

from supervision.views import complain

social = [
    path("complain/", complain.start, name="complain"),
    path("complain/unit", complain.unit),
    path("complain/facts", complain.facts),
    path("complain/contact", complain.contact),
    path("complain/check", complain.check),
    path("complain/receipt/<str:number>", complain.receipt),
]
urlpatterns = [*social]
