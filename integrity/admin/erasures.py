"""Erasing content by order of a court or of the person concerned: proposed here, carried out by another."""

from __future__ import annotations

from django.contrib import admin

from integrity.admin.base import ActedAdmin
from integrity.models import Erasure


@admin.register(Erasure)
class ErasureAdmin(ActedAdmin):
    """Orders to erase, with their ground and the two people."""

    section = "信用信息"
    columns = ("number", "basis", "doc_no", "state", "made_at")
    list_filter = ("state", "basis")
    search_fields = ("number__iexact", "doc_no")
    ordering = ("-made_at", "-id")
    creating = "propose"
    entry = ("number", "basis", "doc_no", "reason")
    sections = (("删除内容", ("number", "basis", "doc_no", "reason", "state", "made_at")),)
    people = ("entered_by", "decided_by")
