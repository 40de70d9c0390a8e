"""Schemes and scores as machines read them: what an auditor needs to reckon them again (item, indicator, points; no persons)."""

from __future__ import annotations

from typing import Any

import django_filters as f

from integrity import public
from integrity.listing import Listing, fields, register
from supervision.models import Assessment, InspectionFinding, Score


class AssessmentFilters(f.FilterSet):
    """Filters of schemes."""

    year = f.NumberFilter(label="年度", help_text="考核年度，如 2026")
    state = fields.choice("状态", Assessment.State.choices)


class ScoreFilters(f.FilterSet):
    """Filters of scores."""

    year = f.NumberFilter(field_name="assessment__year", label="年度", help_text="考核年度，如 2026")
    unit = fields.one_code("被考核单位", "unit__code")
    area = fields.in_area("unit__area")


class FindingFilters(f.FilterSet):
    """Filters of findings."""

    state = fields.choice("状态", InspectionFinding.State.choices)
    unit = fields.one_code("被督察单位", "target__code")


def _assessment(v: public.Values) -> dict[str, Any]:
    plain = (
        "version",
        "year",
        "name",
        "doc_no",
        "indicators",
        "state",
        "digest",
        "totals_public",
        "summary",
        "checkpoint",
    )
    return {"uid": v["id"]} | {n: v[n] for n in plain} | {"published_at": public.local(v["published_at"])}


def _score(v: public.Values) -> dict[str, Any]:
    return {
        "uid": v["id"], "version": v["version"], "year": v["assessment__year"], "formula": v["assessment__digest"],
        "unit": {"name": v["unit__name"], "code": v["unit__code"]}, "state": v["state"], "total": v["total"],
    }  # fmt: skip


def _finding(v: public.Values) -> dict[str, Any]:
    plain = ("version", "problem", "basis", "harm", "state", "rectify_by")
    return {"uid": v["id"]} | {n: v[n] for n in plain} | {
        "number": v["matter__number"], "round": v["round__name"], "unit": {"name": v["target__name"], "code": v["target__code"]},
        "due_on": v["matter__due_on"],
    }  # fmt: skip


UID = ["uid uuid 随机标识，对外引用一律用它", "version int 版本，每次办理加一"]
everything = lambda seat, ids: set(ids)  # noqa: E731
ASSESSMENTS = register(
    Listing(
        name="assessments", schema="Assessment", label="考核方案", about="政务诚信考核方案和年度综述；不带令牌时只有已公布的。",
        model=Assessment, show=_assessment, order=("id",), filters=AssessmentFilters, inside=everything,
        columns=("id", "version", "year", "name", "doc_no", "indicators", "state", "digest", "totals_public", "summary", "checkpoint", "published_at"),
    ),
    [
        *UID, "year int 年度", "name text 方案名称", "doc_no text 批准文号", "indicators list 指标：代码、名称、权重、来源、每件扣分", "state text 状态",
        "digest text 公式版本：年度和指标的 SHA-256", "totals_public bool 是否公开各单位得分", "summary text 年度综述",
        "checkpoint int? 计分时日志的条目数", "published_at instant? 公布时间",
    ],
)  # fmt: skip
SCORES = register(
    Listing(
        name="scores", schema="Score", label="考核得分",
        about="各单位考核得分；带令牌时列出每项指标的得分和计分事项，可以据此重新计算。公务人员只以核定人数计入，不列个人。",
        model=Score, show=_score, order=("id",), filters=ScoreFilters, inside=lambda seat, ids: set(Score.objects.inside(seat).filter(pk__in=ids).values_list("pk", flat=True)),
        columns=("id", "version", "assessment__year", "assessment__digest", "unit__name", "unit__code", "state", "total"),
        more_columns=("points", "items", "excluded"), more=lambda v: {n: v[n] for n in ("points", "items", "excluded")},
    ),
    [
        *UID, "year int 年度", "formula text 公式版本", "unit unit 被考核单位", "state text 状态", "total amount 总分", "*points object 各项指标的得分",
        "*items list 计分事项：指标、类型、uid、编号、版本、是否计好、计几件", "*excluded list 异议成立不计入的事项",
    ],
)  # fmt: skip
FINDINGS = register(
    Listing(
        name="inspection-findings", schema="InspectionFinding", label="督察问题", about="政务诚信督察发现的问题和整改情况，须带令牌。",
        model=InspectionFinding, show=_finding, order=("id",), filters=FindingFilters, inside=everything, by_right=True,
        columns=(
            "id", "version", "matter__number", "round__name", "target__name", "target__code", "problem", "basis", "harm", "state",
            "rectify_by", "matter__due_on",
        ),
    ),
    [
        *UID, "number text 事项编号", "round text 督察轮次", "unit unit 被督察单位", "problem text 问题", "basis text 依据", "harm text 危害类型",
        "state text 状态", "rectify_by day? 整改期限", "due_on day? 当前环节期限",
    ],
)  # fmt: skip
