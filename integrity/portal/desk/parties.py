"""相关责任人: the form that names another subject's part in a record."""

from __future__ import annotations

from typing import Any

from django import forms

from integrity.forms import ActingForm, text_input
from integrity.forms.inputs import ReferenceField
from integrity.models import Subject

ROLES = ("责任人", "直接责任人", "领导责任人", "相对方", "第三人")


class PartyForm(ActingForm):
    """Who (a code, a name, or a citizen's number), in which part, with which post at that time."""

    subject = ReferenceField("主体", Subject)
    role = forms.ChoiceField(label="角色", choices=[(r, r) for r in ROLES])
    post = text_input("当时职务", required=False, max_length=100)

    def __init__(self, record: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = record

    def act(self, by: Any) -> None:
        self.record.add_party(by=by, **self.inputs(by))
