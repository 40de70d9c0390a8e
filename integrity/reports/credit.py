"""A credit report as page and paper: read from its own bytes, so that both say the same."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.utils import timezone

from integrity.ledger.position import places
from integrity.models import Report
from integrity.reports import qr
from integrity.reports.pdf import render

LINES = (("mandatory", "依法必须的措施"), ("reference", "供参考的措施"), ("incentives", "守信激励"))


def content_of(row: Report) -> dict[str, Any]:
    """What the report says, as it was fixed."""
    content: dict[str, Any] = json.loads(row.body)
    return content


def pdf_of(row: Report, address: str) -> bytes:
    """The PDF/A-3b of a report with its bytes attached; `address` is where its QR leads."""
    content, answer = content_of(row), content_of(row)["answer"]
    subject = content["subject"]
    place = places([row.pk]).get(row.pk)
    data = {
        "mark": "演示文书，不具法律效力" if settings.DEMO else "",
        "title": row.get_scope_display(),
        "issuer": settings.SITE_NAME,
        "facts": [
            ["报告编号", row.number],
            ["信用主体", subject["name"]],
            ["代码或者证号", subject.get("code") or subject.get("id") or "—"],
            ["用途", content["purpose"]],
            ["生成时间", f"{timezone.localtime(row.made_at):%Y-%m-%d %H:%M}"],
            ["有效期至", content["valid_until"]],
            *([["核查编号", content["asked_in"]]] if content["asked_in"] else []),
        ],
        "groups": [[label, [_measure(m) for m in answer[name]]] for name, label in LINES]
        + [["在用的记录", [_record(r) for r in answer["records"]]]],
        "restricted": answer["restricted"],
        "token": _grouped(row.token),
        "sha256": row.sha256,
        "place": "存证处理中" if place is None else f"存证日志第 {place} 号",
        "address": address,
        "qr": qr.drawing(address),
        "body": row.body,
        "file": f"{row.number}.json",
    }
    return render("credit", data, row.made_at, standard="a-3b")


def _measure(m: dict[str, Any]) -> str:
    until = m["until"] or "解除之日"
    return f"{m['name']}：{m['basis']}，{m['from']} 至 {until}，{m['decided_by']}"


def _record(r: dict[str, Any]) -> str:
    until = f"，至 {r['until']}" if r["until"] else ""
    mark = "，该信息正在异议处理中" if r["objection_open"] else ""
    return f"{r['kind_name']}：{r['title']}（{r['deciding_name']}，{r['decided_on']}{until}{mark}）"


def _grouped(text: str) -> str:
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))
