"""Addresses of supervision."""

from django.urls import path

from supervision.views import articles, assessment, complain, figures, inspection, leads, motions, safeguards

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
vertical = [
    path("desk/inspections/", inspection.index),
    path("desk/inspections/new", inspection.new),
    path("desk/inspections/<uuid:pk>/", inspection.detail),
    path("desk/inspections/<uuid:pk>/find", inspection.find),
    path("desk/inspections/<uuid:pk>/<str:name>", inspection.act),
    path("desk/assessments/", assessment.index),
    path("desk/assessments/new", assessment.new),
    path("desk/assessments/<uuid:pk>/", assessment.detail),
    path("desk/assessments/<uuid:pk>/scores.xlsx", assessment.file, {"form": "xlsx"}),
    path("desk/assessments/<uuid:pk>/scores.pdf", assessment.file, {"form": "pdf"}),
    path("desk/assessments/<uuid:pk>/<str:name>", assessment.act),
    path("desk/numbers/new", assessment.number),
    path("desk/scores/<uuid:pk>/", assessment.score),
    path("desk/scores/<uuid:pk>/<str:name>", assessment.score_act),
    path("assessment/<int:year>/", assessment.summary),
]
sections = [
    route
    for page in articles.PAGES
    for route in (
        path(f"{page}/", articles.index, {"page": page}),
        path(f"{page}/<str:number>", articles.detail, {"page": page}),
    )
]
guarding = [
    *sections,
    path("feeds/articles.atom", articles.feed),
    path("desk/articles/", articles.desk),
    path("desk/articles/new", articles.new),
    path("desk/articles/<uuid:pk>/", articles.desk_detail),
    path("desk/articles/<uuid:pk>/amend", articles.amend),
    path("desk/articles/<uuid:pk>/<str:name>", articles.act),
    path("desk/safeguards/", safeguards.board),
    path("desk/safeguards/new", safeguards.new_task),
    path("desk/safeguards/meeting", safeguards.new_meeting),
    path("desk/safeguards/report", safeguards.yearly),
    path("desk/safeguards/<uuid:pk>/<str:name>", safeguards.task_act),
]
urlpatterns = [*social, *horizontal, *vertical, *guarding]
