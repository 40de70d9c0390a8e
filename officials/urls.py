"""Addresses of the officials' area."""

from django.urls import path

from officials.signing.urls import urlpatterns as signing
from officials.views import files

urlpatterns = [
    path("desk/officials/", files.index),
    path("desk/officials/new", files.new),
    path("desk/officials/<uuid:pk>/", files.detail),
    path("desk/officials/<uuid:pk>/open", files.open_file),
    path("desk/officials/<uuid:pk>/<str:name>", files.act),
    *signing,
]
