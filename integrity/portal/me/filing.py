"""Forms of redress: objection, repair, complaint about handling, self-report; with an account or with a letter of authority."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from integrity.forms import ActingForm, OrganisationField, text_input
from integrity.forms.inputs import choice_input
from integrity.models import Attachment, HandlingComplaint, Matter, Objection, Record, RepairApplication, SelfReport
from integrity.models.redress import GROUNDS, PLEDGE

MAX_FILES = 10


class ManyFiles(forms.ClearableFileInput):
    """Several files in one control."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Up to ten files; each is looked at when it is stored."""

    def __init__(self, label: str, *, required: bool = False, help_text: str = "") -> None:
        hint = help_text or "PDF、图片、Word 或者录音，最多 10 个，每个不超过 20 MB"
        super().__init__(label=label, required=required, help_text=hint, widget=ManyFiles())
        self.error_messages["required"] = f"请上传{label}"

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [f for f in (data if isinstance(data, (list, tuple)) else [data]) if f]
        if self.required and not files:
            raise ValidationError(self.error_messages["required"])
        if len(files) > MAX_FILES:
            raise ValidationError(f"最多上传 {MAX_FILES} 个文件")
        return [super(FilesField, self).clean(f, initial) for f in files]


class FilingForm(ActingForm):
    """A flow about one record: filed by its subject, or by an agent with a letter of authority."""

    title = ""
    button = ""

    def __init__(self, record: Record, by: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = record
        if by.role.code == "PUBLIC":
            self.fields["agent"] = text_input(
                "经办人姓名和联系方式", max_length=100, help_text="仅供核验和联系，不公开"
            )
            self.fields["authority"] = FilesField("授权委托书和主体资格证明", required=True)
        self.fields["files"] = FilesField("证据材料")

    def row(self) -> Any:
        """The unsaved row of the flow."""
        raise NotImplementedError

    def file(self, row: Any, by: Any) -> Any:
        return row.file(by=by)

    def act(self, by: Any) -> None:
        row = self.row()
        row.agent = self.cleaned_data.get("agent", "")
        self.matter: Matter = self.file(row, by).matter
        for role, name in (("授权委托书", "authority"), ("证据", "files")):
            for upload in self.cleaned_data.get(name) or []:
                Attachment.add(self.matter, upload, by, role=role)


class ObjectionForm(FilingForm):
    """信息异议申请."""

    title, button = "提出异议", "提交异议"
    reason = choice_input("异议类型", Objection.Reason.choices)
    text = text_input("事实与理由", rows=5, max_length=2000, help_text="请写明哪里不符、依据是什么，至少 10 字")

    def row(self) -> Objection:
        return Objection(record=self.record, reason=self.cleaned_data["reason"], text=self.cleaned_data["text"])


class RepairForm(FilingForm):
    """信用修复申请."""

    title, button = "申请信用修复", "提交申请"
    proof = text_input("纠正和履行情况", rows=5, max_length=2000, help_text="请写明怎样纠正、何时履行完毕，至少 10 字")
    pledged = forms.BooleanField(label=f"信用修复承诺书：{PLEDGE}", required=False)

    def row(self) -> RepairApplication:
        return RepairApplication(record=self.record, proof=self.cleaned_data["proof"])

    def file(self, row: Any, by: Any) -> Any:
        return row.file(by=by, pledged=self.cleaned_data["pledged"])


class HandlingForm(FilingForm):
    """对办理行为的投诉."""

    title, button = "投诉办理行为", "提交投诉"
    text = text_input("投诉内容", rows=5, max_length=2000, help_text="请写明谁的哪个办理行为不当，至少 10 字")

    def row(self) -> HandlingComplaint:
        return HandlingComplaint(record=self.record, text=self.cleaned_data["text"])


FLOWS: dict[str, type[FilingForm]] = {"object": ObjectionForm, "repair": RepairForm, "handling": HandlingForm}


class SelfReportForm(ActingForm):
    """主动纠错报告."""

    headline = text_input("事项", max_length=200)
    ground = choice_input("情形", GROUNDS)
    recovered_wan = forms.DecimalField(
        label="挽回损失（万元）", required=False, min_value=0, max_digits=18, decimal_places=6,
        widget=forms.TextInput(attrs={"class": "in short", "inputmode": "decimal"}),
    )  # fmt: skip
    text = text_input(
        "事实和纠正情况", rows=5, max_length=4000, help_text="请写明发生了什么、采取了哪些补救措施，至少 10 字"
    )
    unit = OrganisationField("报告给")
    files = FilesField("证据材料")

    def __init__(self, subject: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject = subject

    def act(self, by: Any) -> None:
        data = self.cleaned_data
        row = SelfReport(subject=self.subject, ground=data["ground"], recovered_wan=data["recovered_wan"])
        self.matter = row.file(by=by, title=data["headline"], text=data["text"], unit=data["unit"]).matter
        for upload in data["files"]:
            Attachment.add(self.matter, upload, by)
