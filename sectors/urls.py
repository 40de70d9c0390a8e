"""Addresses of the sectors."""

from django.urls import path

from sectors.views import adding, desk, eligibility, grades, portal, registers, town

shared = [
    path("sector/", portal.index, name="sectors"),
    path("sector/eligibility", eligibility.look),
    path("sector/<slug:name>/grades", grades.shown),
    path("sector/<slug:name>.csv", portal.download),
    path("sector/<slug:name>.atom", portal.feed),
    path("sector/<slug:name>/", portal.sector, name="sector"),
    path("sector/<slug:name>/<str:number>", portal.project),
    path("desk/sector/", desk.index),
    path("desk/sector/eligibility", eligibility.ask),
    path("desk/sector/<slug:name>/grades/", grades.index),
    path("desk/sector/<slug:name>/grades/new/<slug:what>", grades.new),
    path("desk/sector/scheme/<uuid:pk>/<str:name>", grades.act, {"model": "scheme"}),
    path("desk/sector/grade/<uuid:pk>/<str:name>", grades.act, {"model": "grade"}),
    path("desk/sector/new/<slug:kind>", desk.new),
    path("desk/sector/duty/<uuid:pk>/finding", desk.finding),
    path("desk/sector/duty/<uuid:pk>/<str:name>", desk.duty_act),
    path("desk/sector/<uuid:pk>/", desk.detail),
    path("desk/sector/<uuid:pk>/edit", desk.edit),
    path("desk/sector/<uuid:pk>/promise", desk.promise),
    path("desk/sector/<uuid:pk>/stage/<slug:stage>", desk.advance),
    path("desk/sector/<uuid:pk>/<str:name>", desk.act),
    path("desk/sector/<slug:name>/", desk.sector),
]
added = [
    path("desk/sector/lookbacks/", adding.lookbacks),
    path("desk/sector/lookback/<uuid:pk>/", adding.lookback),
    path("desk/sector/<uuid:pk>/add/<slug:what>", adding.add),
    path("sector/<slug:name>/embed", portal.embed),
]
last = [path("desk/sector/<slug:what>/<uuid:pk>/<str:name>", adding.act)]
bidding = [
    path("sector/bidding/agencies", registers.agents),
    path("sector/bidding/points", registers.rules),
    path("desk/sector/bidding/registers/", registers.index),
    path("desk/sector/bidding/registers/<slug:name>", registers.index),
    path("desk/sector/bidding/registers/<slug:name>/new", registers.new),
    path("desk/sector/bidding/registers/<slug:name>/<uuid:pk>/<str:act>", registers.act),
    path("desk/sector/bidding/monthly/<uuid:pk>.csv", registers.monthly_file),
]
urlpatterns = [path("town/<str:code>", town.town, name="town"), *bidding, *added, *shared, *last]
