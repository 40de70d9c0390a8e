"""The agencies' flows as machines read them: by right only; who reported a lead is never told (domain.md 6)."""

from __future__ import annotations

from typing import Any

import django_filters as f

from agencies import listings_open  # noqa: F401  (they register themselves)
from agencies.models import AgencyPledge, BreachLead, Card, ClearingCase, CorrectionOrder, DutyItem, SanctionCase
from integrity import public
from integrity.listing import Listing, fields, register
from integrity.models import CLOCK, Matter

FLOW = (
    "id", "version", "matter_id", "matter__number", "matter__title", "matter__due_on", "matter__received_at", "matter__closed_at",
    "agency__name", "agency__code", "state",
)  # fmt: skip
FLOW_WORDS = [
    "uid uuid 随机标识，对外引用一律用它", "version int 版本，每次办理加一", "matter uuid 事项的 uid", "number text 事项编号", "title text 标题",
    "agency unit 涉事单位", "state text 状态", "due_on day? 当前环节办理期限", "received_at instant? 收到时间", "closed_at instant? 办结时间",
]  # fmt: skip


class FlowFilters(f.FilterSet):
    """Filters that every flow has."""

    number = fields.number("事项编号", "matter__number")
    agency = fields.one_code("涉事单位", "agency__code")
    area = fields.in_area("agency__area")
    late = f.BooleanFilter(method="narrow_late", label="当前环节已逾期", help_text="当前环节已逾期：true 或者 false")
    due_since = fields.since("期限不早于", "matter__due_on")
    due_until = fields.until("期限不晚于", "matter__due_on")
    open = f.BooleanFilter(method="narrow_open", label="尚未办结", help_text="尚未办结：true 或者 false")

    def narrow_late(self, rows: Any, name: str, value: bool) -> Any:
        """Rows whose running term is over, or all the others."""
        late = Matter.objects.visible_to(CLOCK).overdue()
        return rows.filter(matter__in=late) if value else rows.exclude(matter__in=late)

    def narrow_open(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(matter__closed_at__isnull=value)


class CaseFilters(FlowFilters):
    """Filters of the list of cases, on pages and in the interface alike."""

    state = fields.choice("状态", SanctionCase.State.choices)


class LeadFilters(FlowFilters):
    """Filters of the list of leads."""

    state = fields.choice("状态", BreachLead.State.choices)
    source = fields.choice("来源", BreachLead.Source.choices)


class ClearingFilters(FlowFilters):
    """Filters of the list of clearing cases."""

    state = fields.choice("状态", ClearingCase.State.choices)
    kind = fields.codes("主体类别", "agency__agency_kind")


class CardFilters(FlowFilters):
    """Filters of the list of cards."""

    state = fields.choice("状态", Card.State.choices)
    colour = fields.choice("牌别", Card.Colour.choices)
    sent_since = fields.since("发牌日期不早于", "matter__received_at__date")
    sent_until = fields.until("发牌日期不晚于", "matter__received_at__date")


class CorrectionFilters(FlowFilters):
    """Filters of the list of correction orders."""

    state = fields.choice("状态", CorrectionOrder.State.choices)


def flow(v: public.Values) -> dict[str, Any]:
    """What every flow tells: matter, agency, state, clock."""
    return {
        "uid": v["id"], "version": v["version"], "matter": v["matter_id"], "number": v["matter__number"], "title": v["matter__title"],
        "agency": {"name": v["agency__name"], "code": v["agency__code"]}, "state": v["state"], "due_on": v["matter__due_on"],
        "received_at": public.local(v["matter__received_at"]), "closed_at": public.local(v["matter__closed_at"]),
    }  # fmt: skip


def _listing(
    name: str, schema: str, label: str, model: Any, plain: tuple[str, ...], filters: type[f.FilterSet], words: list[str]
) -> Listing:
    made = Listing(
        name=name, schema=schema, label=label, about=f"{label}的办理情况，须带令牌；不含投诉人身份和材料原文。", model=model,
        columns=(*FLOW, *plain), show=lambda v: flow(v) | {n: v[n] for n in plain}, order=("id",), filters=filters,
        inside=lambda seat, ids: set(ids), by_right=True,
    )  # fmt: skip
    return register(made, [*FLOW_WORDS, *words])


CASES = _listing(
    "sanction-cases", "SanctionCase", "失信惩戒案件", SanctionCase,
    ("loss_wan", "notified_on", "explained_on", "ordered_on", "extension", "submitted_on", "inspected_on", "referred_to", "referred_on"),
    CaseFilters,
    [
        "loss_wan amount? 造成损失（万元）", "notified_on day? 通知送达日期", "explained_on day? 说明日期", "ordered_on day? 责令整改日期",
        "extension int 延长日数", "submitted_on day? 提交验收日期", "inspected_on day? 验收日期", "referred_to text 追责移送单位", "referred_on day? 移送日期",
    ],
)  # fmt: skip
LEADS = _listing(
    "breach-leads", "BreachLead", "违约失信线索", BreachLead, ("source", "field", "amount_wan", "ordered_on"), LeadFilters,
    ["source text 来源", "field text 领域", "amount_wan amount? 涉及金额（万元）", "ordered_on day? 责令整改日期"],
)  # fmt: skip
CLEARING = _listing(
    "clearing-cases", "ClearingCase", "失信被执行人清零", ClearingCase,
    ("case_no", "court", "amount_wan", "told_on", "listed_on", "plan_kind", "plan_due_on", "performed_on", "performed_wan", "asked_on", "removed_on"),
    ClearingFilters,
    [
        "case_no text 执行案号", "court text 执行法院", "amount_wan amount? 执行标的（万元）", "told_on day? 法院告知日期", "listed_on day? 列入日期",
        "plan_kind text 化解方式", "plan_due_on day? 化解期限", "performed_on day? 履行或者和解日期", "performed_wan amount? 已履行（万元）",
        "asked_on day? 申请退出日期", "removed_on day? 退出日期",
    ],
)  # fmt: skip


class PromiseFilters(f.FilterSet):
    """Filters of the list of agencies' pledges, on pages and in the interface alike."""

    agency = fields.one_code("承诺单位", "agency__code")
    area = fields.in_area("agency__area")
    state = fields.choice("状态", AgencyPledge.State.choices)
    year = f.NumberFilter(field_name="year", label="年度")


PROMISES = register(
    Listing(
        name="agency-pledges", schema="AgencyPledge", label="政务信用承诺书", model=AgencyPledge, order=("id",), filters=PromiseFilters,
        about="政府机构年度承诺书的办理情况，须带令牌；已公开的承诺及其事项见 pledges。", by_right=True, inside=lambda seat, ids: set(ids),
        columns=("id", "version", "agency__name", "agency__code", "year", "state", "valid_until", "pledge__number", "channel"),
        show=lambda v: {
            "uid": v["id"], "version": v["version"], "agency": {"name": v["agency__name"], "code": v["agency__code"]}, "year": v["year"],
            "state": v["state"], "valid_until": v["valid_until"], "pledge": v["pledge__number"] or "", "channel": v["channel"],
        },
    ),
    [
        "uid uuid 随机标识，对外引用一律用它", "version int 版本，每次办理加一", "agency unit 承诺单位", "year int 年度", "state text 状态",
        "valid_until day 有效期至", "pledge text 承诺书编号", "channel text 监督方式",
    ],
)  # fmt: skip


class DutyFilters(f.FilterSet):
    """Filters of the lists of duties."""

    agency = fields.one_code("单位", "agency__code")
    area = fields.in_area("agency__area")
    kind = fields.choice("清单", DutyItem.List.choices)


DUTIES = register(
    Listing(
        name="duty-items", schema="DutyItem", label="清单事项", model=DutyItem, order=("id",), filters=DutyFilters,
        about="责任清单、权力清单和公共服务清单的事项。", inside=lambda seat, ids: set(ids),
        columns=("id", "version", "agency__name", "agency__code", "kind", "code", "name", "basis", "link", "state"),
        show=lambda v: {
            "uid": v["id"], "version": v["version"], "agency": {"name": v["agency__name"], "code": v["agency__code"]},
            **{n: v[n] for n in ("kind", "code", "name", "basis", "link", "state")},
        },
    ),
    [
        "uid uuid 随机标识，对外引用一律用它", "version int 版本，每次办理加一", "agency unit 单位", "kind text 清单：DUTY 责任、POWER 权力、SERVICE 公共服务",
        "code text 事项编码", "name text 事项名称", "basis text 依据", "link text 办事指南地址", "state text 状态",
    ],
)  # fmt: skip
CARDS = _listing(
    "cards", "Card", "红黄牌", Card, ("colour", "told", "overdue_since", "days_over", "cause", "remedy"), CardFilters,
    ["colour text 牌别", "told text 超期事项", "overdue_since day 原定期限", "days_over int 发牌时超期工作日", "cause text 超期原因", "remedy text 整改措施"],
)  # fmt: skip
CORRECTIONS = _listing(
    "correction-orders", "CorrectionOrder", "政府信息公开督促整改", CorrectionOrder, ("article", "served_on"), CorrectionFilters,
    ["article text 违反的条款", "served_on day 送达日期"],
)  # fmt: skip
