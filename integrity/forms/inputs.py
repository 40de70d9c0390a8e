"""Form fields in the site's dress: facts, texts, dates, and rows named by what a person knows of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from integrity.codes import normalise_code, uscc_problem
from integrity.facts import Bad, Fact
from integrity.models import Matter, Measure, Pledge, Record, Subject, User, find_organisation
from integrity.models.record.spec import TIERS

LABELS = {**TIERS}


class FactField(forms.Field):
    """A form field that parses as the fact does, so that form, import and API say the same."""

    def __init__(self, fact: Fact) -> None:
        self.fact = fact
        super().__init__(label=fact.label, required=fact.required, help_text=fact.help, widget=_widget(fact))

    def to_python(self, value: Any) -> Any:
        try:
            return self.fact.parse(value)
        except Bad as bad:
            raise ValidationError(str(bad)) from bad

    def validate(self, value: Any) -> None:
        """parse() has looked already."""


def _widget(fact: Fact) -> forms.Widget:
    if fact.type == "choice":
        choices = [(o, LABELS.get(o, o)) for o in fact.options]
        if len(choices) <= 4:
            return forms.RadioSelect(choices=choices)
        return forms.Select(choices=[("", "请选择"), *choices], attrs={"class": "in"})
    if fact.type == "multi":
        return forms.CheckboxSelectMultiple(choices=[(o, o) for o in fact.options])
    if fact.type == "bool":
        return forms.CheckboxInput()
    if fact.type == "date":
        return forms.DateInput(
            attrs={"class": "in short", "placeholder": "2026-01-31", "inputmode": "numeric"}, format="%Y-%m-%d"
        )
    if fact.type in ("amount", "int"):
        return forms.TextInput(attrs={"class": "in short", "inputmode": "decimal"})
    if fact.long:
        return forms.Textarea(attrs={"class": "in", "rows": 4})
    return forms.TextInput(attrs={"class": "in code" if fact.type == "code" else "in", "autocomplete": "off"})


def text_input(
    label: str, *, required: bool = True, rows: int = 0, help_text: str = "", max_length: int = 2000
) -> forms.CharField:
    """A text field in the site's dress."""
    widget = forms.Textarea(attrs={"class": "in", "rows": rows}) if rows else forms.TextInput(attrs={"class": "in"})
    field = forms.CharField(label=label, required=required, help_text=help_text, max_length=max_length, widget=widget)
    field.error_messages["required"] = f"请填写{label}"
    return field


def date_input(label: str, *, required: bool = True, help_text: str = "") -> FactField:
    return FactField(Fact(label, label, "date", required=required, help=help_text))


def choice_input(label: str, choices: Any, *, required: bool = True, help_text: str = "") -> forms.ChoiceField:
    """One of a list; a short one as radio buttons."""
    options = [(v, w) for v, w in choices if v != ""]
    short = required and len(options) <= 4
    widget = forms.RadioSelect() if short else forms.Select(attrs={"class": "in"})
    listed = options if short else [("", "请选择"), *options]
    field = forms.ChoiceField(label=label, choices=listed, required=required, help_text=help_text, widget=widget)
    field.error_messages["required"] = f"请选择{label}"
    return field


def yes_no(label: str, help_text: str = "") -> forms.Field:
    return forms.TypedChoiceField(
        label=label, help_text=help_text, choices=[("yes", "是"), ("no", "否")], coerce=lambda v: v == "yes",
        empty_value=None, widget=forms.RadioSelect, required=False,
    )  # fmt: skip


class OrganisationField(forms.CharField):
    """An organisation named by its code or exact name."""

    def __init__(self, label: str, required: bool = True, help_text: str = "") -> None:
        hint = help_text or "填写统一社会信用代码或者准确名称"
        widget = forms.TextInput(attrs={"class": "in", "autocomplete": "off"})
        super().__init__(label=label, required=required, help_text=hint, widget=widget)
        self.error_messages["required"] = f"请填写{label}"

    def clean(self, value: Any) -> Subject | None:
        text = super().clean(value)
        if not text:
            return None
        code = normalise_code(text)
        found = find_organisation(code if uscc_problem(code) is None else "", text)
        if found is None:
            raise ValidationError(f"没有找到“{text}”，请填写统一社会信用代码")
        return found


class ReferenceField(forms.CharField):
    """A row named by its number; it is looked up among what the seat sees when the act is performed."""

    def __init__(self, label: str, model: type, required: bool = True) -> None:
        self.model = model
        hint, self._find = FINDERS[model]
        widget = forms.TextInput(attrs={"class": "in code", "autocomplete": "off"})
        super().__init__(label=label, required=required, help_text=hint, widget=widget, max_length=60)
        self.error_messages["required"] = f"请填写{label}"

    def find(self, text: str, seat: Any) -> Any:
        """The row, None for an empty text; raises ValidationError when the seat sees no such row."""
        if not text:
            return None
        row = self._find(text.strip(), seat)
        if row is None:
            raise ValidationError(f"没有找到“{text}”，请核对{self.label}")
        return row


def find_subject(text: str, seat: Any) -> Subject | None:
    """An organisation by code or name, or a person this seat sees by his number."""
    code = normalise_code(text)
    person = Subject.objects.inside(seat).by_id_number(code).first() if len(code) >= 15 else None
    return person or find_organisation(code if uscc_problem(code) is None else "", text)


def _by_number(model: Any) -> Callable[[str, Any], Any]:
    return lambda text, seat: model.objects.inside(seat).filter(number=text.upper()).first()


FINDERS: dict[Any, tuple[str, Callable[[str, Any], Any]]] = {
    Record: ("填写记录编号", _by_number(Record)),
    Matter: ("填写事项编号", _by_number(Matter)),
    Measure: ("填写措施编号", _by_number(Measure)),
    Pledge: ("填写承诺书编号", _by_number(Pledge)),
    Subject: ("机构填写统一社会信用代码或者准确名称，人员填写公民身份号码", find_subject),
    User: ("填写用户名", lambda text, seat: User.objects.filter(username=text).first()),
}
