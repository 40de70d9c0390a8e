"""Addresses of supervision."""

from django.urls import path

from supervision.views import complain, figures, leads, motions

social = [
    path("complain/", complain.start, name="complain"),
    path("complain/unit", complain.unit),
    path("complain/facts", complain.facts),
    path("complain/contact", complain.contact),
    path("complain/check", complain.check),
    path("complain/receipt/<str:number>", complain.receipt),
    path("complain/figures/", figures.figures),
    path("complain/figures.csv", figures.download),
    path("complain/answers/", figures.answers),
    path("feeds/answers.atom", figures.feed),
    path("desk/complaints/", leads.asked),
    path("desk/complaints/new", leads.new),
    path("desk/complaints/<uuid:pk>/", leads.facts),
    path("desk/complaints/<uuid:pk>/explain", leads.explain),
    path("desk/complaints/<uuid:pk>/contact", leads.contact),
]
horizontal = [
    path("desk/motions/", motions.index),
    path("desk/motions/new", motions.new),
    path("desk/motions/board", motions.board),
    path("desk/motions/<uuid:pk>/assist", motions.assist),
    path("answers/", motions.answers),
    path("answers/<str:number>", motions.answer),
]
urlpatterns = [*social, *horizontal]
