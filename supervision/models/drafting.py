"""Drafts of complaints: kept a day for whoever types, with the files already sent; filed once (brief P6)."""

from __future__ import annotations

import json
import uuid
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from integrity.crypto.sealed import open_text, seal_text
from integrity.models import PUBLIC, Attachment, Draft, Matter, Subject
from supervision.models.complaint import Complaint

PURPOSE = "complaint"
KEPT = timedelta(hours=24)


def fresh() -> Draft:
    """A new draft; the id its matter will have is drawn now, so that files can be stored for it."""
    return Draft.objects.create(purpose=PURPOSE, values={"id": str(uuid.uuid4())}, title="投诉草稿")


def living(key: str) -> Draft | None:
    """The draft of a visitor's session, if its day is not over."""
    return Draft.objects.filter(pk=key, purpose=PURPOSE, saved_at__gt=timezone.now() - KEPT).first() if key else None


def matter_of(draft: Draft) -> Matter:
    """The matter this draft will become; not stored."""
    return Matter(id=uuid.UUID(draft.values["id"]))


def keep_contact(draft: Draft, name: str, reach: str) -> None:
    """Name and phone are sealed in the draft as they are in the complaint."""
    text = json.dumps([name, reach], ensure_ascii=False)
    draft.values["contact"] = seal_text(text, f"draft.contact.{draft.pk}") if name or reach else ""


def contact_of(draft: Draft) -> tuple[str, str]:
    """Name and phone as they were typed, for whoever types them."""
    sealed = draft.values.get("contact", "")
    name, reach = json.loads(open_text(sealed, f"draft.contact.{draft.pk}")) if sealed else ("", "")
    return name, reach


def files_of(draft: Draft) -> Any:
    """Files sent with the draft."""
    return Attachment.objects.of(matter_of(draft))


@transaction.atomic
def add_files(draft: Draft, uploads: list[UploadedFile]) -> None:
    """Store files for the coming matter; raises ValidationError that names the file."""
    for upload in uploads:
        Attachment.add(matter_of(draft), upload, PUBLIC)


def drop_file(draft: Draft, pk: str) -> None:
    """Take a file back before filing."""
    for file in files_of(draft).filter(pk=pk):
        _remove(file)


def _remove(file: Attachment) -> None:
    file.file.delete(save=False)
    file.delete()


@transaction.atomic
def file(draft: Draft) -> Complaint:
    """File the draft as a complaint; the draft is gone afterwards."""
    values = draft.values
    day = values.get("happened_on") or ""
    complaint = Complaint(
        category=values["category"], happened_on=date.fromisoformat(day) if day else None,
        publish_reply=bool(values.get("publish_reply")),
    )  # fmt: skip
    complaint.seal_contact(*contact_of(draft))
    about = Subject.objects.organisations().get(pk=values["about"])
    complaint.file(by=PUBLIC, about=about, text=values["text"], pk=uuid.UUID(values["id"]))
    draft.delete()
    return complaint


def sweep() -> int:
    """Remove drafts whose day is over, with their files; returns how many."""
    over = list(Draft.objects.filter(purpose=PURPOSE, saved_at__lte=timezone.now() - KEPT))
    for draft in over:
        for stored in files_of(draft):
            _remove(stored)
        draft.delete()
    return len(over)
