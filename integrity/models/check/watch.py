"""关注名单: subjects a unit wants to hear of again whenever something changes about them (task 8)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from integrity.acts import Acted, ActedQuerySet, act
from integrity.models.check import Check
from integrity.models.ledger import Event
from integrity.models.message import remind
from integrity.models.record import Record
from integrity.models.record.query import restricted_codes
from integrity.models.subject import Subject


class WatchQuerySet(ActedQuerySet):
    """A list is its unit's."""

    def visible_to(self, seat: Any) -> WatchQuerySet:
        if seat.role.automatic:
            return self
        return self.filter(unit_id=seat.org_id) if seat.org_id and "subject.check" in seat.rights else self.none()


class Watch(Acted):
    """A watch list with its purpose and ground; every ledger event about a member is told to whoever keeps it."""

    class State(models.TextChoices):
        OPEN = "OPEN", "关注中"
        ENDED = "ENDED", "已结束"

    name = models.CharField("名称", max_length=100)
    unit = models.ForeignKey("integrity.Subject", models.PROTECT, related_name="watches", verbose_name="单位")
    purpose = models.CharField("用途", max_length=16, choices=Check.Purpose)
    ground = models.CharField("法律依据", max_length=300)
    members = models.JSONField("名单（主体）", default=list)
    state = models.CharField("状态", max_length=6, choices=State, default=State.OPEN)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="建立人")

    objects = WatchQuerySet.as_manager()
    people = ()

    class Meta:
        verbose_name = verbose_name_plural = "关注名单"

    def __str__(self) -> str:
        return self.name

    def refuses(self, spec: Any, by: Any) -> str:
        return "" if spec.creates or self.unit_id == by.org_id else "只能管理本单位的关注名单"

    @act("watch.opened", label="建立关注名单", right="subject.check", creates=True)
    def open(self, *, by: Any, codes: list[str]) -> None:
        """Keep an eye on organisations for a lawful purpose."""
        self.unit, self.entered_by = by.org, by.user
        self._set(codes)

    def _set(self, codes: list[str]) -> None:
        rows = dict(Subject.objects.organisations().filter(code__in=codes).values_list("code", "pk"))
        if missing := [c for c in codes if c not in rows]:
            raise ValidationError({"codes": f"没有登记的代码：{'、'.join(missing[:5])}"})
        if not rows or len(rows) > 5000:
            raise ValidationError({"codes": "请填写 1 至 5000 个统一社会信用代码"})
        self.members = [str(pk) for pk in rows.values()]

    @act("watch.ended", label="结束关注", right="subject.check", source=["OPEN"], target="ENDED")
    def end(self, *, by: Any) -> None:
        """No more messages."""


class Cursor(models.Model):
    """How far a reader of the ledger has come: the next sequence number it has to look at."""

    name = models.CharField(primary_key=True, max_length=20)
    seq = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "台账读取位置"

    def __str__(self) -> str:
        return f"{self.name} {self.seq}"


WATCHED = (
    "record.confirmed", "record.published", "record.corrected", "record.objected", "record.repaired", "record.revoked", "record.expired",
    "record.released",
)  # fmt: skip


@transaction.atomic
def tell_watchers(limit: int = 5000) -> int:
    """Look at the sealed events since last time and tell who watches their subjects; returns how many were looked at.

    The cursor moves in the transaction that writes the messages: a killed worker tells nobody twice and leaves nobody out.
    Restricted kinds are never told.
    """
    Cursor.objects.get_or_create(name="watch")
    cursor = Cursor.objects.select_for_update().get(name="watch")
    events = list(
        Event.objects.filter(seq__gte=cursor.seq)
        .order_by("seq")
        .values_list("seq", "verb", "target", "version")[:limit]
    )
    watched: dict[str, list[Watch]] = {}
    for watch in Watch.objects.filter(state="OPEN").select_related("entered_by"):
        for member in watch.members:
            watched.setdefault(member, []).append(watch)
    versions = {target: version for _, verb, target, version in events if verb in WATCHED}
    rows = Record.objects.filter(pk__in=versions, subject_id__in=watched).exclude(kind__in=restricted_codes())
    for record in rows.select_related("subject", "kind") if watched and versions else ():
        for watch in watched[str(record.subject_id)]:
            _tell(watch, record, versions[record.pk])
    if events:
        cursor.seq = events[-1][0] + 1
        cursor.save(update_fields=["seq"])
    return len(events)


def _tell(watch: Watch, record: Record, version: int) -> None:
    words = f"{record.subject.name}：{record.kind.name}，{record.get_state_display()}"
    key = f"watch:{watch.pk.hex[:12]}:{record.pk.hex}:{version}"
    remind(
        watch.entered_by,
        f"关注名单“{watch.name}”有变动",
        words,
        key=key,
        link=f"/desk/checks/new?subject={record.subject.code}",
    )
