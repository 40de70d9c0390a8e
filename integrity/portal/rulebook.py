"""The rules as public pages: questions and answers, the data catalogue, the list of measures, the clocks (brief P13)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from integrity import catalogue
from integrity.catalogue import words
from integrity.facts import Fact
from integrity.models import PUBLIC, Kind
from integrity.models.record.spec import base_facts
from integrity.portal import errors, exports
from integrity.portal.fresh import public
from integrity.portal.throttle import wait
from integrity.status import tone

FACT_TYPES = {
    "text": "文本", "date": "日期", "amount": "金额", "int": "整数", "choice": "单选", "multi": "多选", "bool": "是否", "code": "统一社会信用代码",
}  # fmt: skip


def _entries(shape: str) -> list[Kind]:
    return list(Kind.objects.visible_to(PUBLIC).filter(shape=shape).order_by("code"))


def _state(row: Kind) -> dict[str, Any]:
    return {"state": row.get_state_display(), "tone": tone("kind", "state", row.state), "edition": row.edition}


def kind_line(row: Kind) -> dict[str, Any]:
    """One entry of the catalogue with the elements the law asks for (山东条例 10)."""
    k = row.spec
    return _state(row) | {
        "code": k.code,
        "name": k.name,
        "nature": k.nature,
        "subject": "、".join(words.SUBJECTS[s] for s in k.subject),
        "tier": words.TIERS[k.tier],
        "disclosure": words.disclosure(k),
        "period": words.publicity(k),
        "repair": words.REPAIR[k.repair],
        "notice": words.NOTICE[k.notice],
        "up": words.UP[k.up],
        "basis": "；".join(k.basis),
        "provider": k.provider,
        "standard": k.standard,
        "doc_no": row.doc_no,
        "valid_from": row.valid_from,
        "measures": k.measures,
    }


def measure_line(row: Kind) -> dict[str, Any]:
    """One entry of the measures list (山东条例 25, 27)."""
    k, more = row.spec, row.spec.extra
    return _state(row) | {
        "code": k.code,
        "name": k.name,
        "applies": "、".join(words.SUBJECTS[s] for s in more["applies"]),
        "stage": more["stage"],
        "basis": "；".join(k.basis),
        "period": more["period"],
        "decided_by": more["decided_by"],
        "effect": words.EFFECTS[more["effect"]],
    }


def clock_lines() -> Iterator[dict[str, Any]]:
    """Every deadline with its length, start and ground (domain.md 10)."""
    for code, clock in sorted(catalogue.load().clocks.items()):
        yield {
            "code": code,
            "event": clock.event,
            "terms": " / ".join(words.term(t) for t in clock.terms),
            "start": clock.start,
            "basis": clock.basis,
            "ground": words.GROUNDS[clock.kind],
        }


@public
def rules(request: HttpRequest) -> HttpResponse:
    """Questions and answers, with the numbers of the rules in force."""
    loaded = catalogue.load()
    clock = {code: " / ".join(words.term(t) for t in c.terms) for code, c in loaded.clocks.items()}
    hidden = [k for k in loaded.of_shape("record") if not k.may_be_public]
    tiers = [(words.TIERS[t], words.months(*m)) for t, m in loaded.tier_rules[0].months.items()]
    context = {"tiers": tiers, "tier_basis": loaded.tier_rules[0].basis, "clock": clock, "hidden": hidden}
    return render(request, "portal/rules.html", context)


@public
def kinds(request: HttpRequest) -> HttpResponse:
    """The data catalogue (公共信用信息目录)."""
    return render(request, "portal/catalogue.html", {"lines": [kind_line(k) for k in _entries("record")]})


@public
def kind(request: HttpRequest, code: str) -> HttpResponse:
    """One entry of the catalogue with its data standard."""
    row = Kind.objects.visible_to(PUBLIC).filter(code=code, shape="record").first()
    if row is None:
        raise Http404
    refs = {m.code: m for m in row.spec.measures}
    measures = Kind.objects.visible_to(PUBLIC).filter(code__in=refs).order_by("code")
    context = {
        "kind": row,
        "line": kind_line(row),
        "fields": [_field(f) for f in (*base_facts(code), *row.spec.facts)],
        "measures": [(m, words.EFFECTS[refs[m.code].effect]) for m in measures],
    }
    return render(request, "portal/kind.html", context)


def _field(f: Fact) -> dict[str, Any]:
    return {
        "name": f.name, "label": f.label, "type": FACT_TYPES[f.type], "required": f.required, "public": f.public,
        "options": "、".join(words.TIERS.get(o, o) for o in f.options),
    }  # fmt: skip


@public
def measures(request: HttpRequest) -> HttpResponse:
    """The list of measures (失信惩戒措施清单)."""
    return render(request, "portal/measures.html", {"lines": [measure_line(k) for k in _entries("measure")]})


@public
def clocks(request: HttpRequest) -> HttpResponse:
    """The table of deadlines."""
    return render(request, "portal/clocks.html", {"lines": list(clock_lines())})


FILES = {
    "catalogue": ("代码 名称 信息性质 信用主体 失信等级 披露方式 公示期 修复 告知 上报 依据 提供单位 数据标准 状态 版次 批准文号", "code name nature subject tier disclosure period repair notice up basis provider standard state edition doc_no"),
    "measures": ("代码 名称 适用对象 实施环节 依据 期限 决定单位 效力 状态 版次", "code name applies stage basis period decided_by effect state edition"),
    "clocks": ("代码 事项 期限 起算 依据 性质", "code event terms start basis ground"),
}  # fmt: skip


@public
def table(request: HttpRequest, name: str) -> HttpResponse:
    """Catalogue, measures or clocks as CSV."""
    if name not in FILES:
        raise Http404
    if seconds := wait(request, "export"):
        return errors.too_often(request, seconds)
    headings, keys = (text.split() for text in FILES[name])
    lines: Any = {
        "catalogue": lambda: map(kind_line, _entries("record")),
        "measures": lambda: map(measure_line, _entries("measure")),
        "clocks": clock_lines,
    }[name]()
    return exports.csv_response(f"{name}.csv", headings, ([line[k] for k in keys] for line in lines))
