"""The one outbox: reminders to people, written with the act that causes them and delivered later."""

from __future__ import annotations

from typing import Any

from django.db import models
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
    """Put a reminder into the outbox once per key and channel; it is written with the act that causes it."""
    address = {"EMAIL": user.email, "SMS": user.phone}
    rows = [
        Message(
            user=user,
            channel=c,
            title=title[:120],
            text=text,
            link=link,
            key=f"{key}:{c}:{user.pk}"[:120],
            address=address.get(c, ""),
        )
        for c in channels
        if c == "INBOX" or address.get(c)
    ]
    Message.objects.bulk_create(rows, ignore_conflicts=True)
