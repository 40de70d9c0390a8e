"""Celery tasks: nudges only; each looks into the tables for what is to be done (house.md 2.9)."""

from __future__ import annotations

import logging
from datetime import timedelta

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

log = logging.getLogger("tasks")


@shared_task(name="integrity.seal")
def seal() -> int:
    """Number and sign what has happened; where the log would fork, sign nothing and say so."""
    from integrity.ledger import alarm
    from integrity.ledger.guard import LogForked
    from integrity.ledger.sealing import seal_all

    try:
        return seal_all()
    except LogForked as fork:
        alarm.tell("fork", "日志分叉，已停止签署", str(fork))
        return 0


@shared_task(name="integrity.verify")
def verify() -> int:
    """Look at the whole ledger every night; what differs is named to operators and credit office (trust.md 7)."""
    from integrity.ledger import alarm, audit

    faults = [str(fault) for fault in audit.run()]
    if faults:
        listed = "；".join(faults[:5]) + ("……" if faults[5:] else "")
        alarm.tell(
            "audit", f"台账核验发现 {len(faults)} 处不一致", f"{listed}。完整清单：python manage.py verify_ledger"
        )
    return len(faults)


@shared_task(name="integrity.tell_watchers")
def tell_watchers() -> int:
    """Tell who watches a subject what has been sealed about it."""
    from integrity.models.check import watch

    total = 0
    while done := watch.tell_watchers():
        total += done
    return total


@shared_task(name="integrity.clock")
def clock() -> int:
    """Write down what time has already done: expired records, and long-ended ones into the archive (house.md 2.3)."""
    from integrity.models import CLOCK, Record, setting
    from integrity.models.record.many import expire_many, seal_many

    done = expire_many(by=CLOCK)
    done += seal_many(timezone.now() - timedelta(days=int(setting("seal_after_days"))), by=CLOCK)
    if left := Record.objects.run_out().count():
        log.error("records past their end were not written down", extra={"data": {"count": left}})
    return done


@shared_task(name="integrity.calendar_alarm")
def calendar_alarm() -> bool:
    """Fill the working-day table when the package knows a new year; tell whoever must know when the next is missing."""
    from integrity.models import CalendarDay, Seat, remind_holders
    from integrity.models.calendar import forget
    from integrity.seeds import plant_calendar

    ahead = timezone.localdate() + timedelta(days=45)
    if plant_calendar():
        forget()
    if CalendarDay.objects.filter(day__year=ahead.year).exists():
        return False
    text = f"{ahead.year} 年放假安排尚未录入工作日历，跨年期限暂按周一至周五计算。请按国务院办公厅通知补录，补录后期限自动重算。"
    log.warning("the working calendar of a coming year is missing", extra={"data": {"year": ahead.year}})
    told = Seat.objects.in_force().filter(role_code__in=("SYSADMIN", "CREDIT_CITY", "PLATFORM_OP"))
    week = timezone.localdate().strftime("%G-%V")  # said again every week until somebody enters it
    remind_holders(
        told,
        f"缺少 {ahead.year} 年工作日历",
        text,
        key=f"calendar-{ahead.year}-{week}",
        link="/desk/calendar/",
        channels=("INBOX", "EMAIL"),
    )
    return True


@shared_task(name="integrity.watch_matters")
def watch_matters() -> int:
    """Warn, urge and escalate by rule what waits for an answer (issue 6.4)."""
    from integrity.models.matter.watching import watch

    return watch()


@shared_task(name="integrity.deliver_messages")
def deliver_messages() -> int:
    """Send what waits in the outbox."""
    from integrity.outbox import deliver

    return deliver()


@shared_task(name="integrity.heartbeat")
def heartbeat() -> None:
    """Say that worker and beat are alive, for /readyz."""
    cache.set("heartbeat", timezone.now().isoformat(), 3600)


@shared_task(name="integrity.make_exports")
def make_exports() -> int:
    """Write the exports that wait, and remove files whose seven days are over."""
    from integrity.reports.exports import make_waiting, sweep

    sweep()
    return make_waiting()


@shared_task(name="integrity.send")
def send() -> int:
    """Send sealed events to the upper node; what is not receipted is tried again at the next nudge."""
    from integrity.exchange.sender import send as send_up

    return send_up()


@shared_task(name="integrity.sweep_imports")
def sweep_imports() -> int:
    """Read what was uploaded and enter what was submitted, whoever died over it before."""
    from integrity.intake.work import sweep

    return sweep()
