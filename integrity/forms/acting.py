"""Forms whose filling-in is an act: the inputs of a button, the columns of a new row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction

from integrity import catalogue
from integrity.acts import Act, Acted, Refused
from integrity.facts import Fact
from integrity.forms.inputs import (
    FactField,
    OrganisationField,
    ReferenceField,
    choice_input,
    date_input,
    text_input,
    yes_no,
)
from integrity.models import Area, Kind, Matter

Makers = Mapping[str, Callable[[], forms.Field]]


class ActingForm(forms.Form):
    """A form that does an act: faults go beside their fields, a refusal above, and what was typed is kept."""

    refusal: Refused | None = None

    def act(self, by: Any) -> None:
        """Do the act with the cleaned values; called inside a transaction."""
        raise NotImplementedError

    def perform(self, by: Any) -> bool:
        """Check the values and do the act; True when it is done."""
        if self.refusal or not self.is_valid():
            return False
        try:
            with transaction.atomic():
                self.act(by)
        except Refused as refusal:
            self.refusal = refusal
        except ValidationError as fault:
            put_errors(self, fault)
        else:
            return True
        return False

    @property
    def status(self) -> int:
        """HTTP status of the page that shows this form."""
        return 409 if self.refusal else 422 if self.is_bound and self.errors else 200

    def inputs(self, by: Any) -> dict[str, Any]:
        """The cleaned values as acts take them: dates as dates, named rows as rows."""
        values, faults = {}, {}
        for name, field in self.fields.items():
            try:
                values[name] = _native(field, self.cleaned_data.get(name), by)
            except ValidationError as fault:
                faults[name] = fault
        if faults:
            raise ValidationError(faults)
        return values


def _native(field: forms.Field, value: Any, by: Any) -> Any:
    if isinstance(field, ReferenceField):
        return field.find(value, by)
    return date.fromisoformat(value) if value and isinstance(field, FactField) and field.fact.type == "date" else value


def put_errors(form: forms.Form, fault: ValidationError) -> None:
    """Show an act's refusal of values beside the fields it names, the rest above the form."""
    for name, messages in getattr(fault, "error_dict", {None: [fault]}).items():
        for message in messages if isinstance(messages, Iterable) else [messages]:
            for text in getattr(message, "messages", [str(message)]):
                form.add_error(name if name in form.fields else None, text)


class ActForm(ActingForm):
    """The inputs of one act on one row."""

    def __init__(self, spec: Act, row: Acted, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spec, self.row = spec, row
        for name in spec.form:
            self.fields[name] = act_input(name, spec, row)

    def act(self, by: Any) -> None:
        getattr(self.row, self.spec.name)(by=by, **self.inputs(by))


class EntryForm(ActingForm):
    """The columns of a new row and the inputs of the act that enters it."""

    def __init__(
        self, model: type[Acted], spec: Act, names: Iterable[str], makers: Makers, *args: Any, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.model, self.spec, self.columns = model, spec, tuple(names)
        for name in self.columns:
            self.fields[name] = makers[name]() if name in makers else column_input(model, name)
        for name in spec.form:
            self.fields[name] = act_input(name, spec, model())

    def act(self, by: Any) -> None:
        values = self.inputs(by)
        inputs = {name: values.pop(name) for name in self.spec.form}
        self.row = getattr(self.model(**values), self.spec.name)(by=by, **inputs)


def column_input(model: type[models.Model], name: str) -> forms.Field:
    """The form field of a model's column, by its type."""
    column: Any = model._meta.get_field(name)
    label, required = column.verbose_name, not (column.blank or column.null or column.has_default())
    if column.is_relation:
        return _row_input(column.related_model, label, required)
    if column.choices:
        return choice_input(label, column.choices, required=required, help_text=column.help_text)
    if isinstance(column, models.DateField):
        return date_input(label, required=required, help_text=column.help_text)
    if isinstance(column, models.BooleanField):
        return forms.BooleanField(label=label, required=False, help_text=column.help_text)
    if isinstance(column, models.DecimalField):
        return FactField(Fact(name, label, "amount", required=required, help=column.help_text))
    if isinstance(column, models.IntegerField):
        return FactField(Fact(name, label, "int", required=required, max=10**6, min=0, help=column.help_text))
    rows = 8 if isinstance(column, models.TextField) else 0
    size = column.max_length or 20000
    return text_input(label, required=required, rows=rows, help_text=column.help_text, max_length=size)


def _row_input(model: Any, label: str, required: bool) -> forms.Field:
    if model is Area:
        return forms.ModelChoiceField(
            Area.objects.all(), label=label, required=required, empty_label="请选择",
            widget=forms.Select(attrs={"class": "in"}),
        )  # fmt: skip
    return ReferenceField(label, model, required)


def kind_input(shape: str, label: str = "类目") -> Callable[[], forms.Field]:
    """A choice among the approved entries of one shape."""

    def make() -> forms.Field:
        codes = [
            k.code for k in catalogue.load().kinds.values() if k.shape == shape or shape == "pledge" and k.is_pledge
        ]
        return forms.ModelChoiceField(
            Kind.objects.in_force().filter(code__in=codes), label=label, empty_label="请选择", to_field_name="code",
            widget=forms.Select(attrs={"class": "in"}),
        )  # fmt: skip

    return make


def _outcome(row: Acted) -> forms.Field:
    """A result among those the matter's kind allows, or free words where none are set."""
    listed = getattr(row, "outcomes", []) if row.pk else []
    if listed:
        return choice_input("处理结果", [(o, o) for o in listed])
    return text_input("处理意见", required=False, max_length=300)


INPUTS: dict[str, Callable[[Any], forms.Field]] = {}  # what areas ask for besides, each made for a row


def act_inputs(**makers: Callable[[Any], forms.Field]) -> None:
    """Register the fields of an area's own inputs by their names; a name that another area took is a fault at start."""
    if taken := INPUTS.keys() & makers.keys():
        raise ValueError(f"inputs named twice: {', '.join(sorted(taken))}")
    INPUTS.update(makers)


def act_input(name: str, spec: Act, row: Acted) -> forms.Field:
    """The field of one input of an act, by its name."""
    if name in INPUTS:
        return INPUTS[name](row)
    check = lambda label, help_text="": forms.BooleanField(label=label, required=False, help_text=help_text)  # noqa: E731
    makers: dict[str, Any] = {
        "reason": lambda: text_input("理由", rows=3, max_length=300),
        "ground": lambda: text_input("依据或者理由", rows=2, required=False, max_length=300),
        "served_on": lambda: date_input("送达日期"),
        "valid_from": lambda: date_input("生效日期"),
        "fulfilled_on": lambda: date_input("兑现日期", required=False),
        "on": lambda: date_input("撤销日期"),
        "doc_no": lambda: text_input("批准文号", max_length=100),
        "id_number": lambda: text_input(
            "公民身份号码", required=False, max_length=18, help_text="自然人填写，加密保存，不显示、不公开"
        ),
        "publish": lambda: yes_no("是否公示", "决定不公示的须写明理由；依法不公示的类目无需选择"),
        "send_up": lambda: yes_no("是否向上级平台报送", "处分、问责类记录由管理机关决定"),
        "public": lambda: check("向社会公开", "依公开范围或者本人单独同意"),
        "privacy_ok": lambda: check("已核对：公开文本不含个人信息、商业秘密"),
        "secrecy_ok": lambda: check("已核对：不涉及国家秘密、工作秘密"),
        "waived": lambda: check("当事人书面放弃陈述申辩"),
        "vkey": lambda: text_input("公钥", max_length=200),
        "statement": lambda: text_input("陈述申辩内容", rows=4, required=False, max_length=4000),
        "outcome": lambda: _outcome(row),
        "decision": lambda: choice_input("决定", row._meta.get_field("decision").choices),
        "result": lambda: text_input("落实情况", rows=3, max_length=500),
        "progress": lambda: text_input("检查情况", rows=3, max_length=500),
        "reply": lambda: text_input("答复内容", rows=6, max_length=4000),
        "text": lambda: text_input("补充内容", rows=4, max_length=4000),
        "to": lambda: text_input("移送单位", max_length=30),
        "amount": lambda: forms.IntegerField(
            label="延长数量", min_value=1, max_value=60, widget=forms.NumberInput(attrs={"class": "in short"})
        ),
        "unit": lambda: OrganisationField("承办单位"),
        "successor": lambda: OrganisationField("承继单位"),
        "into": lambda: ReferenceField("并入的事项", Matter),
        "rating": lambda: choice_input("评价", [(w, w) for w in ("满意", "基本满意", "不满意")]),
        "way": lambda: choice_input("送达方式", [("ACCOUNT", "账户送达"), ("PAPER", "纸质送达（送达回证）")]),
    }
    return makers[name]()
