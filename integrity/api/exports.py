"""Exports by token: ask with a purpose, wait, download within seven days."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from rest_framework.exceptions import PermissionDenied

from integrity import paging
from integrity.api import asking
from integrity.api.door import Door
from integrity.api.problems import Problem
from integrity.api.render import JSON, dump
from integrity.api.schema import Schema, answer, listed, operation, parameter, ref
from integrity.listing import LISTINGS
from integrity.models import Export
from integrity.public import local

ASKED = {
    "resource": f"资源：{'、'.join(LISTINGS)}",
    "format": "格式：ndjson（默认）或者 csv",
    "query": "过滤条件，同该资源列表的过滤参数和 q",
    "purpose": "用途，必填，记入台账",
}
PAGE = {name: asking.SHARED[name] for name in ("limit", "cursor")}
TYPES = {"ndjson": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}
ABOUT = "按岗位可读的范围生成文件，自然人信息按角色脱敏；用途、行数、摘要和下载都记入台账，文件保留 7 天。须带令牌。"
COLUMNS = ("resource", "format", "query", "purpose", "state", "rows", "size", "sha256", "checkpoint", "failure")


def shown(job: Export) -> dict[str, Any]:
    """An export as its asker sees it."""
    return {
        "uid": job.pk,
        **{name: getattr(job, name) for name in COLUMNS},
        "asked_at": local(job.asked_at),
        "ready_at": local(job.ready_at),
        "valid_until": local(job.valid_until),
        "file": f"/api/v1/exports/{job.pk}/file" if job.is_there else None,
    }


class Owned(Door):
    """Exports are for seats that may export."""

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.seat.role_code == "PUBLIC":
            raise Problem("unauthenticated", "导出须带令牌")
        if "export" not in self.seat.rights:
            raise PermissionDenied("您的岗位没有导出数据的权限")

    def job(self, key: uuid.UUID) -> Export:
        row = Export.objects.visible_to(self.seat).select_related("seat").filter(pk=key).first()
        if row is None:
            raise Http404
        return row


class Exports(Owned):
    """Ask for an export; see those asked for."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: Any) -> HttpResponse:
        asking.known_only(request.GET, PAGE)
        limit = asking.read(request.GET, {"limit": asking.size}).get("limit", asking.SIZE)
        rows = Export.objects.visible_to(self.seat)
        page = paging.page(rows, ["-asked_at", "-id"], after=request.GET.get("cursor", ""), size=limit)
        return self.reply({"items": [shown(job) for job in page.rows], "next": page.after or None})

    def post(self, request: Any) -> HttpResponse:
        given = {"resource": "", "format": "ndjson", "query": {}, "purpose": ""} | self.body(*ASKED)
        query = checked(given)
        job = Export(resource=given["resource"], format=given["format"], query=query, purpose=given["purpose"])
        job.ask(by=self.seat)
        return HttpResponse(
            dump(shown(job)), status=202, content_type=JSON, headers={"Location": f"/api/v1/exports/{job.pk}"}
        )

    def described(self, method: str) -> Schema:
        if method == "GET":
            parameters = [parameter(name, text) for name, text in PAGE.items()]
            return operation("list_exports", "导出：列表", ABOUT, parameters, answer(listed(ref("Export"))))
        body = {
            "type": "object",
            "properties": {
                name: {"type": "object" if name == "query" else "string", "description": text}
                for name, text in ASKED.items()
            },
            "required": ["resource", "purpose"],
            "additionalProperties": False,
        }
        accepted = {"202": answer(ref("Export"), "已受理，稍后生成")["200"]}
        return operation("ask_export", "导出：申请", ABOUT, [], accepted, "invalid", "malformed", body=body)


def checked(given: dict[str, Any]) -> dict[str, str]:
    """The filters of the file, as strictly read as those of the list; raises Problem with every fault."""
    errors: dict[str, list[str]] = {}
    if given["resource"] not in LISTINGS:
        errors["resource"] = [f"资源应为{'、'.join(LISTINGS)}"]
    if given["format"] not in TYPES:
        errors["format"] = ["格式应为 ndjson 或者 csv"]
    if not isinstance(given["purpose"], str) or not 4 <= len(given["purpose"].strip()) <= 200:
        errors["purpose"] = ["请写明导出用途，4 至 200 字"]
    query = given["query"]
    if not isinstance(query, dict) or not all(isinstance(v, str) for v in query.values()):
        errors["query"] = ["过滤条件应为参数名到文本的对象"]
    if errors:
        raise Problem("invalid", "内容有误，请按 errors 修改后重试", errors=errors)
    listing = LISTINGS[given["resource"]]
    asking.known_only(query, {"q", *listing.filters.base_filters} if listing.search else listing.filters.base_filters)
    asking.ask(listing, query)
    return query


class OneExport(Owned):
    """One export and its state."""

    def get(self, request: Any, key: uuid.UUID) -> HttpResponse:
        asking.known_only(request.GET, ())
        return self.reply(shown(self.job(key)))

    def described(self, method: str) -> Schema:
        place = [parameter("key", "导出的 uid", place="path")]
        return operation("get_export", "导出：单个", ABOUT, place, answer(ref("Export")), "not-found")


class ExportFile(Owned):
    """The file itself; each download is logged."""

    def get(self, request: Any, key: uuid.UUID) -> Any:
        asking.known_only(request.GET, ())
        job = self.job(key)
        if job.state == "READY" and not (job.is_there and job.path.exists()):
            raise Problem("gone")
        if job.state != "READY":
            raise Problem("conflict", "文件尚未生成" if job.state == "ASKED" else f"文件未能生成：{job.failure}")
        job.download(by=self.seat)
        file = FileResponse(
            job.path.open("rb"), as_attachment=True, filename=job.file_name, content_type=TYPES[job.format]
        )
        file["Digest"] = f"sha-256={job.sha256}"
        file["Cache-Control"] = "private, no-store"
        return file

    def described(self, method: str) -> Schema:
        place = [parameter("key", "导出的 uid", place="path")]
        text = {"type": "string", "format": "binary"}
        file = {"200": {"description": "文件", "content": {media: {"schema": text} for media in TYPES.values()}}}
        return operation("get_export_file", "导出：文件", ABOUT, place, file, "not-found", "conflict", "gone")
