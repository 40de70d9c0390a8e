"""Addresses of the own file."""

from django.urls import path

from integrity.portal.me import views

urlpatterns = [
    path("", views.home, name="me"),
    path("records/", views.records),
    path("records/<uuid:pk>/", views.record),
    path("records/<uuid:pk>/<str:flow>", views.file),
    path("looks/", views.looks),
    path("self-report", views.self_report),
    path("matters/", views.matters),
    path("matters/<str:number>/", views.matter),
    path("matters/<str:number>/flow/<str:name>", views.matter_act, {"flow": True}),
    path("matters/<str:number>/<str:name>", views.matter_act),
]
