"""POST intake/{profile}: rows from other systems, checked and entered as a file's are (contract.md)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse

from integrity.api.door import Door
from integrity.api.problems import Problem
from integrity.api.render import JSON, dump
from integrity.api.schema import Schema, answer, operation, parameter
from integrity.intake.upload import Outcome, take_rows

ABOUT = (
    "按导入模板提交数据行，合格的行立即登记，有错的逐行说明原因。列名用模板的列名或者字段名。"
    "相同的 key 重复提交相同内容，得到相同结果，不会重复登记。须带有“数据提交”范围的令牌。"
)


def shown(done: Outcome) -> dict[str, Any]:
    """The batch, how many rows were taken, and every row that was not."""
    batch = done.batch
    counts = {name: getattr(batch, name) for name in ("total", "good", "bad", "repeated")}
    return {"batch": batch.pk, "state": batch.state, "replayed": done.replayed, **counts, "errors": done.errors}


class Intake(Door):
    """Rows of one profile, from a token with the scope `intake`."""

    scope = "intake"
    http_method_names = ["post"]

    def post(self, request: Any, profile: str) -> HttpResponse:
        if self.seat.role_code == "PUBLIC":
            raise Problem("unauthenticated", "提交数据须带令牌")
        given = {"key": "", "rows": [], "answers": {}} | self.body("key", "rows", "answers")
        rows, answers = given["rows"], given["answers"]
        if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows) or not isinstance(answers, dict):
            raise Problem("invalid", "rows 应为对象的数组，answers 应为对象")
        try:
            done = take_rows(profile, rows, self.seat, str(given["key"]), answers=answers)
        except KeyError:
            raise Http404 from None
        return HttpResponse(dump(shown(done)), status=200 if done.replayed else 201, content_type=JSON)

    def described(self, method: str) -> Schema:
        member = {"type": "object", "properties": {}, "additionalProperties": True}
        body = {
            "type": "object",
            "properties": {
                "key": {"type": "string", "description": "幂等键，不超过 80 个字符"},
                "rows": {"type": "array", "items": member, "description": "数据行"},
                "answers": member | {"description": "整批相同的内容，每项填一次"},
            },
            "required": ["key", "rows"],
            "additionalProperties": False,
        }
        place = [parameter("profile", "导入模板的代码，如 orders", place="path")]
        good = answer(member, "已登记")["200"]
        return operation(
            "post_intake", "数据提交", ABOUT, place, {"201": good, "200": good},
            "invalid", "malformed", "not-found", "conflict", body=body,
        )  # fmt: skip
