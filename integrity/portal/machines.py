"""Pages for machines that watch the node: alive, ready, figures (contract.md)."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache as once
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min, Sum
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from integrity.crypto import keys
from integrity.models import CLOCK, Event, ImportBatch, LedgerHead, Matter, Message, Record
from integrity.models.peers import Uplink
from integrity.portal.middleware import REQUESTS

SEALER_LATE = 900  # seconds an event may wait for its number before the node counts as not ready
WORKER_LATE = 180


@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """The web process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether the node can do its work: 503 names what it lacks; a late worker is reported but stops no reader."""
    needs = {"database": _database, "migrations": _migrations, "key": _key, "sealer": _sealer}
    checks = {name: _tried(check) for name, check in needs.items()}
    ready = all(not found["fault"] for found in checks.values())
    checks["worker"] = _tried(_worker)
    body = {"ready": ready, "node": settings.NODE_NAME, "checks": checks}
    return JsonResponse(body, status=200 if ready else 503)


def _tried(check: Callable[[], Any]) -> dict[str, Any]:
    """A check's value, or the fault that its exception names."""
    try:
        return {"value": check(), "fault": ""}
    except Exception as fault:  # any failure is what this page is for
        return {"value": None, "fault": f"{type(fault).__name__}: {fault}"[:200]}


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]


@once
def _migrations() -> str:
    """Migrations cannot come undone while the process runs: a good answer is kept, a bad one raises and is asked again."""
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise LookupError(f"{len(plan)} migrations are not applied")
    return "applied"


def _key() -> str:
    return keys.current("log").kid


def sealer_age() -> int:
    """Seconds the oldest event has waited for its number; 0 when none waits."""
    oldest = Event.objects.pending().aggregate(oldest=Min("at"))["oldest"]
    return max(0, int((timezone.now() - oldest).total_seconds())) if oldest else 0


def _sealer() -> int:
    if (age := sealer_age()) > SEALER_LATE:
        raise TimeoutError(f"the oldest event has waited {age} s")
    return age


def worker_age() -> int:
    """Seconds since the worker last did what beat had asked; raises TimeoutError when nothing is known."""
    beat = cache.get("heartbeat")
    if beat is None:
        raise TimeoutError("no heartbeat yet")
    return max(0, int((timezone.now() - datetime.fromisoformat(beat)).total_seconds()))


def _worker() -> int:
    if (age := worker_age()) > WORKER_LATE:
        raise TimeoutError(f"the last heartbeat was {age} s ago")
    return age


class Figures:
    """What Prometheus reads, asked from the tables at each scrape, so that every web process says the same."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        head = LedgerHead.objects.first()
        yield _gauge("ledger_sealed_events", "Events numbered in the log", head.size if head else 0)
        yield _gauge("ledger_pending_events", "Events waiting for their number", Event.objects.pending().count())
        yield _gauge("ledger_oldest_pending_seconds", "Age of the oldest waiting event", sealer_age())
        found = _tried(worker_age)
        yield _gauge(
            "worker_heartbeat_age_seconds",
            "Since the last heartbeat; -1: none",
            -1 if found["fault"] else found["value"],
        )
        states = GaugeMetricFamily("registry_records", "Records by state", labels=["state"])
        for state, count in Record.objects.visible_to(CLOCK).order_by().values_list("state").annotate(Count("pk")):
            states.add_metric([state], count)
        yield states
        yield _gauge(
            "matters_overdue", "Open matters past their date", Matter.objects.visible_to(CLOCK).overdue().count()
        )
        late = Record.objects.visible_to(CLOCK).run_out().count()
        yield _gauge("records_expired_not_written_down", "Records past their end that the clock has not ended; 0", late)
        yield from self.exchange(head.size if head else 0)
        batches = ImportBatch.objects.visible_to(CLOCK).order_by()
        rows = GaugeMetricFamily("import_rows", "Rows of imported files by batch state", labels=["state"])
        for state, total in batches.values_list("state").annotate(Sum("total")):
            rows.add_metric([state], total)
        yield rows
        waiting = Message.objects.filter(state="QUEUED")
        yield _gauge("messages_queued", "Reminders not sent yet", waiting.count())

    def exchange(self, size: int) -> Iterator[GaugeMetricFamily]:
        backlog = GaugeMetricFamily(
            "exchange_backlog_events", "Sealed events without a receipt from above", labels=["to"]
        )
        for receiver, acked in Uplink.objects.values_list("receiver", "acked"):
            backlog.add_metric([receiver], size - acked)
        yield backlog


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus; the same 404 as any unknown address for whoever is not on the list of METRICS_FROM."""
    if "X-Forwarded-For" in request.headers or not _may_scrape(request.META.get("REMOTE_ADDR", "")):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Figures())
    registry.register(REQUESTS)
    return HttpResponse(generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_scrape(address: str) -> bool:
    try:
        caller = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(caller in ipaddress.ip_network(net) for net in settings.METRICS_FROM)
