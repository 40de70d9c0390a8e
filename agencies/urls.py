"""Addresses of the agencies' area."""

from django.urls import path

from agencies.views import flows

FLOWS = [
    route
    for name in flows.DESKS
    for route in (
        path(f"desk/{name}/", flows.index, {"name": name}),
        path(f"desk/{name}/new", flows.new, {"name": name}),
    )
]
urlpatterns = [*FLOWS]
