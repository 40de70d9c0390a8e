"""Addresses of the statistics."""

from django.urls import path

from integrity.portal.lead import views

urlpatterns = [
    path("", views.overview, name="lead"),
    path("figures.csv", views.download),
    path("<slug:name>", views.one),
]
