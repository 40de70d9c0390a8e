"""What a record of a kind asks for, and the checks every door shares: form, live check, import, API (domain.md 2.0, 4.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from integrity import catalogue
from integrity.catalogue import KindSpec
from integrity.clocks import add_months
from integrity.codes import personal_data
from integrity.facts import Fact, check

DOC_TYPES = (
    "判决书", "裁定书", "行政处罚决定书", "行政许可决定书", "处分决定书", "认定书", "通报", "整改通知书",
    "表彰决定", "名单公告", "执行决定书", "承诺书", "其他",
)  # fmt: skip
TIERS = {"minor": "轻微", "general": "一般", "serious": "严重", "none": "不分级"}
CAP_MONTHS = 60  # 山东条例 38: disclosure ends five years after the act ended
PARTY_DISCIPLINE = ("党内警告", "党内严重警告", "撤销党内职务", "留党察看", "开除党籍", "党纪处分")
NEVER_COLLECT = ("宗教信仰", "基因", "指纹", "血型", "病史", "疾病史")


@cache
def base_facts(code: str) -> tuple[Fact, ...]:
    """The columns every record of this kind fills, as facts, before those of the kind itself."""
    spec = catalogue.load().kinds[code]
    negative = spec.polarity == "negative"
    facts = [
        Fact("title", "事项名称", max=200, help="将显示为公示标题，不得写入个人信息"),
        Fact(
            "fact",
            "失信事实" if negative else "事项摘要",
            max=5000,
            required=negative,
            help="摘要将公开，不得写入个人身份信息",
        ),
        Fact("doc_type", "文书类型", "choice", options=DOC_TYPES),
        Fact("doc_no", "文书号", max=128, help="如：日市监处罚〔2026〕12号"),
        Fact(
            "deciding_code",
            "认定单位代码",
            "code",
            required=False,
            help="认定单位的统一社会信用代码，填写后自动带出名称",
        ),
        Fact(
            "deciding_name", "认定单位名称", max=200, required=False, help="机构表中没有的认定单位（如法院）请填写名称"
        ),
        Fact("decided_on", "认定日期", "date"),
        Fact("effective_on", "生效日期", "date", required=False),
        Fact("served_on", "文书送达日期", "date", required=spec.notice == "by_document", public=False),
        Fact("legal_basis", "认定依据", max=2048, help="法律名称、条、款"),
    ]
    if negative:
        facts.append(Fact("act_ended_on", "失信行为终止日期", "date", required=False, help="尚未终止的留空"))
        facts.append(
            Fact(
                "tier",
                "失信等级",
                "choice",
                required=spec.tier == "by_finding",
                options=("minor", "general", "serious"),
            )
        )
    return tuple(facts)


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an entry: field, rejection code of domain.md 7.3, sentence; warnings do not block."""

    field: str
    code: str
    text: str
    blocks: bool = True


@dataclass(frozen=True)
class _Compiled:
    """What check_values needs of a kind, looked up once: all its facts, which are columns, which texts may be shown."""

    facts: tuple[Fact, ...]
    base: frozenset[str]
    public_texts: frozenset[str]
    negative: bool
    penal: bool
    personal: bool


@cache
def _compiled(code: str) -> _Compiled:
    spec = catalogue.load().kinds[code]
    facts = (*base_facts(code), *spec.facts)
    shown = frozenset(f.name for f in facts if f.public and f.type == "text") if spec.may_be_public else frozenset()
    base, penal = frozenset(f.name for f in base_facts(code)), "penalty_kinds" in spec.fact_names
    return _Compiled(facts, base, shown, spec.polarity == "negative", penal, spec.family == "OF")


_DAYS = ("decided_on", "effective_on", "served_on", "act_ended_on")


def check_values(
    spec: KindSpec, raw: Mapping[str, Any], today: date
) -> tuple[dict[str, Any], dict[str, Any], list[Problem]]:
    """Check one entry without looking into the database: clean columns, clean facts, problems."""
    known = _compiled(spec.code)
    values, wrong = check(known.facts, raw)
    problems = [Problem(name, bad.code, str(bad)) for name, bad in wrong.items()]
    problems += _texts(known, values)
    columns = {name: values.pop(name) for name in list(values) if name in known.base}
    for name in _DAYS:
        if name in columns:
            columns[name] = date.fromisoformat(columns[name])
    problems += _dates(columns, values, today)
    if known.negative:
        columns["tier"], found = _tier(spec, columns.get("tier"), values)
        problems += found
    else:
        columns["tier"] = "none"
    if known.penal:
        problems += _penalty(values)
    if "deciding_code" not in columns and "deciding_name" not in columns:
        problems.append(Problem("deciding_code", "E01", "请填写认定单位代码，或者填写认定单位名称"))
    return columns, values, problems


def _dates(columns: dict[str, Any], facts: dict[str, Any], today: date) -> list[Problem]:
    found = []
    decided = columns.get("decided_on")
    if decided and decided > today:
        found.append(Problem("decided_on", "E08", f"认定日期不能晚于今天（{today}）"))
    for name, label in (("effective_on", "生效日期"), ("served_on", "文书送达日期")):
        if decided and columns.get(name) and columns[name] < decided:
            found.append(Problem(name, "E07", f"{label}不能早于认定日期"))
    for first, last in (("valid_from", "valid_until"), ("ban_from", "ban_until")):
        if facts.get(first) and facts.get(last) and facts[first] > facts[last]:
            found.append(Problem(last, "E07", "截止日期不能早于起始日期"))
    if (ended := columns.get("act_ended_on")) and ended > today:
        found.append(Problem("act_ended_on", "E08", "失信行为终止日期不能晚于今天"))
    return found


_ORDER = ("none", "minor", "general", "serious")


def _tier(spec: KindSpec, given: str | None, facts: dict[str, Any]) -> tuple[str, list[Problem]]:
    """The tier: the kind's own, or by penalty kinds; an authority's own standard may raise or lower by_penalty."""
    if spec.tier in ("minor", "general", "serious"):
        if given and given != spec.tier and spec.code not in _GRADED:
            return spec.tier, [Problem("tier", "E04", f"本类目的失信等级固定为“{TIERS[spec.tier]}”")]
        return given or spec.tier, []
    if spec.tier == "by_penalty" and not given:
        table = catalogue.load().penalty_tiers
        tiers = [table.get(k, "general") for k in str(facts.get("penalty_kinds", "")).split("；") if k]
        return max(tiers, key=_ORDER.index, default="general"), []
    return given or "general", []


# Findings on agencies whose tier follows repeat, refusal, loss or effect (domain.md 8, tier of an agency finding).
_GRADED = {"AG02", "AG03", "SE05", "SV01", "SV05", "OF10"}


def _penalty(facts: dict[str, Any]) -> list[Problem]:
    """Summary procedure (E14) and agreement of penalty kinds with amounts (E16), domain.md 4.1."""
    found = []
    if facts.get("simple_procedure"):
        found.append(
            Problem(
                "simple_procedure", "E14", "适用简易程序作出的行政处罚不纳入公共信用信息（山东省社会信用条例第十三条）"
            )
        )
    kinds = str(facts.get("penalty_kinds", ""))
    pairs = (("罚款", "fine_wan", "罚款金额"), ("没收", "seized_wan", "没收金额"))
    for word, name, label in pairs:
        amount = float(facts.get(name) or 0)
        if word in kinds and amount <= 0:
            found.append(Problem(name, "E16", f"处罚类别含“{word}”，{label}须大于 0（单位：万元）"))
        if word not in kinds and amount > 0:
            found.append(Problem(name, "E16", f"填写了{label}，但处罚类别中没有“{word}”"))
    if ("暂扣" in kinds or "吊销" in kinds) and not facts.get("licence"):
        found.append(Problem("licence", "E16", "处罚类别含暂扣或者吊销，请填写证照名称及编号"))
    return found


_PARTY = re.compile("|".join(PARTY_DISCIPLINE))
_NEVER = re.compile("|".join(NEVER_COLLECT))


def _texts(known: _Compiled, values: dict[str, Any]) -> list[Problem]:
    """Personal data blocks where the text may be published; Party discipline and forbidden data nowhere."""
    found = []
    for name, text in values.items():
        if not isinstance(text, str):
            continue
        if name in known.public_texts and (kinds := personal_data(text)):
            found.append(Problem(name, "E15", f"疑似含{'、'.join(kinds)}，请删除后再提交"))
        if known.personal and _PARTY.search(text):
            found.append(Problem(name, "E13", "党纪处分不进入本系统，请删除相关内容"))
        if _NEVER.search(text):
            found.append(
                Problem(name, "E13", "含禁止采集的个人信息（山东省社会信用条例第四十二条），请删除", blocks=False)
            )
    return found


@dataclass(frozen=True)
class Window:
    """How long a record is shown or used: exclusive end, earliest repair date, and the rule in words."""

    until: date | None
    repair_from: date | None
    explain: str


def window(spec: KindSpec, tier: str, decided_on: date, act_ended_on: date | None, facts: Mapping[str, Any]) -> Window:
    """End of publicity and use, by the rule in force on the decision date and the five-year cap (domain.md 10)."""
    until, repair_from, explain = _own_end(spec, tier, decided_on, facts)
    if spec.polarity == "negative" and act_ended_on:
        cap = add_months(act_ended_on, CAP_MONTHS)
        if until is None or cap < until:
            return Window(cap, repair_from, f"{explain}；自失信行为终止之日起最长 5 年（山东省社会信用条例第三十八条）")
    return Window(until, repair_from, explain)


def _own_end(
    spec: KindSpec, tier: str, decided_on: date, facts: Mapping[str, Any]
) -> tuple[date | None, date | None, str]:
    if facts.get("period_months") or facts.get("ends_on"):
        months = int(facts.get("period_months") or 0)
        end = date.fromisoformat(facts["ends_on"]) if facts.get("ends_on") else add_months(decided_on, months)
        return end, end, f"处分期至 {end}，期满自动解除"
    if facts.get("cycle_until"):
        return date.fromisoformat(facts["cycle_until"]), None, "至记分周期结束"
    if spec.publicity == "while_in_force":
        end = facts.get("valid_until")
        return (date.fromisoformat(end) if end and end < "2099" else None), None, "有效期内公示"
    if spec.publicity == "by_tier" or (isinstance(spec.publicity, tuple) and spec.polarity == "negative"):
        rule = catalogue.load().tier_rule(decided_on)
        low, high = rule.months.get(tier, (0, 0))
        if isinstance(spec.publicity, tuple):
            low, high = max(low, spec.publicity[0]), min(high, spec.publicity[1])
            low = min(low, high)
        return (
            add_months(decided_on, high),
            add_months(decided_on, low),
            f"{TIERS[tier]}失信，最短 {low} 个月、最长 {high} 个月，自认定日期起算（{rule.basis}）",
        )
    if isinstance(spec.publicity, tuple):
        return add_months(decided_on, spec.publicity[1]), None, f"自认定日期起 {spec.publicity[1]} 个月"
    if spec.publicity == "court_term":
        return None, None, "至人民法院移出名单"
    return None, None, "不公示；按披露期限使用"


def obstacle(spec: KindSpec, tier: str, is_organisation: bool, facts: Mapping[str, Any], consent: bool) -> str:
    """Why a record can never be public; empty when it may be. The law, not a setting (山东条例 20)."""
    if spec.polarity == "negative" and not is_organisation:
        return "自然人的失信信息不得公开公示（山东省社会信用条例第二十条）"
    if spec.disclosure == "consent":
        return "" if consent else "须经本人单独同意方可公开（个人信息保护法第二十五条）"
    if not is_organisation:
        return "自然人的信息不公开公示"
    if spec.disclosure == "restricted":
        return "限定知悉的信息不公示"
    if not spec.may_be_public:
        return "该类目的披露方式为政务共享，不公示"
    if spec.polarity == "negative" and tier == "minor" and spec.publish_if != "local_rule":
        return "轻微失信信息原则上不公示"
    if spec.publish_if == "court_announced" and not facts.get("court_announced"):
        return "人民法院未公告的，不公示"
    return ""
