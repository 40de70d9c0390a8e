"""What is stored of a pledge, and how its signature may be called."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from integrity.acts import Acted
from integrity.models.pledge.query import PledgeQuerySet

LEVELS = {  # what stands behind a signature, never said stronger than it is (trust.md 1.6)
    "S": ("电子政务 CA 证书签署（SM2）", "ok"),
    "A": ("本人密钥签署", "ok"),
    "B": ("登录确认：平台证明某账号以口令确认，非本人密钥签名", ""),
    "C": ("纸质签署，两人代录", ""),
}

NOTICE = {  # what it proves and what it does not; printed wherever it is verified (trust.md 1.4)
    "S": "本签名由电子政务电子认证服务机构签发的证书作出（SM2）。",
    "A": "本签名证明登记密钥的持有人经本机验证后，对本文本的摘要作了签署；浏览器与密钥设备本身不显示全文。",
    "B": "平台证明某账号以口令确认了本文本；非本人密钥签名。",
    "C": "纸质签署，两人代录；没有电子签名，扫描件由单位保存。",
}


class PledgeFields(Acted):
    """States, levels and columns of a pledge."""

    class State(models.TextChoices):
        ISSUED = "ISSUED", "待签"
        SIGNED = "SIGNED", "已签"
        IN_FORCE = "IN_FORCE", "生效"
        FULFILLED = "FULFILLED", "已履行"
        SUPERSEDED = "SUPERSEDED", "被替换"
        ENDED = "ENDED", "终止"
        BREACHED = "BREACHED", "违诺认定"
        WITHDRAWN = "WITHDRAWN", "已撤回"

    class Level(models.TextChoices):
        CERTIFICATE = "S", "数字证书签署"
        KEY = "A", "本人密钥签署"
        LOGIN = "B", "登录确认"
        PAPER = "C", "纸质代录"

    number = models.CharField("承诺书编号", max_length=40, unique=True)
    kind = models.ForeignKey("integrity.Kind", models.PROTECT, to_field="code", db_column="kind", verbose_name="类目")
    subject = models.ForeignKey("integrity.Subject", models.PROTECT, related_name="pledges", verbose_name="承诺主体")
    unit = models.ForeignKey("integrity.Subject", models.PROTECT, related_name="unit_pledges", verbose_name="所在单位")
    occasion = models.CharField("承诺场合", max_length=20)
    post = models.CharField("签署时职务", max_length=100, blank=True)
    template = models.CharField("模板和版本", max_length=60, blank=True)
    title = models.CharField("标题", max_length=200)
    text = models.TextField("承诺内容")
    sha256 = models.CharField("文本摘要", max_length=64, blank=True)
    signer = models.CharField("签署人", max_length=60, blank=True)
    level = models.CharField("签署级别", max_length=1, choices=Level, blank=True)
    thumbprint = models.CharField("密钥指纹", max_length=20, blank=True)
    starts_on = models.DateField("起算日期", null=True, blank=True, help_text="任职之日或者发起之日")
    due_on = models.DateField("应签日期", null=True, blank=True)
    due_explain = models.JSONField("期限说明", default=list)
    signed_at = models.DateTimeField("签署时间", null=True, blank=True)
    published_at = models.DateTimeField("公开时间", null=True, blank=True)
    public = models.BooleanField("向社会公开", default=False)
    valid_until = models.DateField("有效期至", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.ISSUED)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="替换的承诺"
    )
    ended_reason = models.CharField("终止理由", max_length=300, blank=True)
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="发起人")

    objects = PledgeQuerySet.as_manager()
    lock_with = ("subject", "unit")
    people = ("entered_by_id",)

    class Meta:
        abstract = True
        verbose_name = verbose_name_plural = "信用承诺"
        constraints = [
            models.CheckConstraint(condition=Q(state="ISSUED") | ~Q(sha256=""), name="signed_pledge_has_digest"),
            models.UniqueConstraint(
                fields=["replaces"],
                condition=~Q(state__in=["WITHDRAWN", "ENDED"]),
                name="one_successor_per_pledge",
                violation_error_message="该承诺已有替换它的承诺",
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "state"], name="pledge_subject"),
            models.Index(fields=["-published_at", "-id"], name="pledge_public"),
        ]
