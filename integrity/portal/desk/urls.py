"""Pages of the desk."""

from django.urls import path

from integrity.portal.desk import corrections, entry, files, letters, matters, opening, publish, records, review

urlpatterns = [
    path("records/", records.index),
    path("records/export", records.export),
    path("records/new", entry.choose),
    path("records/new/<str:code>", entry.new),
    path("check/<str:code>", entry.check),
    path("drafts/<str:pk>/drop", entry.drop_draft),
    path("records/<uuid:pk>/", records.detail),
    path("records/<uuid:pk>/print", records.detail, {"template": "desk/print.html"}),
    path("records/<uuid:pk>/open", opening.open_record),
    path("records/<uuid:pk>/edit", entry.edit),
    path("records/<uuid:pk>/parties", entry.parties),
    path("records/<uuid:pk>/files", files.attach),
    path("records/<uuid:pk>/correct", corrections.propose),
    path("records/<uuid:pk>/review", review.review),
    path("records/<uuid:pk>/<str:name>", records.act),
    path("corrections/<uuid:pk>/", corrections.detail),
    path("corrections/<uuid:pk>/<str:name>", corrections.act),
    path("files/<uuid:pk>", files.download),
    path("letters/", letters.index),
    path("letters/new/<str:template>", letters.new),
    path("letters/<uuid:pk>/", letters.detail),
    path("letters/<uuid:pk>/edit", letters.edit),
    path("letters/<uuid:pk>/files", letters.attach),
    path("letters/<uuid:pk>/pdf", letters.pdf),
    path("letters/<uuid:pk>/<str:name>", letters.act),
    path("matters/", matters.index),
    path("matters/<uuid:pk>/", matters.detail),
    path("matters/<uuid:pk>/flow/<str:name>", matters.act, {"flow": True}),
    path("matters/<uuid:pk>/<str:name>", matters.act),
    path("review/", review.index),
    path("publish/", publish.index),
    path("publish/batch", publish.batch),
]
