"""Rules of the agencies' area: when X has happened, then one act (house.md 2.10)."""

from __future__ import annotations

from typing import Any

from agencies.models import AgencyPledge, ClearingCase, SanctionCase
from agencies.models.promises import broken_item
from integrity.acts import rule
from integrity.models import MomentSeat, as_rule
from integrity.models.record.many.rows import of_kinds

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
    for record in of_kinds(rows, "AG01"):
        standing = ClearingCase.objects.filter(agency=record.subject, case_no=record.facts.get("case_no", ""))
        standing = standing.exclude(state__in=["AVERTED", "REMOVED"]).select_related("matter")
        if (warned := standing.first()) is None:
            ClearingCase(record=record).open(by=RULE)
        elif warned.state == "WARNED":
            warned.list_(by=RULE, record=record)


def _cleared(rows: Any) -> None:
    listed = [r.pk for r in of_kinds(rows, "AG01")]
    if not listed:
        return
    for case in ClearingCase.objects.filter(record__in=listed).exclude(state__in=["AVERTED", "REMOVED"]):
        case.remove(by=RULE)


@rule("record.released", then="clearing.removed")
def cleared_by_the_court(rows: Any, events: Any, by: Any) -> None:
    """The court took it off: the case is cleared."""
    _cleared(rows)


@rule("record.revoked", then="clearing.removed")
def cleared_by_revocation(rows: Any, events: Any, by: Any) -> None:
    """The listing itself was void."""
    _cleared(rows)


@rule("record.confirmed", then="commitment.breached")
def promise_found_broken(rows: Any, events: Any, by: Any) -> None:
    """Only a confirmed finding makes an item 违诺 (AG06)."""
    for record in of_kinds(rows, "AG06"):
        item = broken_item(record)
        if item is not None and item.state == "ON_TRACK":
            item.breach(by=as_rule(by), reason=record.facts.get("breach", ""))


@rule("pledge.published", then="pledge.superseded")
def renewed_pledge_takes_over(rows: Any, events: Any, by: Any) -> None:
    """The old year's pledge is replaced when the new one is public, so that there is always one in force."""
    for paper in AgencyPledge.objects.visible_to(as_rule(by)).filter(pledge__in=[r.pk for r in rows]):
        if paper.replaces_id and paper.replaces.state in ("IN_FORCE", "FULFILLED"):
            paper.replaces.replace(by=as_rule(by))
