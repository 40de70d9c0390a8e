"""What the acts of inspection and assessment ask for."""

from __future__ import annotations

from django import forms

from integrity.forms import act_inputs, date_input, text_input
from supervision.vertical.scoring import SOURCES

act_inputs(
    targets_text=lambda row: text_input(
        "督察对象", rows=3, max_length=4000, help_text="下级政府和所属机构的全称或者统一社会信用代码，多个用“、”分隔"
    ),
    unit_reply=lambda row: text_input("回复内容", rows=6, max_length=4000, help_text="写明情况、原因和整改打算"),
    mend_order=lambda row: text_input("整改要求", rows=4, max_length=2000),
    rectify_until=lambda row: date_input("整改期限", required=False, help_text="不填的，按整改时限规则计算"),
    done_text=lambda row: text_input("整改情况", rows=6, max_length=4000),
    check_result=lambda row: text_input("验收意见", rows=3, max_length=1000),
    indicators_text=lambda row: text_input(
        "指标", rows=8, max_length=4000,
        help_text=f"每行一项：名称｜权重｜来源｜每件扣分（比率指标不填）。来源可选：{'、'.join(s.label for s in SOURCES.values())}",
    ),
    year_summary=lambda row: text_input("年度综述", rows=8, max_length=8000),
    totals_public=lambda row: forms.BooleanField(label="公开各单位得分", required=False),
    uncounted=lambda row: text_input(
        "不再计入的事项编号", required=False, max_length=2000, help_text="异议成立的填写，多个用“、”分隔；不成立的不填"
    ),
)  # fmt: skip
