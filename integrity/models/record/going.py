"""The exchange axis of a record (domain.md 2.0): read from the ledger, our place in the upper node's mirror, and its findings."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When

from integrity import catalogue
from integrity.acts import ActedQuerySet
from integrity.models.ledger import Event
from integrity.models.parcels import Finding
from integrity.models.peers import Uplink

if TYPE_CHECKING:
    from integrity.models.record.query import RecordQuerySet


class Exchange(models.TextChoices):
    """上报状态."""

    NOT_DUE = "NOT_DUE", "不上报"
    PENDING = "PENDING", "待上报"
    SENT = "SENT", "已发送，待回执"
    ACCEPTED = "ACCEPTED", "上级已入库"
    REJECTED = "REJECTED", "校验不通过"
    SUPERSEDED = "SUPERSEDED", "有新版本待上报"


@cache
def kinds_going_up() -> tuple[list[str], list[str]]:
    """Codes of kinds that go up, and of those that go up by the managing authority's decision."""
    rows = catalogue.load().of_shape("record")
    return [k.code for k in rows if k.up == "yes"], [k.code for k in rows if k.up == "by_mgmt"]


def _goes_up() -> Q:
    """The twin of Record.goes_up and of what the sender opens: reviewed, and let go by catalogue or authority."""
    yes, by_mgmt = kinds_going_up()
    known = Q(confirmed_at__isnull=False) | ~Q(origin="")
    return known & (Q(kind__in=yes) | Q(kind__in=by_mgmt, send_up=True))


class GoingQuerySet(ActedQuerySet):
    """Which records go up, and how far each has come."""

    def going_up(self) -> RecordQuerySet:
        """Records the upper node is owed."""
        return self.filter(_goes_up())  # type: ignore[return-value]

    def with_exchange(self) -> RecordQuerySet:
        """Every row's `exchange_state`, by query: no job has to have run."""
        link = Uplink.current()
        if link is None:
            return self.annotate(exchange_state=Value(Exchange.NOT_DUE))  # type: ignore[return-value]
        full = Event.objects.filter(target=OuterRef("pk"), full=True)
        wrong = Finding.objects.ours().open().filter(uid=OuterRef("pk"))
        last = Subquery(full.order_by("-id").values("seq")[:1])
        state = Case(
            When(~_goes_up(), then=Value(Exchange.NOT_DUE)),
            When(Exists(wrong.filter(index=OuterRef("last_full"))), then=Value(Exchange.REJECTED)),
            When(last_full__lt=link.acked, then=Value(Exchange.ACCEPTED)),
            When(last_full__lt=link.sent, then=Value(Exchange.SENT)),
            When(Exists(full.filter(seq__lt=link.acked)), then=Value(Exchange.SUPERSEDED)),
            default=Value(Exchange.PENDING),
            output_field=models.CharField(),
        )
        return self.annotate(last_full=last).annotate(exchange_state=state)  # type: ignore[return-value]

    def rejected_above(self) -> RecordQuerySet:
        """Records whose newest version the upper node refused: to be corrected within three working days."""
        open_ = Finding.objects.ours().open().filter(uid=OuterRef("pk"))
        return self.filter(Exists(open_))  # type: ignore[return-value]

    def in_exchange(self, state: str) -> RecordQuerySet:
        """Records in one state of the axis."""
        return self.with_exchange().filter(exchange_state=state)
