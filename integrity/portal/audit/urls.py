"""Pages of the auditor."""

from django.urls import path

from integrity.portal.audit import explorer, exports, overview, tokens, trail

urlpatterns = [
    path("", overview.index),
    path("purpose", overview.purpose),
    path("tokens/", tokens.index),
    path("tokens/new", tokens.new),
    path("tokens/<uuid:pk>/revoke", tokens.revoke),
    path("api/", explorer.index),
    path("api/<slug:name>", explorer.one),
    path("exports/", exports.index),
    path("exports/new", exports.new),
    path("trail/", trail.index),
    path("trail/<slug:noun>/<uuid:pk>/", trail.timeline),
]
