"""Addresses of the agencies' area."""

from django.urls import path

from agencies.views import board, courtlist, flows, portal, promises, shelves

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
SHELVES = [
    route
    for name in shelves.SHELVES
    for route in (
        path(f"desk/{name}/", shelves.index, {"name": name}),
        path(f"desk/{name}/new", shelves.new, {"name": name}),
        path(f"desk/{name}/<uuid:pk>/", shelves.detail, {"name": name}),
        path(f"desk/{name}/<uuid:pk>/<str:verb>", shelves.act, {"name": name}),
    )
]
OPEN = [
    path("desk/board/", board.index),
    path("desk/board/<uuid:pk>/<str:stand>", board.agency),
    path("service/", portal.services),
    path("service/services.csv", portal.services_csv),
    path("service/services.atom", portal.services_feed),
    path("service/<uuid:pk>", portal.service),
    path("openness/", portal.open_government),
    path("openness/openness.csv", portal.open_government_csv),
]
urlpatterns = [*FLOWS, *COURT, *PROMISES, *SHELVES, *OPEN]
