"""Inputs of the agencies' acts."""

from __future__ import annotations

from typing import Any

from django import forms

from agencies.models import SanctionCase, Talk
from agencies.models.cases import STATEMENT
from agencies.models.leads import EXCUSES
from integrity import catalogue
from integrity.forms import act_inputs, choice_input, date_input, text_input


def _text(label: str, *, rows: int = 3, size: int = 2000, required: bool = True, hint: str = "") -> Any:
    return lambda row: text_input(label, rows=rows, max_length=size, required=required, help_text=hint)


def _one_of(label: str, options: Any, required: bool = True) -> Any:
    return lambda row: choice_input(label, [(o, o) for o in options], required=required)


def _options(code: str, fact: str) -> tuple[str, ...]:
    return catalogue.load().kinds[code].fact_names[fact].options


def _measures(row: Any) -> forms.Field:
    listed = row.listed_measures if isinstance(row, SanctionCase) and row.record_id else []
    return choice_input("措施", listed)


act_inputs(
    **{name: _text(label) for name, label in STATEMENT.items() if name not in ("signed_by", "remedy_by")},
    remedy_by=_text("整改时限", rows=0, size=100, hint="如：2026 年 12 月 20 日前"),
    signed_by=_text("单位负责人签字", rows=0, size=60, hint="填写签字的单位负责人姓名，签字扫描件请在事项页上传"),
    demand=_text("整改要求"),
    term=lambda row: choice_input("整改期限", [("0", "30 日"), ("1", "60 日（情况复杂）")]),
    plan=_text("整改方案", rows=6, size=4000),
    plan_leader=_text("整改责任人", rows=0, size=60, hint="单位分管负责人"),
    days=lambda row: forms.IntegerField(
        label="延长日数", min_value=1, max_value=30, widget=forms.NumberInput(attrs={"class": "in short"})
    ),
    evidence=_text("整改情况和证据", rows=6, size=4000, hint="证据材料请先在事项页上传"),
    undone=_text("未完成事项"),
    finding_no=_text("认定（通报）文号", rows=0, size=128, hint="如：日诚信〔2026〕8号"),
    held_on=lambda row: date_input("约谈日期"),
    talk=lambda row: choice_input("约谈类型", Talk.Kind.choices),
    attended_by=_text("参加人", rows=0, size=300),
    minutes=_text("约谈纪要", rows=6, size=4000),
    whom=lambda row: choice_input("通报对象", [("agency", "涉事单位"), ("government", "责任政府"), ("both", "两者")]),
    scope=_one_of("通报范围", _options("AG04", "scope")),
    content=_text("通报批评内容", rows=5, size=3000),
    measure=_measures,
    decision_no=_text("决定文号", rows=0, size=128),
    referral=_text("追责结果", rows=2, size=300, hint="只写依法依规追责的机关和结论，不写党纪处分内容"),
    summary=_text("失信情况说明（摘要）", rows=5, size=4000, hint="将作为公开内容，不得写入个人信息"),
    rectified=_one_of("整改结果", _options("AG10", "result")),
    refusal=_text("拒不整改情形", size=1000),
    excuse=_one_of("不履约理由", EXCUSES, required=False),
)
