"""Addresses of the agencies' area."""

from django.urls import path

from agencies.views import courtlist, flows, promises

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
PROMISES = [
    path("desk/promises/", promises.index),
    path("desk/promises/new", promises.new),
    path("desk/promises/<uuid:pk>/", promises.detail),
    path("desk/promises/<uuid:pk>/files", promises.attach),
    path("desk/promises/<uuid:pk>/items/<int:order>/<str:name>", promises.item_act),
    path("desk/promises/<uuid:pk>/<str:name>", promises.act),
    path("desk/duties/", promises.duties),
    path("desk/duties/new", promises.new_duty),
    path("desk/duties/<uuid:pk>/end", promises.end_duty),
    path("duties/<str:code>", promises.lists, name="duties"),
]
urlpatterns = [*FLOWS, *COURT, *PROMISES]
