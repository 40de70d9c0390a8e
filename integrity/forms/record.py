"""The form of a record, from its kind's specification; and the form of its correction."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from integrity import catalogue
from integrity.codes import id_number_valid, normalise_code
from integrity.facts import Fact
from integrity.forms.acting import ActingForm
from integrity.forms.inputs import FactField, text_input
from integrity.models import Kind, Record, Subject, Version, find_organisation, find_person
from integrity.models.record import CORRECTABLE
from integrity.models.record.entry import subject_problem
from integrity.models.record.spec import base_facts
from integrity.snapshot import plain


class RecordForm(ActingForm):
    """Entry of a record of one kind: subject, base columns, the kind's facts; the same on desk and in the admin."""

    hands_on = True  # it can be handed over to the reviewer at once
    then_submit = False  # and is so, in the same transaction

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
            help_text="代码在库中时可不填；不在库中的企业、人员请填写，将登记为临时主体",
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
        code, name, number = data.get("subject_code", ""), data.get("subject_name", "").strip(), data.get("id_number")
        if number:
            return self._find_person(number, name)
        if code:
            return self._find_organisation(code, name)
        if self.record is not None and "id_number" in self.fields and not self.record.subject.is_organisation:
            return self.record.subject
        place = "subject_code" if "subject_code" in self.fields else "id_number"
        persons = "或者公民身份号码" if "id_number" in self.fields else ""
        organisations = "统一社会信用代码" if place == "subject_code" else ""
        self.add_error(place, f"请填写{organisations}{persons if organisations else persons[2:]}")
        return None

    def _find_person(self, number: str, name: str) -> Subject | None:
        """The person of a number: one the seat sees; else, where the kind takes any person, by number and name."""
        found = Subject.objects.inside(self.seat).by_id_number(number).first()
        if found is None and "person" not in self.spec.subject:
            self.add_error("id_number", "没有找到该人员，请先由组织人事部门登记")
            return None
        if found is None and not name:
            self.add_error("subject_name", "没有找到该人员，请填写姓名登记为临时主体")
            return None
        found = found or find_person(number) or Subject(form="PERSON", name=name)
        if name and name != found.name:
            self.add_error("subject_name", "姓名与该公民身份号码登记的不一致，请核对")
        return found

    def _find_organisation(self, code: str, name: str) -> Subject | None:
        found, open_to_all = find_organisation(code), "enterprise" in self.spec.subject
        if found is None and not (name and open_to_all):
            hint = "，请填写主体名称登记为临时主体" if open_to_all else ""
            self.add_error("subject_code", f"机构表中没有这个代码{hint}")
            return None
        if found is None:
            return Subject(form="SOLE_TRADER" if code.startswith("92") else "ENTERPRISE", name=name, code=code)
        if name and name != found.name:
            self.add_error("subject_name", f"该代码登记的名称是“{found.name}”，与填写的不一致")
        return found

    def values(self) -> dict[str, Any]:
        """What the acts take; an unknown subject is entered as provisional first (call inside the transaction)."""
        data = {k: v for k, v in self.cleaned_data.items() if k not in ("subject_code", "subject_name", "id_number")}
        if data["subject"]._state.adding:
            number = self.cleaned_data.get("id_number", "")
            data["subject"] = data["subject"].provide(by=self.seat, id_number=number)
        return {k: v for k, v in data.items() if v is not None}

    def act(self, by: Any) -> None:
        values = self.values()
        if self.record is None:
            kind = Kind.objects.inside(by).get(code=self.spec.code)
            self.row = Record(kind=kind).enter(by=by, values=values)
        else:
            self.row = self.record.amend(by=by, values=values)
        if self.then_submit:
            self.row.submit(by=by)


class CorrectionForm(RecordForm):
    """A proposed correction of a confirmed record: what may be corrected, filled with what stands, and the reason."""

    hands_on = False

    def __init__(self, record: Record, seat: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(record.kind_id, seat, *args, record=record, **kwargs)
        for name in self.fields.keys() - {*CORRECTABLE, *self.spec.fact_names}:
            del self.fields[name]
        self.fields["reason"] = text_input("更正理由", rows=3, max_length=300)

    def clean(self) -> dict[str, Any]:
        """The subject is never corrected: that is another record."""
        return self.cleaned_data

    def changes(self) -> dict[str, Any]:
        """What differs from the record as it stands."""
        row, new = self.record, self.cleaned_data
        names = [n for n in CORRECTABLE if n in self.fields]
        changed = {n: new[n] for n in names if (new[n] or None) != (plain(getattr(row, n)) or None)}
        facts = {n: new[n] for n in self.spec.fact_names if (new[n] or None) != (row.facts.get(n) or None)}
        return changed | ({"facts": facts} if facts else {})

    def act(self, by: Any) -> None:
        changes = self.changes()
        if not changes:
            raise ValidationError("没有改动任何内容，请先修改需要更正的字段")
        self.row = Version(record=self.record, changes=changes, reason=self.cleaned_data["reason"]).propose(by=by)


def initial_of(record: Record) -> dict[str, Any]:
    """A record's values as its form shows them."""
    data = {f.name: getattr(record, f.name, "") for f in base_facts(record.kind_id)} | record.facts
    for fact in record.spec.facts:
        if fact.type == "multi" and data.get(fact.name):
            data[fact.name] = data[fact.name].split("；")
    subject = record.subject
    return data | {"subject_code": subject.code, "subject_name": subject.name, "duplicate_note": record.duplicate_note}
