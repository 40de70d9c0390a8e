"""The neighbours: lower nodes whose log is mirrored, and our own place in the upper node's mirror (trust.md 3)."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.models.access import MomentSeat


class PeerQuerySet(ActedQuerySet):
    """Peers are technical: known to whoever runs the exchange, and to auditors."""

    def visible_to(self, seat: Any) -> PeerQuerySet:
        return self if {"exchange.operate", "export"} & seat.rights or seat.role.code == "PEER" else self.none()


class Peer(Acted):
    """下级平台: a node that sends its log here, with the keys it signs by and the token that admits it."""

    class State(models.TextChoices):
        ACTIVE = "ACTIVE", "接收中"
        STOPPED = "STOPPED", "已停止"

    origin = models.CharField("日志名称", max_length=120, unique=True)
    name = models.CharField("平台名称", max_length=100)
    area = models.ForeignKey("integrity.Area", models.PROTECT, null=True, blank=True, verbose_name="区划")
    manager = models.ForeignKey(
        "integrity.Subject", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="人员管理权限单位"
    )
    keys = models.JSONField("验签公钥", default=list, help_text="依次启用：公钥、起始日志长度、终止日志长度")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField("状态", max_length=8, choices=State, default=State.ACTIVE)
    reason = models.CharField("停止理由", max_length=300, blank=True)
    next_key = models.CharField("待批准公钥", max_length=200, blank=True)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    approved_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="批准人"
    )

    objects = PeerQuerySet.as_manager()
    unlogged = ("token_hash",)

    class Meta:
        verbose_name = verbose_name_plural = "下级平台"
        ordering = ("origin",)
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("entered_by")),
                name="peer_key_two_people",
                violation_error_message="更换公钥须由两人办理",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def hash(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()

    @staticmethod
    def new_token() -> str:
        return f"gx_{secrets.token_urlsafe(32)}"

    @property
    def seat(self) -> MomentSeat:
        """The seat from which what this peer sent is written down."""
        return PeerSeat(self)

    def vkeys_at(self, size: int) -> list[str]:
        """The keys that may sign this peer's checkpoint of a size (planned change: trust.md 3.1)."""
        return [k["vkey"] for k in self.keys if k["from"] <= size and (k.get("until") is None or size <= k["until"])]

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.verb == "peer.key_approved" and by.user_id == self.entered_by_id:
            return "本人提出的公钥，须由他人批准"
        return ""

    def opening(self) -> dict[str, Any]:
        return {"origin": self.origin}

    @act("peer.admitted", label="登记下级平台", right="exchange.operate", creates=True, button=False)
    def admit(self, *, by: Any, vkey: str, token: str) -> None:
        """Take a lower node in, by the key and token it handed over out of band (domain.md 7.1)."""
        self.keys, self.token_hash = [{"vkey": vkey, "from": 0}], self.hash(token)

    @act("peer.changed", label="变更下级平台", right="exchange.operate", button=False)
    def change(self, *, by: Any, name: str, token: str = "", area: Any = None, manager: Any = None) -> None:
        """Change name, area, managing unit or token; keys change by log entry or by two people."""
        self.name, self.area, self.manager = name, area or self.area, manager or self.manager
        if token:
            self.token_hash = self.hash(token)

    @act("peer.key_changed", label="按日志条目换用公钥", right="record.receive", button=False)
    def follow_key(self, *, by: Any, vkey: str, size: int, grace: int = 0) -> dict[str, Any]:
        """The peer's own log, under the old key, names the next one: valid for every later size (trust.md 3.1)."""
        keys = [k if k.get("until") is not None else k | {"until": size + grace} for k in self.keys]
        self.keys = [*keys, {"vkey": vkey, "from": size + 1}]
        return {"vkey": vkey, "size": size}

    @act(
        "peer.key_proposed",
        label="提出更换公钥",
        right="exchange.operate",
        source=["ACTIVE", "STOPPED"],
        form=("vkey",),
    )
    def propose_key(self, *, by: Any, vkey: str) -> dict[str, str]:
        """After a compromise the key is changed out of band, by two persons at each end (trust.md 3.1)."""
        self.next_key, self.entered_by, self.approved_by = vkey.strip(), by.user, None
        return {"vkey": vkey}

    @act("peer.key_approved", label="批准更换公钥", right="exchange.operate", source=["ACTIVE", "STOPPED"])
    def approve_key(self, *, by: Any) -> dict[str, Any]:
        """A second person puts the proposed key in force from the mirrored size on."""
        if not self.next_key:
            raise ValidationError("没有待批准的公钥")
        size = self.mirror.size
        self.keys = [k | {"until": min(size, k.get("until") or size)} for k in self.keys]
        self.keys = [*self.keys, {"vkey": self.next_key, "from": size}]
        self.next_key, self.approved_by = "", by.user
        return {"size": size}

    @act(
        "peer.stopped",
        label="停止接收",
        right="exchange.operate",
        source=["ACTIVE"],
        target="STOPPED",
        form=("reason",),
    )
    def stop(self, *, by: Any, reason: str) -> None:
        """Take no more from this peer; one person suffices, since it is the safe direction."""
        self.reason = reason.strip()[:300]

    @act("peer.resumed", label="恢复接收", right="exchange.operate", source=["STOPPED"], target="ACTIVE")
    def resume(self, *, by: Any) -> None:
        """Take again."""
        self.reason = ""

    @act(
        "exchange.received", label="接收批次", right="record.receive", source=["ACTIVE"], changes=False,
        log="batch.received", leaf=("origin", "start", "until", "root"),
    )  # fmt: skip
    def note_batch(self, *, by: Any, start: int, until: int, root: str, ok: int, quarantined: int) -> dict[str, Any]:
        """The relay entry: which range of the peer's log was taken, and its root (trust.md 2.5)."""
        return {"start": start, "until": until, "root": root, "ok": ok, "quarantined": quarantined}


class PeerSeat(MomentSeat):
    """The seat of one lower node."""

    def __init__(self, peer: Peer) -> None:
        super().__init__("PEER")
        self.peer = peer

    @property
    def label(self) -> str:
        return f"{self.peer.name} {self.role_label}"


class Mirror(models.Model):
    """镜像: how much of a peer's log is held here; its row is the lock under which batches are taken."""

    peer = models.OneToOneField(Peer, models.PROTECT, primary_key=True, related_name="mirror")
    size = models.BigIntegerField("已接收长度", default=0)
    contact_at = models.DateTimeField("最近联系", null=True)
    refused = models.PositiveIntegerField("连续拒收次数", default=0)
    error = models.CharField("最近拒收原因", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "镜像"

    def __str__(self) -> str:
        return f"{self.peer_id} {self.size}"


class MirrorNode(models.Model):
    """Hash of one complete subtree of a peer's log: level 0 are leaf hashes."""

    peer = models.ForeignKey(Peer, models.PROTECT, db_index=False)
    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        verbose_name = verbose_name_plural = "镜像节点"
        constraints = [models.UniqueConstraint(fields=["peer", "level", "index"], name="one_mirror_node_per_place")]

    def __str__(self) -> str:
        return f"{self.peer_id} {self.level}/{self.index}"


class Tombstone(models.Model):
    """终止留痕: how a record ended below before it was ever taken here; if its beginning comes late, it comes as ended."""

    peer = models.ForeignKey(Peer, models.PROTECT, db_index=False)
    uid = models.UUIDField("记录")
    version = models.PositiveIntegerField("版本")
    status = models.JSONField("终止状态")

    class Meta:
        verbose_name = verbose_name_plural = "终止留痕"
        constraints = [models.UniqueConstraint(fields=["peer", "uid"], name="one_tombstone_per_record")]

    def __str__(self) -> str:
        return f"{self.uid} v{self.version}"


class Uplink(models.Model):
    """上报状态: our place in the mirror of one upper node, and how the last attempts went."""

    class State(models.TextChoices):
        RUNNING = "RUNNING", "正常"
        WAITING = "WAITING", "等待重试"
        STOPPED = "STOPPED", "已停止"

    receiver = models.CharField("上级平台", max_length=120, primary_key=True)
    acked = models.BigIntegerField("上级已回执长度", default=0)
    sent = models.BigIntegerField("已发送长度", default=0)
    held = models.BigIntegerField("上级持有长度", default=0)
    state = models.CharField("状态", max_length=8, choices=State, default=State.RUNNING)
    code = models.CharField(max_length=20, blank=True)
    error = models.CharField("原因", max_length=500, blank=True)
    failures = models.PositiveIntegerField("连续失败次数", default=0)
    refusals = models.PositiveIntegerField("连续拒收次数", default=0)
    next_at = models.DateTimeField("下次重试", null=True)
    contact_at = models.DateTimeField("最近联系", null=True)
    acked_at = models.DateTimeField("最近回执", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "上报状态"

    def __str__(self) -> str:
        return f"{self.receiver} {self.acked}"

    @classmethod
    def current(cls) -> Uplink | None:
        """The link to the upper node of the settings; None when there is no upper node."""
        keys = settings.UPSTREAM_KEY.replace(",", " ").split()
        return cls.objects.get_or_create(receiver=keys[0].partition("+")[0])[0] if keys else None

    @property
    def due(self) -> bool:
        """Whether the next attempt may be made now."""
        return self.state != self.State.STOPPED and (self.next_at is None or self.next_at <= timezone.now())
