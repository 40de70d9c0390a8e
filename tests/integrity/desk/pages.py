"""What people type and tick at the desk."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from integrity.models import Record
from tests import builders

CHECKED = {f"check_{n}": "on" for n in ("basis", "fact", "tier", "period")} | {"privacy_ok": "on", "secrecy_ok": "on"}


def honour(cast, **more):
    """The form of an honour as a clerk types it."""
    data = builders.values("AG11", cast.orgs.stranger)
    return {k: v for k, v in data.items() if k != "subject"} | {"subject_code": cast.orgs.stranger.code} | more


def penalty(cast, **more):
    data = builders.values("DP02", cast.orgs.company)
    return {k: v for k, v in data.items() if k != "subject"} | {"subject_code": cast.orgs.company.code} | more


def pdf(name="表彰决定.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.7 test", content_type="application/pdf")


def entered(desks, data, kind="AG11", who="clerk", button="submit"):
    """The record a clerk made on his page."""
    desks.__dict__[who].send(f"/desk/records/new/{kind}", **data, **{button: "1"})
    return Record.objects.latest("entered_at")
