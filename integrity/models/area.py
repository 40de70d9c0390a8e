"""Areas: the tree of divisions and zones that rows and seats belong to (domain.md 4.4)."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import OpClass
from django.db import models


class Area(models.Model):
    """区划: a division or zone of GB/T 2260, or a local code for a functional zone (domain.md 4.4)."""

    class Kind(models.TextChoices):
        PROVINCE = "PROVINCE", "省"
        CITY = "CITY", "市"
        COUNTY = "COUNTY", "区县"
        FUNCTIONAL_ZONE = "FUNCTIONAL_ZONE", "功能区"
        TOWNSHIP = "TOWNSHIP", "乡镇"
        SUBDISTRICT = "SUBDISTRICT", "街道"

    code = models.CharField("代码", max_length=12, primary_key=True)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类型", max_length=20, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    path = models.CharField("路径", max_length=60, editable=False, db_index=True)
    gb_code = models.CharField("国标代码", max_length=12, blank=True, help_text="地方代码对外交换时换用的国标代码")
    valid_from = models.DateField("启用日期", null=True, blank=True)
    valid_until = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "区划"
        ordering = ("path",)
        indexes = [models.Index(OpClass("path", "text_pattern_ops"), name="area_path")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.path = f"{self.parent.path if self.parent else ''}/{self.code}"
        super().save(*args, **kwargs)
