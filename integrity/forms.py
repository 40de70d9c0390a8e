"""Forms from specifications: the facts of a kind, the inputs of an act; admin, desk and portal use the same ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from integrity import catalogue
from integrity.acts import Act, Acted
from integrity.codes import id_number_valid, normalise_code, uscc_problem
from integrity.facts import Bad, Fact
from integrity.models import Record, Subject, find_organisation
from integrity.models.record.entry import subject_problem
from integrity.models.record.spec import TIERS, base_facts

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


class RecordForm(forms.Form):
    """Entry of a record of one kind: subject, base columns, the kind's facts; the same on desk and in the admin."""

    def __init__(self, kind_code: str, seat: Any, *args: Any, record: Record | None = None, **kwargs: Any) -> None:
        self.spec, self.seat, self.record = catalogue.load().kinds[kind_code], seat, record
        if record is not None and not args and kwargs.get("data") is None:
            kwargs["initial"] = initial_of(record) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self._subject_fields()
        for fact in (*base_facts(kind_code), *self.spec.facts):
            self.fields[fact.name] = FactField(fact)
        self.fields["duplicate_note"] = text_input(
            "疑似重复说明", required=False, max_length=200, help_text="系统提示与已有记录重复而仍要新增时填写"
        )

    def _subject_fields(self) -> None:
        organisations = {"agency", "enterprise"} & set(self.spec.subject)
        persons = {"official", "person"} & set(self.spec.subject)
        if organisations:
            self.fields["subject_code"] = FactField(
                Fact("subject_code", "统一社会信用代码", "code", required=not persons, help="18 位，自动带出机构名称")
            )
        self.fields["subject_name"] = text_input(
            "主体名称",
            required=False,
            max_length=200,
            help_text="代码在库中时可不填；不在库中的企业请填写，将登记为临时主体",
        )
        if persons:
            self.fields["id_number"] = forms.CharField(
                label="公民身份号码",
                required=False,
                widget=forms.TextInput(attrs={"class": "in code", "autocomplete": "off"}),
                help_text="仅用于比对本人，加密保存，不显示、不公开",
            )

    def clean_subject_code(self) -> str:
        return self.cleaned_data["subject_code"] or ""

    def clean_id_number(self) -> str:
        number = normalise_code(self.cleaned_data.get("id_number", ""))
        if number and not id_number_valid(number):
            raise ValidationError("公民身份号码校验位不正确，请核对")
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors.get("subject_code") and not self.errors.get("id_number"):
            subject = self._find_subject(data)
            if subject is not None:
                if problem := subject_problem(self.spec, subject):
                    self.add_error("subject_code" if "subject_code" in self.fields else "subject_name", problem)
                data["subject"] = subject
        return data

    def _find_subject(self, data: dict[str, Any]) -> Subject | None:
        code, name, number = data.get("subject_code", ""), data.get("subject_name", ""), data.get("id_number", "")
        place = "subject_code" if "subject_code" in self.fields else "id_number"
        if number:
            found = Subject.objects.visible_to(self.seat).by_id_number(number).first()
            if found is None:
                self.add_error("id_number", "没有找到该人员，请先由组织人事部门登记")
            return found
        if not code:
            self.add_error(place, "请填写统一社会信用代码或者公民身份号码")
            return None
        found = find_organisation(code)
        if found is None and (not name.strip() or "enterprise" not in self.spec.subject):
            self.add_error(
                "subject_code",
                "机构表中没有这个代码"
                + ("，请填写主体名称登记为临时主体" if "enterprise" in self.spec.subject else ""),
            )
            return None
        if found is None:
            return Subject(form="SOLE_TRADER" if code.startswith("92") else "ENTERPRISE", name=name.strip(), code=code)
        if name.strip() and name.strip() != found.name:
            self.add_error("subject_name", f"该代码登记的名称是“{found.name}”，与填写的不一致")
        return found

    def values(self) -> dict[str, Any]:
        """What the acts take; a new enterprise is entered as a provisional subject first (call inside the transaction)."""
        data = {k: v for k, v in self.cleaned_data.items() if k not in ("subject_code", "subject_name", "id_number")}
        if data["subject"]._state.adding:
            data["subject"] = data["subject"].provide(by=self.seat)
        return {k: v for k, v in data.items() if v is not None}


def initial_of(record: Record) -> dict[str, Any]:
    """A record's values as its form shows them."""
    data = {f.name: getattr(record, f.name, "") for f in base_facts(record.kind_id)} | record.facts
    for fact in record.spec.facts:
        if fact.type == "multi" and data.get(fact.name):
            data[fact.name] = data[fact.name].split("；")
    subject = record.subject
    return data | {"subject_code": subject.code, "subject_name": subject.name, "duplicate_note": record.duplicate_note}


# ---- acts as buttons ----


def _yes_no(label: str, help_text: str = "") -> forms.Field:
    return forms.TypedChoiceField(
        label=label, help_text=help_text, choices=[("yes", "是"), ("no", "否")], coerce=lambda v: v == "yes",
        empty_value=None, widget=forms.RadioSelect, required=False,
    )  # fmt: skip


class OrganisationField(forms.CharField):
    """An organisation named by its code or exact name."""

    def __init__(self, label: str) -> None:
        super().__init__(
            label=label, help_text="填写统一社会信用代码或者准确名称", widget=forms.TextInput(attrs={"class": "in"})
        )

    def clean(self, value: Any) -> Subject:
        text = super().clean(value)
        code = normalise_code(text)
        found = find_organisation(code if uscc_problem(code) is None else "", text)
        if found is None:
            raise ValidationError(f"没有找到“{text}”，请填写统一社会信用代码")
        return found


def act_input(name: str, spec: Act, row: Acted) -> forms.Field:
    """The field of one input of an act, by its name."""
    check = lambda label, help_text="": forms.BooleanField(label=label, required=False, help_text=help_text)  # noqa: E731
    makers: dict[str, Any] = {
        "reason": lambda: text_input("理由", rows=3, max_length=300),
        "ground": lambda: text_input("依据或者理由", rows=2, required=False, max_length=300),
        "served_on": lambda: date_input("送达日期"),
        "valid_from": lambda: date_input("生效日期"),
        "fulfilled_on": lambda: date_input("兑现日期", required=False),
        "doc_no": lambda: text_input("批准文号", max_length=100),
        "publish": lambda: _yes_no("是否公示", "决定不公示的须写明理由；依法不公示的类目无需选择"),
        "send_up": lambda: _yes_no("是否向上级平台报送", "处分、问责类记录由管理机关决定"),
        "privacy_ok": lambda: check("已核对：公开文本不含个人信息、商业秘密"),
        "secrecy_ok": lambda: check("已核对：不涉及国家秘密、工作秘密"),
        "waived": lambda: check("当事人书面放弃陈述申辩"),
        "statement": lambda: text_input("陈述申辩内容", rows=4, required=False, max_length=4000),
        "outcome": lambda: text_input("处理意见", required=False, max_length=300),
        "result": lambda: text_input("落实情况", rows=3, max_length=500),
        "progress": lambda: text_input("检查情况", rows=3, max_length=500),
        "reply": lambda: text_input("答复内容", rows=6, max_length=4000),
        "text": lambda: text_input("补充内容", rows=4, max_length=4000),
        "to": lambda: text_input("移送单位", max_length=30),
        "amount": lambda: forms.IntegerField(
            label="延长数量", min_value=1, max_value=60, widget=forms.NumberInput(attrs={"class": "in short"})
        ),
        "unit": lambda: OrganisationField("承办单位"),
        "rating": lambda: forms.ChoiceField(
            label="评价", choices=[(w, w) for w in ("满意", "基本满意", "不满意")], widget=forms.RadioSelect
        ),
        "way": lambda: forms.ChoiceField(
            label="送达方式",
            choices=[("ACCOUNT", "账户送达"), ("PAPER", "纸质送达（送达回证）")],
            widget=forms.RadioSelect,
        ),
    }
    return makers[name]()


class ActForm(forms.Form):
    """The inputs of one act on one row."""

    def __init__(self, spec: Act, row: Acted, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spec, self.row = spec, row
        for name in spec.form:
            self.fields[name] = act_input(name, spec, row)

    def perform(self, by: Any) -> bool:
        """Do the act with what was filled in; on a fault put it beside its field and return False. Refused goes through."""
        inputs = {n: _native(self.fields[n], v) for n, v in self.cleaned_data.items()}
        try:
            getattr(self.row, self.spec.name)(by=by, **inputs)
        except ValidationError as fault:
            put_errors(self, fault)
            return False
        return True


def _native(field: forms.Field, value: Any) -> Any:
    """Facts give dates as text; acts take dates."""
    return date.fromisoformat(value) if value and isinstance(field, FactField) and field.fact.type == "date" else value


def put_errors(form: forms.Form, fault: ValidationError | IntegrityError) -> None:
    """Show an act's refusal of values beside the fields it names, the rest above the form."""
    for name, messages in getattr(fault, "error_dict", {None: [fault]}).items():
        for message in messages if isinstance(messages, Iterable) else [messages]:
            for text in getattr(message, "messages", [str(message)]):
                form.add_error(name if name in form.fields else None, text)
