"""Addresses of the agencies' area."""

from django.urls import path

from agencies.views import courtlist, flows

FLOWS = [
    route
    for name in flows.DESKS
    for route in (
        path(f"desk/{name}/", flows.index, {"name": name}),
        path(f"desk/{name}/new", flows.new, {"name": name}),
    )
]
COURT = [
    path("desk/clearing/board", courtlist.campaign),
    path("desk/courtlist/", courtlist.index),
    path("desk/courtlist/<uuid:pk>/<str:name>", courtlist.act),
]
urlpatterns = [*FLOWS, *COURT]
