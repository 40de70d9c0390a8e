"""The city's 信用中国（山东日照） column: every released notice is pushed to it, its address and time kept, failures tried again.

Protocol: POST JSON {"id", "column", "kind", "title", "content", "transaction", "project", "unit", "made_on", "published_on",
"source", "page"} to COLUMN_URL with `Authorization: Bearer COLUMN_TOKEN`; 200 or 201 with {"address": "https://…"} means it is
public there. `id` stays the same when a notice is pushed again, so that the column shows it once.
"""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from django.conf import settings

from integrity.models import CLOCK
from sectors.models import Notice

TIMEOUT = 10  # seconds


class NotTaken(Exception):
    """The column answered, but not with the address of a page."""


def push(limit: int = 100) -> int:
    """Push what is due; returns how many the column has taken. Without COLUMN_URL all wait and are shown as waiting."""
    if not settings.COLUMN_URL.startswith(("http://", "https://")):
        return 0
    done = 0
    for notice in Notice.objects.to_push().select_related(*Notice.lock_with).order_by("published_on", "id")[:limit]:
        try:
            address = _send(notice)
        except (OSError, ValueError, NotTaken) as fault:  # whatever line or column do is kept as text and tried again
            notice.note_failed(by=CLOCK, fault=f"{type(fault).__name__}: {fault}")
        else:
            notice.note_pushed(by=CLOCK, address=address)
            done += 1
    return done


def body(notice: Notice) -> dict[str, Any]:
    """What the column gets of a notice: nothing that is not public here."""
    project = notice.project
    return {
        "id": str(notice.pk), "column": "公共资源交易", "kind": notice.get_kind_display(), "title": notice.title, "content": notice.content,
        "transaction": project.reference, "project": project.name, "unit": project.unit_name, "made_on": notice.made_on.isoformat(),
        "published_on": notice.published_on.isoformat(), "source": notice.url,
        "page": f"{settings.SITE_SCHEME}://{settings.SITE_HOST}{project.public_url}",
    }  # fmt: skip


def _send(notice: Notice) -> str:
    request = urllib.request.Request(  # noqa: S310  (the operator's own address, checked above)
        settings.COLUMN_URL, json.dumps(body(notice), ensure_ascii=False).encode(), method="POST",
        headers={"Content-Type": "application/json; charset=utf-8", "Authorization": f"Bearer {settings.COLUMN_TOKEN}"},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
        found = json.loads(answer.read(10_000))
    address = found.get("address") if isinstance(found, dict) else None
    if not isinstance(address, str) or not address.startswith(("http://", "https://")):
        raise NotTaken("信用网站没有返回公开地址")
    return address
