"""Inputs of the agencies' acts."""

from __future__ import annotations

from typing import Any

from django import forms

from agencies.models import AgencyPledge, ClearingCase, CourtEntry, DutyItem, SanctionCase, Service, Talk
from agencies.models.cases import STATEMENT
from agencies.models.leads import EXCUSES
from agencies.models.onestop import RESULTS
from agencies.models.promises import HEADS
from integrity import catalogue
from integrity.facts import Fact
from integrity.forms import FactField, OrganisationField, act_inputs, choice_input, date_input, text_input
from integrity.forms.inputs import FINDERS
from integrity.models import PUBLIC, Subject


def _text(label: str, *, rows: int = 3, size: int = 2000, required: bool = True, hint: str = "") -> Any:
    return lambda row: text_input(label, rows=rows, max_length=size, required=required, help_text=hint)


def _one_of(label: str, options: Any, required: bool = True) -> Any:
    return lambda row: choice_input(label, [(o, o) for o in options], required=required)


def _options(code: str, fact: str) -> tuple[str, ...]:
    return catalogue.load().kinds[code].fact_names[fact].options


def _measures(row: Any) -> forms.Field:
    listed = row.listed_measures if isinstance(row, SanctionCase) and row.record_id else []
    return choice_input("措施", listed)


class CandidateField(forms.ChoiceField):
    """One of the agencies that a line of a list may mean, each with its reasons; none of them, where another is named."""

    def clean(self, value: Any) -> Subject | None:
        chosen = super().clean(value)
        rows = Subject.objects.visible_to(PUBLIC)
        return rows.filter(**{"code" if len(chosen) == 18 else "pk": chosen}).first() if chosen else None


def _candidates(row: Any) -> forms.Field:
    listed = row.choices if isinstance(row, CourtEntry) else []
    return CandidateField(
        label="候选单位", required=False, choices=[*listed, ("", "都不是，在下面填写")], widget=forms.RadioSelect
    )


def _duties(row: Any) -> forms.Field:
    """The agency's own list items."""
    mine = (
        DutyItem.objects.public().filter(agency=row.agency_id)
        if isinstance(row, AgencyPledge) and row.agency_id
        else []
    )
    return choice_input("依据的清单事项", [(str(d.pk), str(d)) for d in mine], required=False)


def _count(label: str, most: int = 1_000_000) -> Any:
    def make(row: Any) -> forms.Field:
        return forms.IntegerField(
            label=label, min_value=0, max_value=most, widget=forms.NumberInput(attrs={"class": "in short"})
        )

    return make


def _address(label: str, hint: str = "") -> Any:
    return lambda row: forms.URLField(
        label=label,
        required=False,
        max_length=300,
        help_text=hint,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "in"}),
    )


act_inputs(
    promise_head=_one_of("承诺方面", HEADS),
    promise_text=_text("承诺事项", rows=2, size=500),
    measure_by=_text("可衡量的目标", rows=0, size=300, hint="如：3 个工作日内办结率 100%"),
    keep_by=lambda row: date_input("兑现期限", required=False, help_text="留空表示长期坚持"),
    duty_item=_duties,
    item_no=lambda row: forms.IntegerField(
        label="事项序号", min_value=1, max_value=200, widget=forms.NumberInput(attrs={"class": "in short"})
    ),
    head_name=_text("单位负责人姓名", rows=0, size=60, hint="与扫描件上的签字一致"),
    renew_until=lambda row: date_input("有效期至"),
    broken=_text("违诺事实"),
    meant=_candidates,
    other=lambda row: OrganisationField("其他单位", required=False),
    plan_kind=lambda row: choice_input("化解方式", ClearingCase.Plan.choices),
    leader=_text("包保负责人", rows=0, size=60),
    plan_due_on=lambda row: date_input("化解期限"),
    performed_on=lambda row: date_input("履行或者和解日期"),
    performed_wan=lambda row: FactField(Fact("performed_wan", "已履行（万元）", "amount", required=False)),
    proof=_text("履行、和解情况", rows=4, hint="付款凭证、和解协议请先在事项页上传"),
    asked_on=lambda row: date_input("申请退出日期"),
    finished_on=lambda row: date_input("办结（公开、答复）日期"),
    handled_as=_one_of("办理结果", RESULTS),
    promised_days=_count("承诺办结时限（工作日）", 400),
    online_url=_address("网上办理地址"),
    open_url=_address("公开地址", "主动公开和年度报告必填"),
    place=_text("办理地点", rows=0, size=200, required=False),
    phone=_text("咨询电话", rows=0, size=40, required=False),
    part=_count("其中"),
    whole=_count("总数"),
    late_cause=_text("超期原因", size=500),
    remedy_taken=_text("整改措施", size=500),
    order_kind=_one_of("监督方式", _options("AG08", "order_kind")),
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
    paper_no=_text("认定（通报）文号", rows=0, size=128, hint="如：日诚信〔2026〕8号"),
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


def find_service(text: str, seat: Any) -> Service | None:
    """A service of the own unit by its code; by another reach only where the code is unique."""
    found = (
        Service.objects.inside(seat).filter(code=text).exclude(state="ENDED").select_related("agency", "agency__area")
    )
    own = [row for row in found[:2] if row.agency_id == seat.org_id] or list(found[:2])
    return own[0] if len(own) == 1 else None


FINDERS[Service] = ("填写事项编码", find_service)
