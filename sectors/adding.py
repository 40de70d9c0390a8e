"""What may be added to a project besides its duties: officers, breaches, looks back, evaluations; each with its form."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from integrity.acts import Act, Acted
from integrity.forms import EntryForm, act_inputs, choice_input, date_input, text_input
from sectors.models import Breach, Evaluation, LookBack, Notice, Officer, Project


@dataclass(frozen=True)
class Addition:
    """A noun of a project: the act that makes it, its columns, fields that depend on the project, and for which projects."""

    model: type[Acted]
    spec: Act
    columns: tuple[str, ...]
    makers: Callable[[Project], dict[str, Callable[[], forms.Field]]]
    title: str
    fits: Callable[[Project], bool]


class AddForm(EntryForm):
    """A new row of a project."""

    def __init__(self, project: Project, adding: Addition, *args: Any, **kwargs: Any) -> None:
        self.project = project
        super().__init__(adding.model, adding.spec, adding.columns, adding.makers(project), *args, **kwargs)

    def act(self, by: Any) -> None:
        values = self.inputs(by)
        inputs = {name: values.pop(name) for name in self.spec.form}
        self.row = getattr(self.model(project=self.project, **values), self.spec.name)(by=by, **inputs)


def _one_of(label: str, rows: Any, words: Callable[[Any], str], required: bool = True) -> forms.Field:
    field = forms.TypedChoiceField(
        label=label, required=required, coerce=uuid.UUID, empty_value=None, widget=forms.Select(attrs={"class": "in"}),
        choices=[("", "请选择"), *((str(r.pk), words(r)) for r in rows)],
    )  # fmt: skip
    field.error_messages["required"] = f"请选择{label}"
    return field


def _stages(project: Project, label: str, *, reached: bool, required: bool) -> forms.Field:
    codes = {code for code, _ in project.stages}
    stages = [(s.code, s.name) for s in project.plan.stages if not reached or s.code in codes]
    return choice_input(label, stages, required=required, help_text="" if required else "不选为全程负责")


def _officer(project: Project) -> dict[str, Callable[[], forms.Field]]:
    return {"stage": lambda: _stages(project, "负责阶段", reached=False, required=False)}


def _breach(project: Project) -> dict[str, Callable[[], forms.Field]]:
    late = [d for d in project.duties.standing().order_by("due_on", "id") if d.is_late]
    return {
        "duty_id": lambda: _one_of("逾期的承诺事项", late, lambda d: f"{d.text}（期限 {d.due_on}）", required=False),
        "promise": lambda: text_input(
            "违反的承诺", required=False, max_length=500, help_text="选择了承诺事项的不用填写"
        ),
        "stage": lambda: _stages(project, "发生阶段", reached=True, required=True),
    }


def _lookback(project: Project) -> dict[str, Callable[[], forms.Field]]:
    officers = project.officers.select_related("person", "project").order_by("from_on", "id")
    breaches = project.breaches.exclude(state="VOID").order_by("happened_on", "id")
    return {
        "officer_id": lambda: _one_of("责任人", officers, lambda o: f"{o}，{o.from_on} 起"),
        "breach_id": lambda: _one_of("所涉违约", breaches, lambda b: b.promise, required=False),
    }


def _led(project: Project) -> bool:
    return bool(project.plan.breach)


ADDITIONS: dict[str, Addition] = {
    "officer": Addition(
        Officer, Officer.name.act, ("stage", "post", "duty", "document", "from_on"), _officer, "登记责任人（交接）", _led,  # type: ignore[attr-defined]
    ),
    "breach": Addition(
        Breach, Breach.register.act, ("duty_id", "promise", "stage", "fact", "cause", "happened_on", "loss_wan"), _breach, "登记违约", _led,  # type: ignore[attr-defined]
    ),
    "lookback": Addition(
        LookBack, LookBack.open.act, ("officer_id", "breach_id", "outcome", "finding"), _lookback, "提出责任回溯", _led,  # type: ignore[attr-defined]
    ),
    "evaluation": Addition(
        Evaluation, Evaluation.enter.act, ("period", "evaluator", "evaluated_on", "grade", "summary"), lambda p: {}, "登记绩效评价",  # type: ignore[attr-defined]
        lambda p: p.sector == "ppp",
    ),
    "notice": Addition(
        Notice, Notice.receive.act, ("kind", "number", "title", "content", "url", "made_on", "published_on", "amount_wan"),  # type: ignore[attr-defined]
        lambda p: {}, "登记交易公告", lambda p: p.kind == "trade",
    ),
}  # fmt: skip
MODELS = {code: adding.model for code, adding in ADDITIONS.items()}

act_inputs(
    official_number=lambda row: text_input("责任人公民身份号码", max_length=18, help_text="仅用于比对，不显示、不公开"),
    order_text=lambda row: text_input("整改要求", rows=3, max_length=1000),
    document_no=lambda row: text_input("认定书文号", max_length=128, help_text="如：日诚信〔2026〕21号"),
    refused=lambda row: text_input("拒不整改情形", rows=3, max_length=1000),
    concluded_on=lambda row: date_input("认定日期"),
    remedy_text=lambda row: text_input("补救情况", rows=3, max_length=1000),
)
