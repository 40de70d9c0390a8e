"""The catalogue's checks on receipt: what is refused or only remarked on, with the codes of domain.md 7.3."""

from __future__ import annotations

import unicodedata
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils import timezone

from integrity import catalogue
from integrity.exchange.arrivals import Arrival, Found
from integrity.models import Kind, deadline
from integrity.models.record.spec import base_facts, check_values, obstacle
from integrity.models.subject import Subject

REJECTIONS = {
    "E01": "必填项缺失", "E02": "格式不正确", "E03": "超过长度", "E04": "代码值未知", "E05": "统一社会信用代码校验不通过",
    "E06": "公民身份号码校验不通过", "E07": "日期先后不合理", "E08": "日期晚于今天", "E09": "重复", "E10": "信用主体无法识别",
    "E11": "名称与代码不一致", "E12": "目录类目未批准或者已终止", "E13": "该类信息不接收", "E14": "简易程序处罚不纳入",
    "E15": "公开文本含个人信息", "E16": "金额与处罚类别不一致", "E17": "迟报", "E18": "上级已修复、撤销或者到期",
    "E19": "缺少保密审查", "E20": "内容与存证承诺不一致",
}  # fmt: skip


class Checker:
    """The checks of one batch; what they look up is read once."""

    def __init__(self) -> None:
        self.today = timezone.localdate()
        self.approved = set(Kind.objects.in_force("record").values_list("code", flat=True))
        self.kinds = catalogue.load().kinds

    def kind(self, a: Arrival) -> list[Found]:
        """E12 and E13: the catalogue here must know the kind, have it approved and let it be sent."""
        spec = self.kinds.get(a.kind)
        if spec is None or a.kind not in self.approved:
            return [a.found("E12", "kind", f"目录类目“{a.kind}”在上级平台没有批准或者已经终止")]
        if spec.up == "no":
            return [a.found("E13", "kind", f"“{spec.name}”依目录不向上级报送")]
        return []

    def subject(self, a: Arrival, known: Any) -> list[Found]:
        """E10 and E11: whom the record is about; `known` is the subject here that bears the code."""
        spec, form = self.kinds[a.kind], a.subject["form"]
        person = form == Subject.Form.PERSON
        if not person and not a.subject["code"]:
            return [a.found("E10", "subject.code", "信用主体没有统一社会信用代码，无法识别")]
        words = {"person", "official"} if person else {"agency"} if form == Subject.Form.AGENCY else {"enterprise"}
        if not words & set(spec.subject):
            return [a.found("E10", "subject.form", f"“{spec.name}”不适用于这类信用主体")]
        if known and not person and same_name(known["name"]) != same_name(a.subject["name"]):
            return [a.found("E11", "subject.name", f"代码 {a.subject['code']} 在上级平台登记的名称是“{known['name']}”")]
        return []

    def content(self, a: Arrival) -> list[Found]:
        """The checks that the entry form makes, made again (山东条例 16)."""
        spec = self.kinds[a.kind]
        names = [f.name for f in base_facts(a.kind)]
        raw = {n: _typed(a.columns.get(n)) for n in names} | a.columns["facts"]
        _, _, problems = check_values(spec, raw, self.today)
        return [a.found(p.code, p.field, p.text, p.blocks) for p in problems]

    def publicity(self, a: Arrival) -> list[Found]:
        """E13 and E19: the law on publicity holds here as well, whoever decided (山东条例 20)."""
        if a.columns["publicity"] != "PUBLIC":
            return []
        spec, organisation = self.kinds[a.kind], a.subject["form"] != Subject.Form.PERSON
        if why := obstacle(spec, a.columns["tier"], organisation, a.columns["facts"], True):
            return [a.found("E13", "publicity", why)]
        if a.columns["public_from"] is None:
            return [a.found("E01", "public_from", "公示的记录缺少公示日期")]
        return [] if a.cleared else [a.found("E19", "publicity", "隐私扫描有提示，但没有保密审查通过的记载")]

    def late(self, a: Arrival) -> list[Found]:
        """E17, a remark only: double publicity is due seven working days after the decision (clock D01)."""
        spec = self.kinds[a.kind]
        if spec.family == "DP" and (due := _double_publicity(a.columns["decided_on"], self.today)) < self.today:
            return [a.found("E17", "decided_on", f"双公示信息应于 {due} 前报送", blocks=False)]
        return []


@lru_cache(1000)
def _double_publicity(decided_on: date, today: date) -> date:
    return deadline("D01", decided_on).on


def same_name(name: str) -> str:
    """A name as far as it matters for comparison: brackets of every width alike, no spaces."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def _typed(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else "" if value is None else value
