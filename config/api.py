"""The whole REST surface on one page (contract.md, API)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
