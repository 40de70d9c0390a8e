"""Addresses between nodes."""

from django.urls import path

from integrity.exchange import views

urlpatterns = [path("v1/batches", views.batches, name="exchange_batches")]
