"""Services, cases of services, openness and figures of lawful administration as machines read them (task 6)."""

from __future__ import annotations

from typing import Any

import django_filters as f
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from agencies.indicators import INDICATORS
from agencies.models import Disclosure, Handling, Service, YearFigure
from agencies.models.onestop import KINDS
from integrity import public
from integrity.listing import Listing, fields, register

UID = ["uid uuid 随机标识，对外引用一律用它", "version int 版本，每次办理加一", "agency unit 单位"]
OWN = ("id", "version", "agency__name", "agency__code", "state")
CLOCK = ("started_on", "due_on", "due_explain", "done_on")
CLOCK_WORDS = ["started_on day 起算日期", "due_on day 期限", "due_explain texts 期限的计算说明", "done_on day? 办结日期", "state text 状态：OPEN 在办，DONE 已办结"]  # fmt: skip


def _late(rows: QuerySet, name: str, value: bool) -> QuerySet:
    late = Q(state="OPEN", due_on__lt=timezone.localdate()) | Q(state="DONE", done_on__gt=F("due_on"))
    return rows.filter(late) if value else rows.exclude(late)


class OwnFilters(f.FilterSet):
    """Filters that every list of an agency's own rows has."""

    agency = fields.one_code("单位", "agency__code")
    area = fields.in_area("agency__area")


class ClockedFilters(OwnFilters):
    """Filters of rows with a clock."""

    state = fields.choice("状态", Handling.State.choices)
    late = f.BooleanFilter(method=_late, label="逾期", help_text="到期未办结或者晚于期限办结：true 或者 false")
    due_since = fields.since("期限不早于", "due_on")
    due_until = fields.until("期限不晚于", "due_on")
    done_since = fields.since("办结日期不早于", "done_on")
    done_until = fields.until("办结日期不晚于", "done_on")


class ServiceFilters(OwnFilters):
    """Filters of services, on pages and in the interface alike."""

    kind = fields.choice("事项类型", [(k, k) for k in KINDS])
    audience = fields.choice("服务对象", Service.Audience.choices)
    state = fields.choice("状态", Service.State.choices)
    code = f.CharFilter(label="事项编码", help_text="事项编码", max_length=40)


class HandlingFilters(ClockedFilters):
    """Filters of cases."""

    number = fields.number("办件编号")
    service = f.CharFilter(field_name="service__code", label="事项编码", help_text="事项编码", max_length=40)


class DisclosureFilters(ClockedFilters):
    """Filters of openness items."""

    kind = fields.choice("类型", Disclosure.Kind.choices)


class FigureFilters(OwnFilters):
    """Filters of figures of lawful administration."""

    year = f.NumberFilter(label="年度", help_text="年度，如 2026")
    indicator = fields.choice("指标", [(i.code, i.name) for i in INDICATORS.values()])
    state = fields.choice("状态", YearFigure.State.choices)


def own(v: public.Values) -> dict[str, Any]:
    return {
        "uid": v["id"],
        "version": v["version"],
        "agency": {"name": v["agency__name"], "code": v["agency__code"]},
        "state": v["state"],
    }


SERVICE = (
    "code",
    "name",
    "kind",
    "audience",
    "basis",
    "statutory_days",
    "promised_days",
    "online_url",
    "place",
    "phone",
)
SERVICES = register(
    Listing(
        name="services", schema="Service", label="政务服务事项", about="已公开的政务服务事项：依据、法定和承诺办结时限、网上办理地址。",
        model=Service, columns=(*OWN, *SERVICE, "updated_at"), order=("name", "id"), filters=ServiceFilters,
        show=lambda v: own(v) | {n: v[n] for n in SERVICE} | {"updated_at": public.local(v["updated_at"])},
        search=lambda rows, query: rows.search(query),
    ),
    [*UID, "state text 状态：PUBLIC 已公开", "code text 事项编码", "name text 事项名称", "kind text 事项类型", "audience text 服务对象",
     "basis text 依据", "statutory_days int 法定办结时限（工作日）", "promised_days int 承诺办结时限（工作日），0 为当日", "online_url text 网上办理地址",
     "place text 办理地点", "phone text 咨询电话", "updated_at instant? 更新时间"],
)  # fmt: skip
HANDLINGS = register(
    Listing(
        name="handlings", schema="Handling", label="办件", about="政务服务办件的受理、期限和办结，须带令牌；不含申请人信息。", model=Handling,
        columns=(*OWN, *CLOCK, "number", "service__code", "service__name", "statutory_on", "result"), order=("-started_on", "id"),
        show=lambda v: own(v) | {n: v[n] for n in (*CLOCK, "number", "statutory_on", "result")}
        | {"service": v["service__code"], "service_name": v["service__name"]},
        filters=HandlingFilters, inside=lambda seat, ids: set(ids), by_right=True,
    ),
    [*UID, *CLOCK_WORDS, "number text 办件编号", "service text 事项编码", "service_name text 事项名称", "statutory_on day 法定期限",
     "result text 办理结果"],
)  # fmt: skip
DISCLOSURES = register(
    Listing(
        name="disclosures", schema="Disclosure", label="公开事项", about="主动公开、依申请公开和年度报告的期限和完成情况，须带令牌。", model=Disclosure,
        columns=(*OWN, *CLOCK, "kind", "title", "extended", "url"), order=("-started_on", "id"),
        show=lambda v: own(v) | {n: v[n] for n in (*CLOCK, "kind", "title", "extended", "url")},
        filters=DisclosureFilters, inside=lambda seat, ids: set(ids), by_right=True,
    ),
    [*UID, *CLOCK_WORDS, "kind text 类型：ACTIVE、REQUEST、REPORT", "title text 名称", "extended int 延长（工作日）", "url text 公开地址"],
)  # fmt: skip
FIGURES = register(
    Listing(
        name="law-figures", schema="YearFigure", label="依法行政指标", about="各单位各年度依法行政指标，其中数、总数和口径，经复核公开。",
        model=YearFigure, columns=(*OWN, "year", "indicator", "part", "whole"), order=("-year", "id"), filters=FigureFilters,
        show=lambda v: own(v) | {n: v[n] for n in ("year", "indicator", "part", "whole")}
        | {"name": INDICATORS[v["indicator"]].name},
    ),
    [*UID, "state text 状态：PUBLIC 已公开", "year int 年度", "indicator text 指标代码", "name text 指标名称", "part int 其中数", "whole int 总数"],
)  # fmt: skip
