"""The ledger: one event an act, payloads apart, and the Merkle log over them (trust.md 2)."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import connection, models
from django.utils import timezone

from integrity.acts import Act
from integrity.crypto import leaf as leaves
from integrity.models.copying import copy_rows
from integrity.models.targets import Targeted, visible_targets

Values = dict[str, Any]
Item = tuple[Any, ...]  # id, version, values and perhaps the changed columns


class EventQuerySet(models.QuerySet):
    """Events are read by everybody as far as their target is; nothing but an act writes them."""

    def of(self, row: models.Model) -> EventQuerySet:
        """A row's history, oldest first."""
        return self.filter(target=row.pk).order_by("id")

    def visible_to(self, seat: Any) -> EventQuerySet:
        """Events whose target is inside the seat's reach."""
        return self.filter(visible_targets(seat))

    def pending(self) -> EventQuerySet:
        return self.filter(seq__isnull=True)

    def opened(self) -> EventQuerySet:
        """Events of opened types, whose payload may go to the public and to upper nodes."""
        return self.filter(opened=True)


class Event(Targeted, models.Model):
    """台账: one act of one seat on one row, append-only; its leaf goes into the public log (house.md 1)."""

    id = models.BigAutoField(primary_key=True)
    seq = models.BigIntegerField("日志序号", null=True, unique=True, editable=False)
    verb = models.CharField("动作", max_length=40)
    target_type = models.CharField("对象类型", max_length=30)
    target = models.UUIDField("对象")
    version = models.PositiveIntegerField("版本")
    changes = models.BooleanField("是否改变对象", default=True)
    opened = models.BooleanField("是否公开类型", default=False)
    full = models.BooleanField("是否完整快照", default=False)
    at = models.DateTimeField("时间", default=timezone.now)
    user = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="操作人", db_index=False
    )
    user_name = models.CharField("操作人姓名", max_length=60, blank=True)
    seat_name = models.CharField("岗位", max_length=160, blank=True)
    unit_code = models.CharField("单位代码", max_length=18, blank=True)
    leaf = models.BinaryField("日志叶")

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "台账"
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["target", "version"], condition=models.Q(changes=True), name="one_event_per_version"
            )
        ]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(seq__isnull=True), name="event_pending"),
            models.Index(fields=["target", "id"], name="event_history"),
            models.Index(fields=["seq"], condition=models.Q(opened=True), name="event_opened"),
            BrinIndex(fields=["at"], name="event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.target} v{self.version}"

    @property
    def values(self) -> dict[str, Any]:
        """The kept snapshot, without salts; empty when it has been removed."""
        payload = getattr(self, "payload", None)
        return leaves.values_of(payload.fields) if payload else {}

    @property
    def commit(self) -> str:
        """What the leaf commits to."""
        return json.loads(bytes(self.leaf))["commit"]

    @property
    def short_name(self) -> str:
        return f"{self.user_name}（{self.seat_name}）" if self.user_name else self.seat_name

    @classmethod
    def write(cls, spec: Act, row: Any, by: Any, values: Values, inside: Values | None = None) -> Event:
        """Write the event of one act with its payload; called by the act itself, before the row is written.

        `inside` are the changed columns where `values` does not show them: committed to, kept here, never sent or shown.
        """
        item = (row.pk, row.version, values, inside)
        made = _prepare(spec, row._meta.model_name, [item], by, row.unit_code(by))[0]
        opening, inner = made.pop("opening"), made.pop("inside")
        event = cls(**made)
        models.Model.save(event, force_insert=True)
        models.Model.save(Payload(event=event, fields=opening, inside=inner), force_insert=True)
        return event

    @classmethod
    def write_many(cls, spec: Act, target_type: str, items: Iterable[Item], by: Any, unit: str) -> list[int]:
        """Write one event and payload per row, set-wise by COPY; returns the event ids in order.

        Items are (id, version, values) and, behind a full snapshot, the changed columns as in write().
        """
        made = _prepare(spec, target_type, items, by, unit)
        if not made:
            return []
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('integrity_event_id_seq') FROM generate_series(1, %s)", [len(made)])
            ids = [row[0] for row in cursor.fetchall()]
        names = [n for n in made[0] if n not in ("opening", "inside", "user")]
        own = ["target", "version", "leaf"]
        alike = {n: made[0][n] for n in names if n not in own} | {"user_id": by.user_id}
        copy_rows(
            "integrity_event", ["id", *own], ([i, *[m[n] for n in own]] for i, m in zip(ids, made, strict=True)), alike
        )
        texts = ((i, _json(m["opening"]), _json(m["inside"])) for i, m in zip(ids, made, strict=True))
        copy_rows("integrity_payload", ["event_id", "fields", "inside"], texts)
        return ids


def _json(opening: leaves.Opening | None) -> str | None:
    return None if opening is None else leaves.canonical(opening).decode()


def _prepare(spec: Act, target_type: str, items: Iterable[Item], by: Any, unit: str) -> list[dict[str, Any]]:
    now, items = timezone.localtime(), list(items)
    user = by.user if by.user_id else None
    common = {
        "verb": spec.verb,
        "target_type": target_type,
        "changes": spec.changes,
        "opened": bool(spec.log),
        "full": spec.full,
        "at": now,
        "user": user,
        "user_name": user.name if user else "",
        "seat_name": by.label,
        "unit_code": unit,
    }
    previous = _previous([item[0] for item in items]) if spec.log else {}
    made = []
    for target, version, values, *behind in items:
        fields, inner = values if spec.log else {leaves.WHOLE: values}, None
        if behind and behind[0] is not None:
            inner, seal = leaves.commit({leaves.WHOLE: behind[0]})
            fields = {**fields, leaves.INSIDE: seal}
        opening, commitment = leaves.commit(fields)
        if spec.log:
            open_ = {name: values.get(name) for name in spec.leaf}
            links = {"by": unit, "ref": target.hex, "prev": previous.get(target)}
            leaf = leaves.make_leaf(spec.log, now, commitment, **open_, **links)
        else:
            leaf = leaves.make_leaf("act", now, commitment)
        made.append(common | {"target": target, "version": version, "leaf": leaf, "opening": opening, "inside": inner})
    return made


def _previous(targets: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The leaf hash of each target's last opened event, so that a mirror can follow one record."""
    rows = Event.objects.filter(target__in=targets, opened=True).order_by("target", "-id").distinct("target")
    return {t: hashlib.sha256(b"\x00" + bytes(leaf)).hexdigest() for t, leaf in rows.values_list("target", "leaf")}


class Payload(models.Model):
    """What an event's commitment opens to: field → [salt, value]. Removed at expiry, repair or court order."""

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="payload")
    fields = models.JSONField("内容")
    inside = models.JSONField("变更的列", null=True)
    removed_at = models.DateTimeField("移除时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "台账内容"

    def __str__(self) -> str:
        return f"payload of {self.event_id}"


class LedgerHead(models.Model):
    """The size of the sealed log; its one row is the sealer's lock."""

    size = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "日志头"

    def __str__(self) -> str:
        return str(self.size)


class LedgerNode(models.Model):
    """Hash of one complete subtree of the Merkle tree: level 0 are leaf hashes."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        verbose_name = verbose_name_plural = "日志节点"
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="one_node_per_place")]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class Checkpoint(models.Model):
    """A signed note over size and root, one per sealed batch."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    note = models.TextField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "日志检查点"
        ordering = ("size",)

    def __str__(self) -> str:
        return f"checkpoint {self.size}"
