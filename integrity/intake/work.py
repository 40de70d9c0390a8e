"""The work on import batches: what was received is read, what was submitted is entered; by whoever gets to it first."""

from __future__ import annotations

import logging
import time

from celery import current_app
from django.db import transaction

from integrity.intake import progress
from integrity.intake.entering import enter
from integrity.intake.progress import Tell
from integrity.intake.reading import read
from integrity.models import CLOCK, ImportBatch, Seat

log = logging.getLogger("intake")
WAITING = (ImportBatch.State.RECEIVED, ImportBatch.State.SUBMITTING)
ATTEMPTS = 10


def nudge() -> None:
    """Ask the worker to look now; when the queue does not answer, its next round finds the batch all the same."""

    def ask() -> None:
        try:
            current_app.send_task("integrity.sweep_imports", retry=False)
        except Exception as fault:  # whatever the broker raises
            log.warning("the queue does not answer", extra={"data": {"fault": repr(fault)}})

    transaction.on_commit(ask)


def sweep() -> int:
    """Work on every waiting batch, the oldest first; returns how many were brought forward."""
    done = 0
    for batch in ImportBatch.objects.filter(state__in=WAITING).order_by("made_at"):
        try:
            done += work(batch)
        except Exception:
            log.exception("an import batch failed", extra={"data": {"batch": str(batch.pk)}})
    return done


def work(batch: ImportBatch, tell: Tell = progress.say) -> bool:
    """Read or enter one batch, unless another session is at it; whether something was done."""
    with progress.alone(batch) as mine:
        if not mine:
            return False
        batch = ImportBatch.objects.select_related("unit", "unit__area", "kind", "seat__user", "seat__org").get(
            pk=batch.pk
        )
        if batch.state not in WAITING:
            return False
        if not Seat.objects.in_force().filter(pk=batch.seat_id).exists():
            batch.fail(by=CLOCK, why="导入人的岗位已失效，请由在岗人员重新导入")
        elif progress.attempt(batch) > ATTEMPTS:
            batch.fail(by=CLOCK, why=f"程序处理该文件时 {ATTEMPTS} 次中断，请拆分或者另存后重新上传")
        elif batch.state == ImportBatch.State.RECEIVED:
            read(batch, tell)
        else:
            enter(batch, tell)
    return True


def wait(batch: ImportBatch, tell: Tell = progress.say) -> ImportBatch:
    """Bring a batch forward here and now, or wait for whoever is at it; returns the batch as it then stands."""
    while batch.state in WAITING:
        if not work(batch, tell):
            heard = progress.heard(batch)
            tell(batch, heard["done"], heard["total"])
            time.sleep(0.5)
        batch.refresh_from_db()
    return batch
