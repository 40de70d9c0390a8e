"""One record in every visibility state, each with a word of its own in its text that must not be found where it may not."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from integrity.models import CLOCK, Kind, Record
from integrity.models.record.many import expire_many
from tests import builders

RESTRICTED = {
    "title": "处分 玄武字样", "fact": "履职过程中失职，玄武字样。", "doc_type": "处分决定书", "doc_no": "日任免〔2026〕5号", "deciding_name": "市组织人事部门（演示）",
    "decided_on": "2026-09-01", "served_on": "2026-09-02", "legal_basis": "政务处分法第三十九条", "sanction": "记过",
    "authority_type": "处分（任免机关、单位）", "period_months": 12, "violation": "失职玄武字样", "duty_related": "是",
}  # fmt: skip
OFFICIALS = {
    "title": "违背承诺 白虎字样", "fact": "未按承诺办理，白虎字样。", "doc_type": "认定书", "doc_no": "日认〔2026〕8号", "deciding_name": "市组织人事部门（演示）",
    "decided_on": "2026-10-09", "legal_basis": "日政发〔2018〕12号", "pledge_no": "CN-2026-XXXXXXXX", "clause": "尽职尽责", "breach": "拖延办理，白虎字样",
}  # fmt: skip


def honour(cast: Any, word: str, step: str) -> Record:
    """An honour of the stranger bureau, brought to a step of its life, with a word of its own."""
    make = {
        "draft": builders.draft,
        "submitted": builders.submitted,
        "reviewed": builders.reviewed,
        "published": builders.published,
    }
    text = {
        "title": f"获评示范 {word}",
        "doc_no": f"日政字〔2026〕{len(word) * 100 + sum(map(ord, word)) % 97}号",
        "deeds": f"事迹{word}",
        "fact": f"摘要{word}",
    }
    if step in make:
        return make[step](cast, "AG11", **text)
    return builders.confirmed(cast, "AG11", publish=step == "scheduled", **text)


def penalty(cast: Any, word: str, days: int, subject: Any = None) -> Record:
    day = (timezone.localdate() - timedelta(days=days)).isoformat()
    return builders.published(
        cast, "DP02", who="market", reviewer="market_reviewer", title=f"处罚 {word}", doc_no=f"日市监处罚〔2026〕{sum(map(ord, word))}号",
        decided_on=day, served_on=day, fact=f"事实{word}", content=f"罚款{word}", subject=subject or cast.orgs.company,
    )  # fmt: skip


def all_states(cast: Any) -> dict[str, Record]:
    """Name of the state → record. The word of each record is in WORDS."""
    made = {
        "public": honour(cast, WORDS["public"], "published"),
        "draft": honour(cast, WORDS["draft"], "draft"),
        "submitted": honour(cast, WORDS["submitted"], "submitted"),
        "reviewed": honour(cast, WORDS["reviewed"], "reviewed"),
        "scheduled": honour(cast, WORDS["scheduled"], "scheduled"),
        "not_public": honour(cast, WORDS["not_public"], "confirmed"),
        "penalty": penalty(cast, WORDS["penalty"], 30),
        "trader": penalty(cast, WORDS["trader"], 30, cast.orgs.trader),
    }
    hidden = honour(cast, WORDS["hidden"], "published")
    made["hidden"] = hidden.hide(by=cast.credit, reason="核查")
    made["suspended"] = honour(cast, WORDS["suspended"], "published").suspend(by=cast.credit, reason="核查")
    made["withdrawn"] = honour(cast, WORDS["withdrawn"], "published").withdraw(by=cast.credit, reason="撤回")
    made["revoked"] = honour(cast, WORDS["revoked"], "published").revoke(by=cast.credit, reason="撤销")
    made["repaired"] = penalty(cast, WORDS["repaired"], 120).repair(by=cast.credit, reason="已履行")
    over = penalty(cast, WORDS["expired"], 360)
    expire_many(over.until, by=CLOCK) if over.until < timezone.localdate() else None
    made["expired"] = _expire(over)
    made["sealed"] = penalty(cast, WORDS["sealed"], 121).repair(by=cast.credit, reason="已履行").seal(by=CLOCK)
    made["restricted"] = _of(cast, "OF03", RESTRICTED)
    made["official"] = _of(cast, "OF07", OFFICIALS)
    return made


def _expire(record: Record) -> Record:
    """Bring one record to its end as the clock will, by asking for the day after it."""
    from unittest import mock

    with mock.patch.object(timezone, "localdate", lambda *a: record.until or date.max):
        return record.expire(by=CLOCK)


def _of(cast: Any, code: str, values: dict[str, Any]) -> Record:
    row = (
        Record(kind=Kind.objects.get(code=code))
        .enter(by=cast.hr, values=values | {"subject": cast.wang})
        .submit(by=cast.hr)
    )
    if row.spec.notice == "own":
        row.notify(by=cast.hr2, served_on=timezone.localdate()).hear(by=cast.hr2, waived=True)
    return row.review(by=cast.hr2, privacy_ok=True, secrecy_ok=True).confirm(by=cast.hr2, send_up=False)


WORDS = {
    "public": "青龙甲", "draft": "朱雀乙", "submitted": "朱雀丙", "reviewed": "朱雀丁", "scheduled": "朱雀戊", "not_public": "朱雀己", "penalty": "青龙庚",
    "trader": "青龙辛", "hidden": "麒麟壬", "suspended": "麒麟癸", "withdrawn": "麒麟子", "revoked": "麒麟丑", "repaired": "麒麟寅", "expired": "麒麟卯",
    "sealed": "麒麟辰", "restricted": "玄武字样", "official": "白虎字样",
}  # fmt: skip
PUBLIC_STATES = {"public", "penalty", "trader"}


def who_sees() -> dict[str, set[str]]:
    """Account → states it may see, said from domain.md 5 and 6 and not from the program."""
    left = {
        "submitted",
        "reviewed",
        "scheduled",
        "not_public",
        "hidden",
        "suspended",
        "withdrawn",
        "revoked",
        "repaired",
        "expired",
    }
    honours = {
        "draft",
        "submitted",
        "reviewed",
        "scheduled",
        "not_public",
        "hidden",
        "suspended",
        "withdrawn",
        "revoked",
    }
    penalties = {"repaired", "expired"}
    return {
        "visitor": set(),
        "clerk": honours, "reviewer": honours,  # the unit that provided the honours
        "agency": set(),
        "market": penalties, "market_reviewer": penalties, "sector": penalties,  # the unit that provided the penalties
        "stranger": honours - {"draft", "submitted", "reviewed"}, "stranger_reviewer": honours - {"draft", "submitted", "reviewed"},  # the subject
        "credit": left | {"official"}, "credit2": left | {"official"}, "auditor": left | {"official"},
        "secrecy": {"scheduled", "hidden", "suspended"},
        "county": set(), "county_clerk": set(), "township": set(), "supervisor": set(),
        "hr": {"restricted", "official"}, "hr2": {"restricted", "official"}, "discipline": {"restricted", "official"},
        "official": {"restricted", "official"}, "company": penalties, "expert": set(),
        "leader": {"scheduled", "not_public", "hidden", "suspended", "withdrawn"},
        "archivist": {"sealed"}, "operator": set(), "admin": set(),
    }  # fmt: skip


def scene(cast: Any) -> SimpleNamespace:
    return SimpleNamespace(records=all_states(cast), sees=who_sees())
