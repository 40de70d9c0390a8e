"""The catalogue's codes in the words people read: whom, how grave, how long, how shown, how mended."""

from __future__ import annotations

from typing import Any

from integrity.catalogue import KindSpec, Term

SUBJECTS = {"official": "公务人员", "agency": "政府机构", "enterprise": "企业等组织", "person": "自然人"}
TIERS = {
    "minor": "轻微",
    "general": "一般",
    "serious": "严重",
    "by_penalty": "按处罚种类",
    "by_finding": "按认定结果",
    "none": "不分级",
}
DISCLOSURE = {
    "public": "社会公开",
    "public-org": "社会公开（限法人和非法人组织）",
    "public-summary": "公开摘要",
    "consent": "本人单独同意后公开",
    "shared": "政务共享",
    "restricted": "限定知悉",
}
REPAIR = {
    "application": "可申请修复",
    "none": "不适用修复",
    "by_expiry": "期满自动解除",
    "by_court": "由人民法院移出名单",
    "by_cycle": "记分周期届满清零",
    "by_basis": "按原裁判文书确定",
}
NOTICE = {"own": "认定前告知并听取陈述申辩", "by_document": "依生效文书归集", "none": "无须告知"}
UP = {"yes": "上报", "no": "不上报", "by_mgmt": "由管理机关决定"}
EFFECTS = {"mandatory": "依法必须", "reference": "供决定参考"}
GROUNDS = {"law": "法定期限", "check": "法定期限（待核对原文）", "setting": "本市可调整"}
PERIODS = {"quarter": "每季度", "month": "每月"}
_UNITS = {"WD": "个工作日", "DAY": "日", "MONTH": "个月"}


def months(low: int, high: int) -> str:
    """12 至 36 个月, 36 个月."""
    return f"{high} 个月" if low == high else f"最长 {high} 个月" if low == 0 else f"{low} 至 {high} 个月"


def publicity(kind: KindSpec) -> str:
    """How long a record of this kind is shown, if it is shown."""
    value: Any = kind.publicity
    if isinstance(value, (list, tuple)):
        return months(*value)
    fixed = {
        "by_tier": "按失信等级",
        "while_in_force": "有效期内",
        "court_term": "至人民法院移出名单",
        "with_parent": "随原记录",
        "none": "不公示",
    }
    return fixed[value]


def disclosure(kind: KindSpec) -> str:
    """How a kind is disclosed; some are shared within government and shown only by decision."""
    words = DISCLOSURE[kind.disclosure]
    return f"{words}，经决定可公示" if kind.publish == "on_decision" else words


def term(t: Term) -> str:
    """3 个工作日, 1 月 31 日前, 每季度."""
    if t.unit == "DATE":
        month, day = (int(x) for x in t.at.split("-"))
        return f"{month} 月 {day} 日前"
    return PERIODS[t.at] if t.unit == "PERIOD" else f"{t.amount} {_UNITS[t.unit]}"
