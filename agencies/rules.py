"""Rules of the agencies' area: when X has happened, then one act (house.md 2.10)."""

from __future__ import annotations

from typing import Any

from agencies.models import ClearingCase, SanctionCase
from integrity.acts import rule
from integrity.models import MomentSeat, Record, as_rule

RULE = MomentSeat("RULE")  # what follows from the court's list is filed by nobody


@rule("letter.served", then="case.notified")
def notice_to_explain_served(rows: Any, events: Any, by: Any) -> None:
    """The term for the written statement starts where the notice was served (clock D15)."""
    for letter in rows:
        if letter.template == "explain" and letter.matter_id:
            for case in SanctionCase.objects.filter(matter=letter.matter_id, state="OPENED"):
                case.notify(by=as_rule(by), served_on=letter.served_on)


@rule("record.confirmed", then="clearing.opened")
def clear_what_the_court_listed(rows: Any, events: Any, by: Any) -> None:
    """An agency on the court's list has to be taken off: where it was warned that case goes on, else one begins (任务10)."""
    ids = getattr(rows, "ids", None) or [r.pk for r in rows]
    for record in Record.objects.filter(pk__in=ids, kind="AG01").select_related("subject", "subject__area"):
        standing = ClearingCase.objects.filter(agency=record.subject, case_no=record.facts.get("case_no", ""))
        standing = standing.exclude(state__in=["AVERTED", "REMOVED"]).select_related("matter")
        if (warned := standing.first()) is None:
            ClearingCase(record=record).open(by=RULE)
        elif warned.state == "WARNED":
            warned.list_(by=RULE, record=record)


def _cleared(rows: Any) -> None:
    ids = getattr(rows, "ids", None) or [r.pk for r in rows]
    for case in ClearingCase.objects.filter(record__in=ids).exclude(state__in=["AVERTED", "REMOVED"]):
        case.remove(by=RULE)


@rule("record.released", then="clearing.removed")
def cleared_by_the_court(rows: Any, events: Any, by: Any) -> None:
    """The court took it off: the case is cleared."""
    _cleared(rows)


@rule("record.revoked", then="clearing.removed")
def cleared_by_revocation(rows: Any, events: Any, by: Any) -> None:
    """The listing itself was void."""
    _cleared(rows)
