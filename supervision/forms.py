"""Inputs of supervision: the steps of a complaint, and what its acts ask for."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from integrity.forms import ActingForm, OrganisationField, act_inputs, choice_input, date_input, text_input
from integrity.models.record.spec import TIERS
from integrity.portal.me.filing import FilesField
from supervision.models import Complaint
from supervision.models.complaint_fields import HARMS, SPHERES

PHONE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}")
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def words(options: Any) -> list[tuple[str, str]]:
    """A list of words as choices."""
    return [(w, w) for w in options]


act_inputs(
    harm=lambda row: choice_input("危害类型", words(HARMS), help_text="办理中可以重新研判"),
    sphere=lambda row: choice_input("涉及领域", words(SPHERES)),
    account=lambda row: text_input("情况说明", rows=6, max_length=4000),
    public_reply=lambda row: text_input(
        "公开的答复", rows=5, max_length=2000, help_text="不含投诉人信息，不含个人隐私"
    ),
    promise_result=lambda row: text_input("兑现情况", rows=3, max_length=500),
    title=lambda row: text_input("事项名称", max_length=200),
    legal_basis=lambda row: text_input(
        "认定依据", rows=2, max_length=500, help_text="法律法规或者政策文件的名称和条款"
    ),
    verdict_no=lambda row: text_input("认定书文号", max_length=128, help_text="如：日信认〔2026〕18号"),
    verdict_on=lambda row: date_input("认定日期"),
    tier=lambda row: choice_input("失信等级", [t for t in TIERS.items() if t[0] != "none"]),
    fact_found=lambda row: text_input("查实的失信事实", rows=5, max_length=3000),
)


class UnitForm(forms.Form):
    """Step 1: which body; only public bodies and public-service enterprises can be complained of here."""

    unit = OrganisationField("被投诉单位")

    def clean_unit(self) -> Any:
        unit = self.cleaned_data["unit"]
        if unit.form != "AGENCY" and not unit.public_service:
            raise ValidationError("这里只受理对机关、事业单位、村居组织和公共服务企业的投诉，其他企业请拨打 12345")
        return unit.successor


class FactsForm(forms.Form):
    """Step 2: what happened."""

    category = choice_input("事项类别", Complaint.Category.choices)
    happened_on = date_input("发生时间", required=False, help_text="记不清日期的可以不填")
    text = text_input(
        "事情经过", rows=8, help_text="请写明时间、地点、经过和诉求，30 至 2000 字；请不要在这里写您的姓名和电话"
    )
    files = FilesField("证据材料", help_text="图片、PDF、Word 或者录音，最多 10 个，每个不超过 20 MB")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].error_messages["required"] = "请选择事项类别"

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].strip()
        if len(text) < 30:
            raise ValidationError("请写明经过，至少 30 字")
        return text


class ContactForm(forms.Form):
    """Step 3: named or anonymous, and whether the answer may be published without anything about him."""

    way = choice_input("是否实名", [("NAMED", "实名（仅承办单位可见，每次查看都留痕）"), ("ANONYMOUS", "匿名")])
    name = text_input("姓名", required=False, max_length=40)
    reach = text_input("手机号或者邮箱", required=False, max_length=80)
    publish_reply = forms.BooleanField(label="愿意公开答复（不含您的信息）", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        reach = unicodedata.normalize("NFKC", data.get("reach", "")).strip()
        if data.get("way") == "ANONYMOUS":
            data["name"] = data["reach"] = ""
        elif data.get("way") == "NAMED" and not reach:
            self.add_error("reach", "请填写手机号或选择匿名")
        elif reach and not (PHONE.fullmatch(reach.replace(" ", "")) or MAIL.fullmatch(reach)):
            self.add_error("reach", "手机号应为 11 位数字，邮箱应含“@”")
        else:
            data["reach"] = reach
        return data


class EntryForm(ActingForm):
    """A media item or a single order of the hotline, registered by an office."""

    channel = choice_input("渠道", [c for c in Complaint.Channel.choices if c[0] != "WEB"])
    headline = text_input("标题", max_length=200)
    text = text_input("主要内容", rows=6, max_length=4000, help_text="不要填写来电人、爆料人的姓名和电话")
    about = OrganisationField("被反映单位", required=False)
    category = choice_input("事项类别", Complaint.Category.choices)
    harm = choice_input("危害类型", words(HARMS))
    sphere = choice_input("涉及领域", words(SPHERES))
    order_no = text_input("热线工单编号", required=False, max_length=60)
    programme = text_input("栏目", required=False, max_length=60, help_text="如：问政日照")
    aired_on = date_input("播出日期", required=False)
    promise = text_input("现场承诺", required=False, rows=2, max_length=500)
    promised_until = date_input("承诺完成日期", required=False)
    link = forms.URLField(
        label="链接", required=False, widget=forms.URLInput(attrs={"class": "in"}), assume_scheme="https"
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("channel") == "HOTLINE" and not data.get("order_no"):
            self.add_error("order_no", "请填写热线工单编号")
        if data.get("channel") == "MEDIA" and not data.get("programme"):
            self.add_error("programme", "请填写栏目")
        return data

    def act(self, by: Any) -> None:
        data = self.inputs(by)
        given = {name: data.pop(name) for name in ("headline", "text", "about")}
        self.complaint = Complaint(**{k: v for k, v in data.items() if v not in (None, "")})
        self.complaint.enter(by=by, title=given["headline"], text=given["text"], about=given["about"])
