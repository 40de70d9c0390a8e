"""Inputs of the officials' acts."""

from __future__ import annotations

from typing import Any

from django import forms

from integrity.forms import OrganisationField, act_inputs, choice_input, date_input, text_input
from officials.models import Handbook, Official


def _optional(label: str, hint: str = "", size: int = 100) -> Any:
    return lambda row: text_input(label, required=False, max_length=size, help_text=hint)


def _as_is(name: str, field: forms.Field, row: Any) -> forms.Field:
    """A field that shows what stands in the row."""
    field.initial = getattr(row, name, "")
    return field


act_inputs(
    full_name=lambda row: text_input("姓名", max_length=60),
    workplace=lambda row: OrganisationField("所在单位"),
    authority=lambda row: OrganisationField(
        "管理权限单位", required=False, help_text="不变的留空；变更的填写统一社会信用代码或者准确名称"
    ),
    document=lambda row: text_input("任免文号", max_length=128, help_text="如：日组干字〔2026〕18号"),
    new_post=lambda row: _as_is("post", text_input("职务", max_length=100), row),
    new_rank=lambda row: _as_is("rank", text_input("职级", required=False, max_length=40), row),
    since=lambda row: date_input("任职日期"),
    destination=lambda row: text_input("调往单位", max_length=200),
    ended_on=lambda row: date_input("离任日期"),
    book_text=lambda row: _as_is(
        "text",
        text_input("正文", rows=24, max_length=60_000, help_text=Handbook._meta.get_field("text").help_text),
        row,
    ),
    category=lambda row: _as_is("category", choice_input("人员类别", Official.Category.choices), row),
    leading=lambda row: forms.BooleanField(label="领导班子成员", required=False, initial=row.leading),
)
