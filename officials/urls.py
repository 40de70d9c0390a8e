"""Addresses of the officials' area."""

from django.urls import path

from officials.signing.urls import urlpatterns as signing
from officials.views import files, learners, learning

urlpatterns = [
    path("desk/officials/", files.index),
    path("desk/officials/new", files.new),
    path("desk/officials/<uuid:pk>/", files.detail),
    path("desk/officials/<uuid:pk>/open", files.open_file),
    path("desk/officials/<uuid:pk>/<str:name>", files.act),
    path("desk/learning/", learning.index),
    path("desk/learning/tasks", learning.tasks),
    path("desk/learning/new/<str:noun>", learning.new),
    path("desk/learning/courses/<uuid:pk>/assign", learning.assign),
    path("desk/learning/courses/<uuid:pk>/session", learning.plan),
    path("desk/learning/sessions/<uuid:pk>/", learning.hold),
    path("desk/learning/<str:noun>/<uuid:pk>/<str:name>", learning.act),
    path("me/learning/", learners.index),
    path("me/learning/<uuid:pk>/", learners.study),
    path("learn/", learners.handbook, name="learn"),
    path("learn/handbook.pdf", learners.handbook_pdf, name="handbook_pdf"),
    path("learn/<int:number>", learners.handbook, name="chapter"),
    *signing,
]
