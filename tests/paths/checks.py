"""Paths of credit checks, reports, watch lists and exports."""

from __future__ import annotations

from typing import Any

from integrity.models import Check, CheckedSubject, Export, Report, Watch
from integrity.models.check import make_check

GROUND = {"purpose": "PROCUREMENT", "matter": "某采购项目", "ground": "山东省社会信用条例第二十二条"}
MADE = {"rows": 3, "size": 900, "sha256": "0" * 64, "checkpoint": 5}


def check(cast: Any) -> Check:
    return make_check(Check(**GROUND), [cast.orgs.company.code], by=cast.clerk)


def asked(cast: Any) -> Export:
    return Export(resource="records", purpose="年度审计").ask(by=cast.auditor)


def ready(cast: Any) -> Export:
    return asked(cast).finish(by=cast.auditor, **MADE)


def watched(cast: Any) -> Watch:
    return Watch(name="供应商", purpose="PROCUREMENT", ground="采购合同").open(
        by=cast.clerk, codes=[cast.orgs.company.code]
    )


PATHS = {
    "check.made": lambda c: (Check(**GROUND), c.clerk, {"asked": [c.orgs.company.code]}),
    "subject.checked": lambda c: (
        CheckedSubject(asked_in=check(c), subject=c.orgs.market, outcome="CLEAR", answer={}), c.clerk, {},
    ),
    "check.fed_back": lambda c: (check(c).answers.get(), c.clerk, {"decision": "NONE", "reason": "不涉及"}),
    "report.issued": lambda c: (Report(scope="PUBLIC", subject=c.orgs.company), c.agency, {}),
    "watch.opened": lambda c: (
        Watch(name="供应商", purpose="PROCUREMENT", ground="采购合同"), c.clerk, {"codes": [c.orgs.company.code]},
    ),
    "watch.ended": lambda c: (watched(c), c.clerk, {}),
    "export.asked": lambda c: (Export(resource="records", purpose="年度审计"), c.auditor, {}),
    "export.made": lambda c: (asked(c), c.auditor, MADE),
    "export.failed": lambda c: (asked(c), c.auditor, {"why": "磁盘已满"}),
    "export.downloaded": lambda c: (ready(c), c.auditor, {}),
}  # fmt: skip
