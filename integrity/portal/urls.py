"""Public pages."""

from django.urls import include, path

from integrity.portal import (
    feeds,
    home,
    letters,
    listing,
    notices,
    pages,
    pledges,
    rulebook,
    search,
    seats,
    subjects,
)
from integrity.portal.desk import letters as desk_letters
from integrity.portal.me import public

urlpatterns = [
    path("", home.home, name="home"),
    path("elder/", home.elder, name="elder"),
    path("search", search.search, name="search"),
    path("s/<str:code>", subjects.subject, name="subject"),
    path("n/<str:number>", notices.notice, name="notice"),
    path("v/", notices.verify, name="verify_form"),
    path("v/<str:number>", notices.verify, name="verify"),
    path("list/", listing.index, name="lists"),
    path("list/<slug:name>.csv", listing.download, name="list_csv"),
    path("list/<slug:name>", listing.listing, name="list"),
    path("pledge/", pledges.wall, name="pledges"),
    path("pledge/<str:number>", pledges.pledge, name="pledge"),
    path("feeds/<str:name>.atom", feeds.feed, name="feed"),
    path("rules/", rulebook.rules, name="rules"),
    path("rules/catalogue", rulebook.kinds, name="catalogue"),
    path("rules/catalogue/<str:code>", rulebook.kind, name="kind"),
    path("rules/measures", rulebook.measures, name="measures"),
    path("rules/clocks", rulebook.clocks, name="clocks"),
    path("rules/<slug:name>.csv", rulebook.table, name="rules_csv"),
    path("data/", pages.data, name="data"),
    path("data/agencies.csv", pages.agencies, name="agencies_csv"),
    path("about/", pages.about, name="about"),
    path("privacy/", pages.privacy, name="privacy"),
    path("sitemap/", pages.sitemap, name="sitemap"),
    path("robots.txt", pages.robots, name="robots"),
    path("view/<str:name>", seats.view, name="view"),
    path("object/", public.start, {"flow": "object"}, name="object"),
    path("repair/", public.start, {"flow": "repair"}, name="repair"),
    path("track/", public.track, name="track"),
    path("me/", include("integrity.portal.me.urls")),
    path("letters/", letters.index),
    path("letters/<uuid:pk>/", letters.detail),
    path("letters/<uuid:pk>/acknowledge", letters.acknowledge),
    path("letters/<uuid:pk>/pdf", desk_letters.pdf),
    path("", include("integrity.portal.log.urls")),
    path("audit/", include("integrity.portal.audit.urls")),
    path("seats/", seats.seats, name="seats"),
]
