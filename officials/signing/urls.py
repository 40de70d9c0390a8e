"""Addresses of pledges and keys: own, desk, public."""

from django.urls import path, register_converter

from officials.signing import certificate_views, desk_views, me_views, public_views, template_views


class TakeAway:
    """certificate.pdf or bundle.zip."""

    regex = r"certificate\.pdf|bundle\.zip"

    def to_python(self, value: str) -> str:
        return value[-3:]

    def to_url(self, value: str) -> str:
        return {"pdf": "certificate.pdf", "zip": "bundle.zip"}[value]


register_converter(TakeAway, "take")
ME = [
    path("me/pledges/", me_views.index),
    path("me/pledges/<str:number>", me_views.detail),
    path("me/pledges/<str:number>/sign", me_views.sign),
    path("me/pledges/<str:number>/confirm", me_views.confirm),
    path("me/pledges/<str:number>/withdraw", me_views.withdraw),
    path("me/pledges/<str:number>/consent", me_views.consent),
    path("me/pledges/<str:number>/renew", me_views.renew),
    path("me/pledges/<str:number>/<take:form>", me_views.take),
    path("me/pledges/<str:number>/certificate", certificate_views.begin),
    path("me/pledges/<str:number>/certificate/<str:token>", certificate_views.page),
    path("me/pledges/<str:number>/certificate/<str:token>/document.json", certificate_views.document),
    path("me/board/", me_views.board),
    path("me/keys/", me_views.keys),
    path("me/keys/new", me_views.new_key),
    path("me/keys/<uuid:pk>/surrender", me_views.key_act),
]
DESK = [
    path("desk/pledges/", desk_views.index),
    path("desk/pledges/units", desk_views.units),
    path("desk/pledges/ask", desk_views.ask),
    path("desk/pledges/again", desk_views.again),
    path("desk/pledges/<uuid:pk>/", desk_views.detail),
    path("desk/pledges/<uuid:pk>/paper", desk_views.paper),
    path("desk/pledges/<uuid:pk>/<str:name>", desk_views.act),
    path("desk/papers/<uuid:pk>/scan", desk_views.scan),
    path("desk/papers/<uuid:pk>/<str:name>", desk_views.paper_act),
    path("desk/keys/", desk_views.keys),
    path("desk/keys/<uuid:pk>/<str:name>", desk_views.key_act),
    path("desk/templates/", template_views.index),
    path("desk/templates/new", template_views.new),
    path("desk/templates/<uuid:pk>/", template_views.detail),
    path("desk/templates/<uuid:pk>/<str:name>", template_views.act),
]
PUBLIC = [
    path("pledge/register/", public_views.register, name="pledge-register"),
    path("pledge/<str:number>/<take:form>", me_views.public_take, name="pledge-take"),
]
urlpatterns = ME + DESK + PUBLIC
