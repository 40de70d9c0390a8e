"""The one outbox: reminders to people, written with the act that causes them and delivered later."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, models
from django.utils import timezone


class Message(models.Model):
    """消息: one reminder to one person through one channel, with its delivery state (the one outbox)."""

    class Channel(models.TextChoices):
        INBOX = "INBOX", "站内"
        EMAIL = "EMAIL", "邮件"
        SMS = "SMS", "短信"

    class State(models.TextChoices):
        QUEUED = "QUEUED", "待发送"
        SENT = "SENT", "已送达"
        FAILED = "FAILED", "发送失败"

    user = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="messages")
    address = models.CharField("地址", max_length=200, blank=True)
    channel = models.CharField("渠道", max_length=6, choices=Channel, default=Channel.INBOX)
    title = models.CharField("标题", max_length=120)
    text = models.TextField("内容")
    link = models.CharField("链接", max_length=200, blank=True)
    key = models.CharField("去重键", max_length=120, unique=True)
    state = models.CharField("状态", max_length=6, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    error = models.CharField("错误", max_length=300, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    next_at = models.DateTimeField("下次发送", default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ("-made_at",)
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="QUEUED"), name="message_queue"),
            models.Index(fields=["user", "-made_at"], name="message_inbox"),
        ]

    def __str__(self) -> str:
        return self.title


def remind(
    user: Any, title: str, text: str, *, key: str, link: str = "", channels: tuple[str, ...] = ("INBOX",)
) -> None:
    """Put a reminder to one person into the outbox, once per key and channel."""
    remind_all([user], title, text, key=key, link=link, channels=channels)


def remind_all(
    users: Iterable[Any], title: str, text: str, *, key: str, link: str = "", channels: tuple[str, ...] = ("INBOX",)
) -> None:
    """Put a reminder to several people into the outbox; it is written with the act that causes it, in one statement."""
    now = timezone.now()
    rows = []
    for user in users:
        address = {"INBOX": "-", "EMAIL": user.email, "SMS": user.phone}
        for channel in channels:
            if not address[channel]:
                continue
            here = channel == "INBOX"
            rows.append(
                Message(
                    user=user,
                    channel=channel,
                    title=title[:120],
                    text=text,
                    link=link,
                    key=f"{key}:{channel}:{user.pk}"[:120],
                    address="" if here else address[channel],
                    state="SENT" if here else "QUEUED",
                    sent_at=now if here else None,
                )  # fmt: skip
            )
    Message.objects.bulk_create(rows, ignore_conflicts=True)


_TO_HOLDERS = """
INSERT INTO integrity_message (user_id, address, channel, title, text, link, key, state, attempts, error, made_at, next_at, sent_at)
SELECT h.user_id, CASE c.channel WHEN 'EMAIL' THEN h.email WHEN 'SMS' THEN h.phone ELSE '' END, c.channel, %s, %s, %s,
  left(%s || ':' || c.channel || ':' || h.user_id, 120), CASE c.channel WHEN 'INBOX' THEN 'SENT' ELSE 'QUEUED' END, 0, '',
  now(), now(), CASE c.channel WHEN 'INBOX' THEN now() END
FROM (SELECT DISTINCT s.user_id, u.email, u.phone FROM ({seats}) s (user_id) JOIN integrity_user u ON u.id = s.user_id) h
CROSS JOIN unnest(%s) c (channel)
WHERE c.channel = 'INBOX' OR CASE c.channel WHEN 'EMAIL' THEN h.email ELSE h.phone END <> ''
ON CONFLICT DO NOTHING
"""


def remind_holders(
    seats: models.QuerySet, title: str, text: str, *, key: str, link: str = "", channels: tuple[str, ...] = ("INBOX",)
) -> int:
    """Put a reminder to the holders of these seats into the outbox, in one statement; returns how many rows it wrote."""
    inner, params = seats.order_by().values("user_id").query.sql_with_params()
    with connection.cursor() as cursor:
        values = [title[:120], text, link, key, *params, list(channels)]
        cursor.execute(_TO_HOLDERS.replace("{seats}", inner), values)
        return cursor.rowcount
