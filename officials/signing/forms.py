"""Inputs of the acts on keys and templates; the form in which a template is written."""

from __future__ import annotations

from typing import Any

from django import forms

from integrity.forms import act_inputs, choice_input, date_input
from officials.models.signkey import REASONS

act_inputs(
    key_reason=lambda row: choice_input("注销原因", REASONS),
    suspect_from=lambda row: date_input(
        "从哪一天起可能被他人使用",
        required=False,
        help_text="该日之后用这把密钥签署的承诺会列入待重签名单；不确定的留空",
    ),
)


class ConfirmForm(forms.Form):
    """Level B: read, and the password once more."""

    read = forms.BooleanField(label="我已阅读全文，自愿签署", error_messages={"required": "请先阅读并勾选确认"})
    password = forms.CharField(
        label="登录密码", widget=forms.PasswordInput(attrs={"class": "in", "autocomplete": "current-password"}),
        error_messages={"required": "请输入登录密码"},
    )  # fmt: skip


class PaperForm(forms.Form):
    """Level C: the scan and the day on the paper."""

    signed_on = forms.DateField(label="纸面签署日期", widget=forms.DateInput(attrs={"class": "in", "type": "date"}))
    scan = forms.FileField(label="签署页扫描件", help_text="PDF、JPG 或者 PNG，不超过 5 MB；只供内部核对，不公开")

    def clean_scan(self) -> Any:
        upload = self.cleaned_data["scan"]
        if upload.size > 5 * 2**20:
            raise forms.ValidationError("扫描件超过 5 MB，请压缩后上传")
        return upload
