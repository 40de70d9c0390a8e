"""Messages: everybody's inbox; for operators the delivery state of e-mails and short messages, without their content."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from integrity.models import Message
from integrity.portal.doors import listed, staff


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """The own inbox, newest first."""
    rows = Message.objects.filter(user=request.user, channel="INBOX")
    if request.method == "POST":
        rows.filter(read_at__isnull=True).update(read_at=timezone.now())
        messages.success(request, "全部消息已标为已读。", extra_tags="ok")
        return redirect("/desk/messages/")
    return render(request, "desk/messages.html", {"page": listed(request, rows, ["-made_at", "-id"])})


@login_required
@require_POST
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a message as read and go where it points."""
    message = get_object_or_404(Message, pk=pk, user=request.user, channel="INBOX")
    if message.read_at is None:
        message.read_at = timezone.now()
        message.save(update_fields=["read_at"])
    there = message.link or "/desk/messages/"
    return redirect(there if url_has_allowed_host_and_scheme(there, None) else "/desk/messages/")


def masked(address: str) -> str:
    """Enough of an address to find the fault: 138****1234, l***@example (domain.md 6)."""
    name, at, host = address.partition("@")
    return f"{name[:1]}***@{host}" if at else f"{address[:3]}****{address[-4:]}"


@staff("exchange.operate")
def delivery(request: HttpRequest) -> HttpResponse:
    """What was sent, what waits, what failed and why."""
    rows = Message.objects.exclude(channel="INBOX")
    if (state := request.GET.get("state")) in Message.State.values:
        rows = rows.filter(state=state)
    shown = listed(request, rows, ["-made_at", "-id"])
    context = {
        "page": shown,
        "rows": [(m, masked(m.address)) for m in shown.rows],
        "states": Message.State.choices,
    }
    return render(request, "desk/delivery.html", context)


@staff("exchange.operate")
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a failed message back into the queue."""
    message = get_object_or_404(Message, pk=pk, state="FAILED")
    message.state, message.attempts, message.next_at = "QUEUED", 0, timezone.now()
    message.save(update_fields=["state", "attempts", "next_at"])
    messages.success(request, "已重新排队，将在半分钟内再次发送。", extra_tags="ok")
    return redirect("/desk/messages/delivery?state=FAILED")
