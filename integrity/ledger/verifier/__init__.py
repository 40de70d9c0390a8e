"""The verifiers that anybody may take away: a page that needs no network, and a script that needs only Python."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from functools import cache
from pathlib import Path

from django.conf import settings

from integrity import catalogue
from integrity.ledger.policy import policy_text
from integrity.models import Pledge, Record, Subject

HERE = Path(__file__).parent
LABELS = {  # what the page calls committed values, in the order it shows them; facts are named by the catalogue
    "number": "编号", "title": "事项名称", "subject.name": "信用主体", "subject.code": "统一社会信用代码", "subject.form": "主体类别",
    "fact": "事实摘要", "text": "承诺内容", "tier": "失信等级", "doc_type": "文书类型", "doc_no": "文书号", "deciding_unit.name": "认定单位",
    "deciding_unit.code": "认定单位代码", "decided_on": "认定日期", "effective_on": "生效日期", "act_ended_on": "失信行为终止日期",
    "legal_basis": "认定依据", "source_unit.name": "信息提供单位", "source_unit.code": "提供单位代码", "unit.name": "所在单位",
    "unit.code": "单位代码", "state": "状态", "publicity": "公示状态", "public_from": "公示日期", "until": "公示截止",
    "repair_from": "最早可修复日期", "flags.objection_open": "异议处理中", "flags.rectifying": "整改中", "flags.mitigated": "从轻",
    "flags.exempted": "免于惩戒", "flags.suspended": "暂缓公示", "level": "签署级别", "public": "向社会公开", "sha256": "文本摘要",
    "kind": "类目代码", "kind_edition": "目录版次", "uid": "标识", "version": "版本", "facts": "具体内容",
    "record.published": "公示", "record.corrected": "更正", "record.withdrawn": "撤回", "record.objected": "标注异议",
    "record.objection-decided": "异议办结", "record.repaired": "信用修复", "pledge.published": "公开承诺", "pledge.replaced": "替换承诺",
    "pledge.lapsed": "承诺失效", "pledge.signed": "签署承诺", "catalogue.changed": "目录变更", "payload.removed": "内容移除",
    "report.issued": "出具报告", "role.changed": "岗位变更", "rule.changed": "参数变更",
}  # fmt: skip


def script() -> bytes:
    """gi_verify.py as it is published."""
    return (HERE / "gi_verify.py").read_bytes()


def code() -> bytes:
    """The page's script, whose digest stands in the log."""
    return (HERE / "page.js").read_bytes()


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _words() -> str:
    """What names and codes are called, in the order the page shows them: columns first, then facts."""
    facts = {f"facts.{f.name}": f.label for kind in catalogue.load().kinds.values() for f in kind.facts}
    codes = {"subject.form": Subject.Form, "tier": Record.Tier, "state": Record.State, "publicity": Record.Publicity}
    words = {"names": LABELS | facts, "codes": {name: dict(choices.choices) for name, choices in codes.items()}}
    words["codes"]["state"] |= dict(Pledge.State.choices)
    return json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")


def page() -> bytes:
    """verify.html with today's keys and witnesses in it: one file whose content policy allows only its own script."""
    code, style = ((HERE / name).read_text(encoding="utf-8") for name in ("page.js", "page.css"))
    parts = {
        "script": code,
        "style": style,
        "script_hash": _hash(code),
        "style_hash": _hash(style),
        "words": _words(),
    }
    parts |= {"policy": html.escape(policy_text()), "site": html.escape(settings.SITE_NAME)}
    frame = (HERE / "page.frame").read_text(encoding="utf-8")
    return re.sub(r"\{(\w+)\}", lambda found: parts[found[1]], frame).encode()
