"""The public log as a thing of its own: its name, its keys, its witnesses' signatures, and what befell it (trust.md 2)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.models.ledger import Event


class PublicLogQuerySet(ActedQuerySet):
    """What the log is, is public."""

    def visible_to(self, seat: Any) -> PublicLogQuerySet:
        return self

    def current(self) -> PublicLog | None:
        return self.filter(state="OPEN").first()


class PublicLog(Acted):
    """公开日志: one origin under which checkpoints are signed, with its keys in the order of their use."""

    class State(models.TextChoices):
        OPEN = "OPEN", "使用中"
        CLOSED = "CLOSED", "已关闭"

    origin = models.CharField("日志名称", max_length=120, unique=True)
    keys = models.JSONField("签名公钥", default=list, help_text="依次启用：密钥编号、公钥")
    second_keys = models.JSONField("国密签名公钥", default=list)
    releases = models.JSONField("已发布程序的摘要", default=dict)
    previous = models.OneToOneField("self", models.PROTECT, null=True, related_name="next", verbose_name="原日志")
    state = models.CharField("状态", max_length=8, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField("启用时间", default=timezone.now)

    objects = PublicLogQuerySet.as_manager()
    people = ()

    class Meta:
        verbose_name = verbose_name_plural = "公开日志"
        ordering = ("opened_at",)
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="OPEN"), name="one_open_log"),
        ]

    def __str__(self) -> str:
        return self.origin

    def opening(self) -> dict[str, Any]:
        return {"origin": self.origin, "keys": self.keys, "second_keys": self.second_keys, "state": self.state}

    def key_at(self, size: int) -> str:
        """Id of the key that signs what is sealed onto a log of `size`: a new key counts once its entry is sealed."""
        turned = Event.objects.filter(target=self.pk, verb="log.key_changed", seq__lt=size).count()
        return self.keys[turned]["kid"]

    @act(
        "log.opened", label="启用日志", right="log.operate", creates=True, button=False, log="log.opened",
        leaf=("vkey", "prev_origin", "prev_size", "prev_root"),
    )  # fmt: skip
    def open(self, *, by: Any, kid: str, vkey: str, last: dict[str, Any] | None = None) -> dict[str, Any]:
        """Begin to sign under this name; a successor quotes the last checkpoint of the log it follows."""
        self.keys = [{"kid": kid, "vkey": vkey}]
        return {"vkey": vkey} | {f"prev_{name}": value for name, value in (last or {}).items()}

    @act(
        "log.key_changed", label="更换日志密钥", right="log.operate", source=["OPEN"], button=False, log="log.key",
        leaf=("vkey", "grace"),
    )  # fmt: skip
    def change_key(self, *, by: Any, kid: str, vkey: str) -> dict[str, Any]:
        """The old key announces the next one: it signs the checkpoint that ends with this entry, and none after it."""
        self.keys = [*self.keys, {"kid": kid, "vkey": vkey}]
        return {"vkey": vkey, "grace": 0}

    @act(
        "log.second_key_added", label="启用国密签名", right="log.operate", source=["OPEN"], button=False,
        log="log.second-key", leaf=("vkey",),
    )  # fmt: skip
    def add_second_key(self, *, by: Any, kid: str, vkey: str) -> dict[str, Any]:
        """From now on checkpoints bear a second signature line, by SM2 (商用密码管理条例)."""
        self.second_keys = [*self.second_keys, {"kid": kid, "vkey": vkey}]
        return {"vkey": vkey}

    @act(
        "log.closed",
        label="关闭日志",
        right="log.operate",
        source=["OPEN"],
        target="CLOSED",
        button=False,
        log="log.closed",
    )
    def close(self, *, by: Any) -> None:
        """Sign no more under this name; its checkpoints and proofs stay valid."""

    @act(
        "backup.restored", label="登记备份恢复", right="log.operate", source=["OPEN"], button=False,
        log="backup.restored", leaf=("start", "until"),
    )  # fmt: skip
    def note_restored(self, *, by: Any, start: int, until: int, turned: list[dict[str, str]]) -> dict[str, Any]:
        """A backup was restored: entries [start, until) were put back from what had been published, new keys with them."""
        self.keys = [*self.keys, *turned]
        return {"start": start, "until": until}

    @act(
        "software.released", label="登记程序发布", right="log.operate", source=["OPEN"], button=False,
        log="software.released", leaf=("name", "sha256"),
    )  # fmt: skip
    def release(self, *, by: Any, name: str, sha256: str) -> dict[str, Any]:
        """Which code signs and verifies is itself in the log: digest of a published script or page (trust.md 1.4)."""
        self.releases = {**self.releases, name: sha256}
        return {"name": name, "sha256": sha256}


class Cosignature(models.Model):
    """A witness's signature line over one checkpoint."""

    size = models.BigIntegerField("日志长度")
    witness = models.CharField("见证公钥", max_length=200)
    line = models.TextField("签名")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "见证签名"
        constraints = [models.UniqueConstraint(fields=["size", "witness"], name="one_cosignature_per_witness")]

    def __str__(self) -> str:
        return f"{self.witness} {self.size}"
