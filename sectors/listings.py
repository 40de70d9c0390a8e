"""Projects and duties as machines read them; the same filters serve pages, files and feeds."""

from __future__ import annotations

from typing import Any

import django_filters as f
from django.db.models import QuerySet

from integrity import public
from integrity.catalogue import SECTORS
from integrity.listing import Listing, fields, register
from sectors.models import Agent, Duty, Grade, PointsRule, Project
from sectors.plan import plans

UNITS = ("unit", "partner", "agent")
PROJECT = (
    "id", "version", "number", "sector", "kind", "reference", "name", "unit_name", "unit__code", "partner_name", "partner__code",
    "agent_name", "agent__code", "amount_wan", "amount_hidden", "facts", "stage", "stage_on", "stages", "state", "ended_on",
    "ended_reason", "released_at", "source_unit__name", "source_unit__code", "updated_at",
)  # fmt: skip
DUTY = (
    "id", "version", "project__number", "project__name", "project__sector", "project__amount_hidden", "code", "text", "owner__name",
    "owner__code", "amount_wan", "basis", "starts_on", "due_on", "due_explain", "state", "done_on", "note",
)  # fmt: skip
GRADE = (
    "id", "version", "subject__name", "subject__code", "scheme__sector", "scheme__code", "scheme__name", "scheme__edition", "since", "until",
    "parts", "score", "letter", "state",
)  # fmt: skip


def _late(rows: QuerySet, name: str, value: bool) -> QuerySet:
    late = Duty.objects.late().values("project")
    return rows.filter(pk__in=late) if value else rows.exclude(pk__in=late)


class ProjectFilters(f.FilterSet):
    """Filters of projects, on pages and in the interface alike."""

    sector = fields.choice("领域", list(SECTORS.items()))
    kind = fields.choice("项目类型", [(p.code, p.name) for p in plans().values()])
    stage = f.CharFilter(label="阶段", help_text="阶段代码，见 kinds 所列领域的说明", max_length=20)
    state = fields.choice("状态", Project.State.choices)
    unit = fields.one_code("政府方单位", "unit__code")
    partner = fields.one_code("相对方", "partner__code")
    agent = fields.one_code("代理机构", "agent__code")
    area = fields.in_area("unit__area")
    number = fields.number("编号")
    since = fields.since("进入阶段日期不早于", "stage_on")
    until = fields.until("进入阶段日期不晚于", "stage_on")
    late = f.BooleanFilter(method=_late, label="有逾期事项", help_text="有逾期的责任事项：true 或者 false")


class DutyFilters(f.FilterSet):
    """Filters of duties."""

    sector = fields.choice("领域", list(SECTORS.items()), "project__sector")
    project = f.CharFilter(field_name="project__number", label="项目编号", help_text="所属项目的编号", max_length=40)
    code = f.CharFilter(label="事项代码", help_text="责任事项的代码，如 payment", max_length=30)
    owner = fields.one_code("责任单位", "owner__code")
    state = fields.choice("状态", Duty.State.choices)
    due_since = fields.since("期限不早于", "due_on")
    due_until = fields.until("期限不晚于", "due_on")


def party(v: public.Values, name: str) -> dict[str, str] | None:
    return {"name": v[f"{name}_name"], "code": v[f"{name}__code"] or ""} if v[f"{name}_name"] else None


def amount(value: Any) -> str | None:
    return None if value is None else format(value.normalize(), "f")


def show(v: public.Values) -> dict[str, Any]:
    """What everybody may read of a released project."""
    plan = plans()[v["kind"]]
    plain = (
        "version",
        "number",
        "sector",
        "kind",
        "reference",
        "name",
        "stage",
        "stage_on",
        "state",
        "ended_on",
        "ended_reason",
    )
    return {
        "uid": v["id"],
        **{name: v[name] for name in plain},
        "kind_name": plan.name,
        "stage_name": plan.stage(v["stage"]).name,
        "stages": [{"stage": code, "name": plan.stage(code).name, "on": on} for code, on in v["stages"]],
        **{name: party(v, name) for name in UNITS},
        "amount_wan": None if v["amount_hidden"] else amount(v["amount_wan"]),
        "facts": {n: x for n, x in v["facts"].items() if n in plan.known and plan.known[n].public},
        "source_unit": {"name": v["source_unit__name"], "code": v["source_unit__code"]},
        "released_at": public.local(v["released_at"]),
        "updated_at": public.local(v["updated_at"]),
    }


def show_duty(v: public.Values) -> dict[str, Any]:
    """One thing owed: by whom, by when with its explanation, and whether it was done."""
    plain = ("version", "code", "text", "basis", "starts_on", "due_on", "due_explain", "state", "done_on", "note")
    return {
        "uid": v["id"],
        "project": v["project__number"],
        "project_name": v["project__name"],
        "sector": v["project__sector"],
        **{name: v[name] for name in plain},
        "owner": {"name": v["owner__name"], "code": v["owner__code"] or ""} if v["owner__name"] else None,
        "amount_wan": None if v["project__amount_hidden"] else amount(v["amount_wan"]),
    }


class GradeFilters(f.FilterSet):
    """Filters of grades."""

    sector = fields.choice("领域", list(SECTORS.items()), "scheme__sector")
    scheme = f.CharFilter(field_name="scheme__code", label="评价方案", help_text="评价方案的代码", max_length=30)
    subject = fields.one_code("被评价单位", "subject__code")
    letter = fields.choice("等级", Grade._meta.get_field("letter").choices)


def show_grade(v: public.Values) -> dict[str, Any]:
    """A grade with its scheme's version and what was counted."""
    plain = ("version", "since", "until", "parts", "letter", "state")
    return {
        "uid": v["id"],
        "subject": {"name": v["subject__name"], "code": v["subject__code"]},
        "sector": v["scheme__sector"],
        "scheme": v["scheme__code"],
        "scheme_name": v["scheme__name"],
        "scheme_edition": v["scheme__edition"],
        **{name: v[name] for name in plain},
        "score": str(v["score"]),
    }


PROJECTS = Listing(
    name="projects",
    schema="Project",
    label="重点领域项目",
    about="政府采购、政府和社会资本合作、招标投标、招商引资等项目的当事方、阶段和公开数据项；未经复核的只对提供单位和上级可见。",
    model=Project,
    columns=PROJECT,
    show=show,
    order=("-stage_on", "-id"),
    filters=ProjectFilters,
    search=lambda rows, query: rows.search(query),
)
DUTIES = Listing(
    name="duties",
    schema="Duty",
    label="责任事项",
    about="项目各方应当在期限内完成的事项：公告、备案、验收、付款和约定的承诺，含期限的计算说明。",
    model=Duty,
    columns=DUTY,
    show=show_duty,
    order=("due_on", "id"),
    filters=DutyFilters,
)
GRADES = Listing(
    name="grades",
    schema="Grade",
    label="信用等级",
    about="采购人、供应商、代理机构、投标人等单位按批准方案评出的信用等级和各项指标；等级只供参考，不限制参加采购或者投标。",
    model=Grade,
    columns=GRADE,
    show=show_grade,
    order=("-until", "-id"),
    filters=GradeFilters,
)
UID = ["uid uuid 随机标识，对外引用一律用它", "version int 版本，每次办理加一"]
register(PROJECTS, [
    *UID, "number text 编号", "sector text 领域", "kind text 项目类型", "kind_name text 项目类型名称", "reference text 采购、招标或者合同上的编号",
    "name text 项目名称", "unit unit? 政府方单位", "partner unit? 相对方：供应商、社会资本方、投资方等", "agent unit? 代理机构",
    "amount_wan text? 金额（万元），要求保密的为空", "stage text 阶段", "stage_name text 阶段名称", "stage_on day 进入阶段日期",
    "stages list 经过的阶段及日期", "facts object 该类项目公开的数据项", "state text 状态：OPEN 进行中，ENDED 已完成，BROKEN_OFF 已终止",
    "ended_on day? 结束日期", "ended_reason text 结束原因", "source_unit unit 信息提供单位", "released_at instant? 公开时间",
    "updated_at instant? 更新时间",
])  # fmt: skip
register(DUTIES, [
    *UID, "project text 所属项目编号", "project_name text 所属项目名称", "sector text 领域", "code text 事项代码，人工登记的为空", "text text 责任事项",
    "owner unit? 责任单位", "amount_wan text? 金额（万元），要求保密的为空", "basis text 依据", "starts_on day 起算日期", "due_on day 期限",
    "due_explain texts 期限的计算说明", "state text 状态：OPEN 未完成，DONE 已完成，VOID 不再需要", "done_on day? 完成日期", "note text 完成情况",
])  # fmt: skip
register(GRADES, [
    *UID, "subject unit 被评价单位", "sector text 领域", "scheme text 评价方案代码", "scheme_name text 评价方案名称", "scheme_edition int 方案版本",
    "since day 评价期起", "until day 评价期止", "parts list 各项指标的事项数和符合数", "score text 得分", "letter text 等级", "state text 状态：CONFIRMED 已确认",
])  # fmt: skip


# ---- bidding (task 17) ----

RULE = ("id", "version", "code", "whom", "behaviour", "points", "basis", "valid_from", "valid_until", "state")
AGENT = (
    "id",
    "version",
    "subject__name",
    "subject__code",
    "registered_no",
    "registered_on",
    "scope",
    "staff",
    "inspections",
    "state",
)


class RuleFilters(f.FilterSet):
    """Filters of points rules."""

    whom = fields.choice("适用对象", PointsRule.Whom.choices)


class AgentFilters(f.FilterSet):
    """Filters of bidding agencies."""

    subject = fields.one_code("代理机构", "subject__code")


RULES = Listing(
    name="points-rules",
    schema="PointsRule",
    label="记分规则",
    about="招标投标不良行为记分规则；记分本身不限制投标。",
    model=PointsRule,
    columns=RULE,
    show=lambda v: {"uid": v["id"]} | {name: v[name] for name in RULE[1:]},
    order=("id",),
    filters=RuleFilters,
)
AGENTS = Listing(
    name="bidding-agents",
    schema="BiddingAgent",
    label="招标代理机构",
    about="招标代理机构的登记信息、从业人员数和动态监管结果。",
    model=Agent,
    columns=AGENT,
    show=lambda v: (
        {"uid": v["id"], "subject": {"name": v["subject__name"], "code": v["subject__code"]}}
        | {name: v[name] for name in AGENT if "__" not in name and name != "id"}
    ),
    order=("id",),
    filters=AgentFilters,
)
register(RULES, [
    *UID, "code text 规则编号", "whom text 适用对象", "behaviour text 不良行为", "points int 记分", "basis text 依据", "valid_from day 施行日期",
    "valid_until day? 停止施行日期", "state text 状态：LISTED 有效",
])  # fmt: skip
register(AGENTS, [
    *UID, "subject unit 代理机构", "registered_no text 登记编号", "registered_on day 登记日期", "scope text 业务范围", "staff int 专职从业人员数",
    "inspections list 动态监管：日期、单位、情况、结论", "state text 状态：LISTED 有效",
])  # fmt: skip
