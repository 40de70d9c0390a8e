"""Credit checks by token: up to 10,000 subjects at once, with purpose and ground; what was decided is fed back (task 8)."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse

from integrity.api.door import Door
from integrity.api.problems import Problem
from integrity.api.render import JSON, dump
from integrity.api.schema import Schema, answer, operation, parameter
from integrity.models import Check, CheckedSubject, make_check

ASKED: dict[str, Schema] = {
    "purpose": {"type": "string", "enum": Check.Purpose.values, "description": f"用途：{'，'.join(f'{v} {w}' for v, w in Check.Purpose.choices)}"},
    "stage": {"type": "string", "enum": Check.Stage.values, "description": f"环节：{'，'.join(f'{v} {w}' for v, w in Check.Stage.choices)}"},
    "matter": {"type": "string", "description": "办理事项"},
    "ground": {"type": "string", "description": "法律依据"},
    "authorised": {"type": "boolean", "description": "已取得被核查自然人的书面授权"},
    "subjects": {
        "type": "array", "items": {"type": "string"},
        "description": "统一社会信用代码，1 至 10,000 个；自然人为公民身份号码，仅用于比对，不保存",
    },
}  # fmt: skip
FED_BACK: dict[str, Schema] = {
    "decision": {"type": "string", "enum": CheckedSubject.Decision.values, "description": f"决定：{'，'.join(f'{v} {w}' for v, w in CheckedSubject.Decision.choices)}"},
    "reason": {"type": "string", "description": "理由；未采取措施的必填"},
}  # fmt: skip
ABOUT = (
    "一次核查一个或者一批主体在用的记录和措施，分为依法必须、供参考、守信激励；每个被查主体都留痕并可由其本人查看。"
    "结果有效期 30 天。须带有“信用核查”范围的令牌。"
)
ANY = {"type": "object", "additionalProperties": True}


def said(row: CheckedSubject) -> dict[str, Any]:
    """One answer: whom it is about by code, never by personal number, and what stood about it."""
    subject = row.subject
    return {
        "uid": row.pk, "code": subject.code if subject else row.given, "name": subject.name if subject else "", "outcome": row.outcome,
        "answer": row.answer, "decision": row.decision, "reason": row.reason,
    }  # fmt: skip


class Asking(Door):
    """Checks are asked with a token of the scope `check`; a signed-in person asks on the desk."""

    scope = "check"

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.auth is None:
            raise Problem("unauthenticated", "信用核查须带令牌")

    def shown(self, check: Check) -> dict[str, Any]:
        """The check with its answers; those asked by personal number come in the order they were asked."""
        rows = CheckedSubject.objects.visible_to(self.seat).filter(asked_in=check).select_related("subject")
        order = {pk: i for i, pk in enumerate(check.asked_subjects)}
        items = [said(row) for row in sorted(rows, key=lambda r: (order.get(r.subject_id, len(order)), r.given, r.pk))]
        plain = ("number", "purpose", "stage", "matter", "ground", "total", "valid_until")
        return {"uid": check.pk} | {name: getattr(check, name) for name in plain} | {"items": items}


class Checks(Asking):
    """POST checks."""

    http_method_names = ["post"]

    def post(self, request: Any) -> HttpResponse:
        given = {"stage": Check.Stage.OTHER, "authorised": False} | self.body(*ASKED)
        subjects = given.pop("subjects", None)
        if not isinstance(subjects, list) or not all(isinstance(s, str) for s in subjects):
            raise ValidationError({"subjects": "应为统一社会信用代码的数组"})
        texts = ("purpose", "stage", "matter", "ground")
        if wrong := [n for n in texts if not isinstance(given.get(n), str)] + ["authorised"] * (
            type(given["authorised"]) is not bool
        ):
            raise ValidationError(dict.fromkeys(wrong, "缺少，或者类型不对"))
        with transaction.atomic():
            check = make_check(Check(**given, source=Check.Source.API), subjects, by=self.seat)
            return HttpResponse(dump(self.shown(check)), status=201, content_type=JSON)

    def described(self, method: str) -> Schema:
        body = {
            "type": "object",
            "properties": ASKED,
            "required": ["purpose", "matter", "ground", "subjects"],
            "additionalProperties": False,
        }
        good = {"201": answer(ANY, "已核查")["200"]}
        return operation("make_check", "信用核查：核查", ABOUT, [], good, "invalid", "malformed", body=body)


class OneCheck(Asking):
    """GET checks/{uid}: the answers as they stood, with what was fed back."""

    def get(self, request: Any, key: uuid.UUID) -> HttpResponse:
        row = Check.objects.visible_to(self.seat).filter(pk=key).first()
        if row is None:
            raise Http404
        return self.reply(self.shown(row))

    def described(self, method: str) -> Schema:
        place = [parameter("key", "核查的 uid", place="path")]
        return operation("get_check", "信用核查：结果", ABOUT, place, answer(ANY), "not-found")


class FeedBack(Asking):
    """POST checks/answers/{uid}: measure applied or not, with reason."""

    http_method_names = ["post"]

    def post(self, request: Any, key: uuid.UUID) -> HttpResponse:
        row = CheckedSubject.objects.visible_to(self.seat).filter(pk=key).first()
        if row is None:
            raise Http404
        given = {"decision": "", "reason": ""} | self.body(*FED_BACK)
        row.feed_back(by=self.seat, decision=str(given["decision"]), reason=str(given["reason"]))
        return HttpResponse(dump(said(row)), content_type=JSON)

    def described(self, method: str) -> Schema:
        place = [parameter("key", "核查结果的 uid", place="path")]
        body = {"type": "object", "properties": FED_BACK, "required": ["decision"], "additionalProperties": False}
        return operation(
            "feed_back_check", "信用核查：反馈", "反馈依核查结果作出的决定。", place, answer(ANY), "invalid", "malformed", "not-found", body=body
        )  # fmt: skip
