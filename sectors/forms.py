"""Forms of the sectors: a project with its facts, a stage with its facts, what is owed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from integrity.facts import Fact
from integrity.forms import ActingForm, FactField, OrganisationField, act_inputs, choice_input, date_input, text_input
from sectors.models import Duty, Project
from sectors.plan import Plan, Stage

AMOUNT = Fact("amount_wan", "金额（万元）", "amount", required=False)


class FactsForm(ActingForm):
    """Columns and facts in one form; facts bear their own names."""

    facts: tuple[Fact, ...] = ()

    def add_facts(self, facts: tuple[Fact, ...]) -> None:
        self.facts = (*self.facts, *facts)
        for fact in facts:
            self.fields[fact.name] = FactField(fact)

    def values(self) -> dict[str, Any]:
        """The facts as typed and parsed, without those left empty."""
        found = {f.name: self.cleaned_data.get(f.name) for f in self.facts}
        return {name: value for name, value in found.items() if value not in (None, "")}


def add_party(form: forms.Form, plan: Plan, name: str, required: bool = False) -> None:
    if label := getattr(plan, name):
        form.fields[name] = OrganisationField(label, required=required)


class ProjectForm(FactsForm):
    """A new project at its first stage, or one to be changed."""

    def __init__(self, plan: Plan, *args: Any, row: Project | None = None, **kwargs: Any) -> None:
        self.row = row
        kwargs.setdefault("initial", _initial(row) if row else {})
        super().__init__(*args, **kwargs)
        self.plan, stages = plan, plan.stages[:1] if row is None else _reached(plan, row)
        self.fields["name"] = text_input("项目名称", max_length=200)
        self.fields["reference"] = text_input("项目编号", required=False, max_length=100)
        add_party(self, plan, "unit", required=True)
        if row is not None:
            add_party(self, plan, "partner")
            add_party(self, plan, "agent")
        self.fields["amount_wan"] = FactField(AMOUNT)
        self.fields["amount_hidden"] = forms.BooleanField(label="金额不公开（相对方要求保密）", required=False)
        if row is None:
            self.fields["on"] = date_input(stages[0].day)
        elif row.state not in ("DRAFT", "RETURNED"):
            self.fields["reason"] = text_input("更正理由", rows=2, max_length=300)
        self.add_facts((*plan.facts, *(f for s in stages for f in s.facts)))

    def act(self, by: Any) -> None:
        given = self.inputs(by)
        columns = {
            n: given[n]
            for n in ("name", "reference", "unit", "partner", "agent", "amount_wan", "amount_hidden")
            if n in given
        }
        columns["amount_wan"] = columns["amount_wan"] or None
        if self.row is None:
            self.row = Project(kind=self.plan.code, **columns).enter(by=by, on=given["on"], values=self.values())
        elif "reason" in given:
            self.row.correct(by=by, reason=given["reason"], values=self.values(), **columns)
        else:
            self.row.amend(by=by, values=self.values(), **columns)


def _reached(plan: Plan, row: Project) -> list[Stage]:
    return [plan.stage(code) for code, _ in row.stages]


def _initial(row: Project) -> dict[str, Any]:
    parties = {n: (p.code or p.name) if (p := getattr(row, n)) else "" for n in ("unit", "partner", "agent")}
    amount = format(row.amount_wan.normalize(), "f") if row.amount_wan is not None else ""
    plain = {"name": row.name, "reference": row.reference, "amount_wan": amount, "amount_hidden": row.amount_hidden}
    return row.facts | plain | parties


class StageForm(FactsForm):
    """The day and facts of a stage that a project enters."""

    def __init__(self, row: Project, stage: Stage, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row, self.stage = row, stage
        self.fields["on"] = date_input(stage.day)
        for name in stage.sets:
            if name == "amount_wan":
                self.fields[name] = FactField(AMOUNT)
            else:
                add_party(self, row.plan, name, required=name == "partner" and row.partner_id is None)
        self.add_facts(stage.facts)

    def act(self, by: Any) -> None:
        given = self.inputs(by)
        columns = {name: given[name] for name in self.stage.sets if given.get(name)}
        self.row.advance(by=by, stage=self.stage.code, on=given["on"], values=self.values(), **columns)


class PromiseForm(ActingForm):
    """A duty written in by hand: what was promised, by when, for how much."""

    def __init__(self, row: Project, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = row
        self.fields["text"] = text_input("事项内容", rows=2, max_length=500)
        self.fields["basis"] = text_input("依据（合同条款、文件）", max_length=300)
        self.fields["starts_on"] = date_input("承诺日期")
        self.fields["due_on"] = date_input("兑现期限")
        self.fields["amount_wan"] = FactField(AMOUNT)

    def act(self, by: Any) -> None:
        values = self.inputs(by)
        values["amount_wan"] = values["amount_wan"] or None
        self.row = Duty(project=self.project, owner=self.project.unit, stage=self.project.stage, **values).set(by=by)


def dated(label: str, value: date | None) -> forms.Field:
    field = date_input(label)
    field.initial = value
    return field


act_inputs(
    done_on=lambda row: date_input("完成日期"),
    done_note=lambda row: text_input("完成情况", required=False, max_length=500),
    found=lambda row: text_input("检查情况", rows=3, max_length=500),
    held=lambda row: choice_input("检查结论", [(w, w) for w in ("合格", "责令改正", "移送处理")]),
    new_due_on=lambda row: dated("变更后的期限", getattr(row, "due_on", None)),
)
