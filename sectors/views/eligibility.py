"""May this organisation take part on this day? Asked in public by anybody, on the desk with purpose and trace (tasks 14, 17)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from integrity.codes import normalise_code
from integrity.facts import Bad, parse_date
from integrity.forms import ActingForm, choice_input, date_input, text_input
from integrity.models import PUBLIC, Check, CheckedSubject, Subject
from integrity.portal.doors import staff
from integrity.portal.fresh import public
from sectors.eligibility import ACTIVITIES, answer

GROUND = {"PROCUREMENT": "政府采购法第二十二条、第七十七条、第七十八条", "BIDDING": "招标投标法第五十三条、第五十四条"}


class EligibilityForm(ActingForm):
    """Whom, for what, on which day, for which project: a credit check with its trace."""

    answer: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"] = text_input(
            "主体", help_text="统一社会信用代码；评审专家填写公民身份号码", max_length=20
        )
        self.fields["activity"] = choice_input("参加的活动", [(k, v[1]) for k, v in ACTIVITIES.items()])
        self.fields["on"] = date_input("参加日期")
        self.fields["matter"] = text_input("项目", max_length=200, help_text="采购或者招标项目的名称、编号")
        self.fields["authorised"] = forms.BooleanField(label="已取得本人授权（核查自然人时）", required=False)

    def act(self, by: Any) -> None:
        given = self.inputs(by)
        if given["on"] < timezone.localdate():
            raise ValidationError({"on": "只能核查今天或者以后的日期"})
        purpose = ACTIVITIES[given["activity"]][2]
        check = Check(purpose=purpose, ground=GROUND[purpose], matter=given["matter"], authorised=given["authorised"])
        check.make(by=by, asked=[given["subject"]])
        check.answer(by=by)
        looked = CheckedSubject.objects.visible_to(by).get(asked_in=check)
        if looked.subject_id is None:
            raise ValidationError({"subject": "没有找到该主体，请核对代码"})
        self.check, self.subject = check, looked.subject
        self.answer = answer(looked.subject, given["activity"], given["on"], public_only=False)


@staff("subject.check")
def ask(request: HttpRequest) -> HttpResponse:
    """Ask on the desk; the check is kept with purpose, ground and project."""
    form = EligibilityForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        form.perform(request.seat)  # type: ignore[attr-defined]
    context = {"form": form, "answer": form.answer, "form_errors": form.status != 200}
    return render(request, "sectors/desk_eligibility.html", context, status=form.status)


@public
def look(request: HttpRequest) -> HttpResponse:
    """Ask in public about an organisation, today or on a day to come; told by what is public today."""
    code, activity = normalise_code(request.GET.get("code", ""))[:18], request.GET.get("as", "supplier")
    choices = [(k, v[1]) for k, v in ACTIVITIES.items() if k != "expert"]
    fault, on = "", timezone.localdate()
    if text := request.GET.get("on", "").strip():
        try:
            on = max(parse_date(text), on)
        except Bad as bad:
            fault = str(bad)
    row = Subject.objects.visible_to(PUBLIC).filter(code=code).exclude(form="PERSON").first() if code else None
    if code and row is None:
        fault = "没有找到这个统一社会信用代码，请核对 18 位代码"
    found = _answer(row, activity, on) if row and not fault and activity in dict(choices) else None
    context = {
        "code": code,
        "activity": activity,
        "on": on,
        "choices": choices,
        "fault": fault,
        "subject": row,
        "answer": found,
    }
    return render(request, "sectors/eligibility.html", context)


def _answer(row: Subject, activity: str, on: date) -> Any:
    return answer(row, activity, on, public_only=True)
