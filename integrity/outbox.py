"""Delivery of the outbox: e-mail and short messages, tried again after growing pauses, each state visible to operators.

The short-message gateway speaks this: POST JSON {"id", "to", "text"} to SMS_GATEWAY_URL; any 2xx means taken. `id` stays the
same when a message is tried again, so that a gateway which had taken it before the line broke does not send it twice.
"""

from __future__ import annotations

import json
import urllib.request
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from integrity.models import Message

PAUSES = (60, 300, 1800, 7200, 21600, 43200)  # seconds until the next try; after the last one the message has failed
TIMEOUT = 10  # seconds


class NoChannel(Exception):
    """The channel is not set up at all: trying again helps nothing."""


def deliver(limit: int = 200) -> int:
    """Send what is due; returns how many were delivered. A claim is a short transaction, so that two workers share the queue."""
    done = 0
    for _ in range(limit):
        message = _claim()
        if message is None:
            break
        done += _try(message)
    return done


@transaction.atomic
def _claim() -> Message | None:
    """The next due message, counted as tried and put off, so that a killed worker loses nothing."""
    now = timezone.now()
    due = Message.objects.filter(state="QUEUED", next_at__lte=now).order_by("next_at")
    message = due.select_related("user").select_for_update(skip_locked=True, of=("self",)).first()
    if message is not None:
        message.attempts += 1
        message.next_at = now + timedelta(seconds=PAUSES[min(message.attempts, len(PAUSES)) - 1])
        message.save(update_fields=["attempts", "next_at"])
    return message


def _try(message: Message) -> bool:
    try:
        {"EMAIL": _mail, "SMS": _sms}[message.channel](message)
    except Exception as fault:  # whatever a mail server or gateway does is kept as text and tried again
        message.error = f"{type(fault).__name__}: {fault}"[:300]
        if isinstance(fault, NoChannel) or message.attempts > len(PAUSES):
            message.state = "FAILED"
    else:
        message.state, message.error, message.sent_at = "SENT", "", timezone.now()
    message.save(update_fields=["state", "error", "sent_at"])
    return message.state == "SENT"


def _mail(message: Message) -> None:
    link = f"\n\n{settings.SITE_SCHEME}://{settings.SITE_HOST}{message.link}" if message.link else ""
    host = settings.SITE_HOST.split(":")[0]
    EmailMessage(
        subject=f"【{settings.SITE_NAME}】{message.title}",
        body=f"{message.text}{link}",
        to=[message.address],
        headers={"Message-ID": f"<registry-{message.pk}@{host}>"},
    ).send()


def _sms(message: Message) -> None:
    if not settings.SMS_GATEWAY_URL.startswith(("http://", "https://")):
        raise NoChannel("没有配置短信网关")
    text = f"【{settings.SITE_NAME}】{message.title}，请登录平台办理。"
    body = json.dumps({"id": message.key, "to": message.address, "text": text}, ensure_ascii=False).encode()
    request = urllib.request.Request(  # noqa: S310  (the operator's own address, checked above)
        settings.SMS_GATEWAY_URL, body, {"Content-Type": "application/json; charset=utf-8"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
        answer.read(1000)
