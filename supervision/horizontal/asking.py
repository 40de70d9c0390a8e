"""What the acts of horizontal supervision ask for."""

from __future__ import annotations

from typing import Any

from django import forms

from integrity.forms import act_inputs, choice_input, date_input, text_input
from supervision.models.motion.fields import RATINGS


def _votes(label: str) -> Any:
    return lambda row: forms.IntegerField(
        label=label, min_value=0, max_value=9999, widget=forms.NumberInput(attrs={"class": "in short"})
    )


def _rating(label: str) -> Any:
    return lambda row: choice_input(label, [(r, r) for r in RATINGS])


act_inputs(
    assisting=lambda row: text_input(
        "协办单位", rows=2, required=False, max_length=1000, help_text="全称或者统一社会信用代码，多个用“、”分隔；一个月内向主办单位反馈"
    ),
    pairs=lambda row: text_input(
        "问题和建议", rows=4, required=False, max_length=8000, help_text="每行一项，写成“问题——建议”；司法、检察建议填写"
    ),
    opinion=lambda row: text_input("协办意见", rows=6, max_length=4000),
    point=lambda row: choice_input("问题", row.open_points),
    adopted=lambda row: choice_input("是否采纳", [(w, w) for w in ("采纳", "部分采纳", "不采纳")]),
    point_reply=lambda row: text_input("答复和落实措施", rows=4, max_length=2000, help_text="不采纳的写明理由"),
    attitude=_rating("办理态度"),
    result_rating=_rating("办理结果"),
    votes_good=_votes("满意票数"),
    votes_fair=_votes("基本满意票数"),
    votes_bad=_votes("不满意票数"),
    carried=lambda row: text_input("落实情况", rows=4, max_length=4000),
    carried_on=lambda row: date_input("落实日期"),
    not_done=lambda row: text_input(
        "未落实情形", rows=3, required=False, max_length=2000, help_text="检察建议已回复但没有落实的填写"
    ),
)  # fmt: skip
