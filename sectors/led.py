"""What belongs to projects as machines read it; persons only by right (tasks 15, 16 and 18)."""

from __future__ import annotations

from typing import Any

import django_filters as f
from django.db.models import F, QuerySet

from integrity import public
from integrity.catalogue import SECTORS
from integrity.codes import mask_name
from integrity.listing import Listing, fields, register
from sectors.listings import UID, amount
from sectors.models import Breach, Evaluation, LookBack, Notice, Officer
from sectors.plan import plans

PERSONAL: dict[str, Any] = {  # read by right only, each reading logged, names masked where the role's are
    "by_right": True,
    "inside": lambda seat, ids: set(ids),
    "person": lambda v: True,
    "mask": lambda item, v: item | {"name": mask_name(item["name"])},
}
OF_PROJECT = ("id", "version", "project__number", "project__name", "project__sector", "project__kind")
WORDS = [*UID, "project text 所属项目编号", "project_name text 所属项目名称", "sector text 领域", "state text 状态"]


class OfProjectFilters(f.FilterSet):
    """Filters of what belongs to a project."""

    sector = fields.choice("领域", list(SECTORS.items()), "project__sector")
    project = f.CharFilter(field_name="project__number", label="项目编号", help_text="所属项目的编号", max_length=40)


class BreachFilters(OfProjectFilters):
    """Filters of breaches."""

    unit = fields.one_code("政府方单位", "project__unit__code")
    state = fields.choice("状态", Breach.State.choices)
    cause = fields.choice("不履约理由", Breach.Cause.choices)
    since = fields.since("违约日期不早于", "happened_on")
    until = fields.until("违约日期不晚于", "happened_on")


class OfficerFilters(OfProjectFilters):
    """Filters of responsible officers."""

    state = fields.choice("状态", Officer.State.choices)


class LookBackFilters(OfProjectFilters):
    """Filters of looks back."""

    state = fields.choice("状态", LookBack.State.choices)
    outcome = fields.choice("结论", LookBack.Outcome.choices)


class EvaluationFilters(OfProjectFilters):
    """Filters of evaluations."""

    grade = fields.choice("评价等次", Evaluation.Grade.choices)


def _late(rows: QuerySet, name: str, value: bool) -> QuerySet:
    return rows.filter(published_on__gt=F("due_on")) if value else rows.filter(published_on__lte=F("due_on"))


class NoticeFilters(OfProjectFilters):
    """Filters of trading notices."""

    kind = fields.choice("公告类型", Notice.Kind.choices)
    transaction = f.CharFilter(
        field_name="project__reference", label="交易编号", help_text="交易中心的交易编号", max_length=100
    )
    unit = fields.one_code("招标人", "project__unit__code")
    since = fields.since("公开日期不早于", "published_on")
    until = fields.until("公开日期不晚于", "published_on")
    late = f.BooleanFilter(method=_late, label="晚于期限公开", help_text="晚于期限公开的公告：true 或者 false")


def _of(v: public.Values) -> dict[str, Any]:
    return {
        "uid": v["id"], "version": v["version"], "project": v["project__number"], "project_name": v["project__name"],
        "sector": v["project__sector"], "state": v["state"],
    }  # fmt: skip


def _stage(v: public.Values, code: str) -> str:
    return plans()[v["project__kind"]].stage(code).name if code else "全程"


def show_breach(v: public.Values) -> dict[str, Any]:
    """A disclosed breach: what, why, with what loss and what became of it; a finding not yet confirmed is not told."""
    plain = ("promise", "fact", "cause", "happened_on", "remedy", "ordered_on", "due_on")
    loss = None if v["project__amount_hidden"] else amount(v["loss_wan"])
    unit = {"name": v["project__unit__name"], "code": v["project__unit__code"] or ""}
    state = "ORDERED" if v["state"] == "FOUND" else v["state"]
    more = {"stage_name": _stage(v, v["stage"]), "loss_wan": loss, "unit": unit, "state": state}
    return _of(v) | {n: v[n] for n in plain} | more


def show_officer(v: public.Values) -> dict[str, Any]:
    """Who answers, in the post of that time."""
    plain = ("post", "unit_name", "duty", "document", "from_on", "until_on", "handed")
    return _of(v) | {n: v[n] for n in plain} | {"name": v["person__name"], "stage_name": _stage(v, v["stage"])}


def show_lookback(v: public.Values) -> dict[str, Any]:
    """What an officer's time brought."""
    plain = ("outcome", "finding", "note")
    more = {"name": v["officer__person__name"], "post": v["officer__post"]}
    return _of(v) | {n: v[n] for n in plain} | more | {"stage_name": _stage(v, v["officer__stage"])}


def show_evaluation(v: public.Values) -> dict[str, Any]:
    """How a project performed in a period."""
    return _of(v) | {n: v[n] for n in ("period", "evaluator", "evaluated_on", "grade", "summary")}


def show_notice(v: public.Values) -> dict[str, Any]:
    """One notice of a transaction, how late it was, and where the column shows it."""
    plain = (
        "kind",
        "number",
        "title",
        "content",
        "url",
        "made_on",
        "published_on",
        "due_on",
        "due_explain",
        "pushed_to",
    )
    late = max((v["published_on"] - v["due_on"]).days, 0)
    more = {"transaction": v["project__reference"], "days_late": late, "pushed_at": public.local(v["pushed_at"])}
    return _of(v) | {n: v[n] for n in plain} | more | {"amount_wan": amount(v["amount_wan"])}


BREACHES = Listing(
    name="breaches", schema="Breach", label="政府方违约登记", about="政府方未兑现的承诺：事实、理由、责令整改和结果；未披露的只对有关单位可见。",
    model=Breach, order=("-happened_on", "-id"), filters=BreachFilters, show=show_breach,
    columns=(
        *OF_PROJECT, "project__amount_hidden", "project__unit__name", "project__unit__code", "stage", "promise", "fact", "cause",
        "happened_on", "loss_wan", "remedy", "state", "ordered_on", "due_on",
    ),
)  # fmt: skip
OFFICERS = Listing(
    name="project-officers", schema="ProjectOfficer", label="项目责任人", about="项目政府方责任人及其当时职务，须带令牌，不公开。",
    model=Officer, order=("-from_on", "-id"), filters=OfficerFilters, show=show_officer, **PERSONAL,
    columns=(*OF_PROJECT, "person__name", "stage", "post", "unit_name", "duty", "document", "from_on", "until_on", "handed", "state"),
)  # fmt: skip
LOOKBACKS = Listing(
    name="lookbacks", schema="LookBack", label="责任回溯", about="项目责任人任内的结果，须带令牌，不公开。",
    model=LookBack, order=("id",), filters=LookBackFilters, show=show_lookback, **PERSONAL,
    columns=(*OF_PROJECT, "officer__person__name", "officer__post", "officer__stage", "outcome", "finding", "note", "state"),
)  # fmt: skip
EVALUATIONS = Listing(
    name="evaluations", schema="Evaluation", label="项目绩效评价", about="政府和社会资本合作项目的绩效评价；未复核的只对有关单位可见。",
    model=Evaluation, order=("-evaluated_on", "-id"), filters=EvaluationFilters, show=show_evaluation,
    columns=(*OF_PROJECT, "period", "evaluator", "evaluated_on", "grade", "summary", "state"),
)  # fmt: skip
NOTICES = Listing(
    name="notices", schema="Notice", label="公共资源交易公告", about="交易公告、资格审查结果、成交、履约和变更信息，以及公开是否及时、信用网站专栏的地址和时间。",
    model=Notice, order=("-published_on", "-id"), filters=NoticeFilters, show=show_notice,
    columns=(
        *OF_PROJECT, "project__reference", "kind", "number", "title", "content", "url", "made_on", "published_on", "due_on", "due_explain",
        "amount_wan", "pushed_to", "pushed_at", "state",
    ),
)  # fmt: skip
register(EVALUATIONS, [
    *WORDS, "period text 评价期间", "evaluator text 评价机构", "evaluated_on day 评价日期", "grade text 评价等次", "summary text 评价结论",
])  # fmt: skip
register(NOTICES, [
    *WORDS, "transaction text 交易编号", "kind text 公告类型", "number text 公告编号", "title text 标题", "content text 内容", "url text 原文网址",
    "made_on day 事项形成日期", "published_on day 交易中心公开日期", "due_on day 应当公开的最后日期", "due_explain texts 期限的计算说明",
    "days_late int 晚公开的日数", "amount_wan text? 成交金额（万元）", "pushed_to text 信用网站地址", "pushed_at instant? 信用网站公开时间",
])  # fmt: skip
register(BREACHES, [
    *WORDS, "unit unit 政府方单位", "stage_name text 发生阶段", "promise text 违反的承诺", "fact text 违约事实", "cause text 不履约理由",
    "happened_on day 违约日期", "loss_wan text? 造成损失（万元）", "remedy text 补救情况", "ordered_on day? 责令整改日期", "due_on day? 整改期限",
])  # fmt: skip
register(OFFICERS, [
    *WORDS, "name text 姓名", "post text 当时职务", "unit_name text 当时单位", "stage_name text 负责阶段", "duty text 诚信职责", "document text 任命、分工文件",
    "from_on day 负责起始日期", "until_on day? 交接日期", "handed texts 接续的事项",
])  # fmt: skip
register(LOOKBACKS, [
    *WORDS, "name text 责任人", "post text 当时职务", "stage_name text 负责阶段", "outcome text 结论：GOOD 履约情况与成效，LIABLE 违约负有责任",
    "finding text 情况", "note text 不记入的理由",
])  # fmt: skip
