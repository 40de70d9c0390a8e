"""Errors as application/problem+json (RFC 9457): what failed, in Chinese, by field, under a code that never changes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as Invalid
from django.http import Http404, HttpResponse
from rest_framework import exceptions
from rest_framework.views import set_rollback

from integrity.acts import NotAllowed, Refused
from integrity.api.render import dump
from integrity.paging import BadCursor

MEDIA_TYPE = "application/problem+json"
CATALOGUE = {  # code: status, title, when
    "unknown-parameter": (400, "不认识的参数", "查询参数不在该资源的参数表中；known 列出可用的参数"),
    "invalid": (400, "参数或者内容有误", "errors 按字段说明原因"),
    "bad-cursor": (400, "翻页参数无效", "请从第一页重新开始"),
    "malformed": (400, "内容不是有效的 JSON", "请求体无法解析"),
    "unauthenticated": (401, "需要有效的令牌", "没有令牌，或者令牌不存在、已到期、已撤销、岗位已失效"),
    "forbidden": (403, "没有权限", "令牌的范围、来源地址或者岗位不允许"),
    "not-found": (404, "没有找到", "不存在、已停止公示或者无权查看，三者不作区分"),
    "method": (405, "不支持的方法", "该地址不支持这种请求方法"),
    "conflict": (409, "当前状态不允许", "对象的状态或者办理规则不允许这样做"),
    "gone": (410, "文件已清除", "导出文件保留 7 天"),
    "too-large": (413, "内容过大", "请求体超过上限"),
    "media-type": (415, "不支持的内容类型", "请以 application/json 提交"),
    "throttled": (429, "请求过于频繁", "请按 Retry-After 指出的秒数后再试"),
    "failed": (500, "系统内部错误", "请稍后再试；仍有问题的，请把 X-Request-ID 告知运维人员"),
}


class Problem(exceptions.APIException):
    """A refusal with a code of the catalogue; `more` goes into the answer beside it."""

    def __init__(self, code: str, detail: str = "", **more: Any) -> None:
        self.code, self.more = code, more
        self.status_code, self.title, self.default_detail = CATALOGUE[code]
        super().__init__(detail or self.default_detail)


def body(code: str, detail: str = "", **more: Any) -> dict[str, Any]:
    status, title, when = CATALOGUE[code]
    return {
        "type": f"urn:gov-integrity:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail or when,
    } | more


def answer(code: str, detail: str = "", headers: dict[str, str] | None = None, **more: Any) -> HttpResponse:
    data = body(code, detail, **more)
    headers = (headers or {}) | ({"WWW-Authenticate": 'Bearer realm="api"'} if data["status"] == 401 else {})
    return HttpResponse(dump(data), status=data["status"], content_type=MEDIA_TYPE, headers=headers)


_CODES: list[tuple[type[Exception], str]] = [
    (exceptions.NotAuthenticated, "unauthenticated"),
    (exceptions.AuthenticationFailed, "unauthenticated"),
    (exceptions.PermissionDenied, "forbidden"),
    (PermissionDenied, "forbidden"),
    (NotAllowed, "forbidden"),
    (exceptions.NotFound, "not-found"),
    (Http404, "not-found"),
    (exceptions.MethodNotAllowed, "method"),
    (exceptions.UnsupportedMediaType, "media-type"),
    (exceptions.ParseError, "malformed"),
    (BadCursor, "bad-cursor"),
    (RequestDataTooBig, "too-large"),
    (Refused, "conflict"),
]
_WITH_REASON = (exceptions.PermissionDenied, exceptions.AuthenticationFailed, Refused)


def handler(fault: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """The answer to an exception of a view; what is no refusal goes on to the server's own 500."""
    set_rollback()
    if isinstance(fault, Problem):
        return answer(fault.code, str(fault.detail), **fault.more)
    if isinstance(fault, Invalid):
        return answer("invalid", errors=errors_of(fault))
    if isinstance(fault, exceptions.Throttled):
        wait = str(int(fault.wait or 1))
        return answer("throttled", f"请求过于频繁，请在 {wait} 秒后再试", {"Retry-After": wait})
    for kind, code in _CODES:
        if isinstance(fault, kind):
            reason = str(getattr(fault, "detail", fault)) if isinstance(fault, _WITH_REASON) else ""
            return answer(code, reason)
    return None


def errors_of(fault: Invalid) -> dict[str, list[str]]:
    """Messages by field; what belongs to no field stands under an empty name."""
    if hasattr(fault, "error_dict"):
        return {name: [m for e in found for m in e.messages] for name, found in fault.error_dict.items()}
    return {"": fault.messages}
