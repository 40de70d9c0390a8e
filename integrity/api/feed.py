"""The change feed and the state it can be proved against."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from integrity.api import asking
from integrity.api.door import Door
from integrity.api.problems import Problem
from integrity.api.schema import Schema, answer, operation, parameter, ref
from integrity.ledger.feed import feed, sealed_size, state_root
from integrity.models.viewing import log_views

EVENTS = {
    "after": "已读到的日志序号，即上次返回的 next；不填则从头开始",
    "limit": f"每页条数，默认 {asking.SIZE}，至多 {asking.MOST}",
    "proof": "true 时每条附日志叶、盐和未公开字段的摘要，可逐条验证",
    "leaves": "true 时附本页全部日志叶（含未公开的），连同 state-root 可证明没有遗漏；limit 按日志序号计",
}
ABOUT = (
    "按日志顺序返回变更。不带令牌时只含现在公示中的对象的公开内容；其余只给出 seq 和 uid：凡只有这两项的，持有副本的应当删除。"
    "items 说明 after 之后至 next 为止的全部变更；size 是日志现在的条目数，next 等于 size - 1 时即已读完，稍后从 next 继续。"
)


class Events(Door):
    """What has changed since a number, in ledger order."""

    def get(self, request: Any) -> HttpResponse:
        asking.known_only(request.GET, EVENTS)
        parsers = {"after": asking.number, "limit": asking.size, "proof": asking.yes, "leaves": asking.yes}
        ask = {"after": -1, "limit": asking.SIZE, "proof": False, "leaves": False} | asking.read(request.GET, parsers)
        page = feed(self.seat, ask["after"], ask["limit"], proof=ask["proof"], with_leaves=ask["leaves"])
        data: dict[str, Any] = {"items": page.items, "next": page.next, "size": page.size}
        if ask["leaves"]:
            data["leaves"] = page.leaves
        response = self.reply(data)
        if response.status_code == 200:
            for target_type, rows in page.personal.items():
                log_views(target_type, rows, by=self.seat, purpose=self.purpose, query=self.asked)
        return response

    def described(self, method: str) -> Schema:
        kinds = {"after": "integer", "limit": "integer", "proof": "boolean", "leaves": "boolean"}
        parameters = [parameter(name, text, kinds[name]) for name, text in EVENTS.items()]
        page = {
            "type": "object",
            "properties": {
                "items": {"type": "array", "items": ref("EventItem")},
                "next": {"type": "integer", "description": "下次的 after"},
                "size": {"type": "integer", "description": "日志的条目数"},
                "leaves": {"type": "array", "items": {"type": "string"}, "description": "日志叶，base64"},
            },
            "required": ["items", "next", "size"],
            "additionalProperties": False,
        }
        return operation("list_events", "变更：按日志顺序", ABOUT, parameters, answer(page))


class StateRoot(Door):
    """Root of the log at a size."""

    def get(self, request: Any) -> HttpResponse:
        size = sealed_size()
        asking.known_only(request.GET, ("size",))
        ask = asking.read(request.GET, {"size": asking.number})
        if (wanted := ask.get("size", size)) > size:
            raise Problem("invalid", errors={"size": [f"日志现有 {size} 条"]})
        return self.reply(state_root(wanted))

    def described(self, method: str) -> Schema:
        text = "日志条目数，默认为现有条目数"
        about = "日志前 size 条的默克尔树根（RFC 6962），以及恰在该处的签名检查点。镜像用 events 的 leaves 自行算出同一树根，即证明没有遗漏。"
        return operation(
            "get_state_root", "存证：状态根", about, [parameter("size", text, "integer")], answer(ref("StateRoot"))
        )
